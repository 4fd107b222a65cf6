// The tenants this process has searched, kept at the document store's revision. Every search asks here first, so a document
// saved through another instance is in the next answer, pushed or not. When the embedding model or the language knowledge
// changes, a new index is built beside the one that serves and takes its place when it is complete: until then questions
// are answered with the old vectors and their own embedder.
import { codeOf } from '../errors.ts';
import type { Embedder } from '../ports/embedder.ts';
import type { Tenant } from '../tenant.ts';
import { TenantCorpus } from './corpus.ts';
import type { StoredDocument } from './document.ts';
import type { Indexes } from './indexes.ts';
import type { KnowledgeDeps } from './knowledge-deps.ts';
import { applyChanges, fillCorpus, fillIndex } from './live-tenant.ts';
import type { LiveTenant } from './live-tenant.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { formerModelOf } from './status.ts';
import type { Lexicon } from './text/lexicon.ts';

export type { LiveTenant } from './live-tenant.ts';

interface Serving {
  now: LiveTenant;
  /** Built beside, for what the settings say now. */
  next: LiveTenant | null;
}

interface Wanted {
  embedder: Embedder;
  lexicon: Lexicon;
  builtFor: string;
}

export class LiveTenants {
  readonly #deps: KnowledgeDeps;
  readonly #indexes: Indexes;
  readonly #serving = new Map<string, Serving>();
  readonly #turns = new OneAtATime();

  constructor(deps: KnowledgeDeps, indexes: Indexes) {
    this.#deps = deps;
    this.#indexes = indexes;
  }

  /** The tenant as it was last brought up to date, if it was searched at all: what new vectors are for. */
  peek(accountId: string): LiveTenant | undefined {
    const serving = this.#serving.get(accountId);
    return serving?.next ?? serving?.now;
  }

  forget(accountId: string): void {
    this.#serving.delete(accountId);
  }

  /** The tenant at the store's present revision, as it is searched. */
  async fresh(tenant: Tenant): Promise<LiveTenant> {
    const wanted = await this.#wanted(tenant);
    const serving = this.#serving.get(tenant.accountId);
    const revision = await this.#deps.documents.revision(tenant.accountId);
    if (serving && isCurrent(serving, wanted, revision)) return serving.now;
    return this.#turns.run(tenant.accountId, () => this.#bringUpToDate(tenant, wanted));
  }

  /** As `fresh`, but what is being built where something is: what new vectors are for. */
  async building(tenant: Tenant): Promise<LiveTenant> {
    const now = await this.fresh(tenant);
    return this.#serving.get(tenant.accountId)?.next ?? now;
  }

  async #wanted(tenant: Tenant): Promise<Wanted> {
    const embedder = await this.#deps.embedderFor(tenant);
    const lexicon = await this.#deps.lexiconFor(tenant);
    return { embedder, lexicon, builtFor: nameOf(tenant, embedder, lexicon) };
  }

  async #bringUpToDate(tenant: Tenant, wanted: Wanted): Promise<LiveTenant> {
    const standing = this.#serving.get(tenant.accountId);
    const revision = await this.#deps.documents.revision(tenant.accountId);
    if (standing && isCurrent(standing, wanted, revision)) return standing.now;
    const serving = (await this.#followed(tenant, standing, wanted)) ?? (await this.#started(tenant, standing, wanted));
    const settled = await this.#switched(tenant, serving);
    this.#serving.set(tenant.accountId, settled);
    return settled.now;
  }

  /** What stands, with the changes since; null when it cannot follow. */
  async #followed(tenant: Tenant, standing: Serving | undefined, { builtFor }: Wanted): Promise<Serving | null> {
    const aimed = standing?.next ?? standing?.now;
    if (!standing || aimed?.builtFor !== builtFor) return null;
    const isAside = standing.next !== null;
    if (!(await this.#follow(tenant, standing.now, isAside))) return null;
    if (standing.next && !(await this.#follow(tenant, standing.next, false))) return null;
    return standing;
  }

  async #follow(tenant: Tenant, live: LiveTenant, isAside: boolean): Promise<boolean> {
    const changes = await this.#deps.documents.changesSince(tenant.accountId, live.revision);
    if (!changes) return false;
    await applyChanges(this.#deps, tenant, live, changes, isAside);
    return true;
  }

  async #started(tenant: Tenant, standing: Serving | undefined, wanted: Wanted): Promise<Serving> {
    const revision = await this.#deps.documents.revision(tenant.accountId);
    const documents = await this.#deps.documents.all(tenant.accountId);
    const built = await this.#build(tenant, wanted, documents, revision);
    if (isComplete(built)) return { now: built, next: null };
    const old = await this.#oldOf(tenant, standing, wanted, documents, revision);
    return old ? { now: old, next: built } : { now: built, next: null };
  }

  /** What can answer while the new one is built: what served so far, or what the vectors kept from before the start make. */
  async #oldOf(
    tenant: Tenant,
    standing: Serving | undefined,
    wanted: Wanted,
    documents: readonly StoredDocument[],
    revision: number,
  ): Promise<LiveTenant | null> {
    const kept = standing?.now;
    if (kept && kept.embedder.model !== wanted.embedder.model) {
      if (await this.#follow(tenant, kept, true)) return kept;
      const { embedder, builtFor, corpus } = kept;
      return this.#build(tenant, { embedder, builtFor, lexicon: corpus.lexicon }, documents, revision);
    }
    const former = formerModelOf(documents, wanted.embedder.model);
    const embedder = former === null ? null : await this.#deps.formerEmbedder?.(tenant, former);
    if (!embedder) return null;
    const { lexicon } = wanted;
    return this.#build(tenant, { embedder, lexicon, builtFor: nameOf(tenant, embedder, lexicon) }, documents, revision);
  }

  async #build(
    tenant: Tenant,
    { embedder, lexicon, builtFor }: Wanted,
    documents: readonly StoredDocument[],
    revision: number,
  ): Promise<LiveTenant> {
    const corpus = fillCorpus(new TenantCorpus(tenant.config.language, lexicon), documents);
    const index = this.#indexes.for(embedder, lexicon);
    const { queries, logger } = this.#deps;
    const live: LiveTenant = { corpus, index, embedder, queries, waiting: new Set(), revision, builtFor };
    try {
      await fillIndex(this.#deps, tenant, live);
    } catch (error) {
      if (!index.shared) throw error;
      logger.warn({ account_id: tenant.accountId, err: error, code: codeOf(error) }, 'search index not repaired');
    }
    return live;
  }

  /** The new one takes the old one's place in one step; then the old one's points go. */
  async #switched(tenant: Tenant, serving: Serving): Promise<Serving> {
    const before = this.#serving.get(tenant.accountId);
    const settled = serving.next && isComplete(serving.next) ? { now: serving.next, next: null } : serving;
    this.#serving.set(tenant.accountId, settled);
    const kept = new Set([settled.now.index, settled.next?.index]);
    for (const index of new Set([before?.now.index, before?.next?.index, serving.now.index])) {
      if (!index || kept.has(index)) continue;
      await index.drop(tenant.accountId).catch((error: unknown) => {
        const { accountId: account_id } = tenant;
        this.#deps.logger.warn({ account_id, err: error, code: codeOf(error) }, 'old search index not dropped');
      });
    }
    return settled;
  }
}

function isCurrent({ now, next }: Serving, { builtFor }: Wanted, revision: number): boolean {
  return (next ?? now).builtFor === builtFor && now.revision === revision && (next?.revision ?? revision) === revision;
}

/** Every document has its vector, but for those whose text the embedding service refuses: they would hold it up for ever. */
function isComplete({ waiting, corpus }: LiveTenant): boolean {
  if (waiting.size === 0) return true;
  if (waiting.size * 2 > corpus.size) return false;
  const failed = [...corpus.entries()].filter(({ stored }) => stored.failure !== null).length;
  return waiting.size <= failed;
}

function nameOf(tenant: Tenant, { model }: Embedder, { version }: Lexicon): string {
  return [model, version, tenant.config.language, tenant.config.timezone].join(' ');
}
