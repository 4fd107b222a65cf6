// Fills an empty state from the seed file and gives back what a script needs afterwards: ids, tokens and secrets.
import type { AccountConfig, SandboxConfig } from '../config.ts';
import { buildBot, buildContact, buildInbox } from './build-records.ts';
import type { Account } from './model.ts';
import { SandboxState } from './sandbox-state.ts';
import { randomToken } from './tokens.ts';

/** Used when a webhook is made without a list of its own. */
export const DEFAULT_SUBSCRIPTIONS = [
  'conversation_status_changed',
  'conversation_updated',
  'conversation_created',
  'contact_created',
  'contact_updated',
  'message_created',
  'message_updated',
  'webwidget_triggered',
];

export function seedState(config: SandboxConfig): SandboxState {
  const state = new SandboxState(config.earlier_starts);
  for (const account of config.accounts) seedAccount(state, account);
  return state;
}

function seedAccount(state: SandboxState, config: AccountConfig): void {
  const account: Account = {
    id: state.takeId('account', config.id),
    name: config.name,
    tenant: config.tenant ?? null,
    locale: config.locale,
    keepPendingOnBotFailure: config.keep_pending_on_bot_failure,
    assignmentEngine: config.assignment_engine,
    lastDisplayId: state.firstDisplayId - 1,
  };
  state.accounts.set(account.id, account);
  seedUsers(state, account, config);
  seedInboxes(state, account, config);
  seedWebhooks(state, account, config);
  for (const contact of config.contacts) {
    const record = buildContact(state, account.id, contact, Date.now());
    state.contacts.set(record.id, record);
  }
  seedDirectory(state, account, config);
}

/** An account without users gets one administrator and one agent, so that a person can always act. */
function seedUsers(state: SandboxState, account: Account, config: AccountConfig): void {
  const users =
    config.users.length > 0 ? config.users : [defaultUser('Ana', 'administrator'), defaultUser('Bia', 'agent')];
  for (const user of users) {
    const known = user.id === undefined ? undefined : state.users.get(user.id);
    if (known !== undefined) {
      known.roles.set(account.id, user.role);
      continue;
    }
    const id = state.takeId('user', user.id);
    state.users.set(id, {
      id,
      name: user.name,
      email: user.email ?? `${user.name.toLowerCase().replace(/\W+/g, '.')}.${id}@example.org`,
      token: user.token ?? randomToken(),
      availability: user.availability,
      roles: new Map([[account.id, user.role]]),
    });
  }
}

function defaultUser(name: string, role: 'agent' | 'administrator'): AccountConfig['users'][number] {
  return { name, role, availability: 'offline' };
}

function seedInboxes(state: SandboxState, account: Account, config: AccountConfig): void {
  const inboxes = config.inboxes.map((inbox) => buildInbox(state, account, inbox, null));
  for (const inbox of inboxes) state.inboxes.set(inbox.id, inbox);
  for (const botConfig of config.bots) {
    const bot = buildBot(state, account, botConfig);
    state.bots.set(bot.id, bot);
    for (const inbox of inboxes) {
      if (botConfig.inboxes === 'all' || botConfig.inboxes.includes(inbox.id)) inbox.agentBotId = bot.id;
    }
  }
}

function seedWebhooks(state: SandboxState, account: Account, config: AccountConfig): void {
  for (const webhook of config.webhooks) {
    const id = state.takeId('webhook', webhook.id);
    state.webhooks.set(id, {
      id,
      accountId: account.id,
      inboxId: null,
      name: webhook.name ?? null,
      url: webhook.url.replaceAll('{tenant}', account.tenant ?? String(account.id)),
      secret: webhook.secret ?? randomToken(),
      subscriptions: webhook.subscriptions ?? DEFAULT_SUBSCRIPTIONS,
    });
  }
}

function seedDirectory(state: SandboxState, account: Account, config: AccountConfig): void {
  for (const team of config.teams) {
    const id = state.takeId('team', team.id);
    const name = team.name.toLowerCase();
    state.teams.set(id, {
      id,
      accountId: account.id,
      name,
      description: null,
      allowAutoAssign: team.allow_auto_assign,
      memberIds: team.members,
    });
  }
  for (const title of config.labels) {
    const id = state.takeId('label');
    state.labels.set(id, {
      id,
      accountId: account.id,
      title: title.toLowerCase(),
      description: null,
      color: '#1f93ff',
    });
  }
}
