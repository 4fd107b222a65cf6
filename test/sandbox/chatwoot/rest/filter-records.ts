// The `payload` form of the two filter calls: rows of attribute, operator and values joined by AND or OR, read left to right.
import type { Contact, Conversation, JsonObject } from '../state/model.ts';
import { listOf, objectOf, textOf, textsOf } from './params.ts';
import { unprocessable } from './rest-error.ts';

export function filterConversations(conversations: readonly Conversation[], payload: unknown): Conversation[] {
  return conversations.filter((conversation) => holds(payload, (key) => conversationValue(conversation, key)));
}

/** Only contacts with an e-mail, phone or identifier are ever listed. */
export function filterContacts(contacts: readonly Contact[], payload: unknown): Contact[] {
  return contacts.filter(isIdentified).filter((contact) => holds(payload, (key) => contactValue(contact, key)));
}

export function isIdentified(contact: Contact): boolean {
  return contact.email !== null || contact.phoneNumber !== null || contact.identifier !== null;
}

function holds(payload: unknown, valueOf: (key: string) => unknown): boolean {
  let result = true;
  let joint = 'and';
  for (const item of listOf(payload)) {
    const row = objectOf(item) ?? {};
    const here = rowHolds(row, valueOf);
    result = joint === 'or' ? result || here : result && here;
    joint = (textOf(row['query_operator']) ?? 'and').toLowerCase();
  }
  return result;
}

function rowHolds(row: JsonObject, valueOf: (key: string) => unknown): boolean {
  const key = textOf(row['attribute_key']) ?? '';
  const actual = valueOf(key);
  const wanted = textsOf(row['values']).map((value) => value.toLowerCase());
  const texts = (Array.isArray(actual) ? (actual as unknown[]) : [actual]).flatMap(
    (value) => textOf(value)?.toLowerCase() ?? [],
  );
  switch (row['filter_operator']) {
    case 'equal_to':
      return (key === 'status' && wanted.includes('all')) || texts.some((text) => wanted.includes(text));
    case 'not_equal_to':
      return !texts.some((text) => wanted.includes(text));
    case 'contains':
      return texts.some((text) => wanted.some((part) => text.includes(part)));
    case 'does_not_contain':
      return !texts.some((text) => wanted.some((part) => text.includes(part)));
    case 'is_present':
      return texts.length > 0;
    case 'is_not_present':
      return texts.length === 0;
    case 'is_greater_than':
      return texts.some((text) => text > (wanted[0] ?? ''));
    case 'is_less_than':
      return texts.some((text) => text < (wanted[0] ?? ''));
    default:
      throw unprocessable(`Invalid operator. The allowed operators for ${key} are [equal_to,not_equal_to].`);
  }
}

function conversationValue(conversation: Conversation, key: string): unknown {
  const known: JsonObject = {
    status: conversation.status,
    priority: conversation.priority,
    assignee_id: conversation.assigneeId,
    contact_id: conversation.contactId,
    inbox_id: conversation.inboxId,
    team_id: conversation.teamId,
    display_id: conversation.displayId,
    labels: conversation.labels,
    created_at: new Date(conversation.createdAtMs).toISOString(),
    last_activity_at: new Date(conversation.lastActivityAtMs).toISOString(),
  };
  return valueIn(known, conversation.customAttributes, key);
}

function contactValue(contact: Contact, key: string): unknown {
  const known: JsonObject = {
    name: contact.name,
    email: contact.email,
    phone_number: contact.phoneNumber,
    identifier: contact.identifier,
    blocked: contact.blocked,
    labels: contact.labels,
    created_at: new Date(contact.createdAtMs).toISOString(),
  };
  return valueIn(known, { ...contact.additionalAttributes, ...contact.customAttributes }, key);
}

function valueIn(known: JsonObject, attributes: JsonObject, key: string): unknown {
  if (key in known) return known[key];
  if (key in attributes) return attributes[key];
  return undefined;
}
