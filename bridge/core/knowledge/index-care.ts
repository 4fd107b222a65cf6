// The search index, held against the documents it should hold: how it stands, and mending what is damaged. The documents
// are the truth; a point that is lost is made again from its kept vector, a point without a document goes.
import { codeOf } from '../errors.ts';
import type { Tenant } from '../tenant.ts';
import type { Indexes } from './indexes.ts';
import type { KnowledgeDeps } from './knowledge-deps.ts';
import type { IndexCounts } from './knowledge.ts';
import { inspectIndex, mendIndex } from './live-tenant.ts';
import type { IndexState } from './live-tenant.ts';
import type { LiveTenants } from './live-tenants.ts';

export class IndexCare {
  readonly #deps: KnowledgeDeps;
  readonly #indexes: Indexes;
  readonly #live: LiveTenants;

  constructor(deps: KnowledgeDeps, indexes: Indexes, live: LiveTenants) {
    this.#deps = deps;
    this.#indexes = indexes;
    this.#live = live;
  }

  /** Null when the index is away, or is a local one that nobody has asked yet: it is not built for a look at it. */
  async counts(tenant: Tenant): Promise<IndexCounts | null> {
    const embedder = await this.#deps.embedderFor(tenant);
    const { shared } = this.#indexes.for(embedder, await this.#deps.lexiconFor(tenant));
    if (!shared && !this.#live.peek(tenant.accountId)) return null;
    try {
      return countsOf(await inspectIndex(tenant, await this.#live.fresh(tenant)));
    } catch (error) {
      this.#deps.logger.warn({ account_id: tenant.accountId, err: error, code: codeOf(error) }, 'search index away');
      return null;
    }
  }

  /** Returns what was found, mended afterwards unless it is a dry run. Rejects when the index is away. */
  async repair(tenant: Tenant, dryRun: boolean): Promise<IndexCounts> {
    const live = await this.#live.building(tenant);
    return countsOf(dryRun ? await inspectIndex(tenant, live) : await mendIndex(this.#deps, tenant, live));
  }
}

function countsOf({ points, missing, foreign }: IndexState): IndexCounts {
  return { points, missing: missing.length, foreign: foreign.length };
}
