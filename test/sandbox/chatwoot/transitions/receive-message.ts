// A customer's message arrives: reopen what was closed or snoozed, then the message event, then the waiting clock,
// then Chatwoot's own automatic texts, then the contact's activity. The order is Chatwoot's.
import type { Conversation, Message } from '../state/model.ts';
import { mustGet } from '../state/sandbox-state.ts';
import type { World } from '../world.ts';
import { addActivity } from './activity.ts';
import { sendInboxTemplates } from './inbox-templates.ts';
import { saveConversation } from './save-conversation.ts';
import { type NewMessage, storeMessage } from './store-message.ts';

export function receiveMessage(
  world: World,
  conversation: Conversation,
  given: Omit<NewMessage, 'messageType' | 'sender'>,
): Message {
  const contact = mustGet(world.state.contacts, conversation.contactId, 'contact');
  const message = storeMessage(world, conversation, {
    ...given,
    messageType: 'incoming',
    sender: { type: 'Contact', id: contact.id },
  });
  if (!contact.blocked) reopen(world, conversation);
  world.publish({ name: 'message_created', conversation, message });
  if (conversation.waitingSinceMs === null) {
    saveConversation(world, conversation, { waitingSinceMs: message.createdAtMs });
  }
  sendInboxTemplates(world, conversation);
  const previous = contact.lastActivityAtMs;
  contact.lastActivityAtMs = message.createdAtMs;
  world.publish({
    name: 'contact_updated',
    contact,
    changed: [{ last_activity_at: { previous_value: iso(previous), current_value: iso(message.createdAtMs) } }],
  });
  return message;
}

/** Snoozed opens even in a bot inbox; resolved goes back to the bot where there is one. Owners stay as they were. */
function reopen(world: World, conversation: Conversation): void {
  const inbox = mustGet(world.state.inboxes, conversation.inboxId, 'inbox');
  if (conversation.status === 'snoozed') saveConversation(world, conversation, { status: 'open' });
  else if (conversation.status === 'resolved') {
    saveConversation(world, conversation, { status: inbox.agentBotId === null ? 'open' : 'pending' });
  } else return;
  addActivity(world, conversation, conversation.status, {
    kind: 'contact',
    name: mustGet(world.state.contacts, conversation.contactId, 'contact').name,
  });
}

function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
