// The client API of API inboxes: a gateway pushes the customer's side without any token. No `after`, no `source_id`, and
// toggle_status can only resolve.
import { z } from 'zod';
import { buildContact, linkContact } from '../state/build-records.ts';
import { customerTypes } from '../helpers/customer-acts.ts';
import { epochSeconds } from '../payloads/times.ts';
import { messageRestForm } from '../payloads/message-forms.ts';
import type { ContactInbox, Conversation, Inbox, JsonObject } from '../state/model.ts';
import { mustGet } from '../state/sandbox-state.ts';
import { changeStatus } from '../transitions/change-status.ts';
import { createConversation } from '../transitions/create-conversation.ts';
import { receiveMessage } from '../transitions/receive-message.ts';
import type { World } from '../world.ts';
import { fileAttachment } from './message-draft.ts';
import { messagePage } from './message-routes.ts';
import { numberOf, objectOf, textOf } from './params.ts';
import type { ParsedBody } from './parse-body.ts';
import type { OtherCall } from './other-calls.ts';
import { notFound } from './rest-error.ts';
import { ok, type RestAnswer, type Route } from './route.ts';

interface PublicCall {
  world: World;
  inbox: Inbox;
  params: Record<string, string>;
  query: URLSearchParams;
  body: ParsedBody;
}

interface PublicRoute {
  endpoint: string;
  method: string;
  pattern: RegExp;
  query?: readonly string[];
  body?: z.ZodType;
  run(call: PublicCall): RestAnswer;
}

const CONTACT = '/contacts/(?<contact>[^/]+)';
const CONVERSATION = `${CONTACT}/conversations/(?<cid>\\d+)`;
const contactBody = z.strictObject({
  identifier: z.string().optional(),
  identifier_hash: z.string().optional(),
  source_id: z.string().optional(),
  email: z.string().optional(),
  name: z.string().optional(),
  phone_number: z.string().optional(),
  avatar: z.string().optional(),
  avatar_url: z.string().optional(),
  custom_attributes: z.record(z.string(), z.unknown()).optional(),
});
const messageBody = z.strictObject({ content: z.string().nullable().optional(), echo_id: z.string().optional() });

const routes: PublicRoute[] = [
  {
    endpoint: 'public.inbox',
    method: 'GET',
    pattern: /^$/,
    run: ({ inbox }) =>
      ok({
        identifier: inbox.inboxIdentifier,
        identity_validation_enabled: false,
        name: inbox.name,
        timezone: inbox.settings.timezone,
      }),
  },
  {
    endpoint: 'public.contacts.create',
    method: 'POST',
    pattern: /^\/contacts$/,
    body: contactBody,
    run: createContact,
  },
  {
    endpoint: 'public.contacts.show',
    method: 'GET',
    pattern: new RegExp(`^${CONTACT}$`),
    run: (call) => ok(contactView(call.world, findLink(call))),
  },
  {
    endpoint: 'public.contacts.update',
    method: 'PATCH',
    pattern: new RegExp(`^${CONTACT}$`),
    body: contactBody,
    run: updateContact,
  },
  {
    endpoint: 'public.conversations.create',
    method: 'POST',
    pattern: new RegExp(`^${CONTACT}/conversations$`),
    body: z.strictObject({ custom_attributes: z.record(z.string(), z.unknown()).optional() }),
    run: createOne,
  },
  {
    endpoint: 'public.conversations.list',
    method: 'GET',
    pattern: new RegExp(`^${CONTACT}/conversations$`),
    run: (call) => ok(conversationsOf(call).map((item) => conversationView(call.world, item))),
  },
  {
    endpoint: 'public.conversations.show',
    method: 'GET',
    pattern: new RegExp(`^${CONVERSATION}$`),
    run: (call) => ok(conversationView(call.world, findConversation(call))),
  },
  {
    endpoint: 'public.conversations.toggle_status',
    method: 'POST',
    pattern: new RegExp(`^${CONVERSATION}/toggle_status$`),
    run: resolve,
  },
  {
    endpoint: 'public.conversations.toggle_typing',
    method: 'POST',
    pattern: new RegExp(`^${CONVERSATION}/toggle_typing$`),
    query: ['typing_status'],
    body: z.strictObject({ typing_status: z.enum(['on', 'off']).optional() }),
    run: typing,
  },
  {
    endpoint: 'public.conversations.update_last_seen',
    method: 'POST',
    pattern: new RegExp(`^${CONVERSATION}/update_last_seen$`),
    run: seen,
  },
  {
    endpoint: 'public.messages.create',
    method: 'POST',
    pattern: new RegExp(`^${CONVERSATION}/messages$`),
    body: messageBody,
    run: createMessage,
  },
  {
    endpoint: 'public.messages.list',
    method: 'GET',
    pattern: new RegExp(`^${CONVERSATION}/messages$`),
    query: ['before'],
    run: listMessages,
  },
];

const PREFIX = /^\/public\/api\/v1\/inboxes\/(?<inbox>[^/]+)(?<rest>\/.*)?$/;

export function publicCall(world: World, method: string, url: URL): OtherCall | null {
  const path = PREFIX.exec(url.pathname)?.groups;
  if (path === undefined) return null;
  const rest = (path['rest'] ?? '').replace(/\/$/, '');
  const route = routes.find((candidate) => candidate.method === method && candidate.pattern.test(rest));
  if (route === undefined) return null;
  const checked: Pick<Route, 'query' | 'body'> = {
    ...(route.query === undefined ? {} : { query: route.query }),
    ...(route.body === undefined ? {} : { body: route.body }),
  };
  return {
    endpoint: route.endpoint,
    route: checked,
    run(body) {
      const inbox = [...world.state.inboxes.values()].find((candidate) => candidate.inboxIdentifier === path['inbox']);
      if (inbox === undefined) throw notFound();
      return route.run({
        world,
        inbox,
        params: { ...route.pattern.exec(rest)?.groups },
        query: url.searchParams,
        body,
      });
    },
  };
}

function findLink(call: PublicCall): ContactInbox {
  const link = call.world.state.findContactInbox(call.inbox.id, decodeURIComponent(call.params['contact'] ?? ''));
  if (link === undefined) throw notFound();
  return link;
}

function conversationsOf(call: PublicCall): readonly Conversation[] {
  return call.world.state.conversationsOfContactInbox(findLink(call).id);
}

function findConversation(call: PublicCall): Conversation {
  const found = conversationsOf(call).find((conversation) => conversation.displayId === Number(call.params['cid']));
  if (found === undefined) throw notFound();
  return found;
}

function contactView(world: World, link: ContactInbox) {
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

function conversationView(world: World, conversation: Conversation) {
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

function createContact(call: PublicCall): RestAnswer {
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
  const link = linkContact(call.world.state, contact, call.inbox, sourceId ?? crypto.randomUUID(), Date.now());
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

function updateContact(call: PublicCall): RestAnswer {
  const link = findLink(call);
  const contact = mustGet(call.world.state.contacts, link.contactId, 'contact');
  contact.name = textOf(call.body.fields['name']) ?? contact.name;
  contact.email = textOf(call.body.fields['email']) ?? contact.email;
  contact.phoneNumber = textOf(call.body.fields['phone_number']) ?? contact.phoneNumber;
  return ok(contactView(call.world, link));
}

function createOne(call: PublicCall): RestAnswer {
  const customAttributes = objectOf(call.body.fields['custom_attributes']) ?? {};
  return ok(conversationView(call.world, createConversation(call.world, findLink(call), { customAttributes })));
}

function resolve(call: PublicCall): RestAnswer {
  const conversation = findConversation(call);
  if (conversation.status !== 'resolved') {
    changeStatus(call.world, conversation, { status: 'resolved' }, { kind: 'contact', name: 'contact' });
  }
  return ok(conversationView(call.world, conversation));
}

function typing(call: PublicCall): RestAnswer {
  const wanted = textOf(call.body.fields['typing_status']) ?? call.query.get('typing_status');
  if (wanted === 'on' || wanted === 'off') customerTypes(call.world, findConversation(call), wanted === 'on');
  return ok();
}

function seen(call: PublicCall): RestAnswer {
  findConversation(call).contactLastSeenAtMs = Date.now();
  return ok();
}

function createMessage(call: PublicCall): RestAnswer {
  const message = receiveMessage(call.world, findConversation(call), {
    content: textOf(call.body.fields['content']),
    attachments: call.body.files.map(fileAttachment),
  });
  return ok(messageRestForm(call.world, message, textOf(call.body.fields['echo_id']) ?? undefined));
}

function listMessages(call: PublicCall): RestAnswer {
  const visible = findConversation(call).messages.filter(
    (message) => !message.private && message.messageType !== 'activity',
  );
  return ok(
    messagePage(visible, numberOf(call.query.get('before')), null).map((message) =>
      messageRestForm(call.world, message),
    ),
  );
}
