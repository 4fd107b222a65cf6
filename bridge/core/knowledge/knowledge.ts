// What the rest of core and the RPC methods may do with knowledge. The parts behind it: documents are stored first
// (durable), then embedded and indexed; search reads the index and takes texts from the store.
import type { Tenant } from '../tenant.ts';
import type { DocumentKind, DocumentRef, KnowledgeDocument } from './document.ts';

export interface UpsertReport {
  received: number;
  embedded: number;
  updated: number;
  unchanged: number;
  /** Stored and found by words, but not embedded yet (the embedding service was away): done later by itself. */
  pending: number;
  rejected: { index: number; kind: string | null; id: string | null; path: string; message: string }[];
}

export interface ReconcileRequest {
  source: string;
  kinds: DocumentKind[];
  /** Names one pass; items of several calls with the same run belong together. */
  run: string;
  items: { kind: DocumentKind; id: string; hash: string }[];
  last: boolean;
  dryRun: boolean;
}

export interface ReconcileReport {
  missing: DocumentRef[];
  stale: DocumentRef[];
  extra: DocumentRef[];
  removed: number;
}

export interface KnowledgeStatus {
  kinds: Partial<
    Record<
      DocumentKind,
      { documents: number; embedded: number; pending: number; failed: number; last_sync: string | null }
    >
  >;
  model: string;
  version: number;
  conflicts: { ids: string[]; about: string; values: string[] }[];
  /** The index, held against the documents; null when this process has not built it or the search server is away. */
  index: IndexCounts | null;
  /** Under way to another embedding model; questions are answered with the old vectors until all are done. */
  reindexing: { from: string; to: string; done: number; total: number } | null;
}

export interface IndexCounts {
  points: number;
  /** Documents without a point. */
  missing: number;
  /** Points without a document. */
  foreign: number;
}

export interface SearchQuery {
  text: string;
  kinds: DocumentKind[];
  limit: number;
  atMs: number;
  channel: string | null;
  service: string | null;
  includeInvalid: boolean;
}

export interface SearchHit {
  document: KnowledgeDocument;
  /** Comparable inside one result only, 0 to 1. */
  score: number;
  /** Which legs found it and the words that matched. */
  matched: string[];
  valid: boolean;
  excerpt: string;
}

export interface SearchResult {
  /** Best first; empty when nothing is good enough, which is an honest answer. */
  hits: SearchHit[];
  ms: number;
  /** Names the leg that is away, when one is. */
  degraded: string | null;
  /** What the question cost; null when nobody was paid for it. */
  embedded: { model: string; tokens: number } | null;
  /** Names of what was asked about when nothing was found; never the customer's words. Empty when something was. */
  unanswered: string[];
}

export interface Knowledge {
  /** Durable when it returns; a wrong document is rejected by itself and never stops the others. */
  upsert(tenant: Tenant, source: string, documents: unknown[], signal: AbortSignal): Promise<UpsertReport>;
  remove(tenant: Tenant, refs: DocumentRef[]): Promise<number>;
  removeAll(tenant: Tenant): Promise<number>;
  reconcile(tenant: Tenant, request: ReconcileRequest): Promise<ReconcileReport>;
  status(tenant: Tenant): Promise<KnowledgeStatus>;
  search(tenant: Tenant, query: SearchQuery, signal: AbortSignal): Promise<SearchResult>;
}
