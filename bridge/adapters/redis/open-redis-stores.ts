// All stores on Redis, for any number of instances. Opening does not insist on a server: what cannot be served rejects at
// once with `upstream_unavailable`, and works as soon as Redis is there.
import type { CacheStore } from '../../core/ports/cache-store.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { Stores } from '../../core/stores.ts';
import { RedisAuditLog } from './audit-log.ts';
import { RedisCacheStore } from './cache-store.ts';
import { RedisConnection } from './connection.ts';
import { RedisConversationStates } from './conversation-states.ts';
import { RedisDeadLetters } from './dead-letters.ts';
import { RedisDocumentStore } from './document-store.ts';
import { RedisListener } from './listener.ts';
import { RedisLocks } from './locks.ts';
import { RedisMailbox } from './mailbox.ts';
import { redisHealth } from './redis-health.ts';
import { RedisRateLimiter } from './rate-limiter.ts';
import { RedisReconcileMarks } from './reconcile-marks.ts';
import { RedisReconcileRuns } from './reconcile-runs.ts';
import { RedisReminders } from './reminders.ts';
import { RedisReplyLedger } from './reply-ledger.ts';
import { RedisSealedStore } from './sealed-store.ts';
import { RedisTenantStore } from './tenant-store.ts';
import { RedisTokenStore } from './token-store.ts';
import { RedisTurnQueue } from './turn-queue.ts';
import { RedisTurnSlots } from './turn-slots.ts';
import { RedisTurnTraces } from './turn-traces.ts';
import { RedisUsageLedger } from './usage-ledger.ts';

export interface RedisStoresOptions {
  url: string;
  /** A Redis of its own for the cache, where eviction is welcome. */
  cacheUrl?: string;
  clock: Clock;
  logger: Logger;
  /** Names the connections of this instance in Redis' client list. */
  instanceId: string;
}

export interface RedisCacheOptions {
  url: string;
  logger: Logger;
  instanceId: string;
}

export interface RedisCache {
  store: CacheStore;
  /** Waits for the first connection, at most so long; false when there is none yet. */
  ready: (timeoutMs: number) => Promise<boolean>;
  close: () => void;
}

const firstConnectionMs = 2_000;
const runningJobsGetMs = 2_000;

export async function openRedisStores(options: RedisStoresOptions): Promise<Stores> {
  const { url, clock, logger, instanceId } = options;
  const redis = new RedisConnection(url, `${instanceId}-stores`, logger);
  const listener = new RedisListener(url, `${instanceId}-listener`, logger);
  const cache = openRedisCache({ url: options.cacheUrl ?? url, logger, instanceId });
  const queue = new RedisTurnQueue(url, instanceId, logger);
  const connected = await Promise.all([redis, queue, cache].map((part) => part.ready(firstConnectionMs)));
  if (connected.includes(false)) logger.warn({}, 'redis.not_there_yet');
  const close = async (): Promise<void> => {
    await queue.close(runningJobsGetMs);
    listener.close();
    cache.close();
    redis.close();
  };
  return {
    mailbox: new RedisMailbox(redis, logger),
    queue,
    locks: new RedisLocks(redis, clock),
    ledger: new RedisReplyLedger(redis, logger),
    states: new RedisConversationStates(redis, logger),
    reminders: new RedisReminders(redis),
    traces: new RedisTurnTraces(redis, logger),
    cache: cache.store,
    tenants: new RedisTenantStore(redis, listener, logger),
    sealed: new RedisSealedStore(redis),
    tokens: new RedisTokenStore(redis, clock, logger),
    audit: new RedisAuditLog(redis, logger),
    usage: new RedisUsageLedger(redis),
    documents: new RedisDocumentStore(redis, logger),
    runs: new RedisReconcileRuns(redis),
    deadLetters: new RedisDeadLetters(redis, logger),
    marks: new RedisReconcileMarks(redis, logger),
    rates: new RedisRateLimiter(redis),
    turnSlots: new RedisTurnSlots(redis),
    check: () => redisHealth(redis),
    close,
  };
}

/** The cache alone: a Redis for the cache may be set beside embedded stores. */
export function openRedisCache({ url, logger, instanceId }: RedisCacheOptions): RedisCache {
  const redis = new RedisConnection(url, `${instanceId}-cache`, logger);
  const listener = new RedisListener(url, `${instanceId}-cache-listener`, logger);
  return {
    store: new RedisCacheStore(redis, listener, logger),
    ready: (timeoutMs) => redis.ready(timeoutMs),
    close: () => {
      listener.close();
      redis.close();
    },
  };
}
