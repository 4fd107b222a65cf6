// One tenant as this process searches it: corpus and index built from the document store, brought up to date by changes,
// held against each other and mended. Which of them serves, and when one takes another's place, is LiveTenants' business.
import type { Embedder } from '../ports/embedder.ts';
import type { DocumentChanges } from '../ports/document-store.ts';
import type { SearchIndex } from '../ports/search-index.ts';
import type { Tenant } from '../tenant.ts';
import type { TenantCorpus } from './corpus.ts';
import type { CorpusEntry } from './corpus.ts';
import type { DocumentRef, StoredDocument } from './document.ts';
import { refKey } from './document.ts';
import { cachedVectors } from './embed-documents.ts';
import type { KnowledgeDeps } from './knowledge-deps.ts';
import { toPoint } from './points.ts';
import type { QueryVectors } from './query-vectors.ts';

export interface LiveTenant {
  corpus: TenantCorpus;
  index: SearchIndex;
  embedder: Embedder;
  queries: QueryVectors;
  /** Keys of documents that wait for a vector: not embedded yet, or the cache lost theirs. */
  waiting: Set<string>;
  revision: number;
  /** What the corpus was built for; another value means building it again. */
  builtFor: string;
}

/** What the index holds, held against the documents. */
export interface IndexState {
  points: number;
  missing: CorpusEntry[];
  foreign: DocumentRef[];
}

type Deps = Pick<KnowledgeDeps, 'vectors' | 'logger'>;

const pointsAtOnce = 1000;

export function fillCorpus(corpus: TenantCorpus, documents: readonly StoredDocument[]): TenantCorpus {
  for (const stored of documents) corpus.set(stored);
  return corpus;
}

export async function inspectIndex(tenant: Tenant, { corpus, index }: LiveTenant): Promise<IndexState> {
  const held = await index.refs(tenant.accountId);
  const known = new Set(held.map(refKey));
  return {
    points: held.length,
    missing: [...corpus.entries()].filter(({ stored }) => !known.has(refKey(stored.document))),
    foreign: held.filter((ref) => corpus.get(ref) === undefined),
  };
}

/** Fills the index of a corpus just read: a local one with everything, a shared one with what it lacks. */
export async function fillIndex(deps: Deps, tenant: Tenant, live: LiveTenant): Promise<void> {
  const { missing, foreign } = await inspectIndex(tenant, live);
  if (foreign.length > 0) await live.index.remove(tenant.accountId, foreign);
  const all = [...live.corpus.entries()];
  if (live.index.shared) {
    const absent = new Set(missing);
    for (const entry of all) if (!absent.has(entry)) noteWaiting(live, entry.stored, true);
  }
  await placePoints(deps, tenant, live, live.index.shared ? missing : all);
}

/** Puts back what the index lost and takes out what does not belong there. */
export async function mendIndex(deps: Deps, tenant: Tenant, live: LiveTenant): Promise<IndexState> {
  const state = await inspectIndex(tenant, live);
  if (state.foreign.length > 0) await live.index.remove(tenant.accountId, state.foreign);
  await placePoints(deps, tenant, live, state.missing);
  return state;
}

/** @param writesShared a shared index is written by whoever changed a document, unless nobody writes this one any more */
export async function applyChanges(
  deps: Deps,
  tenant: Tenant,
  live: LiveTenant,
  { upserted, removed, revision }: DocumentChanges,
  writesShared: boolean,
): Promise<void> {
  for (const ref of removed) {
    live.corpus.delete(ref);
    live.waiting.delete(refKey(ref));
  }
  const changed = upserted.filter((stored) => hasChanged(live, stored));
  const entries = new Map(upserted.map((stored) => [refKey(stored.document), live.corpus.set(stored)]));
  if (live.index.shared && !writesShared) {
    for (const stored of upserted) noteWaiting(live, stored, true);
  } else {
    await live.index.remove(tenant.accountId, removed);
    const toPlace = changed.flatMap(({ document }) => entries.get(refKey(document)) ?? []);
    await placePoints(deps, tenant, live, toPlace);
  }
  live.revision = revision;
}

async function placePoints(
  { vectors, logger }: Deps,
  tenant: Tenant,
  live: LiveTenant,
  entries: readonly CorpusEntry[],
): Promise<void> {
  for (let at = 0; at < entries.length; at += pointsAtOnce) {
    const some = entries.slice(at, at + pointsAtOnce);
    const hashes = some.map(({ stored }) => stored.textHash);
    const cached = await cachedVectors(vectors, live.embedder, hashes, logger);
    const points = some.map(({ stored, analysed }) => {
      const dense = cached.get(stored.textHash) ?? null;
      noteWaiting(live, stored, dense !== null);
      return toPoint(tenant, stored, analysed, dense);
    });
    await live.index.upsert(tenant.accountId, points);
  }
}

/** False for a document that only got its mark or etag and whose point stands: writing it again could lose its vector. */
function hasChanged({ corpus, waiting }: LiveTenant, { document, textHash, restHash }: StoredDocument): boolean {
  const before = corpus.get(document)?.stored;
  return before?.textHash !== textHash || before.restHash !== restHash || waiting.has(refKey(document));
}

function noteWaiting(
  { waiting, embedder }: LiveTenant,
  { document, embeddedWith }: StoredDocument,
  hasVector: boolean,
): void {
  if (hasVector && embeddedWith === embedder.model) waiting.delete(refKey(document));
  else waiting.add(refKey(document));
}
