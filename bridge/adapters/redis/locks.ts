// Locks in Redis: a key with the holder's token and an expiry. One counter gives every acquisition its fence, so a later
// holder of any name always has a larger one.
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../core/ports/clock.ts';
import type { HeldLock, Locks } from '../../core/ports/locks.ts';
import { redisScript, type RedisConnection } from './connection.ts';

const fenceKey = 'ui:lock-fence';

const acquireScript = redisScript(`
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 0 end
return redis.call('INCR', KEYS[2])
`);

const renewScript = redisScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`);

const releaseScript = redisScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
`);

export class RedisLocks implements Locks {
  readonly #redis: RedisConnection;
  readonly #clock: Clock;

  constructor(redis: RedisConnection, clock: Clock) {
    this.#redis = redis;
    this.#clock = clock;
  }

  async acquire(name: string, ttlMs: number): Promise<HeldLock | null> {
    const key = `ui:lock:${name}`;
    const token = randomUUID();
    // Counted from before the request: Redis starts its own count later, never earlier.
    const askedAtMs = this.#clock.now();
    const fence = Number(await this.#redis.script(acquireScript, [key, fenceKey], [token, ttlMs]));
    return fence === 0 ? null : this.#heldLock(key, token, fence, askedAtMs + ttlMs);
  }

  #heldLock(key: string, token: string, fence: number, untilMs: number): HeldLock {
    let heldUntilMs = untilMs;
    return {
      fence,
      get heldUntilMs() {
        return heldUntilMs;
      },
      renew: async (ttlMs) => {
        const askedAtMs = this.#clock.now();
        const renewed = Number(await this.#redis.script(renewScript, [key], [token, ttlMs])) === 1;
        if (renewed) heldUntilMs = askedAtMs + ttlMs;
        return renewed;
      },
      release: async () => {
        await this.#redis.script(releaseScript, [key], [token]);
      },
    };
  }
}
