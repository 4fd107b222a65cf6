// Reminders of conversations in Redis: one sorted set a kind with conversations by instant. There is nothing to remember but the
// instant, so every step is a single command and needs no script.
import { conversationKey, parseConversationKey, type ConversationRef } from '../../core/message.ts';
import { reminderKinds, type Reminder, type ReminderKind, type Reminders } from '../../core/ports/reminders.ts';
import type { RedisConnection } from './connection.ts';

export class RedisReminders implements Reminders {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async set({ conversation, kind, atMs }: Reminder): Promise<void> {
    await this.#redis.run((client) => client.zadd(keyOf(kind), atMs, conversationKey(conversation)));
  }

  async clear(conversation: ConversationRef, kind: ReminderKind): Promise<void> {
    await this.#redis.run((client) => client.zrem(keyOf(kind), conversationKey(conversation)));
  }

  async of(conversation: ConversationRef): Promise<Reminder[]> {
    const scores = await this.#redis.pipeline((commands) => {
      for (const kind of reminderKinds) commands.zscore(keyOf(kind), conversationKey(conversation));
    });
    return reminderKinds.flatMap((kind, index) => {
      const score = scores[index];
      return typeof score === 'string' ? [{ conversation, kind, atMs: Number(score) }] : [];
    });
  }

  async due(nowMs: number, limit: number): Promise<Reminder[]> {
    const found = await this.#redis.pipeline((commands) => {
      for (const kind of reminderKinds) {
        commands.zrangebyscore(keyOf(kind), '-inf', nowMs, 'WITHSCORES', 'LIMIT', 0, limit);
      }
    });
    return reminderKinds
      .flatMap((kind, index) => pairsOf(found[index]).map(([key, atMs]) => ({ kind, key, atMs })))
      .sort((a, b) => a.atMs - b.atMs)
      .slice(0, limit)
      .map(({ kind, key, atMs }) => ({ conversation: parseConversationKey(key), kind, atMs }));
  }
}

function keyOf(kind: ReminderKind): string {
  return `ui:reminders:${kind}`;
}

/** Redis answers member, score, member, score. */
function pairsOf(flat: unknown): [string, number][] {
  const values = Array.isArray(flat) ? flat.map(String) : [];
  return values.flatMap((value, index): [string, number][] =>
    index % 2 === 0 ? [[value, Number(values[index + 1])]] : [],
  );
}
