// A second cache level for an installation without a server: a bounded map in the process, gone with it. Invalidations
// reach this process's listeners only, since there is no other instance.
import type { CacheStore } from '../../core/ports/cache-store.ts';
import type { Clock } from '../../core/ports/clock.ts';

interface Cached {
  value: string;
  untilMs: number;
}

const mostCharacters = 16 << 20;

export class EmbeddedCacheStore implements CacheStore {
  readonly #clock: Clock;
  /** Least recently used first. */
  readonly #entries = new Map<string, Cached>();
  readonly #listeners: ((prefix: string) => void)[] = [];
  #characters = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async get(key: string): Promise<string | null> {
    const cached = this.#entries.get(key);
    if (cached === undefined) return null;
    this.#remove(key);
    if (cached.untilMs <= this.#clock.now()) return null;
    this.#add(key, cached);
    return cached.value;
  }

  async set(key: string, value: string, ttlSeconds: number): Promise<void> {
    this.#remove(key);
    this.#add(key, { value, untilMs: this.#clock.now() + ttlSeconds * 1000 });
    for (const oldest of this.#entries.keys()) {
      if (this.#characters <= mostCharacters) return;
      this.#remove(oldest);
    }
  }

  async removePrefix(prefix: string): Promise<number> {
    const keys = [...this.#entries.keys()].filter((key) => key.startsWith(prefix));
    for (const key of keys) this.#remove(key);
    return keys.length;
  }

  async publishInvalidation(prefix: string): Promise<void> {
    for (const listener of this.#listeners) listener(prefix);
  }

  onInvalidation(listener: (prefix: string) => void): void {
    this.#listeners.push(listener);
  }

  #add(key: string, cached: Cached): void {
    this.#entries.set(key, cached);
    this.#characters += key.length + cached.value.length;
  }

  #remove(key: string): void {
    const cached = this.#entries.get(key);
    if (cached === undefined) return;
    this.#entries.delete(key);
    this.#characters -= key.length + cached.value.length;
  }
}
