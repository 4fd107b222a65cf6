// Short-term state of conversations: who owns them and what was said lately.
import type { ConversationFacts, ConversationRef } from '../message.ts';

export interface Exchange {
  from: 'customer' | 'assistant' | 'person' | 'note';
  text: string;
  atMs: number;
  messageId: number;
}

/** Short-term state of a conversation. Long-term memory lives in Odoo. */
export interface ConversationState {
  version: 1;
  owner: 'assistant' | 'requested' | 'person';
  /** The newest news of ownership, by the other side's clock, 0 before any: older news that comes later is no news. */
  ownerSinceMs: number;
  lastStatus: ConversationFacts['status'] | null;
  /** Newest last; starts after the last resolved boundary; bounded. */
  window: Exchange[];
  /** We offered a person and wait for a yes. */
  personOffered: boolean;
  /** A `test` inbox speaks only after the customer asked for it here. */
  testUnlocked: boolean;
  lastService: string | null;
  /** Failed tries of the mail that waits now; the apology to the customer comes after too many. */
  failures: number;
  updatedAtMs: number;
}

/** A store of record without expiry; entries quiet for 90 days may be trimmed to owner and status. */
export interface ConversationStates {
  get(conversation: ConversationRef): Promise<ConversationState | null>;
  set(conversation: ConversationRef, state: ConversationState): Promise<void>;
}
