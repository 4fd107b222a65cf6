// The composition root: the only file that makes adapters, and hands them inward. Read it to see what the bridge is made of.
import { randomBytes, randomUUID } from 'node:crypto';
import { SealedVault } from './adapters/crypto/sealed-vault.ts';
import { masterKeys } from './adapters/crypto/envelope.ts';
import { ChatwootDeliveries } from './adapters/chatwoot/deliveries.ts';
import { openEmbeddedStores } from './adapters/embedded/open-embedded-stores.ts';
import { YamlTenantFiles } from './adapters/files/tenant-files.ts';
import { yamlText } from './adapters/files/yaml-text.ts';
import { createLogger } from './adapters/pino/logger.ts';
import { qdrantHealth } from './adapters/qdrant/qdrant-health.ts';
import { PrometheusMetrics } from './adapters/prometheus/metrics.ts';
import { openRedisStores } from './adapters/redis/open-redis-stores.ts';
import { checkTenant } from './check-tenant.ts';
import type { Settings } from './config/settings.ts';
import { AttemptLimiter } from './core/access/attempt-limiter.ts';
import { Pairing } from './core/access/pairing.ts';
import { Tokens } from './core/access/tokens.ts';
import { TwoLevelCache } from './core/cache/two-level-cache.ts';
import { BridgeError } from './core/errors.ts';
import { CrewFactory } from './core/crew/crew-factory.ts';
import { askCrew } from './core/hub/ask-crew.ts';
import { Hub } from './core/hub/hub.ts';
import { Intake } from './core/intake/receive-delivery.ts';
import type { KnowledgeBase } from './core/knowledge/knowledge-base.ts';
import { SyncSchedule } from './core/knowledge/sync-schedule.ts';
import { syncTenant } from './core/knowledge/sync.ts';
import type { Clock, Logger } from './core/ports.ts';
import { createMethods } from './core/rpc/catalogue.ts';
import { Dispatcher } from './core/rpc/dispatch.ts';
import { readiness, sharedFor } from './core/rpc/readiness.ts';
import type { DependencyCheck } from './core/rpc/readiness.ts';
import type { StoreHealth, Stores } from './core/stores.ts';
import type { Tenant, TenantRegistry } from './core/tenant.ts';
import { LayeredTenantRegistry } from './core/tenants/tenant-registry.ts';
import { productFacts } from './core/tools/product-facts.ts';
import { requestPerson } from './core/tools/request-person.ts';
import { searchKnowledge } from './core/tools/search-knowledge.ts';
import { createCatalogue, toCatalogueTool } from './core/tools/tool.ts';
import { createConsole } from './entry/console/console.ts';
import { toRpcError } from './entry/error-map.ts';
import { createHealthRoute } from './entry/health-route.ts';
import { createHttpServer } from './entry/http-server.ts';
import { createMetricsRoute } from './entry/metrics-route.ts';
import { createRpcRoute } from './entry/rpc-route.ts';
import { SyncCron } from './entry/sync-cron.ts';
import { TurnWorker } from './entry/turn-worker.ts';
import { createWebhookRoute } from './entry/webhook-route.ts';
import { createKnowledge } from './create-knowledge.ts';
import { TenantSystems } from './tenant-systems.ts';
import { bridgeVersion, minAddon, protocol } from './versions.ts';

const limits = { lockTtlMs: 5_000, turnBudgetMs: 60_000, readBackAfterMs: 15_000 };
const workerConcurrency = 32;
const syncIntervalMs = 15 * 60_000;
const stopTimeoutMs = 10_000;
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
  const stores = await openStores(settings, clock, logger);
  const files = new YamlTenantFiles({ root: settings.tenantsDir, log: logger });
  const tenants = new LayeredTenantRegistry({ source: files, store: stores.tenants, log: logger });
  await tenants.load();
  const vault = new SealedVault({
    store: stores.sealed,
    keys: masterKeys(settings.masterKey, settings.masterKeyPrevious),
    clock,
  });
  if (settings.masterKeyPrevious) await resealAll(vault, tenants, logger);
  const systems = new TenantSystems({ settings, vault, files, logger });
  const knowing = createKnowledge({ settings, stores, clock, logger });
  const { knowledge } = knowing;

  const schedule = new SyncSchedule({
    sync: (tenant, signal) => syncFromSource(systems, knowledge, stores, tenant, signal),
    locks: stores.locks,
    cache: stores.cache,
    clock,
    logger,
    intervalMs: syncIntervalMs,
  });
  files.onKnowledgeChange(({ accountId }) => schedule.forgetFiles(accountId));

  /** A tenant's files are knowledge like any other; a turn must not miss what was just written there. */
  const connect = async (tenant: Tenant) => {
    if (tenant.config.integrations.odoo.api === 'none') await schedule.ensureFiles(tenant);
    return systems.connect(tenant);
  };

  const crews = new CrewFactory(
    createCatalogue([toCatalogueTool(searchKnowledge), toCatalogueTool(productFacts), toCatalogueTool(requestPerson)]),
  );
  const thinking = { connect, crews, knowledge, clock, newId: randomUUID, logger };
  const hub = new Hub({ ...stores, ...thinking, tenants, metrics, limits });
  const intake = new Intake({
    ...stores,
    tenants,
    deliveries: new ChatwootDeliveries(vault, clock),
    clock,
    logger,
    metrics,
  });
  const tokens = new Tokens({ store: stores.tokens, clock, random: randomBytes, adminToken: settings.adminToken });
  const pairing = new Pairing({
    store: stores.tokens,
    tokens,
    clock,
    random: randomBytes,
    limiter: new AttemptLimiter({ clock }),
    isTaken: (accountId) => tenants.isTaken(accountId),
    createTenant: async ({ accountId, name, domain }) => {
      const config = { account_id: accountId, name, domain };
      const { problems } = tenants.preview({ accountId, domain, config });
      if (problems.length > 0) throw new BridgeError('bad_request', 'The tenant would not be valid.', { problems });
      await stores.tenants.put({ accountId, domain, config }, 0);
    },
  });
  const ready = sharedFor(1_000, clock, () =>
    readiness({
      mode: settings.mode,
      dependencies: dependenciesOf(settings, stores),
      tenants,
      clock,
      timeoutMs: 3_000,
    }),
  );
  const rpcDeps = {
    info: { version: bridgeVersion, protocol, minAddon, mode: settings.mode },
    tenants,
    tenantStore: stores.tenants,
    vault,
    tokenStore: stores.tokens,
    knowledge,
    cache: new TwoLevelCache({
      store: settings.mode === 'redis' ? stores.cache : null,
      clock,
      logger,
      metrics,
      maxBytes: cacheBytes,
    }),
    usage: stores.usage,
    audit: stores.audit,
    clock,
    logger,
    previewTenant: tenants.preview.bind(tenants),
    checkTenant: (tenant: Tenant, signal: AbortSignal) => checkTenant(systems, crews, tenant, signal),
    readiness: ready,
    createToken: tokens.create.bind(tokens),
    createPairingCode: pairing.createCode.bind(pairing),
    pair: pairing.pair.bind(pairing),
    askCrew: askCrew.bind(null, thinking),
  };
  const authenticate = (bearer: string, databaseUuid: string | null) => tokens.verify(bearer, databaseUuid);
  let isOpen = false;
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
      createRpcRoute({
        dispatcher: new Dispatcher({ methods: createMethods(rpcDeps), errorOf: toRpcError, clock, logger, metrics }),
        authenticate,
        clock,
      }),
      createConsole({
        authenticate,
        tenants,
        traces: stores.traces,
        queue: stores.queue,
        mailbox: stores.mailbox,
        readiness: ready,
        clock,
      }),
    ],
    logger,
  });
  const worker = new TurnWorker({
    hub,
    queue: stores.queue,
    mailbox: stores.mailbox,
    clock,
    logger,
    metrics,
    random: Math.random,
    concurrency: workerConcurrency,
  });
  const cron = new SyncCron({ schedule, tenants, logger });

  return {
    logger,
    start: async () => {
      const listening = settings.roles.includes('http') ? await server.listen() : null;
      if (settings.roles.includes('worker')) await worker.start();
      if (settings.roles.includes('cron')) cron.start();
      isOpen = true;
      return { url: listening?.url ?? null };
    },
    stop: async () => {
      isOpen = false;
      await server.stop(stopTimeoutMs);
      worker.stop();
      await stores.queue.close(stopTimeoutMs);
      await cron.stop();
      await knowing.close();
      files.close();
      await stores.close();
    },
  };
}

function dependenciesOf(settings: Readonly<Settings>, stores: Stores): DependencyCheck[] {
  const { qdrantUrl, qdrantApiKey } = settings;
  const inProcess: StoreHealth = { state: 'embedded', ms: null, message: null, fix: null };
  return [
    { name: settings.mode === 'redis' ? 'redis' : 'journal', isEssential: true, check: () => stores.check() },
    {
      name: 'search',
      isEssential: false,
      check: async (signal) => (qdrantUrl === null ? inProcess : qdrantHealth(qdrantUrl, qdrantApiKey, signal)),
    },
  ];
}

/** After a change of the master key everything is sealed with the new one, so that the old one can be thrown away. */
async function resealAll(vault: SealedVault, tenants: TenantRegistry, logger: Logger): Promise<void> {
  for (const { accountId } of await tenants.list()) {
    const { resealed, unreadable } = await vault.reseal(accountId);
    logger.info({ account_id: accountId, resealed, unreadable }, 'credentials.resealed');
  }
}

function openStores(settings: Readonly<Settings>, clock: Clock, logger: Logger): Promise<Stores> {
  if (settings.redisUrl === null) {
    return openEmbeddedStores({ dataDir: settings.dataDir, clock, logger, yaml: yamlText });
  }
  const cacheUrl = settings.redisCacheUrl;
  return openRedisStores({
    url: settings.redisUrl,
    ...(cacheUrl ? { cacheUrl } : {}),
    clock,
    logger,
    instanceId: randomUUID().slice(0, 8),
  });
}

async function syncFromSource(
  systems: TenantSystems,
  knowledge: KnowledgeBase,
  stores: Stores,
  tenant: Tenant,
  signal: AbortSignal,
): Promise<void> {
  const business = await systems.business(tenant);
  if (!business) return;
  const source = tenant.config.integrations.odoo.api === 'none' ? 'yaml' : 'odoo';
  await syncTenant({ knowledge, documents: stores.documents, business, source }, tenant, { dryRun: false, signal });
}
