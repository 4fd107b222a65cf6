// The tenants this process has searched: their corpus and index, kept at the document store's revision. Every search asks
// here first, so a document saved through another instance is in the next answer, pushed or not.
import { codeOf } from '../errors.ts';
import type { Embedder } from '../ports/embedder.ts';
import type { SearchIndex } from '../ports/search-index.ts';
import type { Tenant } from '../tenant.ts';
import { TenantCorpus } from './corpus.ts';
import type { CorpusEntry } from './corpus.ts';
import type { DocumentRef, StoredDocument } from './document.ts';
import { refKey } from './document.ts';
import { cachedVectors } from './embed-documents.ts';
import type { Indexes } from './indexes.ts';
import type { KnowledgeDeps } from './knowledge-deps.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { toPoint } from './points.ts';
import type { QueryVectors } from './query-vectors.ts';
import type { Lexicon } from './text/lexicon.ts';

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

const pointsAtOnce = 1000;

export class LiveTenants {
  readonly #deps: KnowledgeDeps;
  readonly #indexes: Indexes;
  readonly #live = new Map<string, LiveTenant>();
  readonly #turns = new OneAtATime();

  constructor(deps: KnowledgeDeps, indexes: Indexes) {
    this.#deps = deps;
    this.#indexes = indexes;
  }

  /** The tenant as it was last brought up to date, if it was searched at all. */
  peek(accountId: string): LiveTenant | undefined {
    return this.#live.get(accountId);
  }

  forget(accountId: string): void {
    this.#live.delete(accountId);
  }

  /** The tenant at the store's present revision. */
  async fresh(tenant: Tenant): Promise<LiveTenant> {
    const embedder = await this.#deps.embedderFor(tenant);
    const lexicon = await this.#deps.lexiconFor(tenant);
    const builtFor = [embedder.model, lexicon.version, tenant.config.language, tenant.config.timezone].join(' ');
    const standing = this.#live.get(tenant.accountId);
    const revision = await this.#deps.documents.revision(tenant.accountId);
    if (standing?.builtFor === builtFor && standing.revision === revision) return standing;
    return this.#turns.run(tenant.accountId, () => this.#bringUpToDate(tenant, embedder, lexicon, builtFor));
  }

  async #bringUpToDate(tenant: Tenant, embedder: Embedder, lexicon: Lexicon, builtFor: string): Promise<LiveTenant> {
    const { documents } = this.#deps;
    const revision = await documents.revision(tenant.accountId);
    const standing = this.#live.get(tenant.accountId);
    if (standing?.builtFor !== builtFor) return this.#build(tenant, embedder, lexicon, builtFor, revision);
    if (standing.revision === revision) return standing;
    const changes = await documents.changesSince(tenant.accountId, standing.revision);
    if (changes === null) return this.#build(tenant, embedder, lexicon, builtFor, revision);
    await this.#apply(tenant, standing, changes.upserted, changes.removed);
    standing.revision = changes.revision;
    return standing;
  }

  async #build(
    tenant: Tenant,
    embedder: Embedder,
    lexicon: Lexicon,
    builtFor: string,
    revision: number,
  ): Promise<LiveTenant> {
    const corpus = new TenantCorpus(tenant.config.language, lexicon);
    const index = this.#indexes.for(embedder, lexicon);
    const live: LiveTenant = {
      corpus,
      index,
      embedder,
      queries: this.#deps.queries,
      waiting: new Set(),
      revision,
      builtFor,
    };
    for (const stored of await this.#deps.documents.all(tenant.accountId)) corpus.set(stored);
    await this.#repair(tenant, live);
    const before = this.#live.get(tenant.accountId);
    this.#live.set(tenant.accountId, live);
    if (before && before.index !== index && !before.index.shared) await before.index.drop(tenant.accountId);
    return live;
  }

  /** Makes the index hold exactly the corpus: all of it in a fresh local index, what is missing or foreign in a shared one. */
  async #repair(tenant: Tenant, live: LiveTenant): Promise<void> {
    const { corpus, index } = live;
    try {
      const held = await index.refs(tenant.accountId);
      const known = new Set(index.shared ? held.map(refKey) : []);
      await index.remove(
        tenant.accountId,
        held.filter((ref) => corpus.get(ref) === undefined),
      );
      const present = [...corpus.entries()].filter(({ stored }) => known.has(refKey(stored.document)));
      for (const { stored } of present) noteWaiting(live, stored, true);
      const missing = [...corpus.entries()].filter(({ stored }) => !known.has(refKey(stored.document)));
      await this.#place(tenant, live, missing);
    } catch (error) {
      if (!index.shared) throw error;
      this.#deps.logger.warn(
        { account_id: tenant.accountId, err: error, code: codeOf(error) },
        'search index not repaired',
      );
    }
  }

  async #apply(tenant: Tenant, live: LiveTenant, upserted: StoredDocument[], removed: DocumentRef[]): Promise<void> {
    for (const ref of removed) {
      live.corpus.delete(ref);
      live.waiting.delete(refKey(ref));
    }
    const changed = upserted.filter((stored) => hasChanged(live, stored));
    const entries = new Map(upserted.map((stored) => [refKey(stored.document), live.corpus.set(stored)]));
    if (live.index.shared) {
      for (const stored of upserted) noteWaiting(live, stored, true);
      return;
    }
    await live.index.remove(tenant.accountId, removed);
    await this.#place(
      tenant,
      live,
      changed.flatMap(({ document }) => entries.get(refKey(document)) ?? []),
    );
  }

  async #place(tenant: Tenant, live: LiveTenant, entries: CorpusEntry[]): Promise<void> {
    const { vectors, logger } = this.#deps;
    for (let at = 0; at < entries.length; at += pointsAtOnce) {
      const some = entries.slice(at, at + pointsAtOnce);
      const cached = await cachedVectors(
        vectors,
        live.embedder,
        some.map(({ stored }) => stored.textHash),
        logger,
      );
      const points = some.map(({ stored, analysed }) => {
        const dense = cached.get(stored.textHash) ?? null;
        noteWaiting(live, stored, dense !== null);
        return toPoint(tenant, stored, analysed, dense);
      });
      await live.index.upsert(tenant.accountId, points);
    }
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
