// The conversation mailbox: what is acknowledged to the sender is in here first.
import type { ConversationRef, MailboxEntry } from '../message.ts';

/** One thing to remember for a conversation. `key` names it for idempotency, whatever way it came. */
export interface Mail {
  conversation: ConversationRef;
  key: string;
  entry: MailboxEntry;
  /** How long to stay quiet after this entry, counted from `nowMs`; null when it needs no quiet (it wakes at once). */
  quiet: { quietMs: number; maxMs: number } | null;
  nowMs: number;
}

/** A message in the mailbox that says something else now: the customer edited it, or its voice note was heard. */
export interface MailChange {
  conversation: ConversationRef;
  key: string;
  entry: MailboxEntry;
  /** How long to stay quiet after it, counted from `fromMs`; null leaves the quiet time as it is. */
  quiet: { quietMs: number; maxMs: number } | null;
  /** Null = from when the entry came. */
  fromMs: number | null;
}

export interface StoredMail {
  key: string;
  entry: MailboxEntry;
}

export interface MailboxContent {
  /** In message-id order; entries without a message keep the order of arrival at the front. */
  mail: StoredMail[];
  /** Customer messages must not be answered before this instant; 0 when there is nothing to wait for. */
  notBeforeMs: number;
}

/**
 * The conversation mailbox, a store of record. Trimmed by `remove` when a turn ended; idempotency keys are forgotten
 * after seven days. What `store` acknowledged survives a kill of the process.
 */
export interface Mailbox {
  /**
   * One atomic step: seen before → 'duplicate' and nothing else; otherwise the entry, its key, the conversation's
   * not-before instant (`min(nowMs + quietMs, first entry's nowMs + maxMs)`) and a wake mark are all stored.
   * `wakeAtMs` is when the conversation should be looked at.
   */
  store(mail: Mail): Promise<{ outcome: 'stored' | 'duplicate'; wakeAtMs: number }>;
  read(conversation: ConversationRef): Promise<MailboxContent>;
  /**
   * One atomic step: replaces an entry that still waits, keeping its place. Its quiet time counts only when nothing
   * quiet came after it, and never beyond the cap of its burst. False, and nothing happened, when the entry is gone.
   */
  amend(change: MailChange): Promise<{ amended: boolean; wakeAtMs: number }>;
  /** Removes these entries; the wake mark goes with the last one, else it moves to the remaining not-before instant. */
  remove(conversation: ConversationRef, keys: string[]): Promise<void>;
  /** Moves the quiet time of what is in the mailbox (a transcript arrived, a turn was put off). */
  postpone(conversation: ConversationRef, notBeforeMs: number): Promise<void>;
  /** Moves the wake mark alone, for a conversation that somebody else will wake; nothing without mail. */
  moveWake(conversation: ConversationRef, wakeAtMs: number): Promise<void>;
  /** Conversations whose wake mark is due, oldest first: the sweeper makes the jobs that were lost. */
  due(nowMs: number, limit: number): Promise<ConversationRef[]>;
  /** How many conversations hold mail. */
  size(): Promise<number>;
}
