// Creating, changing, merging and deleting contacts, with the refusals of doubles.
import { isoTime } from '../../payloads/times.ts';
import { buildContact } from '../../state/build-records.ts';
import type { Contact, JsonObject } from '../../state/model.ts';
import { findContact, findInbox } from '../find-records.ts';
import { flagOf, numberOf, objectOf, textOf } from '../params.ts';
import { invalidRecord } from '../rest-error.ts';
import { ok, type RestAnswer, type RestCall } from '../route.ts';
import { contactView } from '../views/contact-view.ts';
import { slimInboxView } from '../views/inbox-view.ts';
import { makeLink } from './contact-links.ts';

const UNIQUE_KEYS = { email: 'Email', phone_number: 'Phone number', identifier: 'Identifier' } as const;

export function createContact(call: RestCall): RestAnswer {
  refuseDuplicate(call, null);
  const { body } = call;
  const contact = buildContact(
    call.world.state,
    call.account.id,
    {
      name: textOf(body['name']) ?? '',
      email: textOf(body['email']),
      phone_number: textOf(body['phone_number']),
      identifier: textOf(body['identifier']),
      blocked: flagOf(body['blocked']),
      additional_attributes: objectOf(body['additional_attributes']) ?? {},
      custom_attributes: objectOf(body['custom_attributes']) ?? {},
    },
    Date.now(),
  );
  call.world.state.contacts.set(contact.id, contact);
  const inboxId = numberOf(body['inbox_id']);
  const link = inboxId === null ? null : makeLink(call, contact, inboxId, textOf(body['source_id']));
  call.world.publish({ name: 'contact_created', contact });
  const inbox = link === null ? null : slimInboxView(findInbox(call, link.inboxId));
  return ok({
    payload: { contact: contactView(call.world, contact), contact_inbox: { inbox, source_id: link?.sourceId ?? null } },
  });
}

function refuseDuplicate(call: RestCall, self: Contact | null): void {
  const phone = textOf(call.body['phone_number']);
  if (phone !== null && phone !== '' && !/^\+[1-9]\d{1,14}$/.test(phone)) {
    throw invalidRecord('Phone number should be in e164 format', ['phone_number']);
  }
  for (const contact of call.world.state.contactsOf(call.account.id)) {
    if (contact === self) continue;
    const known: JsonObject = {
      email: contact.email,
      phone_number: contact.phoneNumber,
      identifier: contact.identifier,
    };
    for (const [key, label] of Object.entries(UNIQUE_KEYS)) {
      const wanted = textOf(call.body[key]);
      if (wanted !== null && wanted === known[key]) throw invalidRecord(`${label} has already been taken`, [key]);
    }
  }
}

/** Attributes are merged on the first level, unlike a conversation's. */
export function updateContact(call: RestCall): RestAnswer {
  const contact = findContact(call, Number(call.params['id']));
  refuseDuplicate(call, contact);
  const { body } = call;
  if ('name' in body) contact.name = textOf(body['name']) ?? '';
  if ('email' in body) contact.email = textOf(body['email']);
  if ('phone_number' in body) contact.phoneNumber = textOf(body['phone_number']);
  if ('identifier' in body) contact.identifier = textOf(body['identifier']);
  if ('blocked' in body) contact.blocked = flagOf(body['blocked']);
  contact.additionalAttributes = { ...contact.additionalAttributes, ...objectOf(body['additional_attributes']) };
  contact.customAttributes = { ...contact.customAttributes, ...objectOf(body['custom_attributes']) };
  call.world.publish({
    name: 'contact_updated',
    contact,
    changed: [{ updated_at: { previous_value: null, current_value: isoTime(Date.now()) } }],
  });
  return ok({ payload: contactView(call.world, contact) });
}

/** The base wins where both have a value; every old message of the other contact raises an update. */
export function mergeContacts(call: RestCall): RestAnswer {
  const base = findContact(call, numberOf(call.body['base_contact_id']) ?? 0);
  const gone = findContact(call, numberOf(call.body['mergee_contact_id']) ?? 0);
  const { state } = call.world;
  base.email ??= gone.email;
  base.phoneNumber ??= gone.phoneNumber;
  base.identifier ??= gone.identifier;
  base.additionalAttributes = { ...gone.additionalAttributes, ...base.additionalAttributes };
  base.customAttributes = { ...gone.customAttributes, ...base.customAttributes };
  base.notes.push(...gone.notes);
  state.moveContactInboxes(gone.id, base.id);
  for (const conversation of state
    .conversationsOf(call.account.id)
    .filter((candidate) => candidate.contactId === gone.id)) {
    conversation.contactId = base.id;
    for (const message of conversation.messages.filter((candidate) => candidate.senderType === 'Contact')) {
      message.senderId = base.id;
      call.world.publish({ name: 'message_updated', conversation, message });
    }
  }
  state.contacts.delete(gone.id);
  call.world.publish({
    name: 'contact_updated',
    contact: base,
    changed: [{ updated_at: { previous_value: null, current_value: isoTime(Date.now()) } }],
  });
  return ok(contactView(call.world, base));
}

/** With everything that is his; nothing is sent to any webhook. */
export function deleteContact(call: RestCall): RestAnswer {
  const contact = findContact(call, Number(call.params['id']));
  for (const conversation of call.world.state.conversationsOf(call.account.id)) {
    if (conversation.contactId === contact.id) call.world.state.removeConversation(conversation);
  }
  call.world.state.contacts.delete(contact.id);
  return ok();
}
