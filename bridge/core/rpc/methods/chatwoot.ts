// `chatwoot.*`: the tenant's Chatwoot is made to deliver here, from one call. What it needs for that (its secret, the bot's
// token) is sealed in an entry of its own, so that saving the tenant's credential again does not wipe it.
import { z } from 'zod';
import { BridgeError } from '../../errors.ts';
import { connectedRef } from '../../ports/conversation-setup.ts';
import type { Connected, ConnectionWish, ConversationSetup } from '../../ports/conversation-setup.ts';
import type { Credential, CredentialFields } from '../../ports/credentials.ts';
import type { Tenant } from '../../tenant.ts';
import type { RpcDeps } from '../deps.ts';
import { tenantMethod } from '../method.ts';
import type { RpcMethod, TenantContext } from '../method.ts';
import { writeAudit } from '../write-audit.ts';

/** The secret before the last ones: deliveries that were queued before a change still carry it. */
const secretsKept = 4;

export function chatwootMethods(deps: RpcDeps): RpcMethod[] {
  return [inboxes(deps), connect(deps), disconnect(deps)];
}

function inboxes(deps: RpcDeps): RpcMethod {
  return tenantMethod(deps.tenants, {
    name: 'chatwoot.inboxes',
    summary: 'The inboxes of the tenant’s Chatwoot, each with the mode this tenant uses it in.',
    access: 'token',
    scope: 'odoo',
    params: z.strictObject({}),
    result: z.strictObject({
      inboxes: z.array(
        z.strictObject({
          id: z.number().int(),
          name: z.string(),
          channel_type: z.string(),
          mode: z.enum(['live', 'test', 'observe']).nullable().describe('Null: not this tenant’s.'),
        }),
      ),
    }),
    run: async ({ tenant, signal }) => {
      const setup = await setupOf(deps, tenant);
      const listed = tenant.config.integrations.chatwoot?.inboxes ?? [];
      const found = await setup.inboxes(signal);
      return {
        inboxes: found.map(({ id, name, channelType }) => ({
          id,
          name,
          channel_type: channelType,
          mode: listed.find((inbox) => inbox.id === id)?.mode ?? null,
        })),
      };
    },
  });
}

function connect(deps: RpcDeps): RpcMethod {
  return tenantMethod(deps.tenants, {
    name: 'chatwoot.connect',
    summary: 'Makes the tenant’s Chatwoot deliver here, and keeps what it needs for that; again is like once.',
    access: 'token',
    scope: 'odoo',
    params: z.strictObject({
      surface: z.enum(['agent_bot', 'account_webhook']),
      inbox_ids: z.array(z.number().int().positive()).max(200).default([]),
    }),
    result: z.strictObject({
      url: z.string(),
      bot_id: z.number().int().optional(),
      webhook_id: z.number().int().optional(),
    }),
    run: async (context, { surface, inbox_ids: inboxIds }) => {
      const { url, connected } = await connectTo(deps, context, { surface, inboxIds });
      const { botId, webhookId } = connected;
      const detail = { surface, inboxes: inboxIds.join(' '), bot_id: botId, webhook_id: webhookId };
      await writeAudit(deps, context, context.accountId, 'chatwoot.connect', detail);
      return {
        url,
        ...(botId === null ? {} : { bot_id: botId }),
        ...(webhookId === null ? {} : { webhook_id: webhookId }),
      };
    },
  });
}

/**
 * A Chatwoot that signs gets the plain address. One that is too old gets an address with a token, which must be known here
 * before it is known there; and one that was upgraded since gets the plain one again.
 */
async function connectTo(
  deps: RpcDeps,
  { tenant, signal }: TenantContext,
  wanted: Pick<ConnectionWish, 'surface' | 'inboxIds'>,
): Promise<{ url: string; connected: Connected }> {
  const setup = await setupOf(deps, tenant);
  const plain = addressOf(deps, tenant);
  const before = await deps.vault.get(tenant.accountId, connectedRef);
  const given = await givenBotToken(deps, tenant);
  const wish = { ...wanted, urlPrefix: plain, name: tenant.config.name, botToken: given ?? text(before, 'bot_token') };
  const signed = await setup.connect({ ...wish, url: plain }, signal);
  if (signed.secret !== null) {
    await save(deps, tenant, { ...fieldsOf(signed, before), webhook_secrets: secretsOf(signed.secret, before) });
    return { url: plain, connected: signed };
  }
  const urlToken = text(before, 'url_token') ?? deps.newSecret();
  await save(deps, tenant, { ...fieldsOf(signed, before), url_token: urlToken });
  const url = `${plain}/t/${urlToken}`;
  return { url, connected: await setup.connect({ ...wish, url }, signal) };
}

function disconnect(deps: RpcDeps): RpcMethod {
  return tenantMethod(deps.tenants, {
    name: 'chatwoot.disconnect',
    summary: 'Undoes chatwoot.connect: nothing is delivered here any more, and what it kept is forgotten.',
    access: 'token',
    scope: 'odoo',
    params: z.strictObject({}),
    result: z.strictObject({ removed: z.boolean() }),
    run: async (context) => {
      const { tenant, accountId, signal } = context;
      const setup = await setupOf(deps, tenant);
      const before = await deps.vault.get(accountId, connectedRef);
      const keepBotId = text(before, 'is_ours') === 'no' ? Number(text(before, 'bot_id')) : null;
      const undone = await setup.disconnect(addressOf(deps, tenant), keepBotId, signal);
      // Last, so that a failure above can be tried again with what is needed for it.
      const forgotten = await deps.vault.remove(accountId, connectedRef);
      await writeAudit(deps, context, accountId, 'chatwoot.disconnect', { removed: undone || forgotten });
      return { removed: undone || forgotten };
    },
  });
}

async function setupOf(deps: RpcDeps, tenant: Tenant): Promise<ConversationSetup> {
  const setup = await deps.conversationSetup(tenant);
  if (!setup) {
    throw new BridgeError('bad_request', 'Chatwoot is not configured for this tenant: save its address first.');
  }
  return setup;
}

function addressOf(deps: RpcDeps, { accountId }: Tenant): string {
  if (deps.publicUrl === null) {
    throw new BridgeError('bad_request', 'Set PUBLIC_URL to the address at which Chatwoot reaches this bridge.');
  }
  return `${deps.publicUrl}/webhooks/chatwoot/${accountId}`;
}

async function givenBotToken(deps: RpcDeps, { accountId, config }: Tenant): Promise<string | null> {
  const ref = config.integrations.chatwoot?.credential_ref;
  return text(ref ? await deps.vault.get(accountId, ref) : null, 'bot_token');
}

async function save(deps: RpcDeps, { accountId, config }: Tenant, fields: CredentialFields): Promise<void> {
  const address = config.integrations.chatwoot?.base_url;
  const origin = address === undefined ? null : new URL(address).origin;
  await deps.vault.set(accountId, {
    ref: connectedRef,
    kind: 'chatwoot',
    fields,
    origin,
    updatedAtMs: deps.clock.now(),
  });
}

function fieldsOf({ botId, botToken, isOurs }: Connected, before: Credential | null): CredentialFields {
  if (botId === null) return {};
  // A bot that was there before us stays one, however often it is connected.
  const wasTheirs = text(before, 'bot_id') === String(botId) && text(before, 'is_ours') === 'no';
  const wasOurs = text(before, 'bot_id') === String(botId) && text(before, 'is_ours') === 'yes';
  const ours = wasOurs || (isOurs && !wasTheirs) ? 'yes' : 'no';
  return { bot_id: String(botId), is_ours: ours, ...(botToken === null ? {} : { bot_token: botToken }) };
}

function secretsOf(secret: string, before: Credential | null): string[] {
  const known = before?.fields['webhook_secrets'];
  const others = Array.isArray(known) ? known.filter((each) => each !== secret) : [];
  return [secret, ...others].slice(0, secretsKept);
}

function text(credential: Credential | null, name: string): string | null {
  const value = credential?.fields[name];
  return typeof value === 'string' ? value : null;
}
