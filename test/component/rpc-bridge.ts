// The HTTP side of a bridge for tests: real stores in a temporary folder, real registry, vault, tokens, pairing, knowledge
// and cache behind a real port. Only the two parts that talk to the outside (asking a crew, trying integrations) are set
// by the test.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { masterKeys } from '../../bridge/adapters/crypto/envelope.ts';
import { SealedVault } from '../../bridge/adapters/crypto/sealed-vault.ts';
import { LocalEmbedder } from '../../bridge/adapters/embedded/local-embedder.ts';
import { openEmbeddedStores } from '../../bridge/adapters/embedded/open-embedded-stores.ts';
import { EmbeddedReconcileRuns } from '../../bridge/adapters/embedded/reconcile-runs.ts';
import { EmbeddedSearchIndex } from '../../bridge/adapters/embedded/search-index.ts';
import { EmbeddedVectorCache } from '../../bridge/adapters/embedded/vector-cache.ts';
import { YamlTenantFiles } from '../../bridge/adapters/files/tenant-files.ts';
import { yamlText } from '../../bridge/adapters/files/yaml-text.ts';
import { PrometheusMetrics } from '../../bridge/adapters/prometheus/metrics.ts';
import { AttemptLimiter } from '../../bridge/core/access/attempt-limiter.ts';
import { Pairing } from '../../bridge/core/access/pairing.ts';
import { Tokens } from '../../bridge/core/access/tokens.ts';
import { TwoLevelCache } from '../../bridge/core/cache/two-level-cache.ts';
import { KnowledgeBase } from '../../bridge/core/knowledge/knowledge-base.ts';
import { QueryVectors } from '../../bridge/core/knowledge/query-vectors.ts';
import { createMethods } from '../../bridge/core/rpc/catalogue.ts';
import type { RpcDeps } from '../../bridge/core/rpc/deps.ts';
import { Dispatcher } from '../../bridge/core/rpc/dispatch.ts';
import type { RpcMethod } from '../../bridge/core/rpc/method.ts';
import { readiness } from '../../bridge/core/rpc/readiness.ts';
import { LayeredTenantRegistry } from '../../bridge/core/tenants/tenant-registry.ts';
import { Budgets } from '../../bridge/core/cost/budgets.ts';
import { createConsole } from '../../bridge/entry/console/console.ts';
import { toRpcError } from '../../bridge/entry/error-map.ts';
import { createHealthRoute } from '../../bridge/entry/health-route.ts';
import { createHttpServer } from '../../bridge/entry/http-server.ts';
import { createMetricsRoute } from '../../bridge/entry/metrics-route.ts';
import { createRpcRoute } from '../../bridge/entry/rpc-route.ts';
import type { RpcLimits } from '../../bridge/entry/rpc-route.ts';
import { processCache } from '../fixtures/process-cache.ts';
import { quietLog } from '../fixtures/quiet-log.ts';
import { repositoryLexicon } from '../fixtures/repository-lexicon.ts';
import { tenantsFolder } from '../fixtures/tenants-folder.ts';

export const adminToken = 'admin-token-of-the-test';
export const metricsToken = 'metrics-token-of-the-test';
export const databaseUuid = '5f6cb1f4-0000-4000-8000-000000000001';

export interface BridgeOptions {
  tenants: Record<string, string>;
  limits?: Partial<RpcLimits>;
  publicUrl?: string;
}

export type RpcBridge = Awaited<ReturnType<typeof startRpcBridge>>;

export async function startRpcBridge({ tenants: files, limits, publicUrl }: BridgeOptions) {
  const dataDir = mkdtempSync(join(tmpdir(), 'ui-rpc-'));
  const folder = tenantsFolder(files);
  const time = { nowMs: Date.parse('2026-06-15T12:00:00Z') };
  const clock = { now: () => time.nowMs };
  const logger = quietLog();
  const metrics = new PrometheusMetrics({ processMetrics: false });
  const stores = await openEmbeddedStores({ dataDir, clock, logger, yaml: yamlText });
  const source = new YamlTenantFiles({ root: folder.root, log: logger });
  const tenants = new LayeredTenantRegistry({ source, store: stores.tenants, log: logger });
  await tenants.load();
  const vault = new SealedVault({ store: stores.sealed, keys: masterKeys(randomBytes(32), null), clock });
  const tokens = new Tokens({ store: stores.tokens, clock, random: randomBytes, adminToken });
  const pairing = new Pairing({
    store: stores.tokens,
    tokens,
    clock,
    random: randomBytes,
    limiter: new AttemptLimiter({ clock }),
    isTaken: (accountId) => tenants.isTaken(accountId),
    createTenant: async ({ accountId, name, domain }) => {
      await stores.tenants.put({ accountId, domain, config: { account_id: accountId, name, domain } }, 0);
    },
  });
  const lexicon = await repositoryLexicon('retail');
  const embedder = new LocalEmbedder(lexicon);
  const vectors = new EmbeddedVectorCache(join(dataDir, 'vectors'));
  const knowledge = new KnowledgeBase({
    documents: stores.documents,
    makeIndex: () => new EmbeddedSearchIndex(),
    embedderFor: async () => embedder,
    lexiconFor: async () => lexicon,
    vectors,
    queries: new QueryVectors(processCache()),
    runs: new EmbeddedReconcileRuns(join(dataDir, 'reconcile'), clock),
    clock,
    logger,
  });
  const outside: Pick<RpcDeps, 'askCrew' | 'checkTenant' | 'conversationSetup' | 'replayDeadLetter'> = {
    conversationSetup: () => Promise.resolve(null),
    replayDeadLetter: () => Promise.reject(new Error('not planned in this test')),
    askCrew: () => Promise.reject(new Error('not planned in this test')),
    checkTenant: () => Promise.reject(new Error('not planned in this test')),
  };
  const ready = () =>
    readiness({
      mode: 'embedded',
      dependencies: [{ name: 'journal', isEssential: true, check: () => stores.check() }],
      tenants,
      clock,
      timeoutMs: 1_000,
    });
  const methods = createMethods({
    info: { version: '1.2.3', protocol: 1, minAddon: '19.0.1.0.0', mode: 'embedded' },
    tenants,
    tenantStore: stores.tenants,
    vault,
    tokenStore: stores.tokens,
    knowledge,
    cache: new TwoLevelCache({ store: null, clock, logger, metrics, maxBytes: 1_000_000 }),
    usage: stores.usage,
    audit: stores.audit,
    deadLetters: stores.deadLetters,
    clock,
    logger,
    previewTenant: (tenant) => tenants.preview(tenant),
    checkTenant: (...given) => outside.checkTenant(...given),
    readiness: ready,
    createToken: (accountId, name, scopes) => tokens.create(accountId, name, scopes),
    createPairingCode: (accountId, ttlSeconds) => pairing.createCode(accountId, ttlSeconds),
    pair: (request, ip) => pairing.pair(request, ip),
    askCrew: (...given) => outside.askCrew(...given),
    conversationSetup: (...given) => outside.conversationSetup(...given),
    syncKnowledge: () => Promise.resolve(null),
    publicUrl: publicUrl ?? null,
    newSecret: () => randomBytes(24).toString('hex'),
    replayDeadLetter: (...given) => outside.replayDeadLetter(...given),
  });
  const dispatcher = new Dispatcher({ methods: methods.map(checked), errorOf: toRpcError, clock, logger, metrics });
  const authenticate = (bearer: string, uuid: string | null) => tokens.verify(bearer, uuid);
  const state = { isOpen: true };
  const server = createHttpServer({
    port: 0,
    host: '127.0.0.1',
    webhook: null,
    routers: [
      createHealthRoute({ isOpen: () => state.isOpen, readiness: ready, authenticate }),
      createMetricsRoute({ token: metricsToken, render: () => metrics.render() }),
      createRpcRoute({ dispatcher, authenticate, clock, ...(limits ? { limits } : {}) }),
      createConsole({
        ...stores,
        tenants,
        budgets: new Budgets({ usage: stores.usage, clock, logger, metrics }),
        knowledge,
        readiness: ready,
        authenticate,
        clock,
        spilled: null,
        resting: () => [],
      }),
    ],
    logger,
  });
  const { url } = await server.listen();
  const stop = async () => {
    await server.stop(1_000);
    await knowledge.close();
    await vectors.close();
    source.close();
    await stores.close();
    folder.end();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { url, stores, vault, tenants, tokens, knowledge, outside, state, time, logger, methods, stop, dataDir };
}

/** Every result a test sees has the shape the method publishes, and nothing more. */
function checked(method: RpcMethod): RpcMethod {
  return {
    ...method,
    run: async (context, params) => {
      const result = await method.run(context, params);
      const parsed = method.result.safeParse(result);
      if (!parsed.success) throw new Error(`${method.name} answered another shape: ${parsed.error.message}`);
      return result;
    },
  };
}

export interface Answer {
  status: number;
  result: Record<string, unknown>;
  error: { code: number; message: string; data?: { problems?: { path: string; message: string }[] } } | null;
}

export function rpcClient(url: string, bearer: string | null, headers: Record<string, string> = {}) {
  const post = (body: string | Uint8Array<ArrayBuffer>) =>
    fetch(`${url}/rpc`, {
      method: 'POST',
      body,
      headers: { ...(bearer === null ? {} : { Authorization: `Bearer ${bearer}` }), ...headers },
    });
  const call = async (method: string, params?: unknown): Promise<Answer> => {
    const response = await post(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
    const body = (await response.json()) as { result?: Record<string, unknown>; error?: Answer['error'] };
    return { status: response.status, result: body.result ?? {}, error: body.error ?? null };
  };
  return { post, call };
}
