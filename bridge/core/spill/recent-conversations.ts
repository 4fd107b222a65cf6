// Conversations this instance took mail for or worked on a moment ago: when the shared stores go away, some of them wait
// for an answer, and nobody can ask the mailbox which.
import { conversationKey } from '../message.ts';
import type { ConversationRef } from '../message.ts';
import type { Clock } from '../ports/clock.ts';

const kept = 10_000;
const keptMs = 2 * 60_000;

export class RecentConversations {
  readonly #clock: Clock;
  /** Oldest first. */
  readonly #seen = new Map<string, { conversation: ConversationRef; atMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(conversation: ConversationRef): void {
    const key = conversationKey(conversation);
    this.#seen.delete(key);
    this.#seen.set(key, { conversation, atMs: this.#clock.now() });
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
