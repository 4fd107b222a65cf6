// The ledger of replies on the journal: one intent a conversation and the answered watermark. Each step is decided and
// applied without giving up the thread, which is what makes it a compare-and-set here.
import { conversationKey, type ConversationRef } from '../../core/message.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { ReplyIntent, ReplyLedger } from '../../core/ports/reply-ledger.ts';
import type { Change } from './journal-record.ts';
import type { Table } from './table.ts';
import type { Tables } from './tables.ts';

const finishedIsKeptMs = 90 * 24 * 3_600_000;

export class EmbeddedReplyLedger implements ReplyLedger {
  readonly #tables: Tables;
  readonly #intents: Table<ReplyIntent>;
  readonly #answered: Table<number>;

  constructor(tables: Tables) {
    this.#tables = tables;
    this.#intents = tables.table<ReplyIntent>('reply_intent');
    this.#answered = tables.table<number>('answered_up_to');
  }

  async begin(intent: ReplyIntent): Promise<{ begun: true } | { begun: false; standing: ReplyIntent }> {
    const key = conversationKey(intent.conversation);
    const standing = this.#intents.get(key);
    if (standing !== undefined && (standing.state === 'intended' || standing.lastMessageId >= intent.lastMessageId)) {
      await this.#tables.settled();
      return { begun: false, standing };
    }
    await this.#tables.commit([this.#intents.put(key, intent)]);
    return { begun: true };
  }

  async confirmPart(conversation: ConversationRef, turnId: string, part: number, messageId: number): Promise<void> {
    const key = conversationKey(conversation);
    const intent = this.#intents.get(key);
    const target = intent?.parts[part - 1];
    if (intent?.turnId !== turnId || target === undefined || target.messageId !== null) return this.#tables.settled();
    const parts = intent.parts.map((given) => (given === target ? { ...given, messageId } : given));
    await this.#tables.commit([this.#intents.put(key, { ...intent, parts })]);
  }

  async restart(conversation: ConversationRef, turnId: string, atMs: number): Promise<void> {
    const key = conversationKey(conversation);
    const intent = this.#intents.get(key);
    if (intent?.turnId !== turnId || intent.state !== 'intended') return this.#tables.settled();
    await this.#tables.commit([this.#intents.put(key, { ...intent, atMs })]);
  }

  async finish(conversation: ConversationRef, turnId: string, state: 'done' | 'undecided'): Promise<void> {
    const key = conversationKey(conversation);
    const intent = this.#intents.get(key);
    if (intent?.turnId !== turnId || intent.state !== 'intended') return this.#tables.settled();
    const watermark = this.#forward(key, intent.lastMessageId);
    await this.#tables.commit([this.#intents.put(key, { ...intent, state }), ...watermark]);
  }

  async current(conversation: ConversationRef): Promise<ReplyIntent | null> {
    return this.#intents.get(conversationKey(conversation)) ?? null;
  }

  async answeredUpTo(conversation: ConversationRef): Promise<number> {
    return this.#answered.get(conversationKey(conversation)) ?? 0;
  }

  async markAnswered(conversation: ConversationRef, messageId: number): Promise<void> {
    await this.#tables.commit(this.#forward(conversationKey(conversation), messageId));
  }

  /** Drops finished intents of conversations quiet for 90 days; called once after the start. */
  trim(clock: Clock): void {
    const oldestMs = clock.now() - finishedIsKeptMs;
    for (const [key, intent] of this.#intents.entries()) {
      if (intent.state !== 'intended' && intent.atMs < oldestMs) this.#intents.expire(key);
    }
  }

  #forward(key: string, messageId: number): Change[] {
    return messageId > (this.#answered.get(key) ?? 0) ? [this.#answered.put(key, messageId)] : [];
  }
}
