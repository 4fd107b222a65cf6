// REST calls on many conversations: list, filter, counts, create, bulk actions, and the smaller calls on one.
import type { ContactInbox, Conversation, JsonObject } from '../state/model.ts';
import { linkContact } from '../state/build-records.ts';
import { channelAddress } from '../helpers/find-or-make-contact.ts';
import { attachmentForm } from '../payloads/attachment-form.ts';
import { createConversation } from '../transitions/create-conversation.ts';
import { saveConversation } from '../transitions/save-conversation.ts';
import { conversationCreate, filter, noBody, participants, transcript } from './checks/request-shapes.ts';
import { createMessage } from './create-message.ts';
import { matchingConversations, sortConversations, withStatus } from './conversation-query.ts';
import { filterConversations } from './filter-records.ts';
import { findContact, findConversation, findInbox, maySee } from './find-records.ts';
import { isStatus } from './conversation-routes.ts';
import { numberOf, numbersOf, objectOf, pageOf, pageSlice, textOf } from './params.ts';
import { invalidRecord, notFound, serverError, unprocessable } from './rest-error.ts';
import { ok, type RestAnswer, type RestCall, type Route } from './route.ts';
import { agentView } from './views/agent-view.ts';
import { conversationView } from './views/conversation-view.ts';

const PER_PAGE = 25;
const LIST_QUERY = [
  'status',
  'assignee_type',
  'conversation_type',
  'inbox_id',
  'team_id',
  'labels',
  'q',
  'source_id',
  'sort_by',
  'page',
  'updated_within',
];
const ONE = '/conversations/:cid';

export const conversationListRoutes: Route[] = [
  { endpoint: 'conversations.list', method: 'GET', path: '/conversations', query: LIST_QUERY, run: list },
  {
    endpoint: 'conversations.meta',
    method: 'GET',
    path: '/conversations/meta',
    query: LIST_QUERY,
    run: (call) => ok({ meta: counts(call, matchingConversations(call)) }),
  },
  {
    endpoint: 'conversations.filter',
    method: 'POST',
    path: '/conversations/filter',
    query: ['page'],
    body: filter,
    run: runFilter,
  },
  {
    endpoint: 'conversations.create',
    method: 'POST',
    path: '/conversations',
    bot: true,
    body: conversationCreate,
    run: create,
  },
  {
    endpoint: 'conversations.mute',
    method: 'POST',
    path: `${ONE}/mute`,
    body: noBody,
    run: (call) => setMuted(call, true),
  },
  {
    endpoint: 'conversations.unmute',
    method: 'POST',
    path: `${ONE}/unmute`,
    body: noBody,
    run: (call) => setMuted(call, false),
  },
  {
    endpoint: 'conversations.transcript',
    method: 'POST',
    path: `${ONE}/transcript`,
    body: transcript,
    run: sendTranscript,
  },
  {
    endpoint: 'conversations.update_last_seen',
    method: 'POST',
    path: `${ONE}/update_last_seen`,
    body: noBody,
    run: markSeen,
  },
  {
    endpoint: 'conversations.attachments',
    method: 'GET',
    path: `${ONE}/attachments`,
    query: ['page'],
    run: attachments,
  },
  { endpoint: 'conversations.participants', method: 'GET', path: `${ONE}/participants`, run: participantsOf },
  {
    endpoint: 'conversations.add_participants',
    method: 'POST',
    path: `${ONE}/participants`,
    body: participants,
    run: addParticipants,
  },
  { endpoint: 'conversations.delete', method: 'DELETE', path: ONE, admin: true, run: remove },
];

function list(call: RestCall): RestAnswer {
  const matching = matchingConversations(call);
  const shown = sortConversations(withStatus(call, matching), call.query.get('sort_by'));
  const page = call.query.has('updated_within') ? shown : pageSlice(shown, pageOf(call.query), PER_PAGE);
  return ok({
    data: { meta: counts(call, matching), payload: page.map((conversation) => conversationView(call, conversation)) },
  });
}

function counts(call: RestCall, matching: readonly Conversation[]) {
  const withState = withStatus(call, matching);
  const mine =
    call.actor.kind === 'user' ? withState.filter((conversation) => conversation.assigneeId === callerId(call)) : [];
  return {
    mine_count: mine.length,
    assigned_count: withState.filter((conversation) => conversation.assigneeId !== null).length,
    unassigned_count: withState.filter((conversation) => conversation.assigneeId === null).length,
    all_count: withState.length,
  };
}

function callerId(call: RestCall): number {
  return call.actor.kind === 'user' ? call.actor.user.id : call.actor.bot.id;
}

/** Not the list form: no `data`, no `assigned_count`. */
function runFilter(call: RestCall): RestAnswer {
  const visible = call.world.state
    .conversationsOf(call.account.id)
    .filter((conversation) => maySee(call, conversation));
  const found = sortConversations(filterConversations(visible, call.body['payload']), null);
  const { mine_count, unassigned_count, all_count } = countAll(call, found);
  const page = pageSlice(found, pageOf(call.query), PER_PAGE);
  return ok({
    meta: { mine_count, unassigned_count, all_count },
    payload: page.map((conversation) => conversationView(call, conversation)),
  });
}

function countAll(call: RestCall, found: readonly Conversation[]) {
  return {
    mine_count: found.filter((conversation) => conversation.assigneeId === callerId(call)).length,
    unassigned_count: found.filter((conversation) => conversation.assigneeId === null).length,
    all_count: found.length,
  };
}

/** A bot's answer is a 500 when there is a team, after everything was done. */
function create(call: RestCall): RestAnswer {
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

function setMuted(call: RestCall, blocked: boolean): RestAnswer {
  const conversation = findConversation(call);
  const contact = findContact(call, conversation.contactId);
  contact.blocked = blocked;
  if (blocked) saveConversation(call.world, conversation, { status: 'resolved' });
  call.world.publish({
    name: 'contact_updated',
    contact,
    changed: [{ blocked: { previous_value: !blocked, current_value: blocked } }],
  });
  return ok();
}

function sendTranscript(call: RestCall): RestAnswer {
  findConversation(call);
  if (textOf(call.body['email']) === null) throw unprocessable('email param missing');
  return ok();
}

function markSeen(call: RestCall): RestAnswer {
  const conversation = findConversation(call);
  conversation.agentLastSeenAtMs = Date.now();
  return ok(conversationView(call, conversation));
}

function attachments(call: RestCall): RestAnswer {
  const items = findConversation(call).messages.flatMap((message) =>
    message.attachments.map((attachment) => attachmentForm(call.world, message, attachment)),
  );
  return ok({ meta: { total_count: items.length }, payload: pageSlice(items, pageOf(call.query), 100) });
}

function addParticipants(call: RestCall): RestAnswer {
  findConversation(call);
  const users = numbersOf(call.body['user_ids']).flatMap((id) => call.world.state.users.get(id) ?? []);
  if (users.some((user) => !user.roles.has(call.account.id))) {
    throw invalidRecord('User must have inbox access', ['user']);
  }
  return ok(users.map((user) => agentView(user, call.account)));
}

function remove(call: RestCall): RestAnswer {
  call.world.state.removeConversation(findConversation(call));
  return ok();
}

/** The sandbox keeps no participants beside the assignee. */
function participantsOf(call: RestCall): RestAnswer {
  const assignee = call.world.state.users.get(findConversation(call).assigneeId ?? 0);
  return ok(assignee === undefined ? [] : [agentView(assignee, call.account)]);
}
