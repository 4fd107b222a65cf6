// The knowledge of all tenants. Writing: documents are stored first, then embedded and indexed, so what was acknowledged
// is never lost and what could not be embedded is caught up later. Reading: always at the store's present revision.
import { BridgeError, codeOf } from '../errors.ts';
import type { Tenant } from '../tenant.ts';
import { acceptDocuments } from './accept-documents.ts';
import type { DocumentKind, DocumentRef, StoredDocument } from './document.ts';
import { refKey } from './document.ts';
import { Embedding } from './embedding.ts';
import { IndexCare } from './index-care.ts';
import { Indexes } from './indexes.ts';
import type { KnowledgeDeps } from './knowledge-deps.ts';
import type {
  IndexCounts,
  Knowledge,
  KnowledgeStatus,
  ReconcileReport,
  ReconcileRequest,
  SearchQuery,
  SearchResult,
  UpsertReport,
} from './knowledge.ts';
import { LiveTenants } from './live-tenants.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { reconcile } from './reconcile.ts';
import { searchTenant } from './search.ts';
import { statusOf } from './status.ts';

const catchUpPauseMs = 30_000;

export class KnowledgeBase implements Knowledge {
  readonly #deps: KnowledgeDeps;
  readonly #indexes: Indexes;
  readonly #live: LiveTenants;
  readonly #embedding: Embedding;
  readonly #care: IndexCare;
  readonly #writes = new OneAtATime();
  readonly #catchingUp = new Map<string, Promise<unknown>>();
  readonly #lastCatchUpMs = new Map<string, number>();
  readonly #lastSyncMs = new Map<string, number>();
  readonly #closing = new AbortController();

  constructor(deps: KnowledgeDeps) {
    this.#deps = deps;
    this.#indexes = new Indexes((model) => deps.makeIndex(model));
    this.#live = new LiveTenants(deps, this.#indexes);
    this.#embedding = new Embedding(deps, this.#indexes, this.#live);
    this.#care = new IndexCare(deps, this.#indexes, this.#live);
  }

  async upsert(tenant: Tenant, source: string, documents: unknown[], signal: AbortSignal): Promise<UpsertReport> {
    const { accepted, rejected } = acceptDocuments(source, documents, this.#deps.clock.now());
    const report = await this.#writes.run(tenant.accountId, () => this.#store(tenant, accepted, signal));
    return { received: documents.length, ...report, rejected };
  }

  async remove(tenant: Tenant, refs: DocumentRef[]): Promise<number> {
    return this.#writes.run(tenant.accountId, async () => {
      const removed = await this.#deps.documents.remove(tenant.accountId, refs);
      const { index } = await this.#indexOf(tenant);
      // The store decides what exists: an index that is away keeps dead points, which no search returns.
      if (index.shared) await this.#tolerate(tenant, index.remove(tenant.accountId, refs));
      return removed;
    });
  }

  async removeAll(tenant: Tenant): Promise<number> {
    return this.#writes.run(tenant.accountId, async () => {
      const removed = await this.#deps.documents.removeAll(tenant.accountId);
      this.#live.forget(tenant.accountId);
      await this.#indexOf(tenant);
      await this.#tolerate(tenant, this.#indexes.drop(tenant.accountId));
      return removed;
    });
  }

  async reconcile(tenant: Tenant, request: ReconcileRequest): Promise<ReconcileReport> {
    const report = await reconcile(this.#deps, tenant.accountId, request);
    const removed = request.dryRun || !request.last ? 0 : await this.remove(tenant, report.extra);
    if (request.last && !request.dryRun) {
      this.noteSync(tenant, request.kinds);
      await this.#tolerate(tenant, this.repairIndex(tenant, false));
    }
    return { ...report, removed };
  }

  async status(tenant: Tenant): Promise<KnowledgeStatus> {
    const { model } = await this.#deps.embedderFor(tenant);
    const documents = await this.#deps.documents.all(tenant.accountId);
    const version = await this.#deps.documents.revision(tenant.accountId);
    const lastSyncMs = (kind: DocumentKind) => this.#lastSyncMs.get(`${tenant.accountId} ${kind}`) ?? 0;
    const index = await this.#care.counts(tenant);
    return { ...statusOf(tenant, documents, model, this.#deps.clock.now(), lastSyncMs), model, version, index };
  }

  /** Holds the index against the documents and, unless it is a dry run, mends it; returns what was found. */
  async repairIndex(tenant: Tenant, dryRun: boolean): Promise<IndexCounts> {
    return this.#writes.run(tenant.accountId, () => this.#care.repair(tenant, dryRun));
  }

  async search(tenant: Tenant, query: SearchQuery, signal: AbortSignal): Promise<SearchResult> {
    const startedMs = this.#deps.clock.now();
    const live = await this.#live.fresh(tenant);
    this.#catchUpSoon(tenant);
    const result = await searchTenant(this.#deps.logger, tenant, live, query, signal);
    return { ...result, ms: this.#deps.clock.now() - startedMs };
  }

  /** Embeds and indexes what is still pending; returns how many documents are pending afterwards. */
  async catchUp(tenant: Tenant, signal: AbortSignal): Promise<{ embedded: number; pending: number }> {
    const running = AbortSignal.any([signal, this.#closing.signal]);
    this.#lastCatchUpMs.set(tenant.accountId, this.#deps.clock.now());
    const caughtUp = await this.#writes.run(tenant.accountId, async () =>
      this.#embedding.catchUp(await this.#live.building(tenant), tenant, running),
    );
    // What is complete now takes over now, not at the next question.
    await this.#live.fresh(tenant);
    return caughtUp;
  }

  /** Remembers that these kinds were compared with their source just now, whether or not anything changed. */
  noteSync(tenant: Tenant, kinds: readonly DocumentKind[]): void {
    for (const kind of kinds) this.#lastSyncMs.set(`${tenant.accountId} ${kind}`, this.#deps.clock.now());
  }

  /** Stops what runs in the background and waits for it. */
  async close(): Promise<void> {
    this.#closing.abort(new BridgeError('busy', 'The bridge is stopping.'));
    await Promise.allSettled(this.#catchingUp.values());
  }

  async #store(
    tenant: Tenant,
    accepted: StoredDocument[],
    signal: AbortSignal,
  ): Promise<Omit<UpsertReport, 'received' | 'rejected'>> {
    const { documents } = this.#deps;
    const { model } = await this.#deps.embedderFor(tenant);
    const before = await documents.get(
      tenant.accountId,
      accepted.map(({ document }) => document),
    );
    const known = new Map(before.map((stored) => [refKey(stored.document), stored]));
    const changed = accepted.filter((stored) => !isSame(known.get(refKey(stored.document)), stored, model));
    const etagOnly = accepted.flatMap((stored) => withNewEtag(known.get(refKey(stored.document)), stored, model));
    if (changed.length + etagOnly.length > 0) await documents.upsert(tenant.accountId, [...changed, ...etagOnly]);
    if (this.#live.peek(tenant.accountId)) await this.#live.fresh(tenant);
    const embedded = await this.#embedding.embed(tenant, changed, signal);
    const isNewText = ({ document, textHash }: StoredDocument) => known.get(refKey(document))?.textHash !== textHash;
    const done = changed.filter(({ document }) => embedded.has(refKey(document)));
    return {
      embedded: done.filter(isNewText).length,
      updated: done.filter((stored) => !isNewText(stored)).length,
      unchanged: accepted.length - changed.length,
      pending: changed.length - done.length,
    };
  }

  async #indexOf(tenant: Tenant): Promise<{ index: ReturnType<Indexes['for']> }> {
    const lexicon = await this.#deps.lexiconFor(tenant);
    return { index: this.#indexes.for(await this.#deps.embedderFor(tenant), lexicon) };
  }

  async #tolerate(tenant: Tenant, work: Promise<unknown>): Promise<void> {
    await work.catch((error: unknown) => {
      this.#deps.logger.warn(
        { account_id: tenant.accountId, err: error, code: codeOf(error) },
        'search index not updated',
      );
    });
  }

  #catchUpSoon(tenant: Tenant): void {
    const { accountId } = tenant;
    const pausedUntilMs = (this.#lastCatchUpMs.get(accountId) ?? Number.NEGATIVE_INFINITY) + catchUpPauseMs;
    if (this.#catchingUp.has(accountId) || this.#deps.clock.now() < pausedUntilMs) return;
    if (!this.#embedding.hasPending(accountId)) return;
    const work = this.catchUp(tenant, this.#closing.signal)
      .catch((error: unknown) => {
        this.#deps.logger.warn(
          { account_id: accountId, err: error, code: codeOf(error) },
          'pending documents not embedded',
        );
      })
      .finally(() => this.#catchingUp.delete(accountId));
    this.#catchingUp.set(accountId, work);
  }
}

function isSame(known: StoredDocument | undefined, given: StoredDocument, model: string): boolean {
  if (!known || known.source !== given.source || known.embeddedWith !== model) return false;
  return known.textHash === given.textHash && known.restHash === given.restHash;
}

/** The same content under another etag: kept, so that the source's next comparison finds nothing to do. */
function withNewEtag(known: StoredDocument | undefined, given: StoredDocument, model: string): StoredDocument[] {
  if (!known || !isSame(known, given, model) || known.etag === given.etag || given.etag === '') return [];
  return [{ ...known, etag: given.etag }];
}
