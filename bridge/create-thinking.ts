// What a turn thinks with: knowledge that is kept level with its sources, crews with their tools, answers given before.
// The playground and the worker get the same.
import { randomUUID } from 'node:crypto';
import { PriceList } from './adapters/files/price-list.ts';
import { Budgets } from './core/cost/budgets.ts';
import { Pricing } from './core/cost/pricing.ts';
import { AnswerCache } from './core/crew/cached/answer-cache.ts';
import { CrewFactory } from './core/crew/crew-factory.ts';
import type { AskCrewDeps } from './core/hub/ask-crew.ts';
import type { KnowledgeBase } from './core/knowledge/knowledge-base.ts';
import { SyncSchedule } from './core/knowledge/sync-schedule.ts';
import { syncTenant } from './core/knowledge/sync.ts';
import type { SyncOptions, SyncReport } from './core/knowledge/sync.ts';
import type { Tenant } from './core/tenant.ts';
import { productFacts } from './core/tools/product-facts.ts';
import { requestPerson } from './core/tools/request-person.ts';
import { searchKnowledge } from './core/tools/search-knowledge.ts';
import { createCatalogue, toCatalogueTool } from './core/tools/tool.ts';
import { createKnowledge } from './create-knowledge.ts';
import type { Foundation } from './open-foundation.ts';

const syncIntervalMs = 15 * 60_000;

export interface ThinkingParts {
  thinking: AskCrewDeps & { budgets: Budgets };
  knowledge: KnowledgeBase;
  schedule: SyncSchedule;
  /** Builds what answers of this tenant search in, before somebody waits for it. */
  warm(accountId: string, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export function createThinking(foundation: Foundation): ThinkingParts {
  const { stores, files, tenants, systems, cache, clock, logger, metrics } = foundation;
  const prices = new PriceList({ root: foundation.settings.tenantsDir, log: logger });
  const pricing = new Pricing(() => prices.current());
  const knowing = createKnowledge({ ...foundation, pricing });
  const { knowledge } = knowing;
  const sync = (tenant: Tenant, options: SyncOptions) => syncFromSource(foundation, knowledge, tenant, options);
  const { locks, cache: cacheStore } = stores;
  const schedule = new SyncSchedule({ sync, locks, cache: cacheStore, clock, logger, intervalMs: syncIntervalMs });
  files.onKnowledgeChange(({ accountId }) => schedule.forgetFiles(accountId));
  /** A tenant's files are knowledge like any other; a turn must not miss what was just written there. */
  const connect = async (tenant: Tenant) => {
    if (tenant.config.integrations.odoo.api === 'none') await schedule.ensureFiles(tenant);
    return systems.connect(tenant);
  };
  const tools = [toCatalogueTool(searchKnowledge), toCatalogueTool(productFacts), toCatalogueTool(requestPerson)];
  const crews = new CrewFactory(createCatalogue(tools));
  const answers = new AnswerCache(cache);
  const budgets = new Budgets({ usage: stores.usage, clock, logger, metrics });
  return {
    thinking: { connect, crews, answers, pricing, budgets, knowledge, clock, newId: randomUUID, logger },
    knowledge,
    schedule,
    warm: async (accountId, signal) => {
      const tenant = await tenants.find(accountId);
      if (!tenant) return;
      await connect(tenant);
      await knowledge.catchUp(tenant, signal);
    },
    close: () => knowing.close(),
  };
}

/** Odoo through its gateway, or the tenant's own files; each source owns its documents. */
async function syncFromSource(
  { systems, stores }: Foundation,
  knowledge: KnowledgeBase,
  tenant: Tenant,
  options: SyncOptions,
): Promise<SyncReport | null> {
  const business = await systems.business(tenant);
  if (!business) return null;
  const source = tenant.config.integrations.odoo.api === 'none' ? 'yaml' : 'odoo';
  return syncTenant({ knowledge, documents: stores.documents, business, source }, tenant, options);
}
