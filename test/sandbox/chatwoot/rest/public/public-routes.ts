// The client API of API inboxes: a gateway pushes the customer's side without any token. No `after`, no `source_id`, and
// toggle_status can only resolve.
import { z } from 'zod';
import type { World } from '../../world.ts';
import type { OtherCall } from '../other-calls.ts';
import { notFound } from '../rest-error.ts';
import { ok, type RestAnswer, type Route } from '../route.ts';
import {
  contactView,
  conversationsOf,
  conversationView,
  createContact,
  createMessage,
  createOne,
  findConversation,
  findLink,
  listMessages,
  type PublicCall,
  resolve,
  seen,
  typing,
  updateContact,
} from './public-actions.ts';

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
