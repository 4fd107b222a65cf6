// Brings a tenant's knowledge level with its business system: compare etags page by page, fetch only what differs, and at
// the very end remove what the other side no longer lists. Whatever was stored stays stored, so a sync that is cut off
// anywhere is resumed by simply running it again.
import { BridgeError } from '../errors.ts';
import type { BusinessSystem, ManifestItem } from '../ports/business-system.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import type { Tenant } from '../tenant.ts';
import { documentKinds, refKey } from './document.ts';
import { InTheBackground } from './in-the-background.ts';
import type { DocumentRef, KnowledgeDocument } from './document.ts';
import type { KnowledgeBase } from './knowledge-base.ts';
import type { IndexCounts } from './knowledge.ts';

const manifestPage = 1000;
const documentPage = 200;

export interface SyncDeps {
  knowledge: Pick<KnowledgeBase, 'upsert' | 'remove' | 'catchUp' | 'noteSync' | 'repairIndex'>;
  documents: Pick<DocumentStore, 'all' | 'get'>;
  business: Pick<BusinessSystem, 'manifest' | 'documents'>;
  /** Who owns these documents here: `odoo` or `yaml`. */
  source: string;
}

export interface SyncReport {
  /** What the other side lists. */
  items: number;
  fetched: number;
  embedded: number;
  unchanged: number;
  removed: number;
  /** Listed there and not the same here afterwards: refused documents, changes made meanwhile, points not mended. */
  differences: number;
  /** The search index afterwards, over all sources; of a dry run, as it was found. Null when it is away. */
  index: IndexCounts | null;
  /** Calls to the other side. */
  calls: number;
  ms: number;
}

export interface SyncOptions {
  /** Compares and counts, changes nothing. */
  dryRun: boolean;
  signal: AbortSignal;
}

export async function syncTenant(deps: SyncDeps, tenant: Tenant, { dryRun, signal }: SyncOptions): Promise<SyncReport> {
  const startedAt = performance.now();
  const report: SyncReport = {
    items: 0,
    fetched: 0,
    embedded: 0,
    unchanged: 0,
    removed: 0,
    differences: 0,
    index: null,
    calls: 0,
    ms: 0,
  };
  const listed = new Map<string, ManifestItem>();
  const storing = new InTheBackground();
  try {
    for await (const page of pagesOf(deps.business, signal, report)) {
      for (const item of page) listed.set(refKey(item), item);
      const differing = await differingFrom(deps, tenant, page);
      report.unchanged += page.length - differing.length;
      if (dryRun) report.fetched += differing.length;
      else await fetchAll(deps, tenant, differing, signal, report, storing);
    }
    await storing.done();
  } finally {
    // Nothing is written any more once this has failed: somebody else may begin.
    await storing.settled();
  }
  report.items = listed.size;
  await removeGone(deps, tenant, listed, dryRun, report);
  if (dryRun) report.differences = report.fetched + report.removed;
  else {
    await deps.knowledge.catchUp(tenant, signal);
    deps.knowledge.noteSync(tenant, documentKinds);
    report.differences = (await differingFrom(deps, tenant, [...listed.values()])).length;
  }
  await checkIndex(deps, tenant, dryRun, report);
  report.ms = Math.round(performance.now() - startedAt);
  return report;
}

/** A search server that is away is no reason to call the sync failed: documents are stored, and the next one mends it. */
async function checkIndex({ knowledge }: SyncDeps, tenant: Tenant, dryRun: boolean, report: SyncReport): Promise<void> {
  const found = await knowledge.repairIndex(tenant, dryRun).catch(() => null);
  const wrong = found ? found.missing + found.foreign : 0;
  if (dryRun) {
    report.index = found;
    report.differences += wrong;
    return;
  }
  report.index = wrong === 0 ? found : await knowledge.repairIndex(tenant, true).catch(() => null);
  report.differences += (report.index?.missing ?? 0) + (report.index?.foreign ?? 0);
}

async function* pagesOf(
  business: SyncDeps['business'],
  signal: AbortSignal,
  report: SyncReport,
): AsyncGenerator<ManifestItem[]> {
  let after = '';
  do {
    signal.throwIfAborted();
    const page = await business.manifest([...documentKinds], after, manifestPage, signal);
    report.calls += 1;
    yield page.items;
    if (page.next !== '' && page.next === after) {
      throw new BridgeError('upstream_rejected', 'The list of documents does not advance: its cursor stays the same.');
    }
    after = page.next;
  } while (after !== '');
}

async function differingFrom(
  { documents, source }: SyncDeps,
  tenant: Tenant,
  items: readonly ManifestItem[],
): Promise<ManifestItem[]> {
  const stored = await documents.get(tenant.accountId, [...items]);
  const here = new Map(stored.map((document) => [refKey(document.document), document]));
  return items.filter((item) => {
    const known = here.get(refKey(item));
    return known?.source !== source || known.etag !== item.hash;
  });
}

async function fetchAll(
  deps: SyncDeps,
  tenant: Tenant,
  items: readonly ManifestItem[],
  signal: AbortSignal,
  report: SyncReport,
  storing: InTheBackground,
): Promise<void> {
  for (let at = 0; at < items.length; at += documentPage) {
    signal.throwIfAborted();
    const page = items.slice(at, at + documentPage);
    const { documents, gone } = await deps.business.documents(page.map(toRef), signal);
    report.calls += 1;
    report.fetched += documents.length;
    // While this page is stored and embedded, the next one is fetched.
    await storing.next(async () => {
      const stored = await deps.knowledge.upsert(tenant, deps.source, withEtags(documents, page), signal);
      report.embedded += stored.embedded;
      if (gone.length > 0) report.removed += await removeOwn(deps, tenant, gone);
    });
  }
}

/** The document's own etag counts; the one from the list stands in when it has none. */
function withEtags(documents: readonly KnowledgeDocument[], page: readonly ManifestItem[]): KnowledgeDocument[] {
  const hashes = new Map(page.map((item) => [refKey(item), item.hash]));
  return documents.map((document) => ({ ...document, hash: document.hash ?? hashes.get(refKey(document)) ?? '' }));
}

async function removeGone(
  deps: SyncDeps,
  tenant: Tenant,
  listed: ReadonlyMap<string, ManifestItem>,
  dryRun: boolean,
  report: SyncReport,
): Promise<void> {
  const stored = await deps.documents.all(tenant.accountId);
  const gone = stored
    .filter(({ source, document }) => source === deps.source && !listed.has(refKey(document)))
    .map(({ document }) => toRef(document));
  report.removed += dryRun ? gone.length : await removeOwn(deps, tenant, gone);
}

async function removeOwn(
  { documents, knowledge, source }: SyncDeps,
  tenant: Tenant,
  refs: DocumentRef[],
): Promise<number> {
  const stored = await documents.get(tenant.accountId, refs);
  const own = stored.filter((one) => one.source === source).map(({ document }) => toRef(document));
  return own.length === 0 ? 0 : knowledge.remove(tenant, own);
}

function toRef({ kind, id }: DocumentRef): DocumentRef {
  return { kind, id };
}
