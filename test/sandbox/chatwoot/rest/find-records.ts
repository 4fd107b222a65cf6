// Finds the record a path names, inside the caller's account and role, or refuses like Chatwoot.
import type { Contact, Conversation, Inbox } from '../state/model.ts';
import { notAllowed, notFound } from './rest-error.ts';
import type { RestCall } from './route.ts';

/** An agent needs to be a member of the conversation's inbox or team; bots and administrators see all of the account. */
export function findConversation(call: RestCall): Conversation {
  const conversation = call.world.state.conversation(call.account.id, Number(call.params['cid']));
  if (conversation === undefined) throw notFound();
  if (!maySee(call, conversation)) throw notAllowed();
  return conversation;
}

export function maySee(call: RestCall, conversation: Conversation): boolean {
  if (call.actor.kind === 'bot' || call.actor.role === 'administrator') return true;
  const userId = call.actor.user.id;
  const inbox = call.world.state.inboxes.get(conversation.inboxId);
  const team = conversation.teamId === null ? undefined : call.world.state.teams.get(conversation.teamId);
  return inbox?.memberIds.includes(userId) === true || team?.memberIds.includes(userId) === true;
}

export function findInbox(call: RestCall, id: number): Inbox {
  const inbox = call.world.state.inboxes.get(id);
  if (inbox?.accountId !== call.account.id) throw notFound();
  return inbox;
}

export function findContact(call: RestCall, id: number): Contact {
  const contact = call.world.state.contacts.get(id);
  if (contact?.accountId !== call.account.id) throw notFound();
  return contact;
}

export function isAdmin(call: RestCall): boolean {
  return call.actor.kind === 'user' && call.actor.role === 'administrator';
}

/** Inboxes a user may list: an agent only those he is a member of. */
export function visibleInboxes(call: RestCall): Inbox[] {
  const inboxes = call.world.state.inboxesOf(call.account.id);
  if (call.actor.kind === 'bot' || call.actor.role === 'administrator') return inboxes;
  const userId = call.actor.user.id;
  return inboxes.filter((inbox) => inbox.memberIds.includes(userId));
}
