// `scripts/tenant inboxes | connect | disconnect`: a tenant's Chatwoot delivers to the running bridge, or no more.
import { z } from 'zod';
import type { BridgeClient } from '../bridge-client.ts';
import { CommandError } from '../run-command.ts';

const surfaces = ['agent_bot', 'account_webhook'];

export async function listInboxes(bridge: BridgeClient, accountId: string | undefined): Promise<void> {
  const shape = z.object({
    inboxes: z.array(
      z.object({ id: z.number(), name: z.string(), channel_type: z.string(), mode: z.string().nullable() }),
    ),
  });
  const { inboxes } = await bridge.call('chatwoot.inboxes', { account_id: named(accountId) }, shape);
  for (const { id, name, channel_type: type, mode } of inboxes) {
    console.log([id, mode ?? '-', type.replace('Channel::', ''), name].join('\t'));
  }
}

export async function connectChatwoot(
  bridge: BridgeClient,
  accountId: string | undefined,
  given: { surface: string | undefined; inboxes: string | undefined },
): Promise<void> {
  const surface = given.surface ?? 'agent_bot';
  if (!surfaces.includes(surface)) throw new CommandError(`--surface is one of ${surfaces.join(', ')}`, 2);
  const ids = (given.inboxes ?? '')
    .split(',')
    .filter((id) => id.trim() !== '')
    .map(Number);
  if (ids.some((id) => !Number.isInteger(id) || id < 1)) throw new CommandError('--inboxes takes numbers: 5,7', 2);
  if (surface === 'agent_bot' && ids.length === 0) {
    throw new CommandError('--inboxes names where the bot answers; scripts/tenant inboxes lists them', 2);
  }
  const params = { account_id: named(accountId), surface, inbox_ids: ids };
  const { url } = await bridge.call('chatwoot.connect', params, z.object({ url: z.string() }));
  // An address with a token in it is a secret, so it is not printed whole.
  console.log(url.replace(/\/t\/.*$/, '/t/…'));
}

export async function disconnectChatwoot(bridge: BridgeClient, accountId: string | undefined): Promise<void> {
  const params = { account_id: named(accountId) };
  const { removed } = await bridge.call('chatwoot.disconnect', params, z.object({ removed: z.boolean() }));
  console.log(removed ? 'disconnected' : 'was not connected');
}

function named(accountId: string | undefined): string {
  if (accountId === undefined) throw new CommandError('name the tenant: its account_id', 2);
  return accountId;
}
