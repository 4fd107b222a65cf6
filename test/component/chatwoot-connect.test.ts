// A tenant's Chatwoot connected with nothing but an administrator's token: the JSON-RPC methods on a real vault, the simulated
// Chatwoot over HTTP, and a receiver that believes a delivery only when the stored secrets prove it.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ChatwootDeliveries } from '../../bridge/adapters/chatwoot/deliveries.ts';
import { ChatwootPlaces } from '../../bridge/adapters/chatwoot/places.ts';
import { AdminCalls } from '../../bridge/adapters/chatwoot/setup/admin-calls.ts';
import { settingsThatFight } from '../../bridge/adapters/chatwoot/setup/settings-that-fight.ts';
import { ChatwootSetup } from '../../bridge/adapters/chatwoot/setup/setup.ts';
import { startChatwootSandbox } from '../sandbox/chatwoot/start-chatwoot-sandbox.ts';
import type { ChatwootSandbox } from '../sandbox/chatwoot/start-chatwoot-sandbox.ts';
import { adminToken, rpcClient, startRpcBridge } from './rpc-bridge.ts';
import type { RpcBridge } from './rpc-bridge.ts';

const accountId = 'shop_one';
const account = 3;
const ref = 'shop_one-chatwoot';
const inboxId = 5;
const never = new AbortController().signal;

describe('connecting a tenant’s Chatwoot', () => {
  let bridge: RpcBridge;
  let sandbox: ChatwootSandbox;
  let address = '';
  /** How each delivery was taken, in order. */
  let taken: string[] = [];
  const receiver = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const urlToken = /\/t\/(\w+)$/.exec(request.url ?? '')?.[1] ?? null;
      void take(request.headers, Buffer.concat(parts), urlToken).then((status) => response.writeHead(status).end());
    });
  });
  const take = async (
    headers: Record<string, string | string[] | undefined>,
    body: Buffer,
    urlToken: string | null,
  ): Promise<number> => {
    try {
      const tenant = await bridge.tenants.find(accountId);
      const deliveries = new ChatwootDeliveries(bridge.vault, { now: () => Date.now() });
      const { event } = await deliveries.open(tenant, { headers, body, urlToken });
      taken.push(event.kind);
      return 200;
    } catch {
      taken.push('refused');
      return 401;
    }
  };

  const seed = (version: string, bots: object[] = []) => {
    taken = [];
    sandbox.api.reset({
      version,
      receipts: 'none',
      accounts: [
        {
          id: account,
          name: 'Sandra',
          bots,
          users: [
            { id: 11, name: 'Ana', role: 'administrator', token: 'admin-token' },
            { id: 12, name: 'Bia', token: 'agent-token' },
          ],
          inboxes: [
            { id: inboxId, name: 'WhatsApp', channel_type: 'Channel::Whatsapp' },
            { id: 99, name: 'Outra', channel_type: 'Channel::Whatsapp' },
          ],
        },
      ],
    } as Parameters<typeof sandbox.api.reset>[0]);
  };
  const rpc = async (method: string, params: object): Promise<Record<string, unknown>> => {
    const answer = await rpcClient(bridge.url, adminToken).call(method, { account_id: accountId, ...params });
    if (answer.error) throw new Error(answer.error.message);
    return answer.result;
  };
  const call = (method: string, params: object = {}) => rpc(`chatwoot.${method}`, params);
  const credential = (fields: object) => rpc('credentials.set', { ref, kind: 'chatwoot', fields });
  const arrives = async (name: string) => {
    taken = [];
    sandbox.api.customerWrites({ account, inbox: inboxId, contact: name, text: 'Oi' });
    await sandbox.api.idle();
    return taken.filter((kind) => kind !== 'ignored' && kind !== 'ownership');
  };
  const made = (kind: 'agent_bots' | 'webhooks') =>
    sandbox.api.requests.filter(({ endpoint }) => endpoint === `${kind}.create`).length;
  const world = () => sandbox.api.world.state;

  before(async () => {
    sandbox = await startChatwootSandbox({ accounts: [] });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    bridge = await startRpcBridge({ tenants: { '_base/defaults.yaml': 'language: pt_BR\n' }, publicUrl: address });
    const chatwoot = { base_url: sandbox.url, account_id: account, inboxes: [inboxId], credential_ref: ref };
    await rpc('tenant.upsert', { name: 'One', domain: 'retail', integrations: { chatwoot } });
    bridge.outside.conversationSetup = async ({ config }) => {
      const saved = await bridge.vault.get(accountId, ref);
      const token = saved?.fields['user_token'];
      const { http } = new ChatwootPlaces(2_000).at(config.integrations.chatwoot?.base_url ?? '', account);
      return new ChatwootSetup(http, typeof token === 'string' ? token : null);
    };
  });
  after(async () => {
    await bridge.stop();
    await sandbox.stop();
    receiver.close();
  });
  afterEach(async () => {
    await call('disconnect').catch(() => undefined);
    assert.deepEqual(sandbox.api.violations, []);
  });

  it('as a bot: one call makes, links and remembers it, and its deliveries are believed', async () => {
    seed('4.15.1');
    await credential({ user_token: 'admin-token' });
    const { inboxes } = await call('inboxes');
    const modes = new Map((inboxes as { id: number; mode: string | null }[]).map(({ id, mode }) => [id, mode]));
    assert.deepEqual([modes.get(inboxId), modes.get(99)], ['live', null]);
    const connected = await call('connect', { surface: 'agent_bot', inbox_ids: [inboxId] });
    assert.equal(connected['url'], `${address}/webhooks/chatwoot/${accountId}`);
    assert.deepEqual(await arrives('Marta'), ['customer_message']);
    const kept = await bridge.vault.get(accountId, 'chatwoot-connected');
    const bot = world().bots.get(Number(connected['bot_id']));
    assert.deepEqual([kept?.fields['bot_token'], kept?.origin], [bot?.token, sandbox.url]);
  });

  it('again is like once, gives back inboxes that are not wished for any more, and survives a new credential', async () => {
    seed('4.15.1');
    await credential({ user_token: 'admin-token' });
    const wish = { surface: 'agent_bot', inbox_ids: [inboxId, 99] };
    const first = await call('connect', wish);
    assert.deepEqual(await call('connect', wish), first);
    assert.equal(made('agent_bots'), 1);
    assert.deepEqual(await call('connect', { ...wish, inbox_ids: [inboxId] }), first);
    assert.equal(world().inboxes.get(99)?.agentBotId, null);
    await credential({ user_token: 'admin-token', webhook_secrets: ['of-an-api-inbox'] });
    assert.deepEqual(await arrives('Eva'), ['customer_message']);
  });

  it('through the account’s webhook removes the bot’s link, so that nothing comes twice', async () => {
    seed('4.15.1');
    await credential({ user_token: 'admin-token' });
    await call('connect', { surface: 'agent_bot', inbox_ids: [inboxId] });
    const hooked = await call('connect', { surface: 'account_webhook' });
    assert.deepEqual(await call('connect', { surface: 'account_webhook' }), hooked);
    assert.equal(made('webhooks'), 1);
    assert.equal(world().inboxes.get(inboxId)?.agentBotId, null);
    assert.ok(world().webhooks.has(Number(hooked['webhook_id'])));
    await call('connect', { surface: 'agent_bot', inbox_ids: [inboxId] });
    assert.equal(world().webhooks.size, 0);
  });

  it('with a Chatwoot too old to sign gets an address with a token, which the bridge knows before Chatwoot does', async () => {
    seed('4.11.0');
    await credential({ user_token: 'admin-token' });
    const { url } = await call('connect', { surface: 'agent_bot', inbox_ids: [inboxId] });
    assert.match(String(url), new RegExp(`^${address}/webhooks/chatwoot/${accountId}/t/[0-9a-f]{48}$`));
    assert.equal((await call('connect', { surface: 'agent_bot', inbox_ids: [inboxId] }))['url'], url);
    assert.deepEqual(await arrives('Rui'), ['customer_message']);
  });

  it('uses the bot it already speaks as, and undoing it leaves that bot alone', async () => {
    seed('4.15.1', [{ id: 44, name: 'Nossa', token: 'bot-token', outgoing_url: null, inboxes: [] }]);
    await credential({ user_token: 'admin-token', bot_token: 'bot-token' });
    assert.equal((await call('connect', { surface: 'agent_bot', inbox_ids: [inboxId] }))['bot_id'], 44);
    await call('connect', { surface: 'agent_bot', inbox_ids: [inboxId] });
    assert.deepEqual(await call('disconnect'), { removed: true });
    assert.deepEqual([world().bots.get(44)?.outgoingUrl, world().inboxes.get(inboxId)?.agentBotId], [null, null]);
  });

  it('never throws another bot out of an inbox', async () => {
    seed('4.15.1', [{ id: 45, name: 'De outro', outgoing_url: 'https://other.example.com/hook', inboxes: [inboxId] }]);
    await credential({ user_token: 'admin-token' });
    await assert.rejects(call('connect', { surface: 'agent_bot', inbox_ids: [inboxId] }), /De outro/);
    assert.equal(world().inboxes.get(inboxId)?.agentBotId, 45);
    assert.equal(made('agent_bots'), 0);
  });

  it('undone removes what was made, once, and forgets its secrets', async () => {
    seed('4.15.1');
    await credential({ user_token: 'admin-token' });
    await call('connect', { surface: 'agent_bot', inbox_ids: [inboxId] });
    assert.deepEqual(await call('disconnect'), { removed: true });
    assert.deepEqual(await call('disconnect'), { removed: false });
    assert.equal(world().bots.size, 0);
    assert.equal(await bridge.vault.get(accountId, 'chatwoot-connected'), null);
  });

  it('needs an administrator, and says so', async () => {
    seed('4.15.1');
    await credential({ user_token: 'agent-token' });
    await assert.rejects(call('connect', { surface: 'account_webhook' }), /administrator/);
  });

  it('is written into the audit, without a secret', async () => {
    seed('4.15.1');
    await credential({ user_token: 'admin-token' });
    await call('connect', { surface: 'agent_bot', inbox_ids: [inboxId] });
    await call('disconnect');
    const log = JSON.stringify(await rpc('audit.list', {}));
    for (const action of ['chatwoot.connect', 'chatwoot.disconnect']) assert.ok(log.includes(action), action);
    for (const bot of world().bots.values()) assert.ok(!log.includes(bot.secret));
    assert.ok(!log.includes('admin-token'));
  });

  it('names the settings that fight with an assistant, each with what to do, and none when they are put right', async () => {
    seed('4.15.1');
    await credential({ user_token: 'admin-token' });
    const inbox = world().inboxes.get(inboxId);
    assert.ok(inbox);
    inbox.channelType = 'Channel::WebWidget';
    const fights = async (surface: 'agent_bot' | 'account_webhook', listed = [inboxId]) => {
      const { http } = new ChatwootPlaces(2_000).at(sandbox.url, account);
      const inboxes = listed.map((id) => ({ id, mode: 'live' as const }));
      const config = { base_url: sandbox.url, account_id: account, surface, inboxes };
      return settingsThatFight(new AdminCalls(http, 'admin-token', never), config);
    };
    const names = { greeting_enabled: true, enable_email_collect: true, working_hours_enabled: true };
    const others = { csat_survey_enabled: true, enable_auto_assignment: true, lock_to_single_conversation: true };
    Object.assign(inbox.settings, names, others, { out_of_office_message: 'Voltamos amanhã' });
    for (const surface of ['agent_bot', 'account_webhook'] as const) {
      const found = await fights(surface);
      const about = [/e-mail collect/, /greeting/, /out-of-office/, /survey/, /Auto-assignment/, /for ever/];
      for (const what of about) assert.equal(found.filter(({ message }) => what.test(message)).length, 1, String(what));
      assert.equal(
        found.some(({ message }) => message.startsWith('No bot')),
        surface === 'agent_bot',
      );
      assert.ok(found.every(({ fix, about: where }) => fix.length > 20 && where === 'inbox 5 (WhatsApp)'));
    }
    await call('connect', { surface: 'agent_bot', inbox_ids: [inboxId] });
    const off = Object.fromEntries(Object.keys({ ...names, ...others }).map((name) => [name, false]));
    Object.assign(inbox.settings, off);
    assert.deepEqual(await fights('agent_bot'), []);
    assert.deepEqual(
      (await fights('agent_bot', [404])).map(({ about }) => about),
      ['inbox 404'],
    );
  });
});
