// Budgets in Redis: a list of the instants of what was let through, newest first, no longer than the budget. Whether one
// more fits is one look at its last element, by the clock of Redis, which all instances share.
import type { Rate, RateLimiter } from '../../core/ports/rate-limiter.ts';
import { redisScript, type RedisConnection } from './connection.ts';

/** Keys: instants. Arguments: count, per ms. Returns the milliseconds to wait. */
const takeScript = redisScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local count, per = tonumber(ARGV[1]), tonumber(ARGV[2])
redis.call('LTRIM', KEYS[1], 0, count - 1)
if redis.call('LLEN', KEYS[1]) == count then
  local wait = redis.call('LINDEX', KEYS[1], -1) + per - now
  if wait > 0 then return wait end
  redis.call('RPOP', KEYS[1])
end
redis.call('LPUSH', KEYS[1], string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], per)
return 0
`);

export class RedisRateLimiter implements RateLimiter {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async take(name: string, { count, perMs }: Rate): Promise<number> {
    return Number(await this.#redis.script(takeScript, [`ui:rate:${name}`], [count, perMs]));
  }
}
