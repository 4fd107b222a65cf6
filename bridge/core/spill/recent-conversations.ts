// Conversations whose deliveries this instance took a moment ago: when the shared stores go away, some of them wait for an
// answer, and nobody can ask the mailbox which. With them the mail that was accepted last and, as far as is known here, is
// not answered yet. What this instance only answered for another one is not among them: two would answer it.
import { conversationKey } from '../message.ts';
import type { ConversationRef } from '../message.ts';
import type { Clock } from '../ports/clock.ts';
import type { Mail } from '../ports/mailbox.ts';
import type { ReplyIntent } from '../ports/reply-ledger.ts';

const kept = 10_000;
const keptMs = 2 * 60_000;

interface Seen {
  conversation: ConversationRef;
  atMs: number;
  /** Message ids by key, and when they came. */
  open: Map<string, { messageId: number; atMs: number }>;
  /** What replies that were begun here are to answer, by turn. */
  begun: Map<string, readonly string[]>;
}

export class RecentConversations {
  readonly #clock: Clock;
  /** Oldest first. */
  readonly #seen = new Map<string, Seen>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The shared mailbox has it. */
  accepted({ conversation, key, entry: { kind, messageId } }: Mail): void {
    this.add(conversation);
    if (kind !== 'customer_message') return;
    this.#seen.get(conversationKey(conversation))?.open.set(key, { messageId, atMs: this.#clock.now() });
  }

  /** A reply to these may be on its way; whether it arrives is not known yet. */
  begun({ conversation, turnId, memo }: ReplyIntent): void {
    this.#seen.get(conversationKey(conversation))?.begun.set(turnId, memo?.keys ?? []);
  }

  /** A part of this reply is there. */
  proved(conversation: ConversationRef, turnId: string): void {
    this.settled(conversation, this.#seen.get(conversationKey(conversation))?.begun.get(turnId) ?? []);
  }

  /** Nothing is owed for them. */
  settled(conversation: ConversationRef, keys: readonly string[]): void {
    const open = this.#seen.get(conversationKey(conversation))?.open;
    for (const key of keys) open?.delete(key);
  }

  /** Accepted since then, and perhaps unanswered: another instance may have seen to it. */
  openSince(conversation: ConversationRef, sinceMs: number): { key: string; messageId: number }[] {
    const open = [...(this.#seen.get(conversationKey(conversation))?.open ?? [])];
    return open.filter(([, { atMs }]) => atMs >= sinceMs).map(([key, { messageId }]) => ({ key, messageId }));
  }

  add(conversation: ConversationRef): void {
    const key = conversationKey(conversation);
    const { open, begun } = this.#seen.get(key) ?? { open: new Map(), begun: new Map() };
    this.#seen.delete(key);
    this.#seen.set(key, { conversation, atMs: this.#clock.now(), open, begun });
    for (const [oldest, { atMs }] of this.#seen) {
      if (this.#seen.size <= kept && atMs >= this.#clock.now() - keptMs) return;
      this.#seen.delete(oldest);
    }
  }

  /** Nothing waits there as far as we know. */
  remove(conversation: ConversationRef): void {
    this.#seen.delete(conversationKey(conversation));
  }

  list(): ConversationRef[] {
    const oldestMs = this.#clock.now() - keptMs;
    return [...this.#seen.values()].filter(({ atMs }) => atMs >= oldestMs).map(({ conversation }) => conversation);
  }
}
