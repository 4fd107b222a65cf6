// A whole bridge whose Chatwoot was connected by one call, with an administrator's token and nothing else.
import assert from 'node:assert/strict';
import { freePort } from '../sandbox/servers/free-port.ts';
import { Installation } from './installation.ts';

const accountId = 'sandra_cosmeticos';

describe('a tenant connected by one call', () => {
  let installation: Installation;
  let address = '';

  before(async () => {
    const port = await freePort();
    address = `http://127.0.0.1:${port}`;
    installation = await Installation.start({ environment: { PORT: String(port), PUBLIC_URL: address } });
  });
  after(() => installation.stop());

  it('answers its customers as the bot that was made, also after a kill, and tenant.check says what is left to do', async () => {
    const { chatwootAccountId: id, inboxes } = installation.tenant();
    const [inbox] = inboxes;
    assert.ok(inbox);
    installation.api.reset({
      accounts: [
        {
          id,
          name: 'Sandra',
          users: [{ id: 11, name: 'Ana', role: 'administrator', token: 'admin-token' }],
          inboxes: inboxes.map((each) => ({ id: each.id, name: each.channel, channel_type: 'Channel::Whatsapp' })),
        },
      ],
    });
    const tenant = { account_id: accountId };
    const fields = { user_token: 'admin-token' };
    await installation.call('credentials.set', { ...tenant, ref: `${accountId}-chatwoot`, kind: 'chatwoot', fields });
    const wish = { ...tenant, surface: 'agent_bot', inbox_ids: inboxes.map((each) => each.id) };
    const connected = (await installation.call('chatwoot.connect', wish)) as { url: string; bot_id: number };
    assert.equal(connected.url, `${address}/webhooks/chatwoot/${accountId}`);
    const asks = async (name: string, phone: string) => {
      const contact = { name, phone_number: phone };
      const text = 'Qual o prazo para trocar um produto?';
      const asked = installation.api.customerWrites({ account: id, inbox: inbox.id, contact, text });
      const reply = await installation.api.waitForReply(asked, undefined, 60_000);
      assert.match(reply.content ?? '', /15 dias/);
      assert.deepEqual([reply.sender?.type, reply.sender?.id], ['agent_bot', connected.bot_id]);
    };
    await asks('Marta Lima', '+5511999000001');
    await installation.kill();
    await installation.restart();
    await asks('Rui Sá', '+5511999000002');
    const { integrations, warnings } = (await installation.call('tenant.check', tenant)) as {
      integrations: Record<string, { ok: boolean }>;
      warnings: { about: string; fix: string }[];
    };
    assert.equal(integrations['chatwoot']?.ok, true);
    assert.ok(warnings.some(({ fix }) => fix.includes('SAFE_FETCH_ALLOW_PRIVATE_NETWORK')));
    assert.deepEqual(installation.api.violations, []);
  });
});
