// Connects the shop's Odoo with a bridge and a Chatwoot the way an administrator does: a pairing code from the bridge
// typed into Odoo's wizard, then address, inboxes and tokens of Chatwoot entered in Odoo. Everything goes through Odoo's
// outbox. Done again it only changes what is different, so that a sandbox that comes up on other ports is right.
import { z } from 'zod';
import { callBridge } from '../../../scripts/lib/demo/bridge-process.ts';
import { waitUntil } from '../servers/wait-until.ts';
import { modeOf, shop, shopTokens } from './shop.ts';
import { OdooSession } from './odoo-session.ts';

export interface ShopSystems {
  odoo: { url: string; database: string; login: string; password: string };
  bridge: { url: string; adminToken: string };
  chatwootUrl: string;
}

const sendTimeoutMs = 60_000;

/** Resolves when the bridge has everything and says that it reaches both Odoo and Chatwoot. */
export async function connectShop({ odoo, bridge, chatwootUrl }: ShopSystems): Promise<OdooSession> {
  const session = await OdooSession.open(odoo);
  const connection = await saveConnection(session, bridge.url);
  const tenant = (await pairedTenant(session, bridge)) ?? (await pair(session, bridge, connection));
  await saveTenant(session, tenant, {
    chatwoot_url: chatwootUrl,
    chatwoot_account: shop.chatwootAccountId,
    handoff_team: shop.team,
    odoo_url: odoo.url,
    odoo_db: odoo.database,
  });
  await saveChatwootCredential(session, tenant);
  await everythingSent(session);
  await everythingWorks(bridge);
  return session;
}

async function saveConnection(session: OdooSession, url: string): Promise<number> {
  const [known] = await session.find('integrator.bridge', [], ['url']);
  if (!known) return session.create('integrator.bridge', { name: 'Bridge', url });
  const id = Number(known['id']);
  if (known['url'] !== url) await session.write('integrator.bridge', id, { url });
  return id;
}

/** Null unless both sides know of each other: either may have been started anew. */
async function pairedTenant(session: OdooSession, bridge: ShopSystems['bridge']): Promise<number | null> {
  const [tenant] = await session.find('integrator.tenant', [['account_id', '=', shop.accountId]], ['is_paired']);
  if (!tenant?.['is_paired']) return null;
  const { tenants } = z
    .object({ tenants: z.array(z.object({ account_id: z.string() })) })
    .parse(await callBridge(bridge, 'tenant.list', {}));
  return tenants.some(({ account_id: known }) => known === shop.accountId) ? Number(tenant['id']) : null;
}

async function pair(session: OdooSession, bridge: ShopSystems['bridge'], connection: number): Promise<number> {
  const made = await callBridge(bridge, 'system.create_pairing_code', { account_id: shop.accountId });
  const { code } = z.object({ code: z.string() }).parse(made);
  const { name, accountId: account_id, domain } = shop;
  const wizard = await session.create('integrator.pair', {
    ...{ bridge_id: connection, code, name, account_id, domain },
    ...{ lang: 'pt_BR', tz: 'America/Sao_Paulo' },
  });
  await session.call('integrator.pair', 'action_pair', [[wizard]]);
  const [tenant] = await session.find('integrator.tenant', [['account_id', '=', account_id]], ['is_paired']);
  if (!tenant) throw new Error(`Odoo has no tenant ${account_id} after pairing`);
  return Number(tenant['id']);
}

async function saveTenant(session: OdooSession, id: number, wanted: Record<string, unknown>): Promise<void> {
  const fields = [...Object.keys(wanted), 'inbox_ids'];
  const [tenant] = await session.find('integrator.tenant', [['id', '=', id]], fields);
  const inboxes = shop.inboxes.map((inbox) => [
    0,
    0,
    { number: inbox.id, name: inbox.channel, mode: modeOf(inbox.channel) },
  ]);
  const hasInboxes = z.array(z.number()).parse(tenant?.['inbox_ids'] ?? []).length > 0;
  const changes = Object.entries(wanted).filter(([name, value]) => tenant?.[name] !== value);
  if (changes.length === 0 && hasInboxes) return;
  await session.write('integrator.tenant', id, {
    ...Object.fromEntries(changes),
    ...(!hasInboxes && { inbox_ids: inboxes }),
  });
}

async function saveChatwootCredential(session: OdooSession, tenant: number): Promise<void> {
  const known = await session.find(
    'integrator.credential',
    [
      ['tenant_id', '=', tenant],
      ['kind', '=', 'chatwoot'],
    ],
    ['ref'],
  );
  if (known.length > 0) return;
  await session.create('integrator.credential', {
    tenant_id: tenant,
    kind: 'chatwoot',
    input_bot_token: shopTokens.bot,
    input_user_token: shopTokens.user,
    input_webhook_secrets: shopTokens.webhookSecret,
  });
}

/** Waits until Odoo's outbox is empty; rejects with what the bridge refused. */
export async function everythingSent(session: OdooSession): Promise<void> {
  const rowsIn = async (...states: string[]): Promise<Record<string, unknown>[]> =>
    session.find('integrator.outbox', [['state', 'in', states]], ['kind', 'ref', 'state', 'last_error']);
  const sent = await waitUntil(async () => (await rowsIn('pending', 'sending')).length === 0, sendTimeoutMs, 100);
  const [left] = await rowsIn('dead', ...(sent ? [] : ['pending', 'sending']));
  if (left) {
    throw new Error(
      `Odoo could not send ${String(left['kind'])} ${String(left['ref'])}: ${String(left['last_error'])}`,
    );
  }
}

const Check = z.object({
  integrations: z.record(z.string(), z.object({ ok: z.boolean(), message: z.string(), fix: z.string().nullish() })),
});

/** What `tenant.check` says of the shop, by integration. */
export async function checkShop(bridge: ShopSystems['bridge']): Promise<z.infer<typeof Check>['integrations']> {
  return Check.parse(await callBridge(bridge, 'tenant.check', { account_id: shop.accountId })).integrations;
}

async function everythingWorks(bridge: ShopSystems['bridge']): Promise<void> {
  for (const [name, { ok, message, fix }] of Object.entries(await checkShop(bridge))) {
    if (!ok) throw new Error(`the bridge does not reach ${name}: ${message} ${fix ?? ''}`);
  }
}
