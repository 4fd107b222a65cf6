// Token buckets by name, for callers of the API. Deliveries never pass through here: limits delay turns, they never drop
// messages.
import { BridgeError } from '../core/errors.ts';
import type { Clock } from '../core/ports/clock.ts';

export interface RateLimit {
  /** How many at once. */
  burst: number;
  perSecond: number;
}

interface Bucket {
  left: number;
  atMs: number;
}

const mostBuckets = 10_000;

export class RateLimiter {
  readonly #limit: RateLimit;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(limit: RateLimit, clock: Clock) {
    this.#limit = limit;
    this.#clock = clock;
  }

  /** Takes one from the bucket of this name; throws `rate_limited` with the time to wait when it is empty. */
  take(name: string): void {
    const { burst, perSecond } = this.#limit;
    const nowMs = this.#clock.now();
    const bucket = this.#buckets.get(name) ?? { left: burst, atMs: nowMs };
    const left = Math.min(burst, bucket.left + ((nowMs - bucket.atMs) / 1000) * perSecond);
    if (left < 1) {
      const retryAfterMs = Math.ceil(((1 - left) / perSecond) * 1000);
      throw new BridgeError('rate_limited', 'Too many calls: wait a little.', { retryAfterMs });
    }
    // Put back at the end of the map: the first ones are those that were quiet longest.
    this.#buckets.delete(name);
    this.#buckets.set(name, { left: left - 1, atMs: nowMs });
    this.#trim();
  }

  #trim(): void {
    if (this.#buckets.size <= mostBuckets) return;
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}
