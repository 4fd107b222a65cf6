// One collection of the Qdrant simulator: points, indexes, filters and the two ways of scoring.
import type { z } from 'zod';
import type {
  Condition,
  CreateCollection,
  Delete,
  Filter,
  Point,
  Query,
  Scroll,
  Sparse,
  Upsert,
} from './qdrant-dialect.ts';

/** An answer other than 200. */
export class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export class SimulatedCollection {
  readonly points = new Map<string, Point>();
  /** Field → type of its index. */
  readonly indexes = new Map<string, string>();
  readonly #made: z.infer<typeof CreateCollection>;

  constructor(made: z.infer<typeof CreateCollection>) {
    this.#made = made;
  }

  info(): unknown {
    const { vectors, sparse_vectors, hnsw_config, strict_mode_config } = this.#made;
    return {
      status: 'green',
      optimizer_status: 'ok',
      points_count: this.points.size,
      segments_count: 1,
      config: {
        params: { vectors, sparse_vectors },
        hnsw_config: { m: hnsw_config?.m ?? 16, ef_construct: 100, full_scan_threshold: 10_000 },
        optimizer_config: {
          deleted_threshold: 0.2,
          vacuum_min_vector_number: 1000,
          default_segment_number: 0,
          flush_interval_sec: 5,
        },
        strict_mode_config,
      },
      payload_schema: Object.fromEntries(
        [...this.indexes].map(([field, data_type]) => [field, { data_type, points: this.points.size }]),
      ),
    };
  }

  upsert({ points }: z.infer<typeof Upsert>): unknown {
    for (const point of points) {
      const { dense, words } = point.vector;
      if (dense && dense.length !== this.#made.vectors.dense.size) {
        throw new Refusal(400, 'Wrong input: Vector dimension error');
      }
      if (new Set(words.indices).size !== words.indices.length) throw new Refusal(422, 'indices must be unique');
      if (words.indices.length !== words.values.length) throw new Refusal(422, 'must be the same length as indices');
      this.points.set(point.id, point);
    }
    return { operation_id: 1, status: 'completed' };
  }

  delete(selector: z.infer<typeof Delete>): unknown {
    const ids = 'points' in selector ? selector.points : this.#matching(selector.filter).map(({ id }) => id);
    for (const id of ids) this.points.delete(id);
    return { operation_id: 2, status: 'completed' };
  }

  query({ query: asked, using, filter, limit, with_payload: fields }: Query): unknown {
    if ((using === 'dense') !== Array.isArray(asked)) throw new Refusal(400, 'wrong vector for this name');
    if (Array.isArray(asked) && asked.length !== this.#made.vectors.dense.size) {
      throw new Refusal(400, 'Wrong input: Vector dimension error');
    }
    const scored = this.#matching(filter).flatMap((point) => {
      const score = Array.isArray(asked) ? cosine(asked, point.vector.dense) : this.#idfScore(asked, point);
      return score === null ? [] : [{ point, score }];
    });
    const best = scored.toSorted((a, b) => b.score - a.score).slice(0, limit);
    return {
      points: best.map(({ point, score }) => ({ id: point.id, version: 1, score, payload: only(fields, point) })),
    };
  }

  scroll({ filter, limit, offset, with_payload: fields }: z.infer<typeof Scroll>): unknown {
    const all = this.#matching(filter).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const rest = all.filter(({ id }) => offset === undefined || id >= offset);
    return {
      points: rest.slice(0, limit).map((point) => ({ id: point.id, payload: only(fields, point) })),
      next_page_offset: rest[limit]?.id ?? null,
    };
  }

  #matching({ must }: z.infer<typeof Filter>): Point[] {
    for (const condition of must) {
      const type = this.indexes.get(condition.key);
      if (type !== typeFor(condition)) {
        throw new Refusal(400, `Index required but not found for "${condition.key}" of type ${typeFor(condition)}`);
      }
    }
    return [...this.points.values()].filter(({ payload }) =>
      must.every((condition) => holds(condition, payload[condition.key])),
    );
  }

  /** Rarity is counted over the whole collection, whoever's points they are, as Qdrant does. */
  #idfScore(asked: z.infer<typeof Sparse>, { vector }: Point): number | null {
    let score: number | null = null;
    asked.indices.forEach((term, i) => {
      const at = vector.words.indices.indexOf(term);
      if (at < 0) return;
      const holding = [...this.points.values()].filter((point) => point.vector.words.indices.includes(term)).length;
      const idf = Math.log(1 + (this.points.size - holding + 0.5) / (holding + 0.5));
      score = (score ?? 0) + (asked.values[i] ?? 0) * (vector.words.values[at] ?? 0) * idf;
    });
    return score;
  }
}

function typeFor(condition: Condition): string {
  if ('range' in condition) return 'integer';
  return 'value' in condition.match && typeof condition.match.value === 'boolean' ? 'bool' : 'keyword';
}

function holds(condition: Condition, value: Point['payload'][string] | undefined): boolean {
  if ('range' in condition) {
    const { lte, gt } = condition.range;
    return typeof value === 'number' && (lte === undefined || value <= lte) && (gt === undefined || value > gt);
  }
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if ('any' in condition.match) return condition.match.any.some((one) => values.includes(one));
  return values.includes(condition.match.value);
}

function only(fields: readonly string[], { payload }: Point): Point['payload'] {
  return Object.fromEntries(Object.entries(payload).filter(([field]) => fields.includes(field)));
}

function cosine(asked: number[], dense: number[] | undefined): number | null {
  if (!dense) return null;
  const dot = asked.reduce((sum, value, i) => sum + value * (dense[i] ?? 0), 0);
  return dot / (Math.hypot(...asked) * Math.hypot(...dense));
}
