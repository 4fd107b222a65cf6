// Which stores this installation runs on, and how `/ready` asks after what it depends on.
import { randomUUID } from 'node:crypto';
import { openEmbeddedStores } from './adapters/embedded/open-embedded-stores.ts';
import { yamlText } from './adapters/files/yaml-text.ts';
import { qdrantHealth } from './adapters/qdrant/qdrant-health.ts';
import { openRedisStores } from './adapters/redis/open-redis-stores.ts';
import type { Settings } from './config/settings.ts';
import type { Clock } from './core/ports/clock.ts';
import type { Logger } from './core/ports/logger.ts';
import type { DependencyCheck } from './core/rpc/readiness.ts';
import type { StoreHealth, Stores } from './core/stores.ts';

export function openStores(settings: Readonly<Settings>, clock: Clock, logger: Logger): Promise<Stores> {
  const { redisUrl: url, redisCacheUrl: cacheUrl, dataDir } = settings;
  if (url === null) return openEmbeddedStores({ dataDir, clock, logger, yaml: yamlText });
  const instanceId = randomUUID().slice(0, 8);
  return openRedisStores({ url, ...(cacheUrl ? { cacheUrl } : {}), clock, logger, instanceId });
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
