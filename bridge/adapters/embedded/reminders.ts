// Reminders of conversations on the journal: one row a conversation and kind, so that setting one again moves it.
import { conversationKey, parseConversationKey, type ConversationRef } from '../../core/message.ts';
import { reminderKinds, type Reminder, type ReminderKind, type Reminders } from '../../core/ports/reminders.ts';
import type { Table } from './table.ts';
import type { Tables } from './tables.ts';

interface StoredReminder {
  version: 1;
  atMs: number;
}

export class EmbeddedReminders implements Reminders {
  readonly #tables: Tables;
  readonly #rows: Table<StoredReminder>;

  constructor(tables: Tables) {
    this.#tables = tables;
    this.#rows = tables.table<StoredReminder>('reminder');
  }

  async set({ conversation, kind, atMs }: Reminder): Promise<void> {
    await this.#tables.commit([this.#rows.put(rowKey(conversation, kind), { version: 1, atMs })]);
  }

  async clear(conversation: ConversationRef, kind: ReminderKind): Promise<void> {
    const key = rowKey(conversation, kind);
    await this.#tables.commit(this.#rows.has(key) ? [this.#rows.drop(key)] : []);
  }

  async of(conversation: ConversationRef): Promise<Reminder[]> {
    return reminderKinds.flatMap((kind) => {
      const row = this.#rows.get(rowKey(conversation, kind));
      return row === undefined ? [] : [{ conversation, kind, atMs: row.atMs }];
    });
  }

  async due(nowMs: number, limit: number): Promise<Reminder[]> {
    return [...this.#rows.entries()]
      .filter(([, { atMs }]) => atMs <= nowMs)
      .sort(([, a], [, b]) => a.atMs - b.atMs)
      .flatMap(([key, { atMs }]) => toReminder(key, atMs))
      .slice(0, limit);
  }
}

/** Kinds hold no space. */
function rowKey(conversation: ConversationRef, kind: ReminderKind): string {
  return `${kind} ${conversationKey(conversation)}`;
}

/** A kind that a newer build made is left to that build. */
function toReminder(key: string, atMs: number): Reminder[] {
  const space = key.indexOf(' ');
  const kind = reminderKinds.find((name) => name === key.slice(0, space));
  return kind === undefined ? [] : [{ conversation: parseConversationKey(key.slice(space + 1)), kind, atMs }];
}
