// A contact's addresses in inboxes (`contact_inboxes`): where he can be reached and under which source id.
import { channelAddress } from '../../helpers/find-or-make-contact.ts';
import { linkContact } from '../../state/build-records.ts';
import type { Contact, ContactInbox } from '../../state/model.ts';
import { findContact, findInbox, visibleInboxes } from '../find-records.ts';
import { numberOf, textOf } from '../params.ts';
import { RestError, serverError, unprocessable } from '../rest-error.ts';
import { ok, type RestAnswer, type RestCall } from '../route.ts';
import { contactView } from '../views/contact-view.ts';
import { inboxView, slimInboxView } from '../views/inbox-view.ts';

/** An address is made only where the channel's form is known; elsewhere Chatwoot raises. */
export function refuseWithoutAddress(
  channelType: string,
  contact: { phoneNumber: string | null; email: string | null },
): void {
  switch (channelType) {
    case 'Channel::Whatsapp':
    case 'Channel::TwilioSms':
    case 'Channel::Sms':
      if (contact.phoneNumber === null) throw unprocessable('contact phone number required');
      return;
    case 'Channel::Email':
      if (contact.email === null) throw unprocessable('contact email required');
      return;
    case 'Channel::Api':
    case 'Channel::WebWidget':
      return;
    default:
      throw serverError();
  }
}
export function makeLink(call: RestCall, contact: Contact, inboxId: number, sourceId: string | null): ContactInbox {
  const inbox = findInbox(call, inboxId);
  const known = call.world.state.contactInboxesOf(contact.id).find((link) => link.inboxId === inbox.id);
  if (known !== undefined) return known;
  if (sourceId !== null && call.world.state.findContactInbox(inbox.id, sourceId) !== undefined) {
    throw unprocessable('source_id should be unique');
  }
  if (sourceId === null) refuseWithoutAddress(inbox.channelType, contact);
  return linkContact(call.world.state, contact, inbox, sourceId ?? channelAddress(inbox, contact), Date.now());
}

export function contactableInboxes(call: RestCall): RestAnswer {
  const contact = findContact(call, Number(call.params['id']));
  const own = call.world.state.contactInboxesOf(contact.id);
  const reachable = visibleInboxes(call).flatMap((inbox) => {
    const sourceId =
      own.find((link) => link.inboxId === inbox.id)?.sourceId ??
      (contact.phoneNumber === null ? null : channelAddress(inbox, contact));
    return sourceId === null ? [] : [{ inbox: inboxView(call.world, inbox, false), source_id: sourceId }];
  });
  return ok({ payload: reachable });
}

export function addInbox(call: RestCall): RestAnswer {
  const link = makeLink(
    call,
    findContact(call, Number(call.params['id'])),
    numberOf(call.body['inbox_id']) ?? 0,
    textOf(call.body['source_id']),
  );
  return ok({ source_id: link.sourceId, inbox: slimInboxView(findInbox(call, link.inboxId)) });
}

/** 404 with an empty body when there is none. */
export function findByAddress(call: RestCall): RestAnswer {
  const link = call.world.state.findContactInbox(
    numberOf(call.body['inbox_id']) ?? 0,
    textOf(call.body['source_id']) ?? '',
  );
  if (link === undefined) throw new RestError(404, undefined);
  return ok(contactView(call.world, findContact(call, link.contactId)));
}
