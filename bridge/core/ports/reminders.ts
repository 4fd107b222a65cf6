// Instants at which a conversation must be looked at though nobody writes: nobody came after a handoff, a customer went
// quiet. A store of record: what was set survives a kill. Trimmed by `clear`.
import type { ConversationRef } from '../message.ts';

export const reminderKinds = ['handoff_unanswered', 'inactive'] as const;
export type ReminderKind = (typeof reminderKinds)[number];

export interface Reminder {
  conversation: ConversationRef;
  kind: ReminderKind;
  atMs: number;
}

export interface Reminders {
  /** One instant per conversation and kind; setting it again moves it. */
  set(reminder: Reminder): Promise<void>;
  clear(conversation: ConversationRef, kind: ReminderKind): Promise<void>;
  /** Those of one conversation, in no order. */
  of(conversation: ConversationRef): Promise<Reminder[]>;
  /** Due now, oldest first; they stay until they are cleared or moved. */
  due(nowMs: number, limit: number): Promise<Reminder[]>;
}
