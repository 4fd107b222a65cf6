// Makes what stands behind `/rpc`: who may call, and the methods with everything they work on.
import { randomBytes } from 'node:crypto';
import { checkTenant } from './check-tenant.ts';
import type { Settings } from './config/settings.ts';
import { AttemptLimiter } from './core/access/attempt-limiter.ts';
import { Pairing } from './core/access/pairing.ts';
import { Tokens } from './core/access/tokens.ts';
import type { TwoLevelCache } from './core/cache/two-level-cache.ts';
import { BridgeError } from './core/errors.ts';
import { askCrew } from './core/hub/ask-crew.ts';
import { replayDeadLetter } from './core/hub/replay-dead-letter.ts';
import type { SyncSchedule } from './core/knowledge/sync-schedule.ts';
import type { CredentialVault } from './core/ports/credentials.ts';
import type { Metrics } from './core/ports/metrics.ts';
import { createMethods } from './core/rpc/catalogue.ts';
import type { RpcDeps } from './core/rpc/deps.ts';
import { Dispatcher } from './core/rpc/dispatch.ts';
import type { Stores } from './core/stores.ts';
import type { LayeredTenantRegistry } from './core/tenants/tenant-registry.ts';
import type { ThinkingParts } from './create-thinking.ts';
import type { Authenticate } from './entry/bearer.ts';
import { toRpcError } from './entry/error-map.ts';
import type { TenantSystems } from './tenant-systems.ts';
import { bridgeVersion, minAddon, protocol } from './versions.ts';

export interface CreateRpcParts {
  settings: Readonly<Settings>;
  stores: Stores;
  tenants: LayeredTenantRegistry;
  vault: CredentialVault;
  systems: TenantSystems;
  thinking: ThinkingParts['thinking'];
  cache: TwoLevelCache;
  metrics: Metrics;
  readiness: RpcDeps['readiness'];
  schedule: Pick<SyncSchedule, 'runNow'>;
}

export function createRpc(parts: CreateRpcParts): { authenticate: Authenticate; dispatcher: Dispatcher } {
  const { settings, stores, metrics, thinking } = parts;
  const { clock, logger } = thinking;
  const tokens = new Tokens({ store: stores.tokens, clock, random: randomBytes, adminToken: settings.adminToken });
  const methods = createMethods(rpcDeps(parts, tokens, createPairing(parts, tokens)));
  return {
    authenticate: (bearer, databaseUuid) => tokens.verify(bearer, databaseUuid),
    dispatcher: new Dispatcher({ methods, errorOf: toRpcError, clock, logger, metrics }),
  };
}

function rpcDeps(parts: CreateRpcParts, tokens: Tokens, pairing: Pairing): RpcDeps {
  const { settings, stores, tenants, vault, systems, thinking } = parts;
  const { clock, logger, knowledge, crews, budgets } = thinking;
  // Embedded, the second level would be this process again.
  return {
    info: { version: bridgeVersion, protocol, minAddon, mode: settings.mode },
    tenants,
    tenantStore: stores.tenants,
    vault,
    tokenStore: stores.tokens,
    knowledge,
    syncKnowledge: (tenant, options) => parts.schedule.runNow(tenant, options),
    cache: parts.cache,
    usage: stores.usage,
    audit: stores.audit,
    deadLetters: stores.deadLetters,
    conversationSetup: (tenant) => systems.setup(tenant),
    publicUrl: settings.publicUrl,
    newSecret: () => randomBytes(24).toString('hex'),
    replayDeadLetter: (id) => replayDeadLetter({ ...stores, ...thinking, tenants }, id),
    clock,
    logger,
    previewTenant: (tenant) => tenants.preview(tenant),
    checkTenant: (tenant, signal) =>
      checkTenant({ systems, crews, budgets, publicUrl: settings.publicUrl }, tenant, signal),
    readiness: parts.readiness,
    createToken: (accountId, name, scopes) => tokens.create(accountId, name, scopes),
    createPairingCode: (accountId, ttlSeconds) => pairing.createCode(accountId, ttlSeconds),
    pair: (request, ip) => pairing.pair(request, ip),
    askCrew: (tenant, params, signal) => askCrew(thinking, tenant, params, signal),
  };
}

function createPairing({ stores, tenants, thinking: { clock } }: CreateRpcParts, tokens: Tokens): Pairing {
  return new Pairing({
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
}
