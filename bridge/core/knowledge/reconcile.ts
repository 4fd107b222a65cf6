// A source tells, in pages, everything it has; this says what is missing here, what is out of date, and at the end what
// is here but not there any more. Pages are kept outside the process: a run may reach several instances, and its last
// page may come twice, without anything being taken for gone.
import { BridgeError } from '../errors.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import type { ReconcileRuns } from '../ports/reconcile-runs.ts';
import { refKey } from './document.ts';
import type { DocumentRef } from './document.ts';
import type { ReconcileReport, ReconcileRequest } from './knowledge.ts';

export async function reconcile(
  { documents, runs }: { documents: DocumentStore; runs: ReconcileRuns },
  accountId: string,
  request: ReconcileRequest,
): Promise<Omit<ReconcileReport, 'removed'>> {
  refuseForeignKinds(request);
  const stored = await documents.get(accountId, request.items);
  const known = new Map(stored.map((document) => [refKey(document.document), document]));
  const missing: DocumentRef[] = [];
  const stale: DocumentRef[] = [];
  for (const { kind, id, hash } of request.items) {
    const here = known.get(refKey({ kind, id }));
    if (here?.source !== request.source) missing.push({ kind, id });
    else if (here.etag !== hash) stale.push({ kind, id });
  }
  const run = `${request.source}/${request.run}`;
  await runs.add(accountId, run, request.items);
  const extra = request.last ? await extraOf(documents, await runs.items(accountId, run), accountId, request) : [];
  return { missing, stale, extra };
}

async function extraOf(
  documents: DocumentStore,
  listed: readonly DocumentRef[],
  accountId: string,
  { source, kinds }: ReconcileRequest,
): Promise<DocumentRef[]> {
  const there = new Set(listed.map(refKey));
  const here = await documents.all(accountId);
  return here
    .filter((stored) => stored.source === source && kinds.includes(stored.document.kind))
    .map(({ document }): DocumentRef => ({ kind: document.kind, id: document.id }))
    .filter((ref) => !there.has(refKey(ref)));
}

function refuseForeignKinds({ kinds, items }: ReconcileRequest): void {
  const at = items.findIndex(({ kind }) => !kinds.includes(kind));
  if (at < 0) return;
  throw new BridgeError('bad_request', 'An item is of a kind that this run does not cover.', {
    problems: [{ path: `items.${at}.kind`, message: 'name this kind in `kinds` or leave the item out' }],
  });
}
