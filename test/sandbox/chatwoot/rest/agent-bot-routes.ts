// REST calls on agent bots. Any member may read them; their secret is for administrators, and so is the token since 4.16.2.
import { buildBot } from '../state/build-records.ts';
import type { AgentBot } from '../state/model.ts';
import { randomToken } from '../state/tokens.ts';
import { agentBotWrite, noBody } from './checks/request-shapes.ts';
import { isAdmin } from './find-records.ts';
import { objectOf, textOf } from './params.ts';
import { invalidRecord, notFound } from './rest-error.ts';
import { ok, type RestAnswer, type RestCall, type Route } from './route.ts';
import { slimBotView } from './views/agent-view.ts';

const ONE = '/agent_bots/:id';

export const agentBotRoutes: Route[] = [
  {
    endpoint: 'agent_bots.list',
    method: 'GET',
    path: '/agent_bots',
    run: (call) => ok(call.world.state.botsOf(call.account.id).map((bot) => view(call, bot))),
  },
  { endpoint: 'agent_bots.show', method: 'GET', path: ONE, run: (call) => ok(view(call, found(call))) },
  { endpoint: 'agent_bots.create', method: 'POST', path: '/agent_bots', admin: true, body: agentBotWrite, run: create },
  { endpoint: 'agent_bots.update', method: 'PATCH', path: ONE, admin: true, body: agentBotWrite, run: update },
  { endpoint: 'agent_bots.delete', method: 'DELETE', path: ONE, admin: true, run: remove },
  {
    endpoint: 'agent_bots.reset_secret',
    method: 'POST',
    path: `${ONE}/reset_secret`,
    admin: true,
    body: noBody,
    run: (call) => reset(call, 'secret'),
  },
  {
    endpoint: 'agent_bots.reset_access_token',
    method: 'POST',
    path: `${ONE}/reset_access_token`,
    admin: true,
    body: noBody,
    run: (call) => reset(call, 'token'),
  },
];

function view(call: RestCall, bot: AgentBot) {
  const { features } = call.world;
  const secret = isAdmin(call) && features.botAndApiDeliveriesSigned ? { secret: bot.secret } : {};
  const token = isAdmin(call) || features.botTokenShownToEveryMember ? { access_token: bot.token } : {};
  return { ...slimBotView(bot), ...token, ...secret, system_bot: false };
}

function found(call: RestCall): AgentBot {
  const bot = call.world.state.bots.get(Number(call.params['id']));
  if (bot?.accountId !== call.account.id) throw notFound();
  return bot;
}

function checkUrl(call: RestCall): string | null {
  const url = textOf(call.body['outgoing_url']);
  if (url !== null && url.length > 2048) {
    throw invalidRecord('Outgoing url is too long (maximum is 2048 characters)', ['outgoing_url']);
  }
  return url;
}

function create(call: RestCall): RestAnswer {
  const bot = buildBot(call.world.state, call.account, {
    name: textOf(call.body['name']) ?? '',
    outgoing_url: checkUrl(call),
  });
  bot.description = textOf(call.body['description']);
  bot.botConfig = objectOf(call.body['bot_config']) ?? {};
  call.world.state.bots.set(bot.id, bot);
  return ok(view(call, bot));
}

function update(call: RestCall): RestAnswer {
  const bot = found(call);
  if ('name' in call.body) bot.name = textOf(call.body['name']) ?? bot.name;
  if ('description' in call.body) bot.description = textOf(call.body['description']);
  if ('outgoing_url' in call.body) bot.outgoingUrl = checkUrl(call);
  if ('bot_config' in call.body) bot.botConfig = objectOf(call.body['bot_config']) ?? {};
  return ok(view(call, bot));
}

function remove(call: RestCall): RestAnswer {
  const bot = found(call);
  call.world.state.bots.delete(bot.id);
  for (const inbox of call.world.state.inboxes.values()) if (inbox.agentBotId === bot.id) inbox.agentBotId = null;
  for (const conversation of call.world.state.conversationsOf(call.account.id)) {
    if (conversation.agentBotId === bot.id) conversation.agentBotId = null;
  }
  return ok();
}

/** The old value is dead at once; deliveries queued before still carry the old secret. */
function reset(call: RestCall, what: 'secret' | 'token'): RestAnswer {
  const bot = found(call);
  bot[what] = randomToken();
  return ok(view(call, bot));
}
