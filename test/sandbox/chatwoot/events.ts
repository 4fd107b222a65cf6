// What happens inside the simulated Chatwoot, in Chatwoot's own event names. Transitions publish these; deliveries, the page
// and waiting tests listen. `conversation_opened` and `conversation_resolved` exist for bots only.
import type { Contact, ContactInbox, Conversation, JsonObject, Message } from './state/model.ts';

/** One changed column: what it was and what it is, in the form Chatwoot puts into `changed_attributes`. */
export type ChangedAttributes = Record<string, { previous_value: unknown; current_value: unknown }>[];

export interface Performer {
  kind: 'user' | 'agent_bot' | 'contact';
  id: number;
}

export type DomainEvent =
  | {
      name: 'conversation_created' | 'conversation_opened' | 'conversation_resolved' | 'conversation_status_changed';
      conversation: Conversation;
    }
  | { name: 'conversation_updated'; conversation: Conversation; changed: ChangedAttributes }
  | { name: 'message_created' | 'message_updated'; conversation: Conversation; message: Message }
  | { name: 'contact_created'; contact: Contact }
  | { name: 'contact_updated'; contact: Contact; changed: ChangedAttributes }
  | {
      name: 'conversation_typing_on' | 'conversation_typing_off';
      conversation: Conversation;
      performer: Performer;
      isPrivate: boolean;
    }
  | { name: 'webwidget_triggered'; contactInbox: ContactInbox; conversation: Conversation | null; info: JsonObject };

export type EventName = DomainEvent['name'];
