// Short-term state of conversations in Redis. What was said lies in a key of its own that ends after 90 quiet days; who
// owns the conversation and its status have no end.
import { conversationKey, type ConversationRef } from '../../core/message.ts';
import type { ConversationState, ConversationStates, Exchange } from '../../core/ports/conversation-states.ts';
import type { StoredMail } from '../../core/ports/mailbox.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { RedisConnection } from './connection.ts';
import { readStored } from './stored-json.ts';

const windowIsKeptSeconds = 90 * 24 * 3600;

type Lasting = Omit<ConversationState, 'window' | 'unanswered'>;

interface Said {
  version: 1;
  window: Exchange[];
  unanswered?: StoredMail[];
}

export class RedisConversationStates implements ConversationStates {
  readonly #redis: RedisConnection;
  readonly #logger: Logger;

  constructor(redis: RedisConnection, logger: Logger) {
    this.#redis = redis;
    this.#logger = logger;
  }

  async get(conversation: ConversationRef): Promise<ConversationState | null> {
    const key = stateKey(conversation);
    const [lasting, said] = await this.#redis.run((client) => client.mget(key, windowKey(conversation)));
    const state = readStored(lasting, key, this.#logger) as Lasting | null;
    if (state === null) return null;
    const { window = [], unanswered } = (readStored(said, key, this.#logger) as Said | null) ?? {};
    return { ...state, window, ...(unanswered ? { unanswered } : {}) };
  }

  async set(conversation: ConversationRef, state: ConversationState): Promise<void> {
    const { window, unanswered, ...lasting } = state;
    const said: Said = { version: 1, window, ...(unanswered ? { unanswered } : {}) };
    await this.#redis.transaction((commands) => {
      commands.set(stateKey(conversation), JSON.stringify(lasting));
      commands.set(windowKey(conversation), JSON.stringify(said), 'EX', windowIsKeptSeconds);
    });
  }
}

function stateKey(conversation: ConversationRef): string {
  return `ui:state:${conversationKey(conversation)}`;
}

function windowKey(conversation: ConversationRef): string {
  return `ui:state-window:${conversationKey(conversation)}`;
}
