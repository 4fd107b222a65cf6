// Token hashes and pairing codes in Redis. A token is a hash under its own hash, found in one step by whoever presents it;
// an index by id and a set a tenant lead to it for everything else.
import type { Clock } from '../../core/ports/clock.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { PairingCode, StoredToken, TokenStore } from '../../core/ports/token-store.ts';
import { redisScript, type RedisConnection } from './connection.ts';
import { readStored } from './stored-json.ts';

const byIdKey = 'ui:token-by-id';
const tokenPrefix = 'ui:token:';

/** Keys: by id, tokens of the tenant. Arguments: tenant, id, prefix of a token's key. */
const revokeScript = redisScript(`
local hash = redis.call('HGET', KEYS[1], ARGV[2])
if not hash or redis.call('HGET', ARGV[3] .. hash, 'account') ~= ARGV[1] then return 0 end
redis.call('DEL', ARGV[3] .. hash)
redis.call('HDEL', KEYS[1], ARGV[2])
redis.call('SREM', KEYS[2], hash)
return 1
`);

/** Keys: by id. Arguments: id, prefix of a token's key, at. */
const touchScript = redisScript(`
local hash = redis.call('HGET', KEYS[1], ARGV[1])
if not hash or redis.call('EXISTS', ARGV[2] .. hash) == 0 then return 0 end
local used = tonumber(redis.call('HGET', ARGV[2] .. hash, 'used') or '0')
if tonumber(ARGV[3]) > used then redis.call('HSET', ARGV[2] .. hash, 'used', ARGV[3]) end
return 1
`);

const takeScript = redisScript(`
local code = redis.call('GET', KEYS[1])
redis.call('DEL', KEYS[1])
return code
`);

export class RedisTokenStore implements TokenStore {
  readonly #redis: RedisConnection;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(redis: RedisConnection, clock: Clock, logger: Logger) {
    this.#redis = redis;
    this.#clock = clock;
    this.#logger = logger;
  }

  async add(token: StoredToken): Promise<void> {
    await this.#redis.transaction((commands) => {
      commands.hset(tokenKey(token.hash), {
        json: JSON.stringify(token),
        account: token.accountId,
        used: token.lastUsedAtMs ?? 0,
      });
      commands.hset(byIdKey, token.id, token.hash);
      commands.sadd(accountKey(token.accountId), token.hash);
    });
  }

  async findByHash(hash: string): Promise<StoredToken | null> {
    return this.#token(await this.#redis.run((client) => client.hmget(tokenKey(hash), 'json', 'used')));
  }

  async list(accountId: string): Promise<StoredToken[]> {
    const hashes = await this.#redis.run((client) => client.smembers(accountKey(accountId)));
    const rows = await this.#redis.pipeline((commands) => {
      for (const hash of hashes) commands.hmget(tokenKey(hash), 'json', 'used');
    });
    return rows.map((row) => this.#token(row as (string | null)[])).filter((token) => token !== null);
  }

  async revoke(accountId: string, id: string): Promise<boolean> {
    const revoked = await this.#redis.script(
      revokeScript,
      [byIdKey, accountKey(accountId)],
      [accountId, id, tokenPrefix],
    );
    return Number(revoked) === 1;
  }

  async removeAll(accountId: string): Promise<number> {
    let removed = 0;
    for (const { id } of await this.list(accountId)) removed += (await this.revoke(accountId, id)) ? 1 : 0;
    return removed;
  }

  async touch(id: string, atMs: number): Promise<void> {
    await this.#redis.script(touchScript, [byIdKey], [id, tokenPrefix, atMs]);
  }

  async addPairing(code: PairingCode): Promise<void> {
    const ttlMs = Math.max(1, Math.ceil(code.expiresAtMs - this.#clock.now()));
    await this.#redis.run((client) => client.set(pairingKey(code.hash), JSON.stringify(code), 'PX', ttlMs));
  }

  async takePairing(hash: string): Promise<PairingCode | null> {
    const key = pairingKey(hash);
    const text = (await this.#redis.script(takeScript, [key], [])) as string | null;
    const code = readStored(text, key, this.#logger) as PairingCode | null;
    return code !== null && code.expiresAtMs > this.#clock.now() ? code : null;
  }

  #token([text, used]: (string | null)[]): StoredToken | null {
    const token = readStored(text, tokenPrefix, this.#logger) as StoredToken | null;
    return token === null ? null : { ...token, lastUsedAtMs: Number(used ?? 0) || null };
  }
}

function tokenKey(hash: string): string {
  return `${tokenPrefix}${hash}`;
}

function accountKey(accountId: string): string {
  return `ui:account-tokens:${accountId}`;
}

function pairingKey(hash: string): string {
  return `ui:pairing:${hash}`;
}
