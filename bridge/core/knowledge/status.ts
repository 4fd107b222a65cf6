// How a tenant's knowledge stands, counted from the store of record and not from what this process happens to hold.
import type { Tenant } from '../tenant.ts';
import { findConflicts } from './conflicts.ts';
import type { DocumentKind, StoredDocument } from './document.ts';
import type { KnowledgeStatus } from './knowledge.ts';

export function statusOf(
  tenant: Tenant,
  documents: readonly StoredDocument[],
  model: string,
  nowMs: number,
  lastSyncMs: (kind: DocumentKind) => number,
): Pick<KnowledgeStatus, 'kinds' | 'conflicts' | 'reindexing'> {
  const kinds: KnowledgeStatus['kinds'] = {};
  for (const stored of documents) {
    const { kind } = stored.document;
    const counts = (kinds[kind] ??= { documents: 0, embedded: 0, pending: 0, failed: 0, last_sync: null });
    counts.documents += 1;
    counts[stateOf(stored, model)] += 1;
    counts.last_sync = later(counts.last_sync, Math.max(stored.storedAtMs, lastSyncMs(kind)));
  }
  return { kinds, conflicts: findConflicts(documents, tenant, nowMs), reindexing: reindexingOf(documents, model) };
}

/** The model most documents still have their vectors from, when it is another one than now. */
export function formerModelOf(documents: readonly StoredDocument[], model: string): string | null {
  const counts = new Map<string, number>();
  for (const { embeddedWith } of documents) {
    if (embeddedWith !== null && embeddedWith !== model) counts.set(embeddedWith, (counts.get(embeddedWith) ?? 0) + 1);
  }
  const [most] = [...counts].toSorted(([, a], [, b]) => b - a);
  return most?.[0] ?? null;
}

/** How far the change to this model has come; null when there is none under way. */
export function reindexingOf(documents: readonly StoredDocument[], model: string): KnowledgeStatus['reindexing'] {
  const from = formerModelOf(documents, model);
  if (from === null) return null;
  const done = documents.filter(({ embeddedWith }) => embeddedWith === model).length;
  return { from, to: model, done, total: documents.length };
}

function stateOf({ embeddedWith, failure }: StoredDocument, model: string): 'embedded' | 'failed' | 'pending' {
  if (embeddedWith === model) return 'embedded';
  return failure === null ? 'pending' : 'failed';
}

function later(iso: string | null, ms: number): string {
  return iso !== null && Date.parse(iso) >= ms ? iso : new Date(ms).toISOString();
}
