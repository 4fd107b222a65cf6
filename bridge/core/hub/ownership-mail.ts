// Takeovers in the mailbox are applied before anything is answered, and survive a crash like any message: the state is
// saved and the conversation opened before the mail goes.
import type { OwnershipEvent } from '../message.ts';
import type { ConversationState, ReplyIntent } from '../ports.ts';
import { stateOf } from './pass.ts';
import type { HubDeps, Pass } from './pass.ts';
import { applyOwnership } from './takeover.ts';

export async function applyOwnershipMail(deps: HubDeps, pass: Pass): Promise<ConversationState> {
  const before = await stateOf(deps, pass.conversation);
  const { mail } = await deps.mailbox.read(pass.conversation);
  const events = mail.flatMap(({ key, entry }) => (entry.kind === 'ownership' ? [{ key, entry }] : []));
  if (events.length === 0) return before;
  const ours = await deps.ledger.current(pass.conversation);
  const foreign = events.map(({ entry }) => entry).filter((event) => !isOwnSend(event, ours));
  const after = foreign.reduce(applyOwnership, before);
  const wroteWhilePending = foreign.some(
    (event) => event.change === 'person_replied' && event.conversation.status === 'pending',
  );
  // Chatwoot changes nothing when a person writes; opening makes its queue, its widget and our gate agree.
  if (wroteWhilePending && after.owner === 'person')
    await pass.conversations.open(pass.conversation.conversationId, pass.signal);
  await deps.states.set(pass.conversation, after);
  const keys = events.map(({ key }) => key);
  await deps.mailbox.remove(pass.conversation, keys);
  return after;
}

/** Chatwoot before 4.9 drops our tag, and a send with a user token then looks like a person. */
function isOwnSend(event: OwnershipEvent, intent: ReplyIntent | null): boolean {
  if (event.change !== 'person_replied' || !intent) return false;
  return intent.parts.some((part) => part.messageId === event.messageId || part.text === event.text);
}
