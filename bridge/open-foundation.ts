// What everything else stands on: clock, log, numbers, stores, tenants, credentials, the outside systems of each tenant and
// the cache. First part of the composition root.
import { EndpointGuards } from './adapters/cockatiel/endpoint-guards.ts';
import { masterKeys } from './adapters/crypto/envelope.ts';
import { SealedVault } from './adapters/crypto/sealed-vault.ts';
import { YamlTenantFiles } from './adapters/files/tenant-files.ts';
import { createLogger } from './adapters/pino/logger.ts';
import { PrometheusMetrics } from './adapters/prometheus/metrics.ts';
import type { Settings } from './config/settings.ts';
import { TwoLevelCache } from './core/cache/two-level-cache.ts';
import type { HubLimits } from './core/hub/pass.ts';
import type { Clock } from './core/ports/clock.ts';
import type { Logger } from './core/ports/logger.ts';
import type { TenantRegistry } from './core/tenant.ts';
import { LayeredTenantRegistry } from './core/tenants/tenant-registry.ts';
import { openStores } from './open-stores.ts';
import { TenantSystems } from './tenant-systems.ts';

export const limits: HubLimits = { lockTtlMs: 5_000, turnBudgetMs: 60_000, readBackAfterMs: 15_000 };
/** The process's own share of the cache. */
const cacheBytes = 64 * 1024 * 1024;

export type Foundation = Awaited<ReturnType<typeof openFoundation>>;

export async function openFoundation(settings: Readonly<Settings>) {
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
  const store = settings.mode === 'redis' ? stores.cache : null;
  const cache = new TwoLevelCache({ store, clock, logger, metrics, maxBytes: cacheBytes, locks: stores.locks });
  return { settings, clock, logger, metrics, stores, spill, files, tenants, vault, guards, systems, cache };
}

/** After a change of the master key everything is sealed with the new one, so that the old one can be thrown away. */
async function resealAll(vault: SealedVault, tenants: TenantRegistry, logger: Logger): Promise<void> {
  for (const { accountId } of await tenants.list()) {
    const { resealed, unreadable } = await vault.reseal(accountId);
    logger.info({ account_id: accountId, resealed, unreadable }, 'credentials.resealed');
  }
}
