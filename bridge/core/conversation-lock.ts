// The name of the lock that whoever changes a conversation's mail or speaks in it must hold: one name, or it is no lock.
import { conversationKey } from './message.ts';
import type { ConversationRef } from './message.ts';

export function conversationLock(conversation: ConversationRef): string {
  return `conversation:${conversationKey(conversation)}`;
}
