// The composition root: with the files beside it, the only place that makes adapters and hands them inward. Read it to see
// what the bridge is made of.
import { randomUUID } from 'node:crypto';
import { ChatwootDeliveries } from './adapters/chatwoot/deliveries.ts';
import { EndpointGuards } from './adapters/cockatiel/endpoint-guards.ts';
import { masterKeys } from './adapters/crypto/envelope.ts';
import { SealedVault } from './adapters/crypto/sealed-vault.ts';
import { YamlTenantFiles } from './adapters/files/tenant-files.ts';
import { createLogger } from './adapters/pino/logger.ts';
import { PrometheusMetrics } from './adapters/prometheus/metrics.ts';
import type { Settings } from './config/settings.ts';
import { TwoLevelCache } from './core/cache/two-level-cache.ts';
import { AnswerCache } from './core/crew/cached/answer-cache.ts';
import { CrewFactory } from './core/crew/crew-factory.ts';
import { Admission } from './core/hub/admission.ts';
import { Hub } from './core/hub/hub.ts';
import { buryMail } from './core/intake/bury-mail.ts';
import { BackgroundWakes } from './core/intake/background-wakes.ts';
import { Intake } from './core/intake/receive-delivery.ts';
import { ReconcileSchedule } from './core/intake/reconcile-schedule.ts';
import { Reconcile } from './core/intake/reconcile.ts';
import type { KnowledgeBase } from './core/knowledge/knowledge-base.ts';
import { SyncSchedule } from './core/knowledge/sync-schedule.ts';
import { syncTenant } from './core/knowledge/sync.ts';
import type { SyncOptions, SyncReport } from './core/knowledge/sync.ts';
import type { Clock } from './core/ports/clock.ts';
import type { Logger } from './core/ports/logger.ts';
import { readiness, sharedFor } from './core/rpc/readiness.ts';
import type { Stores } from './core/stores.ts';
import type { Tenant, TenantRegistry } from './core/tenant.ts';
import { RecentTenants } from './core/tenants/recent-tenants.ts';
import { LayeredTenantRegistry } from './core/tenants/tenant-registry.ts';
import { productFacts } from './core/tools/product-facts.ts';
import { requestPerson } from './core/tools/request-person.ts';
import { searchKnowledge } from './core/tools/search-knowledge.ts';
import { createCatalogue, toCatalogueTool } from './core/tools/tool.ts';
import { createKnowledge } from './create-knowledge.ts';
import { createRpc } from './create-rpc.ts';
import { restingChecks } from './guarded-systems.ts';
import { createConsole } from './entry/console/console.ts';
import { ConversationCron } from './entry/conversation-cron.ts';
import { createHealthRoute } from './entry/health-route.ts';
import { createHttpServer } from './entry/http-server.ts';
import { createMetricsRoute } from './entry/metrics-route.ts';
import { createRpcRoute } from './entry/rpc-route.ts';
import { SyncCron } from './entry/sync-cron.ts';
import { TurnWorker } from './entry/turn-worker.ts';
import { createWebhookRoute } from './entry/webhook-route.ts';
import { dependenciesOf, openStores } from './open-stores.ts';
import { TenantSystems } from './tenant-systems.ts';

const limits = { lockTtlMs: 5_000, turnBudgetMs: 60_000, readBackAfterMs: 15_000 };
const workerConcurrency = 256;
const syncIntervalMs = 15 * 60_000;
const stopTimeoutMs = 10_000;
const readyTimeoutMs = 3_000;
/** The process's own share of the cache. */
const cacheBytes = 64 * 1024 * 1024;

export interface App {
  logger: Logger;
  /** Opens what the roles of this instance need; returns the address when it serves HTTP. */
  start(): Promise<{ url: string | null }>;
  /** The reverse of start: no new work, running work gets its time, then the stores close. */
  stop(): Promise<void>;
}

export async function createApp(settings: Readonly<Settings>): Promise<App> {
  const clock: Clock = { now: () => Date.now() };
  const logger = createLogger({ level: settings.logLevel });
  const metrics = new PrometheusMetrics();
  const { stores, spill } = await openStores(settings, clock, logger, limits);
  const files = new YamlTenantFiles({ root: settings.tenantsDir, log: logger });
  const tenants = new LayeredTenantRegistry({ source: files, store: stores.tenants, log: logger });
  await tenants.load();
  const keys = masterKeys(settings.masterKey, settings.masterKeyPrevious);
  const vault = new SealedVault({ store: stores.sealed, keys, clock });
  if (settings.masterKeyPrevious) await resealAll(vault, tenants, logger);
  const guards = new EndpointGuards({ clock, logger, metrics, random: () => Math.random() });
  const systems = new TenantSystems({ guards, settings, vault, files, rates: stores.rates, clock, logger });
  const cacheLevels = new TwoLevelCache({
    store: settings.mode === 'redis' ? stores.cache : null,
    clock,
    logger,
    metrics,
    maxBytes: cacheBytes,
    locks: stores.locks,
  });
  const knowing = createKnowledge({ guards, settings, stores, cache: cacheLevels, clock, logger });
  const { knowledge } = knowing;

  const sync = (tenant: Tenant, options: SyncOptions) => syncFromSource(systems, knowledge, stores, tenant, options);
  const { locks, cache } = stores;
  const schedule = new SyncSchedule({ sync, locks, cache, clock, logger, intervalMs: syncIntervalMs });
  files.onKnowledgeChange(({ accountId }) => schedule.forgetFiles(accountId));
  /** A tenant's files are knowledge like any other; a turn must not miss what was just written there. */
  const connect = async (tenant: Tenant) => {
    if (tenant.config.integrations.odoo.api === 'none') await schedule.ensureFiles(tenant);
    return systems.connect(tenant);
  };

  const tools = [toCatalogueTool(searchKnowledge), toCatalogueTool(productFacts), toCatalogueTool(requestPerson)];
  const crews = new CrewFactory(createCatalogue(tools));
  const answers = new AnswerCache(cacheLevels);
  const thinking = { connect, crews, answers, knowledge, clock, newId: randomUUID, logger };
  const hub = new Hub({ ...stores, ...thinking, tenants, metrics, limits });
  const deliveries = new ChatwootDeliveries(vault, clock);
  const recentTenants = new RecentTenants(tenants, clock);
  tenants.onChange(() => recentTenants.forget());
  stores.tenants.onChange(() => recentTenants.forget());
  const wakes = new BackgroundWakes({ queue: spill?.intake.queue ?? stores.queue, clock, logger, metrics });
  const intake = new Intake({
    ...stores,
    ...spill?.intake,
    queue: wakes,
    tenants: recentTenants,
    deliveries,
    clock,
    logger,
    metrics,
  });

  const dependencies = dependenciesOf(settings, stores);
  const ready = sharedFor(1_000, clock, () =>
    readiness({
      mode: settings.mode,
      dependencies: [...dependencies, ...restingChecks(guards, () => clock.now())],
      tenants,
      clock,
      timeoutMs: readyTimeoutMs,
    }),
  );
  const rpc = createRpc({
    settings,
    stores,
    tenants,
    vault,
    systems,
    thinking,
    cache: cacheLevels,
    metrics,
    readiness: ready,
    schedule,
  });
  const { authenticate, dispatcher } = rpc;
  addGauges(metrics, stores, tenants);
  metrics.gauge('endpoints_resting', 'Outside endpoints that keep failing and are left alone for a moment', () =>
    guards.resting().reduce((sum, { count }) => sum + count, 0),
  );
  if (spill) metrics.gauge('conversations_spilled', 'Conversations kept while Redis was away', () => spill.size());
  let isOpen = false;
  const queue = spill?.gatedQueue(stores.queue) ?? stores.queue;
  const mailbox = spill?.intake.mailbox ?? stores.mailbox;
  const server = createHttpServer({
    port: settings.port,
    host: settings.host,
    webhook: createWebhookRoute({
      receive: (accountId, urlToken, headers, body) => intake.receive(accountId, { headers, body, urlToken }),
      logger,
      metrics,
    }),
    routers: [
      createHealthRoute({ isOpen: () => isOpen, readiness: ready, authenticate }),
      createMetricsRoute({ token: settings.metricsToken, render: () => metrics.render() }),
      createRpcRoute({ dispatcher, authenticate, clock }),
      createConsole({
        ...stores,
        authenticate,
        tenants,
        queue,
        mailbox,
        knowledge,
        readiness: ready,
        spilled: spill && (() => spill.size()),
        resting: () => guards.resting(),
        clock,
      }),
    ],
    logger,
  });
  const random = () => Math.random();
  const worker = new TurnWorker({
    hub,
    admission: new Admission({ ...stores, tenants, clock, logger }),
    bury: (failure) => buryMail({ ...stores, clock, logger, metrics }, failure),
    queue,
    mailbox,
    reminders: stores.reminders,
    clock,
    logger,
    metrics,
    random,
    concurrency: workerConcurrency,
  });
  const cron = new SyncCron({ schedule, tenants, logger });
  const reconcile = new ReconcileSchedule({
    reconcile: new Reconcile({ ...stores, clock, logger, metrics, connect: (tenant) => systems.connect(tenant) }),
    ...stores,
    clock,
    logger,
  });
  const conversationCron = new ConversationCron({
    reconcile: spill?.heldBack(reconcile) ?? reconcile,
    tenants,
    logger,
  });

  return {
    logger,
    start: async () => {
      await spill?.begin({
        tenants,
        connect,
        makeHub: (local, speaking) => new Hub({ ...local, ...thinking, connect: speaking, tenants, metrics, limits }),
        warm: (accountId) => warm(knowledge, connect, tenants, accountId),
        concurrency: workerConcurrency,
      });
      const listening = settings.roles.includes('http') ? await server.listen() : null;
      if (settings.roles.includes('worker')) await worker.start();
      if (settings.roles.includes('cron')) {
        cron.start();
        conversationCron.start();
      }
      isOpen = true;
      return { url: listening?.url ?? null };
    },
    stop: async () => {
      isOpen = false;
      await server.stop(stopTimeoutMs);
      worker.stop();
      await queue.close(stopTimeoutMs);
      await cron.stop();
      await conversationCron.stop();
      await knowing.close();
      files.close();
      await spill?.close();
      await stores.close();
    },
  };
}

/** Odoo through its gateway, or the tenant's own files; each source owns its documents. */
async function syncFromSource(
  systems: TenantSystems,
  knowledge: KnowledgeBase,
  stores: Stores,
  tenant: Tenant,
  options: SyncOptions,
): Promise<SyncReport | null> {
  const business = await systems.business(tenant);
  if (!business) return null;
  const source = tenant.config.integrations.odoo.api === 'none' ? 'yaml' : 'odoo';
  return syncTenant({ knowledge, documents: stores.documents, business, source }, tenant, options);
}

/** Builds what answers of this tenant search in, before somebody waits for it. */
async function warm(
  knowledge: KnowledgeBase,
  connect: (tenant: Tenant) => Promise<unknown>,
  tenants: TenantRegistry,
  accountId: string,
): Promise<void> {
  const tenant = await tenants.find(accountId);
  if (!tenant) return;
  await connect(tenant);
  await knowledge.catchUp(tenant, AbortSignal.timeout(stopTimeoutMs));
}

/** After a change of the master key everything is sealed with the new one, so that the old one can be thrown away. */
async function resealAll(vault: SealedVault, tenants: TenantRegistry, logger: Logger): Promise<void> {
  for (const { accountId } of await tenants.list()) {
    const { resealed, unreadable } = await vault.reseal(accountId);
    logger.info({ account_id: accountId, resealed, unreadable }, 'credentials.resealed');
  }
}

function addGauges(metrics: PrometheusMetrics, { mailbox, queue, deadLetters }: Stores, tenants: TenantRegistry): void {
  metrics.gauge('conversations_waiting', 'Conversations that hold mail', () => mailbox.size());
  metrics.gauge('dead_letters_standing', 'What could not be handled', () => deadLetters.count());
  metrics.gauge('jobs_waiting', 'Wake jobs that could run now', async () => (await queue.counts()).waiting);
  metrics.gauge('tenants_loaded', 'Tenants in service', async () => (await tenants.list()).length);
  metrics.gauge('tenants_disabled', 'Tenants with a wrong file', () => tenants.disabled().length);
}
