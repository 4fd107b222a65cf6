// Short-term state of conversations: who owns them and what was said lately.
import type { ConversationFacts, ConversationRef } from '../message.ts';
import type { StoredMail } from './mailbox.ts';

export interface Exchange {
  from: 'customer' | 'assistant' | 'person' | 'note';
  text: string;
  atMs: number;
  messageId: number;
}

/** A person was asked for, and nobody of the team has written since. */
export interface PersonRequest {
  reason: string;
  atMs: number;
  /** The customer's newest message then: a person's words after it are the answer. */
  messageId: number;
  /** When we last told the customer how it stands. */
  saidMs: number;
  /** When we told the customer that nobody could come yet; 0 before. */
  toldMs: number;
  language: string;
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
  /** Absent in states of an older build, like all that follows. */
  request?: PersonRequest | null;
  /** What the customer wrote while the conversation was people's and nobody answered yet, oldest first, bounded. */
  unanswered?: StoredMail[];
  /** What was said at the end of this episode and is not said twice. */
  closed?: { farewell: boolean; rating: boolean };
  /** People were told in this episode that the reply window is closed. */
  windowNoted?: boolean;
  /** The approved message went through the closed window, and the customer has not been answered since. */
  isReopening?: boolean;
}

/** A store of record without expiry; entries quiet for 90 days may be trimmed to owner and status. */
export interface ConversationStates {
  get(conversation: ConversationRef): Promise<ConversationState | null>;
  set(conversation: ConversationRef, state: ConversationState): Promise<void>;
}
