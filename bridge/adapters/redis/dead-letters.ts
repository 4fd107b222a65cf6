// Dead letters in Redis: a sorted set of ids by the time of the last failure, and a hash of the letters. Ids begin with the
// tenant, so that one tenant's can be found without reading what customers wrote to the others.
import type { Logger } from '../../core/ports/logger.ts';
import type { DeadLetter, DeadLetterBounds, DeadLetters } from '../../core/ports/dead-letters.ts';
import { redisScript, type RedisConnection } from './connection.ts';
import { readAllStored, readStored } from './stored-json.ts';

const orderKey = 'ui:dead-letters-order';
const lettersKey = 'ui:dead-letters';

/** Keys: order, letters. Arguments: id, letter, last failure, most, not before. */
const putScript = redisScript(`
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
local gone = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. ARGV[5])
local over = redis.call('ZCARD', KEYS[1]) - tonumber(ARGV[4])
if over > #gone then gone = redis.call('ZRANGE', KEYS[1], 0, over - 1) end
local trimmed = 0
for _, id in ipairs(gone) do
  if id ~= ARGV[1] then
    redis.call('ZREM', KEYS[1], id)
    redis.call('HDEL', KEYS[2], id)
    trimmed = trimmed + 1
  end
end
return trimmed
`);

export class RedisDeadLetters implements DeadLetters {
  readonly #redis: RedisConnection;
  readonly #logger: Logger;

  constructor(redis: RedisConnection, logger: Logger) {
    this.#redis = redis;
    this.#logger = logger;
  }

  async put(letter: DeadLetter, { most, notBeforeMs }: DeadLetterBounds): Promise<number> {
    const args = [letter.id, JSON.stringify(letter), letter.lastAtMs, most, notBeforeMs];
    return Number(await this.#redis.script(putScript, [orderKey, lettersKey], args));
  }

  async get(id: string): Promise<DeadLetter | null> {
    const text = await this.#redis.run((client) => client.hget(lettersKey, id));
    return readStored(text, lettersKey, this.#logger) as DeadLetter | null;
  }

  async list(accountId: string | null, limit: number): Promise<DeadLetter[]> {
    const ids = await this.#redis.run((client) => client.zrevrange(orderKey, 0, -1));
    const wanted = ids.filter((id) => accountId === null || id.startsWith(`${accountId}/`)).slice(0, limit);
    if (wanted.length === 0) return [];
    const texts = await this.#redis.run((client) => client.hmget(lettersKey, ...wanted));
    return readAllStored<DeadLetter>(texts, lettersKey, this.#logger);
  }

  async remove(ids: string[]): Promise<number> {
    if (ids.length === 0) return 0;
    const [, removed] = await this.#redis.transaction((commands) => {
      commands.zrem(orderKey, ...ids).hdel(lettersKey, ...ids);
    });
    return Number(removed);
  }

  async count(): Promise<number> {
    return this.#redis.run((client) => client.zcard(orderKey));
  }
}
