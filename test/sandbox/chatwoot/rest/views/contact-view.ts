// A contact as the REST API shows it.
import { epochSeconds } from '../../payloads/times.ts';
import type { Contact } from '../../state/model.ts';
import type { World } from '../../world.ts';
import { slimInboxView } from './inbox-view.ts';

export function contactView(world: World, contact: Contact, withInboxes = true) {
  return {
    additional_attributes: contact.additionalAttributes,
    availability_status: 'offline',
    email: contact.email,
    id: contact.id,
    name: contact.name,
    phone_number: contact.phoneNumber,
    blocked: contact.blocked,
    identifier: contact.identifier,
    thumbnail: '',
    custom_attributes: contact.customAttributes,
    ...(contact.lastActivityAtMs === null ? {} : { last_activity_at: epochSeconds(contact.lastActivityAtMs) }),
    created_at: epochSeconds(contact.createdAtMs),
    ...(withInboxes ? { contact_inboxes: contactInboxViews(world, contact) } : {}),
  };
}

export function contactInboxViews(world: World, contact: Contact) {
  return world.state.contactInboxesOf(contact.id).flatMap((link) => {
    const inbox = world.state.inboxes.get(link.inboxId);
    return inbox === undefined ? [] : [{ source_id: link.sourceId, inbox: slimInboxView(inbox) }];
  });
}
