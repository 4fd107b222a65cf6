// The second cache level in Redis, under the keys the contract names and nothing else. Removing by prefix walks the key
// space and asks Redis only for what begins so; an index of keys would be wrong as soon as Redis evicts something.
import type { CacheStore } from '../../core/ports/cache-store.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { RedisConnection } from './connection.ts';
import type { RedisListener } from './listener.ts';

const channel = 'ui:invalidations';
const keysPerStep = 1000;

export class RedisCacheStore implements CacheStore {
  readonly #redis: RedisConnection;
  readonly #listener: RedisListener;
  readonly #logger: Logger;

  constructor(redis: RedisConnection, listener: RedisListener, logger: Logger) {
    this.#redis = redis;
    this.#listener = listener;
    this.#logger = logger;
  }

  async get(key: string): Promise<string | null> {
    return this.#redis.run((client) => client.get(key));
  }

  async set(key: string, value: string, ttlSeconds: number): Promise<void> {
    await this.#redis.run((client) => client.set(key, value, 'EX', ttlSeconds));
  }

  async removePrefix(prefix: string): Promise<number> {
    const pattern = `${escapePattern(prefix)}*`;
    let removed = 0;
    let cursor = '0';
    do {
      const [next, keys] = await this.#redis.run((client) =>
        client.scan(cursor, 'MATCH', pattern, 'COUNT', keysPerStep),
      );
      if (keys.length > 0) removed += await this.#redis.run((client) => client.unlink(keys));
      cursor = next;
    } while (cursor !== '0');
    return removed;
  }

  async publishInvalidation(prefix: string): Promise<void> {
    await this.#redis.run((client) => client.publish(channel, prefix));
  }

  /** After a gap in the connection the listener hears '', which is the prefix of every key. */
  onInvalidation(listener: (prefix: string) => void): void {
    const subscribed = this.#listener.subscribe({
      channel,
      onMessage: (prefix) => listener(prefix),
      onGap: () => listener(''),
    });
    subscribed.catch((error: unknown) => this.#logger.warn({ channel, err: error }, 'redis.subscribe_failed'));
  }
}

/** Redis reads `*`, `?`, `[` and `\` as a pattern. */
function escapePattern(text: string): string {
  return text.replace(/[*?[\]\\]/g, '\\$&');
}
