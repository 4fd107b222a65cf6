// The conversation mailbox in Redis. A conversation has a hash of entries and a sorted set of the quiet ones by time; wake
// marks of all conversations are one sorted set. Each change is one Lua script, so nobody ever sees half of it.
import { conversationKey, parseConversationKey, type ConversationRef, type MailboxEntry } from '../../core/message.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { Mail, Mailbox, MailboxContent, MailChange } from '../../core/ports/mailbox.ts';
import { redisScript, type RedisConnection } from './connection.ts';
import { readStored } from './stored-json.ts';

const keysAreKeptSeconds = 7 * 24 * 3600;
const notBeforeKey = 'ui:mailbox-not-before';
const wakeKey = 'ui:mailbox-wake';
const orderKey = 'ui:mailbox-order';

/** Keys: seen, entries, quiet, not-before, wake, order. Arguments: conversation, key, entry, now, quiet ms or '', max ms, ttl. */
const storeScript = redisScript(`
local waking = redis.call('ZSCORE', KEYS[5], ARGV[1])
if not redis.call('SET', KEYS[1], '1', 'NX', 'EX', ARGV[7]) then
  return {'duplicate', waking or '0'}
end
local now = tonumber(ARGV[4])
local wakesAtOnce = redis.call('HLEN', KEYS[2]) - redis.call('ZCARD', KEYS[3])
redis.call('HSET', KEYS[2], ARGV[2], redis.call('INCR', KEYS[6]) .. ' ' .. ARGV[3])
local wake = now
if ARGV[5] == '' then
  if waking then wake = math.min(now, tonumber(waking)) end
else
  local first = redis.call('ZRANGE', KEYS[3], 0, 0, 'WITHSCORES')
  local began = first[2] and math.min(now, tonumber(first[2])) or now
  wake = math.min(now + tonumber(ARGV[5]), began + tonumber(ARGV[6]))
  redis.call('ZADD', KEYS[3], ARGV[4], ARGV[2])
  redis.call('HSET', KEYS[4], ARGV[1], string.format('%.0f', wake))
  if wakesAtOnce > 0 and waking then wake = math.min(wake, tonumber(waking)) end
end
wake = string.format('%.0f', wake)
redis.call('ZADD', KEYS[5], wake, ARGV[1])
return {'stored', wake}
`);

/** Keys: entries, quiet, not-before, wake. Arguments: conversation, key, entry, quiet ms or '', max ms, from or ''. */
const amendScript = redisScript(`
local waking = redis.call('ZSCORE', KEYS[4], ARGV[1])
local before = redis.call('HGET', KEYS[1], ARGV[2])
if not before then return {'gone', waking or '0'} end
redis.call('HSET', KEYS[1], ARGV[2], string.match(before, '^%d+') .. ' ' .. ARGV[3])
local came = redis.call('ZSCORE', KEYS[2], ARGV[2])
local newest = redis.call('ZREVRANGE', KEYS[2], 0, 0, 'WITHSCORES')
if ARGV[4] == '' or not came or tonumber(came) < tonumber(newest[2]) then return {'amended', waking or '0'} end
local began = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
local from = tonumber(ARGV[6] == '' and came or ARGV[6])
local notBefore = math.min(from + tonumber(ARGV[4]), tonumber(began[2]) + tonumber(ARGV[5]))
local wake = notBefore
local wakesAtOnce = redis.call('HLEN', KEYS[1]) - redis.call('ZCARD', KEYS[2])
if wakesAtOnce > 0 and waking then wake = math.min(wake, tonumber(waking)) end
redis.call('HSET', KEYS[3], ARGV[1], string.format('%.0f', notBefore))
redis.call('ZADD', KEYS[4], string.format('%.0f', wake), ARGV[1])
return {'amended', string.format('%.0f', wake)}
`);

/** Keys: entries, quiet, not-before, wake. Arguments: conversation, then the keys to remove. */
const removeScript = redisScript(`
local removed = 0
for i = 2, #ARGV do
  removed = removed + redis.call('HDEL', KEYS[1], ARGV[i])
  redis.call('ZREM', KEYS[2], ARGV[i])
end
if removed == 0 then return 0 end
local left = redis.call('HLEN', KEYS[1])
local quiet = redis.call('ZCARD', KEYS[2])
if quiet == 0 then redis.call('HDEL', KEYS[3], ARGV[1]) end
if left == 0 then
  redis.call('ZREM', KEYS[4], ARGV[1])
elseif quiet == left then
  redis.call('ZADD', KEYS[4], redis.call('HGET', KEYS[3], ARGV[1]) or '0', ARGV[1])
end
return removed
`);

/** Keys: entries, not-before, wake. Arguments: conversation, not before. */
const postponeScript = redisScript(`
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[3], ARGV[2], ARGV[1])
return 1
`);

interface StoredEntry {
  version: 1;
  entry: MailboxEntry;
}

export class RedisMailbox implements Mailbox {
  readonly #redis: RedisConnection;
  readonly #logger: Logger;

  constructor(redis: RedisConnection, logger: Logger) {
    this.#redis = redis;
    this.#logger = logger;
  }

  async store(mail: Mail): Promise<{ outcome: 'stored' | 'duplicate'; wakeAtMs: number }> {
    const conversation = conversationKey(mail.conversation);
    const stored: StoredEntry = { version: 1, entry: mail.entry };
    const reply = await this.#redis.script(
      storeScript,
      [
        seenKey(conversation, mail.key),
        entriesKey(conversation),
        quietKey(conversation),
        notBeforeKey,
        wakeKey,
        orderKey,
      ],
      [
        conversation,
        mail.key,
        JSON.stringify(stored),
        mail.nowMs,
        mail.quiet?.quietMs ?? '',
        mail.quiet?.maxMs ?? '',
        keysAreKeptSeconds,
      ],
    );
    const [outcome, wakeAtMs] = reply as ['stored' | 'duplicate', string];
    return { outcome, wakeAtMs: Number(wakeAtMs) };
  }

  async read(conversation: ConversationRef): Promise<MailboxContent> {
    const key = conversationKey(conversation);
    const [entries, notBefore] = (await this.#redis.transaction((commands) => {
      commands.hgetall(entriesKey(key));
      commands.hget(notBeforeKey, key);
    })) as [Record<string, string>, string | null];
    const mail = Object.entries(entries)
      .map(([name, text]) => this.#parse(key, name, text))
      .filter((entry) => entry !== null)
      .sort((a, b) => a.entry.messageId - b.entry.messageId || a.order - b.order)
      .map(({ name, entry }) => ({ key: name, entry }));
    return { mail, notBeforeMs: Number(notBefore ?? 0) };
  }

  async amend(change: MailChange): Promise<{ amended: boolean; wakeAtMs: number }> {
    const key = conversationKey(change.conversation);
    const stored: StoredEntry = { version: 1, entry: change.entry };
    const reply = await this.#redis.script(
      amendScript,
      [entriesKey(key), quietKey(key), notBeforeKey, wakeKey],
      [
        key,
        change.key,
        JSON.stringify(stored),
        change.quiet?.quietMs ?? '',
        change.quiet?.maxMs ?? '',
        change.fromMs ?? '',
      ],
    );
    const [outcome, wakeAtMs] = reply as ['amended' | 'gone', string];
    return { amended: outcome === 'amended', wakeAtMs: Number(wakeAtMs) };
  }

  async remove(conversation: ConversationRef, keys: string[]): Promise<void> {
    const key = conversationKey(conversation);
    await this.#redis.script(removeScript, [entriesKey(key), quietKey(key), notBeforeKey, wakeKey], [key, ...keys]);
  }

  async postpone(conversation: ConversationRef, notBeforeMs: number): Promise<void> {
    const key = conversationKey(conversation);
    await this.#redis.script(postponeScript, [entriesKey(key), notBeforeKey, wakeKey], [key, notBeforeMs]);
  }

  async moveWake(conversation: ConversationRef, wakeAtMs: number): Promise<void> {
    // Whoever holds mail has a mark, so a mark that is not there is not made.
    await this.#redis.run((client) => client.zadd(wakeKey, 'XX', wakeAtMs, conversationKey(conversation)));
  }

  async due(nowMs: number, limit: number): Promise<ConversationRef[]> {
    const keys = await this.#redis.run((client) => client.zrangebyscore(wakeKey, '-inf', nowMs, 'LIMIT', 0, limit));
    return keys.map(parseConversationKey);
  }

  async size(): Promise<number> {
    return this.#redis.run((client) => client.zcard(wakeKey));
  }

  #parse(
    conversation: string,
    name: string,
    text: string,
  ): { name: string; order: number; entry: MailboxEntry } | null {
    const space = text.indexOf(' ');
    const stored = readStored(text.slice(space + 1), entriesKey(conversation), this.#logger) as StoredEntry | null;
    return stored === null ? null : { name, order: Number(text.slice(0, space)), entry: stored.entry };
  }
}

function seenKey(conversation: string, key: string): string {
  return `ui:mailbox-seen:${conversation}:${key}`;
}

function entriesKey(conversation: string): string {
  return `ui:mailbox:${conversation}`;
}

function quietKey(conversation: string): string {
  return `ui:mailbox-quiet:${conversation}`;
}
