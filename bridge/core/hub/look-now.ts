// The conversation as it is at this moment. Older Chatwoots let a bot write but never read: there the newest delivery is
// all that can be known, and it must do.
import type { LiveConversation } from '../ports/conversations.ts';
import type { HubDeps, Pass } from './pass.ts';

export async function lookNow(deps: Pick<HubDeps, 'mailbox'>, pass: Pass): Promise<LiveConversation | 'people'> {
  const live = await pass.conversations.readLive(pass.conversation.conversationId, pass.signal);
  if (live !== 'unreadable') return live;
  const { mail } = await deps.mailbox.read(pass.conversation);
  const newest = mail.at(-1)?.entry;
  return newest
    ? { ...newest.conversation, lastMessageId: newest.messageId, personMessageId: 0, ownTurnId: null }
    : 'people';
}

/** Pending is the assistant's own room, and nobody looks into it: what it will not answer there must be opened. */
export async function openIfPending(pass: Pass, live: LiveConversation | 'people'): Promise<boolean> {
  if (live !== 'people' && live.status !== 'pending') return false;
  await pass.conversations.open(pass.conversation.conversationId, pass.signal);
  return true;
}
