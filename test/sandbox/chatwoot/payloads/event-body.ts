// The JSON body of a delivery, by event. What differs by surface (recipients, moment of building) is decided in deliveries/.
import type { DomainEvent, Performer } from '../events.ts';
import type { Conversation, Contact } from '../state/model.ts';
import { mustGet } from '../state/sandbox-state.ts';
import type { World } from '../world.ts';
import { conversationWebhookForm } from './conversation-form.ts';
import { messageEventBody } from './message-forms.ts';
import { accountForm, botWebhookForm, contactWebhookForm, userWebhookForm } from './people.ts';

export function eventBody(world: World, event: DomainEvent): object {
  switch (event.name) {
    case 'message_created':
    case 'message_updated':
      return messageEventBody(world, event.name, event.message, event.conversation);
    case 'conversation_updated':
      return {
        event: event.name,
        ...conversationWebhookForm(world, event.conversation),
        changed_attributes: event.changed,
      };
    case 'conversation_status_changed':
      // Chatwoot reads the difference after the save has cleared it: the key is there and always null.
      return { event: event.name, ...conversationWebhookForm(world, event.conversation), changed_attributes: null };
    case 'conversation_created':
    case 'conversation_opened':
    case 'conversation_resolved':
      return { event: event.name, ...conversationWebhookForm(world, event.conversation) };
    case 'contact_created':
      return { event: event.name, ...contactOf(world, event.contact) };
    case 'contact_updated':
      return { event: event.name, ...contactOf(world, event.contact), changed_attributes: event.changed };
    case 'conversation_typing_on':
    case 'conversation_typing_off':
      return {
        event: event.name,
        user: performerForm(world, event.performer, event.conversation),
        conversation: conversationWebhookForm(world, event.conversation),
        is_private: event.isPrivate,
      };
    case 'webwidget_triggered':
      return widgetBody(world, event);
  }
}

function contactOf(world: World, contact: Contact) {
  return contactWebhookForm(contact, mustGet(world.state.accounts, contact.accountId, 'account'));
}

function performerForm(world: World, performer: Performer, conversation: Conversation) {
  switch (performer.kind) {
    case 'user':
      return userWebhookForm(mustGet(world.state.users, performer.id, 'user'));
    case 'agent_bot':
      return botWebhookForm(mustGet(world.state.bots, performer.id, 'agent bot'));
    case 'contact':
      return contactOf(world, mustGet(world.state.contacts, conversation.contactId, 'contact'));
  }
}

function widgetBody(world: World, event: Extract<DomainEvent, { name: 'webwidget_triggered' }>) {
  const inbox = mustGet(world.state.inboxes, event.contactInbox.inboxId, 'inbox');
  const account = mustGet(world.state.accounts, inbox.accountId, 'account');
  return {
    event: event.name,
    id: event.contactInbox.id,
    contact: contactOf(world, mustGet(world.state.contacts, event.contactInbox.contactId, 'contact')),
    inbox: { id: inbox.id, name: inbox.name },
    account: accountForm(account),
    current_conversation: event.conversation === null ? null : conversationWebhookForm(world, event.conversation),
    source_id: event.contactInbox.sourceId,
    event_info: event.info,
  };
}
