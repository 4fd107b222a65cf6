// What was decided to be said, and the proof that it arrived.
import type { ConversationRef } from '../message.ts';

export interface ReplyPart {
  text: string;
  /** Buttons under it; absent = none. */
  choices?: string[];
  /** It goes out as this approved message: the only thing that gets through a closed window. */
  template?: { inboxId: number; name: string; language: string; category?: string; values: string[] };
  /** The other side's id once it is proved to be stored there. */
  messageId: number | null;
}

/** What we decided to say, written down before the first part leaves. One per conversation: the latest. */
export interface ReplyIntent {
  version: 1;
  conversation: ConversationRef;
  turnId: string;
  /** The reply answers every customer message up to this id. */
  lastMessageId: number;
  /** The newest message id of the conversation when the intent was written: read-back looks only after it. */
  afterMessageId: number;
  parts: ReplyPart[];
  /** What must follow the parts before the turn counts as finished, so that a crash in between is made good. */
  handoff: { reason: string; note: string } | null;
  state: 'intended' | 'done' | 'undecided';
  /** Absent = an answer. `waiting` is said while a person is waited for, `closing` before a quiet end. */
  purpose?: 'answer' | 'waiting' | 'closing' | 'reopening';
  /** The conversation ends after the parts. */
  resolves?: boolean;
  atMs: number;
  /** What a turn that finds this intent unfinished needs to know of it; absent in intents of an older build. */
  memo?: ReplyMemo;
}

export interface ReplyMemo {
  /** The mail this reply answers: what else is older than its last message came late and is still to be answered. */
  keys: string[];
  language: string;
  service: string;
  offersPerson: boolean;
  /** What of a farewell is in it. */
  closed?: { farewell: boolean; rating: boolean };
}

/**
 * The ledger of replies, a store of record: makes "once" true across crashes. Trimmed by replacement: one intent a
 * conversation, and finished intents of conversations quiet for 90 days may be dropped (the watermark stays).
 */
export interface ReplyLedger {
  /**
   * Compare-and-set on (conversation, last message id): begins only when the previous intent is finished and answers
   * older messages. Otherwise returns the intent that stands.
   */
  begin(intent: ReplyIntent): Promise<{ begun: true } | { begun: false; standing: ReplyIntent }>;
  /** Proof that a part (counted from 1) is stored on the other side. Unknown turns and repeated proofs are ignored. */
  confirmPart(conversation: ConversationRef, turnId: string, part: number, messageId: number): Promise<void>;
  /** A missing part is about to be sent again: whoever finds this intent next waits from `atMs` before reading back. */
  restart(conversation: ConversationRef, turnId: string, atMs: number): Promise<void>;
  /** Ends the intent and moves the answered watermark to its last message. */
  finish(conversation: ConversationRef, turnId: string, state: 'done' | 'undecided'): Promise<void>;
  current(conversation: ConversationRef): Promise<ReplyIntent | null>;
  /** Customer messages up to this id need no reply any more (answered, handed over or silent on purpose). */
  answeredUpTo(conversation: ConversationRef): Promise<number>;
  /** Moves the watermark forward, never back. */
  markAnswered(conversation: ConversationRef, messageId: number): Promise<void>;
}
