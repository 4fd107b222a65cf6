// REST calls on inboxes: read by everyone who may see them, changed by administrators.
import { buildInbox } from '../state/build-records.ts';
import { inboxSettings } from '../config.ts';
import { randomToken } from '../state/tokens.ts';
import { inboxCreate, inboxUpdate, noBody, setAgentBot } from './checks/request-shapes.ts';
import { findInbox, isAdmin, visibleInboxes } from './find-records.ts';
import { numberOf, objectOf, textOf } from './params.ts';
import { invalidRecord, notAllowed, notFound, RestError, serverError, unprocessable } from './rest-error.ts';
import { ok, type RestAnswer, type RestCall, type Route } from './route.ts';
import { agentView, slimBotView } from './views/agent-view.ts';
import { inboxView } from './views/inbox-view.ts';

const ONE = '/inboxes/:id';

export const inboxRoutes: Route[] = [
  {
    endpoint: 'inboxes.list',
    method: 'GET',
    path: '/inboxes',
    run: (call) => ok({ payload: visibleInboxes(call).map((inbox) => inboxView(call.world, inbox, isAdmin(call))) }),
  },
  { endpoint: 'inboxes.show', method: 'GET', path: ONE, run: show },
  { endpoint: 'inboxes.create', method: 'POST', path: '/inboxes', admin: true, body: inboxCreate, run: create },
  { endpoint: 'inboxes.update', method: 'PATCH', path: ONE, admin: true, body: inboxUpdate, run: update },
  { endpoint: 'inboxes.agent_bot', method: 'GET', path: `${ONE}/agent_bot`, run: agentBot },
  {
    endpoint: 'inboxes.set_agent_bot',
    method: 'POST',
    path: `${ONE}/set_agent_bot`,
    admin: true,
    body: setAgentBot,
    run: linkBot,
  },
  {
    endpoint: 'inboxes.reset_secret',
    method: 'POST',
    path: `${ONE}/reset_secret`,
    admin: true,
    body: noBody,
    run: resetSecret,
  },
  {
    endpoint: 'inboxes.sync_templates',
    method: 'POST',
    path: `${ONE}/sync_templates`,
    admin: true,
    body: noBody,
    run: syncTemplates,
  },
  { endpoint: 'inbox_members.list', method: 'GET', path: '/inbox_members/:id', run: members },
  {
    endpoint: 'assignable_agents.list',
    method: 'GET',
    path: '/assignable_agents',
    query: ['inbox_ids'],
    run: assignable,
  },
];

function found(call: RestCall) {
  const inbox = findInbox(call, Number(call.params['id']));
  if (!visibleInboxes(call).includes(inbox)) throw notAllowed();
  return inbox;
}

function show(call: RestCall): RestAnswer {
  return ok(inboxView(call.world, found(call), isAdmin(call)));
}

const CHANNEL_TYPES: Record<
  string,
  | 'Channel::Api'
  | 'Channel::WebWidget'
  | 'Channel::Email'
  | 'Channel::Line'
  | 'Channel::Telegram'
  | 'Channel::Whatsapp'
  | 'Channel::Sms'
> = {
  api: 'Channel::Api',
  web_widget: 'Channel::WebWidget',
  email: 'Channel::Email',
  line: 'Channel::Line',
  telegram: 'Channel::Telegram',
  whatsapp: 'Channel::Whatsapp',
  sms: 'Channel::Sms',
};

function create(call: RestCall): RestAnswer {
  const channel = objectOf(call.body['channel']) ?? {};
  const channelType = CHANNEL_TYPES[textOf(channel['type']) ?? ''];
  if (channelType === undefined) throw serverError();
  const name = textOf(call.body['name']);
  if (name === null || name === '') throw invalidRecord("Name can't be blank", ['name']);
  const inbox = buildInbox(
    call.world.state,
    call.account,
    {
      ...inboxSettings.parse({ enable_email_collect: true, ...call.body }),
      name,
      channel_type: channelType,
      webhook_url: textOf(channel['webhook_url']),
      phone_number: textOf(channel['phone_number']),
      additional_attributes: objectOf(channel['additional_attributes']) ?? {},
      message_templates: [],
      members: [],
    },
    null,
  );
  call.world.state.inboxes.set(inbox.id, inbox);
  return ok(inboxView(call.world, inbox, true));
}

function update(call: RestCall): RestAnswer {
  const inbox = found(call);
  const channel = objectOf(call.body['channel']);
  const settings = inboxSettings.partial().safeParse(call.body);
  if (!settings.success) throw unprocessable(settings.error.message);
  Object.assign(inbox.settings, Object.fromEntries(Object.entries(settings.data).filter(([key]) => key in call.body)));
  inbox.name = textOf(call.body['name']) ?? inbox.name;
  if (channel !== null && inbox.channelType === 'Channel::Api') {
    if ('webhook_url' in channel) inbox.webhookUrl = textOf(channel['webhook_url']);
    if ('additional_attributes' in channel) inbox.channelAttributes = objectOf(channel['additional_attributes']) ?? {};
  }
  return ok(inboxView(call.world, inbox, true));
}

/** The token is an object here up to 4.15.1, a text everywhere else. */
function agentBot(call: RestCall): RestAnswer {
  const inbox = found(call);
  const bot = inbox.agentBotId === null ? undefined : call.world.state.bots.get(inbox.agentBotId);
  if (bot === undefined) return ok({});
  const token = call.world.features.inboxBotTokenIsObject ? { token: bot.token } : bot.token;
  return ok({ agent_bot: { ...slimBotView(bot), access_token: token } });
}

function linkBot(call: RestCall): RestAnswer {
  const inbox = found(call);
  const id = numberOf(call.body['agent_bot']);
  if (id === null) {
    inbox.agentBotId = null;
    return ok();
  }
  const bot = call.world.state.bots.get(id);
  if (bot?.accountId !== call.account.id) throw notFound();
  inbox.agentBotId = bot.id;
  return ok();
}

function resetSecret(call: RestCall): RestAnswer {
  const inbox = found(call);
  if (inbox.channelType !== 'Channel::Api') throw new RestError(404, undefined);
  inbox.secret = randomToken();
  return ok(inboxView(call.world, inbox, true));
}

function syncTemplates(call: RestCall): RestAnswer {
  if (found(call).channelType !== 'Channel::Whatsapp') {
    throw unprocessable('Template sync is only available for WhatsApp channels');
  }
  return ok({ message: 'Template sync initiated successfully' });
}

function members(call: RestCall): RestAnswer {
  const inbox = found(call);
  const users = inbox.memberIds.flatMap((id) => call.world.state.users.get(id) ?? []);
  return ok({ payload: users.map((user) => agentView(user, call.account)) });
}

/** Members of all given inboxes, plus every administrator. */
function assignable(call: RestCall): RestAnswer {
  const inboxes = call.query.getAll('inbox_ids[]').map((id) => findInbox(call, Number(id)));
  const users = call.world.state
    .usersOf(call.account.id)
    .filter(
      (user) =>
        user.roles.get(call.account.id) === 'administrator' ||
        inboxes.every((inbox) => inbox.memberIds.includes(user.id)),
    );
  return ok({ payload: users.map((user) => agentView(user, call.account)) });
}
