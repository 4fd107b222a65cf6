// The cache everything shares: this process first, then the common store, then the source. One load per key at a time;
// what is invalidated while it loads is given to those who waited and not kept. Values are kept as JSON text: they must
// survive JSON, and whoever changes what he read changes his own copy.
import type { z } from 'zod';
import type { CacheStore } from '../ports/cache-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Locks } from '../ports/locks.ts';
import type { Logger } from '../ports/logger.ts';
import type { Metrics } from '../ports/metrics.ts';
import { moduleOf } from './keys.ts';
import { oneLoads } from './one-loads.ts';
import { ProcessCache } from './process-cache.ts';
import { SecondLevel } from './second-level.ts';
import { ttlSeconds } from './tiers.ts';
import type { CacheTier } from './tiers.ts';

export interface TwoLevelCacheDeps {
  /** Null = this process only. */
  store: CacheStore | null;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  maxBytes: number;
  /** By them the instances that share the store agree on who loads; null = each loads for itself. */
  locks?: Locks | null;
}

export interface Lifetime {
  tier: CacheTier;
  /** Wanted life time, kept within the tier. */
  seconds?: number;
  /** How long after its end a value may still be given once more while a new one is loaded. */
  staleSeconds?: number;
}

export type CacheReading = { hit: true; value: unknown; stale: boolean } | { hit: false };

interface Entry {
  value: unknown;
  freshUntilMs: number;
  endsMs: number;
}

/** What an older build kept may have another form. */
type Fits = (value: unknown) => boolean;

interface Flight {
  loaded: Promise<unknown>;
  isVoid: boolean;
}

/** With a common store, a process believes its own copy no longer than this: a lost notification heals by itself. */
const longestBeliefMs = 5 * 60_000;

export class TwoLevelCache {
  readonly #process: ProcessCache;
  readonly #second: SecondLevel;
  readonly #deps: TwoLevelCacheDeps;
  readonly #flights = new Map<string, Flight>();
  /** Grows with every invalidation, so that a read which overlapped one is not kept. */
  #epoch = 0;

  constructor(deps: TwoLevelCacheDeps) {
    this.#deps = deps;
    this.#process = new ProcessCache(deps.maxBytes);
    this.#second = new SecondLevel(deps);
    this.#second.onInvalidation((prefix) => this.#forget(prefix));
  }

  /** A cached null is a hit. */
  async get(key: string): Promise<CacheReading> {
    const near = this.#read(this.#process.get(key));
    if (near) return this.#found(key, 'process', near);
    this.#process.remove(key);
    const epoch = this.#epoch;
    const far = this.#read(await this.#second.get(key));
    if (!far) {
      this.#deps.metrics.count('cache_reads', { module: moduleOf(key), result: 'miss' });
      return { hit: false };
    }
    if (epoch === this.#epoch) this.#keepNear(key, far);
    return this.#found(key, 'store', far);
  }

  /** The common store's value first: this process's own copy may be older. Without the store, or its value, as `get`. */
  async getShared(key: string): Promise<CacheReading> {
    const epoch = this.#epoch;
    const far = this.#read(await this.#second.get(key));
    if (!far) return this.get(key);
    if (epoch === this.#epoch) this.#keepNear(key, far);
    return this.#found(key, 'store', far);
  }

  async set(key: string, value: unknown, lifetime: Lifetime): Promise<void> {
    const nowMs = this.#deps.clock.now();
    const freshUntilMs = nowMs + 1000 * ttlSeconds(lifetime.tier, lifetime.seconds);
    const entry = { value: value ?? null, freshUntilMs, endsMs: freshUntilMs + 1000 * (lifetime.staleSeconds ?? 0) };
    this.#keepNear(key, entry);
    await this.#second.set(key, write(entry), Math.ceil((entry.endsMs - nowMs) / 1000));
  }

  /**
   * The cached value, or what `load` gives, kept. Callers who ask meanwhile wait for the same load and share its error;
   * an error is not kept. A cached value that does not fit `schema` (an older build wrote it) is a miss.
   */
  async remember<T>(key: string, schema: z.ZodType<T>, lifetime: Lifetime, load: () => Promise<T>): Promise<T> {
    const reading = await this.get(key);
    const fits: Fits = (value) => schema.safeParse(value).success;
    const known = reading.hit ? schema.safeParse(reading.value) : null;
    if (!reading.hit || !known?.success) return (await this.#load(key, lifetime, load, fits)) as T;
    if (reading.stale) {
      this.#load(key, lifetime, load, fits).catch((error: unknown) => {
        this.#deps.logger.warn({ err: error, module: moduleOf(key) }, 'cache.refresh_failed');
      });
    }
    return known.data;
  }

  /** Drops every key that starts with the prefix, here and everywhere. Returns how many the fuller level held. */
  async invalidate(prefix: string): Promise<number> {
    const near = this.#forget(prefix);
    const far = await this.#second.removePrefix(prefix);
    // Whoever read the store just before it was emptied has put the old value back.
    this.#forget(prefix);
    return Math.max(near, far);
  }

  #load(key: string, lifetime: Lifetime, load: () => Promise<unknown>, fits: Fits): Promise<unknown> {
    const running = this.#flights.get(key);
    if (running) return running.loaded;
    const flight: Flight = { isVoid: false, loaded: Promise.resolve() };
    flight.loaded = this.#fly(key, () => this.#loadAndKeep(key, lifetime, load, flight), flight, fits);
    this.#flights.set(key, flight);
    return flight.loaded;
  }

  async #fly(key: string, load: () => Promise<unknown>, flight: Flight, fits: Fits): Promise<unknown> {
    try {
      const locks = this.#second.exists ? (this.#deps.locks ?? null) : null;
      return await oneLoads(locks, key, load, () => this.#freshFar(key, fits));
    } finally {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    }
  }

  async #loadAndKeep(key: string, lifetime: Lifetime, load: () => Promise<unknown>, flight: Flight): Promise<unknown> {
    const value = await load();
    if (isVoid(flight)) return value;
    await this.set(key, value, lifetime);
    if (isVoid(flight)) await this.invalidate(key);
    return value;
  }

  async #freshFar(key: string, fits: Fits): Promise<{ value: unknown } | null> {
    const far = this.#read(await this.#second.get(key));
    if (!far || this.#deps.clock.now() >= far.freshUntilMs || !fits(far.value)) return null;
    this.#keepNear(key, far);
    return { value: far.value };
  }

  /** Loads under way began before the change: their results are not kept and nobody new waits for them. */
  #forget(prefix: string): number {
    this.#epoch += 1;
    for (const [key, flight] of this.#flights) {
      if (!key.startsWith(prefix)) continue;
      flight.isVoid = true;
      this.#flights.delete(key);
    }
    return this.#process.removePrefix(prefix);
  }

  #found(key: string, level: 'process' | 'store', entry: Entry): CacheReading {
    const stale = this.#deps.clock.now() >= entry.freshUntilMs;
    this.#deps.metrics.count('cache_reads', { module: moduleOf(key), result: stale ? 'stale' : level });
    return { hit: true, value: entry.value, stale };
  }

  #keepNear(key: string, entry: Entry): void {
    const beliefEndsMs = this.#deps.clock.now() + longestBeliefMs;
    const endsMs = this.#second.exists ? Math.min(entry.endsMs, beliefEndsMs) : entry.endsMs;
    this.#process.set(key, write({ ...entry, endsMs }));
  }

  #read(text: string | null): Entry | null {
    if (text === null) return null;
    const entry = parse(text);
    return entry !== null && this.#deps.clock.now() < entry.endsMs ? entry : null;
  }
}

/** A function, because the compiler does not see that the flight changes while its value is being stored. */
function isVoid(flight: Flight): boolean {
  return flight.isVoid;
}

/** Version first, so that another build's form is a miss and not a wrong value. */
function write({ value, freshUntilMs, endsMs }: Entry): string {
  return JSON.stringify([1, freshUntilMs, endsMs, value]);
}

function parse(text: string): Entry | null {
  try {
    const parsed: unknown = JSON.parse(text);
    if (!Array.isArray(parsed)) return null;
    const [version, freshUntilMs, endsMs, value] = parsed as unknown[];
    if (version !== 1 || typeof freshUntilMs !== 'number' || typeof endsMs !== 'number') return null;
    return { value, freshUntilMs, endsMs };
  } catch {
    return null;
  }
}
