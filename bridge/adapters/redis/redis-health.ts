// Whether this Redis may keep a store of record: it must write what it acknowledged to disk and must not evict it. INFO
// answers both also where a provider forbids CONFIG.
import type { StoreHealth } from '../../core/stores.ts';
import { codeOf } from '../../core/errors.ts';
import type { RedisConnection } from './connection.ts';

export async function redisHealth(redis: RedisConnection): Promise<StoreHealth> {
  try {
    const startedAt = performance.now();
    await redis.run((client) => client.ping());
    const ms = Math.round((performance.now() - startedAt) * 100) / 100;
    const info = `${await redis.run((client) => client.info('persistence'))}\n${await redis.run((client) => client.info('memory'))}`;
    return { ms, ...durability(info) };
  } catch (error) {
    const message = error instanceof Error ? error.message : codeOf(error);
    return {
      state: 'down',
      ms: null,
      message,
      fix: 'Start Redis, or correct REDIS_URL; messages wait in the journal until then.',
    };
  }
}

function durability(info: string): Omit<StoreHealth, 'ms'> {
  if (fieldOf(info, 'aof_enabled') !== '1') {
    return degraded(
      'Redis would lose acknowledged messages in a crash: its append-only file is off',
      'Set "appendonly yes" (and "appendfsync always" to lose nothing at a power cut).',
    );
  }
  if (fieldOf(info, 'aof_last_write_status') === 'err') {
    return degraded('Redis cannot write its append-only file', 'Free disk space on the Redis server.');
  }
  const policy = fieldOf(info, 'maxmemory_policy');
  if (policy !== null && policy !== 'noeviction') {
    return degraded(
      `Redis may throw stored messages away when memory is short (${policy})`,
      'Set "maxmemory-policy noeviction"; give the cache its own Redis with REDIS_CACHE_URL.',
    );
  }
  return { state: 'up', message: null, fix: null };
}

function degraded(message: string, fix: string): Omit<StoreHealth, 'ms'> {
  return { state: 'degraded', message, fix };
}

function fieldOf(info: string, name: string): string | null {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? null;
}
