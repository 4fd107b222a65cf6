// The search index without a server: one in-memory index per tenant, rebuilt from the document store when a tenant is
// first searched. Nothing here is durable, so nothing here can disagree with the store after a restart.
import { parseRefKey, refKey } from '../../core/knowledge/document.ts';
import type { DocumentRef } from '../../core/knowledge/document.ts';
import type { IndexFilter, IndexPoint, LegHit, SearchIndex, SparseVector } from '../../core/ports/search-index.ts';
import { SearchIndexDense } from './search-index-dense.ts';
import { passes } from './search-index-filter.ts';
import { SearchIndexLexical } from './search-index-lexical.ts';
import { TopList } from './search-index-top.ts';

export class EmbeddedSearchIndex implements SearchIndex {
  readonly shared: boolean = false;
  readonly #tenants = new Map<string, TenantIndex>();

  async upsert(accountId: string, points: IndexPoint[]): Promise<void> {
    const tenant = this.#tenants.get(accountId) ?? new TenantIndex();
    this.#tenants.set(accountId, tenant);
    for (const point of points) tenant.put(point);
  }

  async remove(accountId: string, refs: DocumentRef[]): Promise<void> {
    for (const ref of refs) this.#tenants.get(accountId)?.take(refKey(ref));
  }

  async lexical(accountId: string, query: SparseVector, filter: IndexFilter, limit: number): Promise<LegHit[]> {
    return this.#tenants.get(accountId)?.lexical(query, filter, limit) ?? [];
  }

  async dense(accountId: string, query: Float32Array, filter: IndexFilter, limit: number): Promise<LegHit[]> {
    return this.#tenants.get(accountId)?.dense(query, filter, limit) ?? [];
  }

  async refs(accountId: string): Promise<DocumentRef[]> {
    return this.#tenants.get(accountId)?.refs() ?? [];
  }

  async drop(accountId: string): Promise<void> {
    this.#tenants.delete(accountId);
  }
}

const compactFrom = 256;

/** A point lives in a slot. A changed point takes a new slot; when more than half are left behind, all are renumbered. */
class TenantIndex {
  #points: (IndexPoint | null)[] = [];
  #slots = new Map<string, number>();
  #lexical = new SearchIndexLexical();
  #dense = new SearchIndexDense();

  put(point: IndexPoint): void {
    const key = refKey(point.ref);
    this.take(key);
    if (this.#points.length > compactFrom && this.#points.length > 2 * this.#slots.size) this.#compact();
    this.#place(key, point);
  }

  take(key: string): void {
    const slot = this.#slots.get(key);
    if (slot === undefined) return;
    const point = this.#points[slot];
    if (point) this.#lexical.forget(point.sparse);
    this.#dense.clear(slot);
    this.#points[slot] = null;
    this.#slots.delete(key);
  }

  lexical(query: SparseVector, filter: IndexFilter, limit: number): LegHit[] {
    const best = new TopList(limit);
    const scores = this.#lexical.scores(query, this.#points.length, this.#slots.size);
    for (let slot = 0; slot < scores.length; slot++) {
      const score = scores[slot] ?? 0;
      if (score > 0 && best.wants(score) && this.#passes(slot, filter)) best.add(slot, score);
    }
    return this.#hits(best);
  }

  dense(query: Float32Array, filter: IndexFilter, limit: number): LegHit[] {
    const best = new TopList(limit);
    const probe = this.#dense.probe(query);
    for (let slot = 0; slot < this.#points.length; slot++) {
      if (!this.#dense.has(slot)) continue;
      const score = this.#dense.similarity(slot, probe);
      if (best.wants(score) && this.#passes(slot, filter)) best.add(slot, score);
    }
    return this.#hits(best);
  }

  refs(): DocumentRef[] {
    return [...this.#slots.keys()].map(parseRefKey);
  }

  #place(key: string, point: IndexPoint): void {
    const slot = this.#points.length;
    this.#points.push(point);
    this.#slots.set(key, slot);
    this.#lexical.add(slot, point.sparse);
    if (point.dense) this.#dense.set(slot, point.dense);
  }

  #compact(): void {
    const kept = this.#points.filter((point) => point !== null);
    this.#points = [];
    this.#slots = new Map();
    this.#lexical = new SearchIndexLexical();
    this.#dense = new SearchIndexDense();
    for (const point of kept) this.#place(refKey(point.ref), point);
  }

  #passes(slot: number, filter: IndexFilter): boolean {
    const point = this.#points[slot];
    return point !== undefined && point !== null && passes(point, filter);
  }

  #hits(best: TopList): LegHit[] {
    return best.sorted().flatMap(({ slot, score }) => {
      const point = this.#points[slot];
      return point ? [{ ref: point.ref, score }] : [];
    });
  }
}
