// What the other side holds and we may never have been told: the source of reconciliation, and of the backlog when our own
// mailbox is away. Entries have the form and the keys deliveries have, so that both ways meet in one mailbox entry.
import type { MailboxEntry } from '../message.ts';

export interface ActiveConversation {
  conversationId: number;
  inboxId: number;
  /** The newest message there, whoever wrote it. */
  lastMessageId: number;
  lastActivityMs: number;
}

export interface PastMail {
  /**
   * Conversations with activity since then, newest first, at most `limit`. Null when our credentials cannot list them
   * (a bot token alone).
   */
  activeSince(sinceMs: number, limit: number, signal: AbortSignal): Promise<ActiveConversation[] | null>;
  /**
   * Customers' messages and persons' public replies after this message, in message-id order, at most the newest `limit`.
   * `isWhole` is false when there were more. Null when our credentials cannot read messages.
   */
  mailAfter(
    conversationId: number,
    afterMessageId: number,
    limit: number,
    signal: AbortSignal,
  ): Promise<{ mail: { key: string; entry: MailboxEntry }[]; isWhole: boolean; lastOwnTurnId: string | null } | null>;
}
