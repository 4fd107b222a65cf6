// What a gateway does through the client API: its contact, its conversation, its messages, in the client API's own slim shapes.
import { randomUUID } from 'node:crypto';
import { customerTypes } from '../../helpers/customer-acts.ts';
import { messageRestForm } from '../../payloads/message-forms.ts';
import { epochSeconds } from '../../payloads/times.ts';
import { buildContact, linkContact } from '../../state/build-records.ts';
import type { ContactInbox, Conversation, Inbox, JsonObject } from '../../state/model.ts';
import { mustGet } from '../../state/sandbox-state.ts';
import { changeStatus } from '../../transitions/change-status.ts';
import { createConversation } from '../../transitions/create-conversation.ts';
import { receiveMessage } from '../../transitions/receive-message.ts';
import type { World } from '../../world.ts';
import { fileAttachment } from '../message-draft.ts';
import { messagePage } from '../message-routes.ts';
import { numberOf, objectOf, textOf } from '../params.ts';
import type { ParsedBody } from '../parse-body.ts';
import { notFound } from '../rest-error.ts';
import { ok, type RestAnswer } from '../route.ts';

export interface PublicCall {
  world: World;
  inbox: Inbox;
  params: Record<string, string>;
  query: URLSearchParams;
  body: ParsedBody;
}

export function findLink(call: PublicCall): ContactInbox {
  const link = call.world.state.findContactInbox(call.inbox.id, decodeURIComponent(call.params['contact'] ?? ''));
  if (link === undefined) throw notFound();
  return link;
}

export function conversationsOf(call: PublicCall): readonly Conversation[] {
  return call.world.state.conversationsOfContactInbox(findLink(call).id);
}

export function findConversation(call: PublicCall): Conversation {
  const found = conversationsOf(call).find((conversation) => conversation.displayId === Number(call.params['cid']));
  if (found === undefined) throw notFound();
  return found;
}

export function contactView(world: World, link: ContactInbox) {
  const contact = mustGet(world.state.contacts, link.contactId, 'contact');
  return {
    source_id: link.sourceId,
    pubsub_token: link.pubsubToken,
    id: contact.id,
    name: contact.name,
    email: contact.email,
    phone_number: contact.phoneNumber,
  };
}

export function conversationView(world: World, conversation: Conversation) {
  return {
    id: conversation.displayId,
    uuid: conversation.uuid,
    inbox_id: conversation.inboxId,
    contact_last_seen_at: epochSeconds(conversation.contactLastSeenAtMs),
    status: conversation.status,
    agent_last_seen_at: epochSeconds(conversation.agentLastSeenAtMs),
    messages: conversation.messages
      .filter((message) => !message.private && message.messageType !== 'activity')
      .map((message) => messageRestForm(world, message)),
    contact: contactView(world, mustGet(world.state.contactInboxes, conversation.contactInboxId, 'contact inbox')),
  };
}

export function createContact(call: PublicCall): RestAnswer {
  const { fields } = call.body;
  const sourceId = textOf(fields['source_id']);
  const known = sourceId === null ? undefined : call.world.state.findContactInbox(call.inbox.id, sourceId);
  if (known !== undefined) return ok(contactView(call.world, known));
  const contact = buildContact(
    call.world.state,
    call.inbox.accountId,
    { ...contactFields(fields), blocked: false, additional_attributes: {} },
    Date.now(),
  );
  call.world.state.contacts.set(contact.id, contact);
  const link = linkContact(call.world.state, contact, call.inbox, sourceId ?? randomUUID(), Date.now());
  call.world.publish({ name: 'contact_created', contact });
  return ok(contactView(call.world, link));
}

function contactFields(fields: JsonObject) {
  return {
    name: textOf(fields['name']) ?? 'Visitante',
    email: textOf(fields['email']),
    phone_number: textOf(fields['phone_number']),
    identifier: textOf(fields['identifier']),
    custom_attributes: objectOf(fields['custom_attributes']) ?? {},
  };
}

export function updateContact(call: PublicCall): RestAnswer {
  const link = findLink(call);
  const contact = mustGet(call.world.state.contacts, link.contactId, 'contact');
  contact.name = textOf(call.body.fields['name']) ?? contact.name;
  contact.email = textOf(call.body.fields['email']) ?? contact.email;
  contact.phoneNumber = textOf(call.body.fields['phone_number']) ?? contact.phoneNumber;
  return ok(contactView(call.world, link));
}

export function createOne(call: PublicCall): RestAnswer {
  const customAttributes = objectOf(call.body.fields['custom_attributes']) ?? {};
  return ok(conversationView(call.world, createConversation(call.world, findLink(call), { customAttributes })));
}

export function resolve(call: PublicCall): RestAnswer {
  const conversation = findConversation(call);
  if (conversation.status !== 'resolved') {
    changeStatus(call.world, conversation, { status: 'resolved' }, { kind: 'contact', name: 'contact' });
  }
  return ok(conversationView(call.world, conversation));
}

export function typing(call: PublicCall): RestAnswer {
  const wanted = textOf(call.body.fields['typing_status']) ?? call.query.get('typing_status');
  if (wanted === 'on' || wanted === 'off') customerTypes(call.world, findConversation(call), wanted === 'on');
  return ok();
}

export function seen(call: PublicCall): RestAnswer {
  findConversation(call).contactLastSeenAtMs = Date.now();
  return ok();
}

export function createMessage(call: PublicCall): RestAnswer {
  const message = receiveMessage(call.world, findConversation(call), {
    content: textOf(call.body.fields['content']),
    attachments: call.body.files.map(fileAttachment),
  });
  return ok(messageRestForm(call.world, message, textOf(call.body.fields['echo_id']) ?? undefined));
}

export function listMessages(call: PublicCall): RestAnswer {
  const visible = findConversation(call).messages.filter(
    (message) => !message.private && message.messageType !== 'activity',
  );
  return ok(
    messagePage(visible, numberOf(call.query.get('before')), null).map((message) =>
      messageRestForm(call.world, message),
    ),
  );
}
