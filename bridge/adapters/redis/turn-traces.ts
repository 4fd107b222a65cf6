// Turn traces in Redis: a bounded list a conversation and one a tenant, both gone a week after the last turn.
import type { Logger } from '../../core/ports/logger.ts';
import type { TurnTrace, TurnTraces } from '../../core/ports/turn-traces.ts';
import type { RedisConnection } from './connection.ts';
import { readAllStored } from './stored-json.ts';

const keptPerConversation = 20;
const keptPerTenant = 200;
const keptSeconds = 7 * 24 * 3600;

interface StoredTrace {
  version: 1;
  trace: TurnTrace;
}

export class RedisTurnTraces implements TurnTraces {
  readonly #redis: RedisConnection;
  readonly #logger: Logger;

  constructor(redis: RedisConnection, logger: Logger) {
    this.#redis = redis;
    this.#logger = logger;
  }

  async add(trace: TurnTrace): Promise<void> {
    const stored: StoredTrace = { version: 1, trace };
    const text = JSON.stringify(stored);
    const lists: [key: string, kept: number][] = [
      [listKey(trace.account_id, trace.conversation_id), keptPerConversation],
      [listKey(trace.account_id, null), keptPerTenant],
    ];
    await this.#redis.transaction((commands) => {
      for (const [key, kept] of lists) {
        commands
          .lpush(key, text)
          .ltrim(key, 0, kept - 1)
          .expire(key, keptSeconds);
      }
    });
  }

  async list(accountId: string, conversationId: number | null, limit: number): Promise<TurnTrace[]> {
    if (limit <= 0) return [];
    const key = listKey(accountId, conversationId);
    const texts = await this.#redis.run((client) => client.lrange(key, 0, limit - 1));
    return readAllStored<StoredTrace>(texts, key, this.#logger).map((stored) => stored.trace);
  }
}

function listKey(accountId: string, conversationId: number | null): string {
  return `ui:traces:${accountId}/${conversationId ?? 'all'}`;
}
