// What could not be handled, kept with its mail until a person has it run again or throws it away.
import type { ErrorCode } from '../errors.ts';
import type { ConversationRef } from '../message.ts';
import type { StoredMail } from './mailbox.ts';

export const deadLetterKinds = [
  /** Not even the apology and the handover could be delivered. */
  'turn_undeliverable',
  /** The other side refuses the conversation for good: it is gone, or our credentials are. */
  'conversation_refused',
  /** Our own code failed where nothing should fail. */
  'bridge_failed',
] as const;
export type DeadLetterKind = (typeof deadLetterKinds)[number];

export interface DeadLetter {
  version: 1;
  /** `account/conversation/…`, made from the mail: burying the same mail twice gives one letter. */
  id: string;
  kind: DeadLetterKind;
  conversation: ConversationRef;
  code: ErrorCode;
  /** Ours, for the person who can mend the cause; never customer text. */
  message: string;
  /** Failed tries before it was given up. */
  attempts: number;
  firstAtMs: number;
  lastAtMs: number;
  /** Customer text, like the mailbox it comes from: shown only when asked for. */
  mail: StoredMail[];
}

export interface DeadLetterBounds {
  most: number;
  /** Letters whose last failure is older than this instant are trimmed. */
  notBeforeMs: number;
}

/** A store of record, trimmed by its bounds at every `put`: the oldest go first. */
export interface DeadLetters {
  /** Keeps the letter, in place of one with the same id. Returns how many others were trimmed away. */
  put(letter: DeadLetter, bounds: DeadLetterBounds): Promise<number>;
  get(id: string): Promise<DeadLetter | null>;
  /** The latest failure first; of one tenant when it is given. */
  list(accountId: string | null, limit: number): Promise<DeadLetter[]>;
  /** Returns how many of these there were. */
  remove(ids: string[]): Promise<number>;
  count(): Promise<number>;
}
