// The ledger of replies in Redis: a hash a conversation with the intent as it was begun, and beside it the few fields that
// change. Lua never rewrites our JSON, so fields of a newer build stay as they are.
import { conversationKey, type ConversationRef } from '../../core/message.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { ReplyIntent, ReplyLedger } from '../../core/ports/reply-ledger.ts';
import { redisScript, type RedisConnection } from './connection.ts';
import { readStored } from './stored-json.ts';

const answeredKey = 'ui:answered';
const finishedIsKeptSeconds = 90 * 24 * 3600;

/** Arguments: intent, turn, last message, state, at, number of parts. Returns the standing intent's fields, or nil. */
const beginScript = redisScript(`
local state = redis.call('HGET', KEYS[1], 'state')
if state and (state == 'intended' or tonumber(redis.call('HGET', KEYS[1], 'last')) >= tonumber(ARGV[3])) then
  return redis.call('HGETALL', KEYS[1])
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'json', ARGV[1], 'turn', ARGV[2], 'last', ARGV[3], 'state', ARGV[4], 'at', ARGV[5], 'parts', ARGV[6])
return nil
`);

/** Arguments: turn, part (from 1), message. */
const confirmScript = redisScript(`
if redis.call('HGET', KEYS[1], 'turn') ~= ARGV[1] then return 0 end
local part = tonumber(ARGV[2])
if part < 1 or part > tonumber(redis.call('HGET', KEYS[1], 'parts')) then return 0 end
return redis.call('HSETNX', KEYS[1], 'part:' .. ARGV[2], ARGV[3])
`);

/** Arguments: turn, at. */
const restartScript = redisScript(`
if redis.call('HGET', KEYS[1], 'turn') ~= ARGV[1] or redis.call('HGET', KEYS[1], 'state') ~= 'intended' then return 0 end
redis.call('HSET', KEYS[1], 'at', ARGV[2])
return 1
`);

/** Arguments: turn, state, conversation, ttl. */
const finishScript = redisScript(`
if redis.call('HGET', KEYS[1], 'turn') ~= ARGV[1] or redis.call('HGET', KEYS[1], 'state') ~= 'intended' then return 0 end
redis.call('HSET', KEYS[1], 'state', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[4])
local last = redis.call('HGET', KEYS[1], 'last')
if tonumber(last) > tonumber(redis.call('HGET', KEYS[2], ARGV[3]) or '0') then redis.call('HSET', KEYS[2], ARGV[3], last) end
return 1
`);

/** Arguments: conversation, message. */
const markScript = redisScript(`
if tonumber(ARGV[2]) <= tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0') then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1
`);

export class RedisReplyLedger implements ReplyLedger {
  readonly #redis: RedisConnection;
  readonly #logger: Logger;

  constructor(redis: RedisConnection, logger: Logger) {
    this.#redis = redis;
    this.#logger = logger;
  }

  async begin(intent: ReplyIntent): Promise<{ begun: true } | { begun: false; standing: ReplyIntent }> {
    const key = intentKey(intent.conversation);
    const fields = (await this.#redis.script(
      beginScript,
      [key],
      [JSON.stringify(intent), intent.turnId, intent.lastMessageId, intent.state, intent.atMs, intent.parts.length],
    )) as string[] | null;
    const standing = fields === null ? null : this.#intentOf(key, fieldsOf(fields));
    return standing === null ? { begun: true } : { begun: false, standing };
  }

  async confirmPart(conversation: ConversationRef, turnId: string, part: number, messageId: number): Promise<void> {
    await this.#redis.script(confirmScript, [intentKey(conversation)], [turnId, part, messageId]);
  }

  async restart(conversation: ConversationRef, turnId: string, atMs: number): Promise<void> {
    await this.#redis.script(restartScript, [intentKey(conversation)], [turnId, atMs]);
  }

  async finish(conversation: ConversationRef, turnId: string, state: 'done' | 'undecided'): Promise<void> {
    await this.#redis.script(
      finishScript,
      [intentKey(conversation), answeredKey],
      [turnId, state, conversationKey(conversation), finishedIsKeptSeconds],
    );
  }

  async current(conversation: ConversationRef): Promise<ReplyIntent | null> {
    const key = intentKey(conversation);
    return this.#intentOf(key, await this.#redis.run((client) => client.hgetall(key)));
  }

  async answeredUpTo(conversation: ConversationRef): Promise<number> {
    return Number((await this.#redis.run((client) => client.hget(answeredKey, conversationKey(conversation)))) ?? 0);
  }

  async markAnswered(conversation: ConversationRef, messageId: number): Promise<void> {
    await this.#redis.script(markScript, [answeredKey], [conversationKey(conversation), messageId]);
  }

  #intentOf(key: string, fields: Record<string, string>): ReplyIntent | null {
    const begun = readStored(fields['json'], key, this.#logger) as ReplyIntent | null;
    if (begun === null) return null;
    return {
      ...begun,
      state: fields['state'] as ReplyIntent['state'],
      atMs: Number(fields['at']),
      parts: begun.parts.map((part, index) => ({ ...part, messageId: part.messageId ?? proofOf(fields, index + 1) })),
    };
  }
}

function proofOf(fields: Record<string, string>, part: number): number | null {
  const messageId = fields[`part:${part}`];
  return messageId === undefined ? null : Number(messageId);
}

function fieldsOf(pairs: string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (let index = 0; index + 1 < pairs.length; index += 2) fields[pairs[index] ?? ''] = pairs[index + 1] ?? '';
  return fields;
}

function intentKey(conversation: ConversationRef): string {
  return `ui:reply:${conversationKey(conversation)}`;
}
