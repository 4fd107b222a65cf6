// Sealed credentials in Redis, a hash a tenant. The text is opaque here; whoever seals it knows the keys.
import type { SealedStore } from '../../core/ports/credentials.ts';
import type { RedisConnection } from './connection.ts';

export class RedisSealedStore implements SealedStore {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async get(accountId: string, ref: string): Promise<string | null> {
    return this.#redis.run((client) => client.hget(sealedKey(accountId), ref));
  }

  async put(accountId: string, ref: string, sealed: string): Promise<void> {
    await this.#redis.run((client) => client.hset(sealedKey(accountId), ref, sealed));
  }

  async list(accountId: string): Promise<{ ref: string; sealed: string }[]> {
    const all = await this.#redis.run((client) => client.hgetall(sealedKey(accountId)));
    return Object.entries(all).map(([ref, sealed]) => ({ ref, sealed }));
  }

  async remove(accountId: string, ref: string): Promise<boolean> {
    return (await this.#redis.run((client) => client.hdel(sealedKey(accountId), ref))) === 1;
  }
}

function sealedKey(accountId: string): string {
  return `ui:sealed:${accountId}`;
}
