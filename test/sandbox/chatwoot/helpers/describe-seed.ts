// Ids, tokens and secrets of everything that exists, so that a script can write the same values into the bridge's credentials.
import type { World } from '../world.ts';

export function describeSeed(world: World) {
  return {
    version: world.features.version,
    base_url: world.baseUrl(),
    accounts: [...world.state.accounts.values()].map((account) => describeAccount(world, account.id)),
  };
}

function describeAccount(world: World, accountId: number) {
  const { state } = world;
  const account = state.accounts.get(accountId);
  return {
    id: accountId,
    name: account?.name ?? '',
    tenant: account?.tenant ?? null,
    users: state
      .usersOf(accountId)
      .map((user) => ({ id: user.id, name: user.name, role: user.roles.get(accountId) ?? 'agent', token: user.token })),
    bots: state
      .botsOf(accountId)
      .map(({ id, name, token, secret, outgoingUrl }) => ({ id, name, token, secret, outgoing_url: outgoingUrl })),
    webhooks: state
      .webhooksOf(accountId)
      .map(({ id, url, secret, subscriptions }) => ({ id, url, secret, subscriptions })),
    inboxes: state.inboxesOf(accountId).map((inbox) => ({
      id: inbox.id,
      name: inbox.name,
      tenant: inbox.tenant ?? account?.tenant ?? null,
      channel_type: inbox.channelType,
      agent_bot_id: inbox.agentBotId,
      inbox_identifier: inbox.inboxIdentifier,
      webhook_url: inbox.webhookUrl,
      secret: inbox.secret,
    })),
    teams: state.teamsOf(accountId).map(({ id, name }) => ({ id, name })),
    labels: state.labelsOf(accountId).map(({ title }) => title),
  };
}
