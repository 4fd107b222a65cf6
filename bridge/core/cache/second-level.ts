// The second cache level as it is in real life: absent, away for a while, or back with what it should have forgotten.
// Nothing here ever rejects: a level that fails is a level that misses.
import type { CacheStore } from '../ports/cache-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';

/** After a failure it is left alone this long, so that an outage costs one timeout and not one a call. */
const restMs = 1_000;
const mostOwed = 1_000;

export class SecondLevel {
  readonly #store: CacheStore | null;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #awayUntilMs = 0;
  /** Prefixes it could not be told to forget: keys under them are not read until it has been told. */
  readonly #owed = new Set<string>();

  constructor({ store, clock, logger }: { store: CacheStore | null; clock: Clock; logger: Logger }) {
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
  }

  get exists(): boolean {
    return this.#store !== null;
  }

  async get(key: string): Promise<string | null> {
    if (!(await this.#mayTouch(key))) return null;
    return this.#attempt(null, (store) => store.get(key));
  }

  async set(key: string, text: string, ttlSeconds: number): Promise<void> {
    if (!(await this.#mayTouch(key))) return;
    await this.#attempt(undefined, (store) => store.set(key, text, ttlSeconds));
  }

  /** Returns how many went; tells the other instances. */
  async removePrefix(prefix: string): Promise<number> {
    if (!this.#store) return 0;
    const removed = await this.#attempt(null, async (store) => {
      const count = await store.removePrefix(prefix);
      await store.publishInvalidation(prefix);
      return count;
    });
    if (removed === null) this.#owe(prefix);
    return removed ?? 0;
  }

  onInvalidation(listener: (prefix: string) => void): void {
    this.#store?.onInvalidation(listener);
  }

  async #mayTouch(key: string): Promise<boolean> {
    const owed = [...this.#owed].filter((prefix) => key.startsWith(prefix));
    for (const prefix of owed) {
      this.#owed.delete(prefix);
      await this.removePrefix(prefix);
    }
    return ![...this.#owed].some((prefix) => key.startsWith(prefix));
  }

  /** Too many to remember become one: nothing is read until everything was forgotten. */
  #owe(prefix: string): void {
    if (this.#owed.size >= mostOwed) {
      this.#owed.clear();
      this.#owed.add('');
    } else {
      this.#owed.add(prefix);
    }
  }

  async #attempt<T, F>(otherwise: F, use: (store: CacheStore) => Promise<T>): Promise<T | F> {
    if (!this.#store || this.#clock.now() < this.#awayUntilMs) return otherwise;
    try {
      return await use(this.#store);
    } catch (error) {
      this.#awayUntilMs = this.#clock.now() + restMs;
      this.#logger.warn({ err: error }, 'cache.second_level_away');
      return otherwise;
    }
  }
}
