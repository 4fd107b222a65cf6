// The customer of a test: named by id, by a handle (name, phone, identifier), or described. Made on first use, with the kind of
// address his channel would give him.
import { randomUUID } from 'node:crypto';
import type { Contact, ContactInbox, Inbox } from '../state/model.ts';
import { buildContact, linkContact } from '../state/build-records.ts';
import { mustGet } from '../state/sandbox-state.ts';
import { randomDigits } from '../state/tokens.ts';
import type { World } from '../world.ts';

export interface ContactDescription {
  name: string;
  phone_number?: string;
  email?: string;
  identifier?: string;
  custom_attributes?: Record<string, unknown>;
  additional_attributes?: Record<string, unknown>;
  blocked?: boolean;
}

export type ContactHandle = number | string | ContactDescription;

export function findOrMakeContact(world: World, inbox: Inbox, handle: ContactHandle): Contact {
  if (typeof handle === 'number') return mustGet(world.state.contacts, handle, 'contact');
  const description = typeof handle === 'string' ? describeHandle(handle) : handle;
  const known = world.state.contactsOf(inbox.accountId).find((contact) => isSame(contact, description));
  if (known !== undefined) return known;
  const contact = buildContact(
    world.state,
    inbox.accountId,
    {
      name: description.name,
      email:
        description.email ?? (inbox.channelType === 'Channel::Email' ? `contact.${randomDigits(6)}@example.org` : null),
      phone_number: description.phone_number ?? (needsPhone(inbox) ? `+55119${randomDigits(8)}` : null),
      identifier: description.identifier ?? null,
      blocked: description.blocked ?? false,
      additional_attributes: description.additional_attributes ?? {},
      custom_attributes: description.custom_attributes ?? {},
    },
    Date.now(),
  );
  world.state.contacts.set(contact.id, contact);
  world.publish({ name: 'contact_created', contact });
  return contact;
}

/** @param sourceId the channel's address of this customer; made up in the channel's form when absent */
export function findOrMakeLink(world: World, inbox: Inbox, contact: Contact, sourceId?: string): ContactInbox {
  const known = world.state.contactInboxesOf(contact.id).find((link) => link.inboxId === inbox.id);
  return known ?? linkContact(world.state, contact, inbox, sourceId ?? channelAddress(inbox, contact), Date.now());
}

/** The form of `source_id` each channel uses. */
export function channelAddress(inbox: Inbox, contact: Contact): string {
  const digits = contact.phoneNumber?.replace('+', '') ?? randomDigits(13);
  switch (inbox.channelType) {
    case 'Channel::Whatsapp':
      return digits;
    case 'Channel::TwilioSms':
      return inbox.medium === 'whatsapp' ? `whatsapp:+${digits}` : `+${digits}`;
    case 'Channel::Sms':
      return `+${digits}`;
    case 'Channel::Email':
      return contact.email ?? `contact.${contact.id}@example.org`;
    case 'Channel::WebWidget':
    case 'Channel::Api':
      return randomUUID();
    default:
      return randomDigits(16);
  }
}

function describeHandle(handle: string): ContactDescription {
  if (/^\+\d+$/.test(handle)) return { name: handle, phone_number: handle };
  return handle.includes('@') ? { name: handle, email: handle } : { name: handle };
}

function isSame(contact: Contact, wanted: ContactDescription): boolean {
  if (wanted.phone_number !== undefined) return contact.phoneNumber === wanted.phone_number;
  if (wanted.email !== undefined) return contact.email === wanted.email;
  if (wanted.identifier !== undefined) return contact.identifier === wanted.identifier;
  return contact.name === wanted.name;
}

function needsPhone(inbox: Inbox): boolean {
  return (
    inbox.channelType === 'Channel::Whatsapp' ||
    inbox.channelType === 'Channel::TwilioSms' ||
    inbox.channelType === 'Channel::Sms'
  );
}
