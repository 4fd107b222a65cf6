// A new conversation over REST: for a contact in an inbox, or for an address that is already known.
import { channelAddress } from '../../helpers/find-or-make-contact.ts';
import { linkContact } from '../../state/build-records.ts';
import type { ContactInbox, JsonObject } from '../../state/model.ts';
import { createConversation } from '../../transitions/create-conversation.ts';
import { refuseWithoutAddress } from '../contacts/contact-links.ts';
import { createMessage } from '../create-message.ts';
import { findContact, findInbox } from '../find-records.ts';
import { numberOf, objectOf, textOf } from '../params.ts';
import { notFound, serverError, unprocessable } from '../rest-error.ts';
import { ok, type RestAnswer, type RestCall } from '../route.ts';
import { conversationView } from '../views/conversation-view.ts';
import { isStatus } from './conversation-status.ts';

/** A bot's answer is a 500 when there is a team, after everything was done. */
export function createByRest(call: RestCall): RestAnswer {
  const link = wantedLink(call);
  const inbox = findInbox(call, link.inboxId);
  const last = call.world.state.conversationsOfContactInbox(link.id).at(-1);
  const conversation =
    inbox.settings.lock_to_single_conversation && last !== undefined
      ? last
      : createConversation(call.world, link, wantedFields(call.body));
  const message = objectOf(call.body['message']);
  if (message !== null) createMessage(call, conversation, message, call.files);
  return ok(conversationView(call, conversation));
}

function wantedFields(body: JsonObject) {
  const status = textOf(body['status']);
  if (status !== null && !isStatus(status)) throw serverError();
  return {
    ...(status === null ? {} : { status }),
    assigneeId: numberOf(body['assignee_id']),
    teamId: numberOf(body['team_id']),
    additionalAttributes: objectOf(body['additional_attributes']) ?? {},
    customAttributes: objectOf(body['custom_attributes']) ?? {},
  };
}

/** Inbox and contact, or an address that is already known. */
function wantedLink(call: RestCall): ContactInbox {
  const { state } = call.world;
  const sourceId = textOf(call.body['source_id']);
  const inboxId = numberOf(call.body['inbox_id']);
  const contactId = numberOf(call.body['contact_id']);
  if (inboxId === null || contactId === null) {
    const known = [...state.contactInboxes.values()].find(
      (link) => link.sourceId === sourceId && state.inboxes.get(link.inboxId)?.accountId === call.account.id,
    );
    if (known === undefined) throw notFound();
    return known;
  }
  const inbox = findInbox(call, inboxId);
  const contact = findContact(call, contactId);
  const own = state
    .contactInboxesOf(contact.id)
    .find((link) => link.inboxId === inbox.id && (sourceId === null || link.sourceId === sourceId));
  if (own !== undefined) return own;
  if (sourceId !== null && state.findContactInbox(inbox.id, sourceId) !== undefined) {
    throw unprocessable('source_id should be unique');
  }
  if (sourceId === null) refuseWithoutAddress(inbox.channelType, contact);
  return linkContact(state, contact, inbox, sourceId ?? channelAddress(inbox, contact), Date.now());
}
