// Which stores this installation runs on, and how `/ready` asks after what it depends on.
import { randomUUID } from 'node:crypto';
import { openEmbeddedStores } from './adapters/embedded/open-embedded-stores.ts';
import { yamlText } from './adapters/files/yaml-text.ts';
import { qdrantHealth } from './adapters/qdrant/qdrant-health.ts';
import { openRedisStores } from './adapters/redis/open-redis-stores.ts';
import type { Settings } from './config/settings.ts';
import type { HubLimits } from './core/hub/pass.ts';
import type { Clock } from './core/ports/clock.ts';
import type { Logger } from './core/ports/logger.ts';
import type { DependencyCheck } from './core/rpc/readiness.ts';
import { Spill } from './core/spill/spill.ts';
import type { StoreHealth, Stores } from './core/stores.ts';
import { openSpillPlace } from './open-spill-place.ts';

export interface OpenedStores {
  stores: Stores;
  /** What keeps answers going while Redis is away; null when there is no Redis to be away. */
  spill: Spill | null;
}

export async function openStores(
  settings: Readonly<Settings>,
  clock: Clock,
  logger: Logger,
  limits: Pick<HubLimits, 'lockTtlMs' | 'readBackAfterMs'>,
): Promise<OpenedStores> {
  const { redisUrl: url, redisCacheUrl: cacheUrl, dataDir } = settings;
  if (url === null) {
    return { stores: await openEmbeddedStores({ dataDir, clock, logger, yaml: yamlText }), spill: null };
  }
  const instanceId = randomUUID().slice(0, 8);
  // Without a folder to write to it runs as well as its Redis does.
  const place = await openSpillPlace(dataDir, clock, logger).catch((error: unknown) => {
    logger.error({ data_dir: dataDir, err: error }, 'spill.not_available');
    return null;
  });
  const shared = await openRedisStores({ url, ...(cacheUrl ? { cacheUrl } : {}), clock, logger, instanceId });
  if (place === null) return { stores: shared, spill: null };
  const { lockTtlMs, readBackAfterMs } = limits;
  const spill = await Spill.open({ shared, place, clock, logger, instanceId, lockTtlMs, readBackAfterMs });
  return { stores: spill.stores, spill };
}

export function dependenciesOf(settings: Readonly<Settings>, stores: Stores): DependencyCheck[] {
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
