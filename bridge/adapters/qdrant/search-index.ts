// The search index on a Qdrant server: one collection per embedding model and text version, dense and sparse vectors by
// name, every filter field indexed (a server in strict mode answers 400 otherwise). Tenants share the collection and are
// kept apart by an indexed payload field, or have one each when the installation asks for it.
import { createHash } from 'node:crypto';
import type { DocumentRef } from '../../core/knowledge/document.ts';
import type { EmbeddingModel } from '../../core/ports/embedder.ts';
import type { IndexFilter, IndexPoint, LegHit, SearchIndex, SparseVector } from '../../core/ports/search-index.ts';
import { QdrantCollections } from './collections.ts';
import { ofTenant, toFilter } from './filter.ts';
import { denseVector, pointId, refFields, toPoint, toRef, wordVector } from './points.ts';
import { QdrantServer } from './server.ts';
import type { QdrantAddress } from './server.ts';

export interface QdrantOptions extends QdrantAddress {
  /** `shared`: one collection with a tenant index. `collection`: one collection per tenant. */
  isolation: 'shared' | 'collection';
}

type Offset = string | number;

const pointsPerRequest = 256;
const refsPerPage = 1000;

export class QdrantSearchIndex implements SearchIndex {
  readonly shared = true;
  readonly #server: QdrantServer;
  readonly #collections: QdrantCollections;
  readonly #isolation: QdrantOptions['isolation'];
  readonly #name: string;

  constructor(options: QdrantOptions, model: EmbeddingModel) {
    this.#server = new QdrantServer(options);
    this.#collections = new QdrantCollections(this.#server, model.dimensions);
    this.#isolation = options.isolation;
    const hash = createHash('sha256').update(`${model.model} ${model.dimensions}`).digest('hex');
    this.#name = `ui_${hash.slice(0, 16)}`;
  }

  async upsert(accountId: string, points: IndexPoint[]): Promise<void> {
    for (let at = 0; at < points.length; at += pointsPerRequest) {
      const some = points.slice(at, at + pointsPerRequest).map((point) => toPoint(accountId, point));
      await this.#collections.write(this.#collectionOf(accountId), (client, collection) =>
        client.upsert(collection, { wait: true, points: some }),
      );
    }
  }

  async remove(accountId: string, refs: DocumentRef[]): Promise<void> {
    if (refs.length === 0) return;
    const points = refs.map((ref) => pointId(accountId, ref));
    await this.#collections.write(this.#collectionOf(accountId), (client, collection) =>
      client.delete(collection, { wait: true, points }),
    );
  }

  async lexical(accountId: string, query: SparseVector, filter: IndexFilter, limit: number): Promise<LegHit[]> {
    if (query.indices.length === 0) return [];
    return this.#query(accountId, { indices: query.indices, values: query.values }, wordVector, filter, limit);
  }

  async dense(accountId: string, query: Float32Array, filter: IndexFilter, limit: number): Promise<LegHit[]> {
    return this.#query(accountId, [...query], denseVector, filter, limit);
  }

  async refs(accountId: string): Promise<DocumentRef[]> {
    const found: DocumentRef[] = [];
    let offset: Offset | null = null;
    do {
      const page: { refs: DocumentRef[]; next: Offset | null } = await this.#pageOfRefs(accountId, offset);
      found.push(...page.refs);
      offset = page.next;
    } while (offset !== null);
    return found;
  }

  async drop(accountId: string): Promise<void> {
    const name = this.#collectionOf(accountId);
    if (this.#isolation === 'collection') return this.#collections.drop(name);
    await this.#collections.write(name, (client, collection) =>
      client.delete(collection, { wait: true, filter: ofTenant(accountId) }),
    );
  }

  async #pageOfRefs(accountId: string, offset: Offset | null): Promise<{ refs: DocumentRef[]; next: Offset | null }> {
    const { points, next_page_offset: next } = await this.#collections.write(
      this.#collectionOf(accountId),
      (client, collection) =>
        client.scroll(collection, {
          filter: ofTenant(accountId),
          limit: refsPerPage,
          with_payload: [...refFields],
          with_vector: false,
          ...(offset === null ? {} : { offset }),
        }),
    );
    const refs = points.flatMap(({ payload }) => toRef(payload) ?? []);
    return { refs, next: typeof next === 'string' || typeof next === 'number' ? next : null };
  }

  async #query(
    accountId: string,
    vector: number[] | { indices: number[]; values: number[] },
    using: string,
    filter: IndexFilter,
    limit: number,
  ): Promise<LegHit[]> {
    const { points } = await this.#server.read((client) =>
      client.query(this.#collectionOf(accountId), {
        query: vector,
        using,
        filter: toFilter(accountId, filter),
        limit,
        with_payload: [...refFields],
        with_vector: false,
      }),
    );
    return points.flatMap(({ payload, score }) => {
      const ref = toRef(payload);
      return ref ? [{ ref, score }] : [];
    });
  }

  #collectionOf(accountId: string): string {
    return this.#isolation === 'shared' ? this.#name : `${this.#name}_${accountId}`;
  }
}
