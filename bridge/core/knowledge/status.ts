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
): Pick<KnowledgeStatus, 'kinds' | 'conflicts'> {
  const kinds: KnowledgeStatus['kinds'] = {};
  for (const stored of documents) {
    const { kind } = stored.document;
    const counts = (kinds[kind] ??= { documents: 0, embedded: 0, pending: 0, failed: 0, last_sync: null });
    counts.documents += 1;
    counts[stateOf(stored, model)] += 1;
    counts.last_sync = later(counts.last_sync, Math.max(stored.storedAtMs, lastSyncMs(kind)));
  }
  return { kinds, conflicts: findConflicts(documents, tenant, nowMs) };
}

function stateOf({ embeddedWith, failure }: StoredDocument, model: string): 'embedded' | 'failed' | 'pending' {
  if (embeddedWith === model) return 'embedded';
  return failure === null ? 'pending' : 'failed';
}

function later(iso: string | null, ms: number): string {
  return iso !== null && Date.parse(iso) >= ms ? iso : new Date(ms).toISOString();
}
