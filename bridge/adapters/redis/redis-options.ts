// Options of the connections to Redis, by what a connection is for. A caller that has somebody waiting wants a quick "no"
// when Redis is away; a listener has all the time in the world.
import type { RedisOptions } from 'ioredis';

const longestPauseMs = 1_000;

function pauseBeforeRetryMs(attempt: number): number {
  return Math.min(50 * 2 ** Math.min(attempt, 10), longestPauseMs);
}

/** Rejects at once while there is no connection and never sends a command twice by itself. */
export const failFast: RedisOptions = {
  connectTimeout: 2_000,
  commandTimeout: 2_000,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  keepAlive: 10_000,
  retryStrategy: pauseBeforeRetryMs,
};

/** Waits for the connection however long it takes. */
export const patient: RedisOptions = {
  connectTimeout: 2_000,
  enableReadyCheck: false,
  maxRetriesPerRequest: null,
  keepAlive: 10_000,
  retryStrategy: pauseBeforeRetryMs,
};
