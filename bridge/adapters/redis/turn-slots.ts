// Places for turns in Redis. A tenant has three sorted sets (who holds a place, who was called to one, who waits) and the
// list of instants of its last minute. Each step is one Lua script by the clock of Redis, which all instances share.
import { conversationKey, parseConversationKey, type ConversationRef } from '../../core/message.ts';
import type { Entrance, TurnLimits, TurnSlots } from '../../core/ports/turn-slots.ts';
import { redisScript, type RedisConnection } from './connection.ts';

const accountsKey = 'ui:slots-waiting-accounts';
const minuteMs = 60_000;

/** Keys: holding, called, waiting, turns, accounts. Arguments: concurrent, per minute, minute, lease, then the script's own. */
const common = `
local holding, called, waiting, turns, accounts = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function text(number) return string.format('%.0f', number) end
local untilMs = text(now + ARGV[4])
redis.call('ZREMRANGEBYSCORE', holding, '-inf', now)
redis.call('ZREMRANGEBYSCORE', called, '-inf', now)
local function free()
  local oldest = redis.call('LINDEX', turns, -1)
  while oldest and oldest + ARGV[3] <= now do
    redis.call('RPOP', turns)
    oldest = redis.call('LINDEX', turns, -1)
  end
  local places = ARGV[1] - redis.call('ZCARD', holding) - redis.call('ZCARD', called)
  return math.min(places, ARGV[2] - redis.call('LLEN', turns))
end
local function count()
  redis.call('LPUSH', turns, text(now))
  redis.call('PEXPIRE', turns, ARGV[3])
  return text(now)
end
`;

/** Own arguments: conversation, account. */
const enterScript = redisScript(`${common}
local conversation = ARGV[5]
if redis.call('ZSCORE', holding, conversation) then return {'busy', '0'} end
if redis.call('ZREM', called, conversation) == 1 then
  redis.call('ZADD', holding, untilMs, conversation)
  return {'admitted', ''}
end
local place = redis.call('ZRANK', waiting, conversation)
if (place or redis.call('ZCARD', waiting)) < free() then
  redis.call('ZREM', waiting, conversation)
  redis.call('ZADD', holding, untilMs, conversation)
  return {'admitted', count()}
end
if not place then
  redis.call('ZADD', waiting, text(now), conversation)
  redis.call('SADD', accounts, ARGV[6])
  place = redis.call('ZRANK', waiting, conversation)
end
return {'waiting', text(place)}
`);

/** Own argument: account. */
const callScript = redisScript(`${common}
local chosen = {}
local places = free()
if places > 0 then
  local first = redis.call('ZPOPMIN', waiting, places)
  for i = 1, #first, 2 do
    redis.call('ZADD', called, untilMs, first[i])
    count()
    chosen[#chosen + 1] = first[i]
  end
end
if redis.call('EXISTS', waiting) == 0 then redis.call('SREM', accounts, ARGV[5]) end
return chosen
`);

/** Keys: holding. Arguments: conversation, lease. */
const renewScript = redisScript(`
local time = redis.call('TIME')
local untilMs = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[2])
return redis.call('ZADD', KEYS[1], 'XX', untilMs, ARGV[1])
`);

/** Keys: as in all. Arguments: conversation, ticket. */
const leaveScript = redisScript(`
redis.call('ZREM', KEYS[1], ARGV[1])
if ARGV[2] ~= '' then redis.call('LREM', KEYS[4], 1, ARGV[2]) end
return redis.call('EXISTS', KEYS[3])
`);

export class RedisTurnSlots implements TurnSlots {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async enter(conversation: ConversationRef, limits: TurnLimits, leaseMs: number): Promise<Entrance> {
    const { accountId } = conversation;
    const args = [...common4(limits, leaseMs), conversationKey(conversation), accountId];
    const [kind, value] = (await this.#redis.script(enterScript, keysOf(accountId), args)) as [
      Entrance['kind'],
      string,
    ];
    if (kind === 'admitted') return { kind, ticket: value === '' ? null : value };
    return kind === 'busy' ? { kind } : { kind, ahead: Number(value) };
  }

  async renew(conversation: ConversationRef, leaseMs: number): Promise<void> {
    const [holding] = keysOf(conversation.accountId);
    await this.#redis.script(renewScript, [holding], [conversationKey(conversation), leaseMs]);
  }

  async leave(conversation: ConversationRef, ticket: string | null): Promise<boolean> {
    const keys = keysOf(conversation.accountId);
    const args = [conversationKey(conversation), ticket ?? ''];
    return Number(await this.#redis.script(leaveScript, keys, args)) === 1;
  }

  async call(accountId: string, limits: TurnLimits, leaseMs: number): Promise<ConversationRef[]> {
    const args = [...common4(limits, leaseMs), accountId];
    const chosen = (await this.#redis.script(callScript, keysOf(accountId), args)) as string[];
    return chosen.map(parseConversationKey);
  }

  async accountsWaiting(): Promise<string[]> {
    return this.#redis.run((client) => client.smembers(accountsKey));
  }
}

function common4({ concurrent, perMinute }: TurnLimits, leaseMs: number): number[] {
  return [concurrent, perMinute, minuteMs, leaseMs];
}

function keysOf(accountId: string): [string, string, string, string, string] {
  const key = (part: string) => `ui:slots:${accountId}:${part}`;
  return [key('holding'), key('called'), key('waiting'), key('turns'), accountsKey];
}
