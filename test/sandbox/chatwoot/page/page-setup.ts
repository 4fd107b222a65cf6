// What the page needs to know before a conversation: tenants, their channels, the people who can act, and what the codes of a
// bridge's trace mean to people. No token, no secret.
import { turnWords } from '../../../../bridge/entry/console/turn-words.ts';
import type { World } from '../world.ts';

export function pageSetup(world: World) {
  return {
    version: world.features.version,
    trace: world.config.trace !== undefined,
    words: turnWords,
    accounts: [...world.state.accounts.values()].map((account) => ({
      id: account.id,
      name: account.name,
      tenant: account.tenant,
      inboxes: world.state.inboxesOf(account.id).map((inbox) => ({
        id: inbox.id,
        name: inbox.name,
        tenant: inbox.tenant,
        channel_type: inbox.channelType,
        medium: inbox.medium,
      })),
      users: world.state
        .usersOf(account.id)
        .map((user) => ({ id: user.id, name: user.name, role: user.roles.get(account.id) ?? 'agent' })),
    })),
  };
}
