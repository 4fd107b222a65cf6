// Tenants saved through `tenant.upsert`, in Redis. The revision is a counter of its own that outlives a removal, so that
// no revision ever names two configurations; the change is published in the same step that makes it.
import { BridgeError } from '../../core/errors.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { StoredTenant, TenantStore } from '../../core/ports/tenant-store.ts';
import { redisScript, type RedisConnection } from './connection.ts';
import type { RedisListener } from './listener.ts';
import { readStored } from './stored-json.ts';

const tenantsKey = 'ui:tenants';
const revisionsKey = 'ui:tenant-revisions';
const channel = 'ui:tenant-changes';

type Kept = Omit<StoredTenant, 'revision'>;

/** Arguments: account, tenant, expected revision or '', channel. Returns whether it was written, and the revision. */
const putScript = redisScript(`
local revision = redis.call('HGET', KEYS[2], ARGV[1]) or '0'
local current = redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 and revision or '0'
if ARGV[3] ~= '' and ARGV[3] ~= current then return {0, current} end
revision = redis.call('HINCRBY', KEYS[2], ARGV[1], 1)
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('PUBLISH', ARGV[4], ARGV[1])
return {1, revision}
`);

/** Arguments: account, channel. */
const removeScript = redisScript(`
if redis.call('HDEL', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('PUBLISH', ARGV[2], ARGV[1])
return 1
`);

export class RedisTenantStore implements TenantStore {
  readonly #redis: RedisConnection;
  readonly #listener: RedisListener;
  readonly #logger: Logger;

  constructor(redis: RedisConnection, listener: RedisListener, logger: Logger) {
    this.#redis = redis;
    this.#listener = listener;
    this.#logger = logger;
  }

  async list(): Promise<StoredTenant[]> {
    const [tenants, revisions] = (await this.#redis.transaction((commands) => {
      commands.hgetall(tenantsKey);
      commands.hgetall(revisionsKey);
    })) as [Record<string, string>, Record<string, string>];
    return Object.entries(tenants)
      .map(([accountId, text]) => this.#tenant(text, revisions[accountId]))
      .filter((tenant) => tenant !== null);
  }

  async get(accountId: string): Promise<StoredTenant | null> {
    const [text, revision] = (await this.#redis.transaction((commands) => {
      commands.hget(tenantsKey, accountId);
      commands.hget(revisionsKey, accountId);
    })) as [string | null, string | null];
    return this.#tenant(text, revision);
  }

  async put(
    tenant: Omit<StoredTenant, 'revision' | 'version'>,
    expectedRevision: number | null,
  ): Promise<StoredTenant> {
    const kept: Kept = { version: 1, accountId: tenant.accountId, domain: tenant.domain, config: tenant.config };
    const text = JSON.stringify(kept);
    const [written, revision] = (await this.#redis.script(
      putScript,
      [tenantsKey, revisionsKey],
      [tenant.accountId, text, expectedRevision ?? '', channel],
    )) as [number, string | number];
    if (written === 0) {
      throw new BridgeError(
        'conflict',
        `${tenant.accountId} is at version ${revision}, not ${expectedRevision ?? 'any'}`,
      );
    }
    return { ...(JSON.parse(text) as Kept), revision: Number(revision) };
  }

  async remove(accountId: string): Promise<boolean> {
    return Number(await this.#redis.script(removeScript, [tenantsKey], [accountId, channel])) === 1;
  }

  onChange(listener: (accountId: string) => void): void {
    const subscribed = this.#listener.subscribe({ channel, onMessage: (accountId) => listener(accountId) });
    subscribed.catch((error: unknown) => this.#logger.warn({ channel, err: error }, 'redis.subscribe_failed'));
  }

  #tenant(text: string | null, revision: string | null | undefined): StoredTenant | null {
    const kept = readStored(text, tenantsKey, this.#logger) as Kept | null;
    return kept === null ? null : { ...kept, revision: Number(revision ?? 0) };
  }
}
