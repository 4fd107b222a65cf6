// REST calls on the messages of one conversation.
import { contactView } from './views/contact-view.ts';
import { agentView } from './views/agent-view.ts';
import { deleteMessage } from '../helpers/person-acts.ts';
import { messageRestForm } from '../payloads/message-forms.ts';
import { isoTimeOrNull } from '../payloads/times.ts';
import type { Conversation, Message } from '../state/model.ts';
import { mustGet } from '../state/sandbox-state.ts';
import { updateMessageStatus } from '../transitions/message-status.ts';
import { createMessage } from './create-message.ts';
import { findConversation } from './find-records.ts';
import { numberOf, textOf } from './params.ts';
import { messageUpdate, noBody, messageCreate, translate } from './checks/request-shapes.ts';
import { notFound, RestError } from './rest-error.ts';
import { ok, type RestAnswer, type RestCall, type Route } from './route.ts';

const MESSAGES = '/conversations/:cid/messages';

export const messageRoutes: Route[] = [
  { endpoint: 'messages.create', method: 'POST', path: MESSAGES, bot: true, body: messageCreate, run: create },
  {
    endpoint: 'messages.list',
    method: 'GET',
    path: MESSAGES,
    query: ['before', 'after', 'filter_internal_messages'],
    run: list,
  },
  { endpoint: 'messages.update', method: 'PATCH', path: `${MESSAGES}/:mid`, body: messageUpdate, run: update },
  { endpoint: 'messages.delete', method: 'DELETE', path: `${MESSAGES}/:mid`, run: remove },
  { endpoint: 'messages.retry', method: 'POST', path: `${MESSAGES}/:mid/retry`, body: noBody, run: retry },
  {
    endpoint: 'messages.translate',
    method: 'POST',
    path: `${MESSAGES}/:mid/translate`,
    body: translate,
    run: (call) => ok({ content: findMessage(call).content }),
  },
];

function create(call: RestCall): RestAnswer {
  const message = createMessage(call, findConversation(call), call.body, call.files);
  return ok(messageRestForm(call.world, message, textOf(call.body['echo_id']) ?? undefined));
}

/** The cursor is the id, order and cut are by time. `after` up to 100 ascending, `before` and neither 20, both up to 1000. */
export function messagePage(messages: readonly Message[], before: number | null, after: number | null): Message[] {
  const byTime = (left: Message, right: Message): number => left.createdAtMs - right.createdAtMs || left.id - right.id;
  if (after !== null && before !== null) {
    return messages
      .filter((message) => message.id >= after && message.id < before)
      .sort(byTime)
      .slice(0, 1000);
  }
  if (after !== null) {
    return messages
      .filter((message) => message.id > after)
      .sort(byTime)
      .slice(0, 100);
  }
  return messages
    .filter((message) => before === null || message.id < before)
    .sort(byTime)
    .slice(-20);
}

function list(call: RestCall): RestAnswer {
  const conversation = findConversation(call);
  const publicOnly = call.query.has('filter_internal_messages');
  const visible = publicOnly
    ? conversation.messages.filter((message) => !message.private && message.messageType !== 'activity')
    : conversation.messages;
  const page = messagePage(visible, numberOf(call.query.get('before')), numberOf(call.query.get('after')));
  return ok({
    meta: listMeta(call, conversation),
    payload: page.map((message) => messageRestForm(call.world, message)),
  });
}

function listMeta(call: RestCall, conversation: Conversation) {
  const contact = mustGet(call.world.state.contacts, conversation.contactId, 'contact');
  const user = conversation.assigneeId === null ? undefined : call.world.state.users.get(conversation.assigneeId);
  return {
    labels: conversation.labels,
    additional_attributes: conversation.additionalAttributes,
    contact: contactView(call.world, contact, false),
    ...(user === undefined ? {} : { assignee: agentView(user, call.account) }),
    agent_last_seen_at: isoTimeOrNull(conversation.agentLastSeenAtMs),
    assignee_last_seen_at: isoTimeOrNull(conversation.agentLastSeenAtMs),
  };
}

function findMessage(call: RestCall): Message {
  const message = findConversation(call).messages.find((candidate) => candidate.id === Number(call.params['mid']));
  if (message === undefined) throw notFound();
  return message;
}

function update(call: RestCall): RestAnswer {
  const message = findMessage(call);
  const inbox = mustGet(call.world.state.inboxes, message.inboxId, 'inbox');
  if (inbox.channelType !== 'Channel::Api') {
    throw new RestError(403, { error: 'Message status update is only allowed for API inboxes' });
  }
  const status = textOf(call.body['status']);
  if (status === 'sent' || status === 'delivered' || status === 'read' || status === 'failed') {
    updateMessageStatus(call.world, message, status, textOf(call.body['external_error']));
  }
  return ok(messageRestForm(call.world, message));
}

/** Soft delete: the text is replaced, every attribute and file is gone, `deleted` is all that stays. */
function remove(call: RestCall): RestAnswer {
  const message = findMessage(call);
  const conversation = findConversation(call);
  deleteMessage(call.world, conversation, message, call.account.locale);
  return ok(messageRestForm(call.world, message));
}

/** Back to `sent`; every content attribute is lost, our own tag included. */
function retry(call: RestCall): RestAnswer {
  const message = findMessage(call);
  Object.assign(message, { status: 'sent', contentAttributes: {}, updatedAtMs: Date.now() });
  call.world.publish({ name: 'message_updated', conversation: findConversation(call), message });
  return ok(messageRestForm(call.world, message));
}
