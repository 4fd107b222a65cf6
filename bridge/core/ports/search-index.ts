// An index over numbers and filter fields; it never sees language.
import type { DocumentKind, DocumentRef } from '../knowledge/document.ts';

/**
 * Terms by their 32-bit hash. Documents carry saturated frequencies, queries carry weights; the index applies IDF, counted
 * over the tenant's points or over all that share its collection: scores of the word leg order hits and decide nothing else.
 */
export interface SparseVector {
  indices: number[];
  values: number[];
}

/** A document as the index sees it: numbers and filter fields, never language. */
export interface IndexPoint {
  ref: DocumentRef;
  sparse: SparseVector;
  /** Unit length; null while the embedding is pending. */
  dense: Float32Array | null;
  /** Half-open validity in epoch milliseconds; ±Infinity for open ends. */
  fromMs: number;
  toMs: number;
  channels: string[];
  services: string[];
  audience: string[];
  priority: number;
  active: boolean;
  source: string;
}

/** Empty lists and nulls mean "no condition". A document without scope passes every scope. */
export interface IndexFilter {
  kinds: DocumentKind[];
  /** Null = documents are found whatever their validity. */
  atMs: number | null;
  channel: string | null;
  service: string | null;
}

export interface LegHit {
  ref: DocumentRef;
  score: number;
}

/** Lexical and vector search over points; both legs apply the filter before ranking. Isolated per tenant. */
export interface SearchIndex {
  /** True when every instance uses the same index: then only the instance that changed a document writes it. */
  readonly shared: boolean;
  upsert(accountId: string, points: IndexPoint[]): Promise<void>;
  remove(accountId: string, refs: DocumentRef[]): Promise<void>;
  lexical(accountId: string, query: SparseVector, filter: IndexFilter, limit: number): Promise<LegHit[]>;
  dense(accountId: string, query: Float32Array, filter: IndexFilter, limit: number): Promise<LegHit[]>;
  /** Every reference the index holds, for repair. */
  refs(accountId: string): Promise<DocumentRef[]>;
  drop(accountId: string): Promise<void>;
}
