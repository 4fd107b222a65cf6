// Enough of Qdrant's HTTP interface to run the contract suite without a server, as strict as a managed one: unknown fields,
// filters on fields without an index and wrong vectors are refused. What it says about ranking is no proof; what it says
// about requests is.
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const Sparse = z.strictObject({
  indices: z.array(z.number().int().min(0).max(0xffffffff)),
  values: z.array(z.number()),
});
const Condition = z.union([
  z.strictObject({
    key: z.string(),
    match: z.union([
      z.strictObject({ value: z.union([z.string(), z.boolean()]) }),
      z.strictObject({ any: z.array(z.string()).min(1) }),
    ]),
  }),
  z.strictObject({ key: z.string(), range: z.strictObject({ lte: z.number().optional(), gt: z.number().optional() }) }),
]);
const Filter = z.strictObject({ must: z.array(Condition) });
const Point = z.strictObject({
  id: z.uuid(),
  vector: z.strictObject({ words: Sparse, dense: z.array(z.number()).optional() }),
  payload: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
});
const Index = z.strictObject({
  field_name: z.string(),
  field_schema: z.union([
    z.enum(['keyword', 'integer', 'bool']),
    z.strictObject({ type: z.literal('keyword'), is_tenant: z.literal(true) }),
  ]),
});
const Create = z.strictObject({
  vectors: z.strictObject({ dense: z.strictObject({ size: z.number().int(), distance: z.literal('Cosine') }) }),
  sparse_vectors: z.strictObject({ words: z.strictObject({ modifier: z.literal('idf') }) }),
});
const Query = z.strictObject({
  query: z.union([z.array(z.number()), Sparse]),
  using: z.enum(['dense', 'words']),
  filter: Filter,
  limit: z.number().int().min(1).max(1000),
  with_payload: z.array(z.string()),
  with_vector: z.literal(false),
});
const Scroll = z.strictObject({
  filter: Filter,
  limit: z.number().int().min(1).max(1000),
  with_payload: z.array(z.string()),
  with_vector: z.literal(false),
  offset: z.uuid().optional(),
});
const Delete = z.union([z.strictObject({ points: z.array(z.uuid()) }), z.strictObject({ filter: Filter })]);
const Upsert = z.strictObject({ points: z.array(Point).min(1).max(256) });

type StoredPoint = z.infer<typeof Point>;

interface Collection {
  size: number;
  indexes: Set<string>;
  points: Map<string, StoredPoint>;
}

export interface SeenRequest {
  method: string;
  path: string;
  apiKey: string | undefined;
  body: unknown;
}

class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export class QdrantSimulator {
  readonly url: string;
  readonly seen: SeenRequest[] = [];
  readonly collections = new Map<string, Collection>();
  /** Answers every request with this status instead, or not at all ('silent'). */
  fault: number | 'silent' | null = null;
  readonly #server: Server;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.url = `http://127.0.0.1:${port}`;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.#serve(request, response));
  }

  static async start(): Promise<QdrantSimulator> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new QdrantSimulator(server, (server.address() as AddressInfo).port);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const { pathname } = new URL(request.url ?? '/', this.url);
    const method = request.method ?? '';
    this.seen.push({ method, path: pathname, apiKey: request.headers['api-key']?.toString(), body });
    if (this.fault === 'silent') return;
    try {
      if (this.fault !== null) throw new Refusal(this.fault, 'fault on demand');
      answer(response, 200, { result: this.#handle(method, pathname, body), status: 'ok', time: 0 });
    } catch (error) {
      const status = error instanceof Refusal ? error.status : error instanceof z.ZodError ? 400 : 500;
      answer(response, status, { status: { error: error instanceof Error ? error.message : '' }, time: 0 });
    }
  }

  #handle(method: string, path: string, body: unknown): unknown {
    const [, name = '', rest = ''] = /^\/collections\/([^/]+)(.*)$/.exec(path) ?? [];
    switch (`${method} ${rest}`) {
      case 'GET /exists':
        return { exists: this.collections.has(name) };
      case 'PUT ':
        return this.#create(name, Create.parse(body));
      case 'DELETE ':
        return this.collections.delete(name);
      case 'PUT /index':
        this.#collection(name).indexes.add(Index.parse(body).field_name);
        return { operation_id: 1, status: 'completed' };
      case 'PUT /points':
        return this.#upsert(this.#collection(name), Upsert.parse(body));
      case 'POST /points/delete':
        return this.#delete(this.#collection(name), Delete.parse(body));
      case 'POST /points/query':
        return { points: query(this.#collection(name), Query.parse(body)) };
      case 'POST /points/scroll':
        return scroll(this.#collection(name), Scroll.parse(body));
      default:
        throw new Refusal(404, `no such route: ${method} ${path}`);
    }
  }

  #collection(name: string): Collection {
    const collection = this.collections.get(name);
    if (!collection) throw new Refusal(404, `Not found: Collection \`${name}\` doesn't exist!`);
    return collection;
  }

  #create(name: string, { vectors }: z.infer<typeof Create>): boolean {
    if (this.collections.has(name)) throw new Refusal(409, 'already exists');
    this.collections.set(name, { size: vectors.dense.size, indexes: new Set(), points: new Map() });
    return true;
  }

  #upsert(collection: Collection, { points }: z.infer<typeof Upsert>): unknown {
    for (const point of points) {
      const { dense, words } = point.vector;
      if (dense && dense.length !== collection.size) throw new Refusal(400, 'Wrong input: Vector dimension error');
      if (new Set(words.indices).size !== words.indices.length) throw new Refusal(422, 'indices must be unique');
      collection.points.set(point.id, point);
    }
    return { operation_id: 1, status: 'completed' };
  }

  #delete(collection: Collection, selector: z.infer<typeof Delete>): unknown {
    const ids = 'points' in selector ? selector.points : matching(collection, selector.filter).map(({ id }) => id);
    for (const id of ids) collection.points.delete(id);
    return { operation_id: 1, status: 'completed' };
  }
}

function query(collection: Collection, { query: asked, using, filter, limit }: z.infer<typeof Query>): unknown[] {
  if ((using === 'dense') !== Array.isArray(asked)) throw new Refusal(400, 'wrong vector for this name');
  const scored = matching(collection, filter).flatMap((point) => {
    const score = Array.isArray(asked) ? cosine(asked, point.vector.dense) : idfScore(collection, asked, point);
    return score === null ? [] : [{ point, score }];
  });
  return scored
    .toSorted((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({ point, score }) => ({ id: point.id, version: 1, score, payload: point.payload }));
}

function scroll(collection: Collection, { filter, limit, offset }: z.infer<typeof Scroll>): unknown {
  const all = matching(collection, filter).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const rest = all.filter(({ id }) => offset === undefined || id >= offset);
  return {
    points: rest.slice(0, limit).map(({ id, payload }) => ({ id, payload })),
    next_page_offset: rest[limit]?.id ?? null,
  };
}

function matching({ points, indexes }: Collection, { must }: z.infer<typeof Filter>): StoredPoint[] {
  const bare = must.find(({ key }) => !indexes.has(key));
  if (bare) throw new Refusal(400, `Index required but not found for "${bare.key}"`);
  return [...points.values()].filter(({ payload }) =>
    must.every((condition) => holds(condition, payload[condition.key])),
  );
}

function holds(condition: z.infer<typeof Condition>, value: StoredPoint['payload'][string] | undefined): boolean {
  if ('range' in condition) {
    const { lte, gt } = condition.range;
    return typeof value === 'number' && (lte === undefined || value <= lte) && (gt === undefined || value > gt);
  }
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if ('any' in condition.match) return condition.match.any.some((one) => values.includes(one));
  return values.includes(condition.match.value);
}

function cosine(asked: number[], dense: number[] | undefined): number | null {
  if (!dense) return null;
  const dot = asked.reduce((sum, value, i) => sum + value * (dense[i] ?? 0), 0);
  return dot / (Math.hypot(...asked) * Math.hypot(...dense));
}

function idfScore({ points }: Collection, asked: z.infer<typeof Sparse>, { vector }: StoredPoint): number | null {
  let score: number | null = null;
  asked.indices.forEach((term, i) => {
    const at = vector.words.indices.indexOf(term);
    if (at < 0) return;
    const holding = [...points.values()].filter((point) => point.vector.words.indices.includes(term)).length;
    const idf = Math.log(1 + (points.size - holding + 0.5) / (holding + 0.5));
    score = (score ?? 0) + (asked.values[i] ?? 0) * (vector.words.values[at] ?? 0) * idf;
  });
  return score;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? null : (JSON.parse(text) as unknown);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
