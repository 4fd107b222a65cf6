// Two bridges on one Redis: what is saved through one is used by the other on its next turn.
import assert from 'node:assert/strict';
import { postDelivery } from '../sandbox/chatwoot/helpers/forge-delivery.ts';
import { eventually } from './eventually.ts';
import { Installation } from './installation.ts';
import { modes } from './modes.ts';
import type { Mode } from './modes.ts';

const account_id = 'sandra_cosmeticos';

describe('two instances on one Redis', () => {
  let mode: Mode;
  let installation: Installation;

  before(async () => {
    mode = await modes.redis();
    installation = await Installation.start({ environment: mode.environment, instances: 2 });
  });
  after(async () => {
    await installation.stop();
    await mode.stop();
  });

  async function ask(message: string, instance: number): Promise<{ reply: string; sources: { id: string }[] }> {
    return (await installation.call('crew.ask', { account_id, message, channel: 'whatsapp' }, instance)) as {
      reply: string;
      sources: { id: string }[];
    };
  }

  it('a rule saved through the first is used by the second, edited there and removed again', async () => {
    const rule = {
      kind: 'rule',
      id: 'teste-estacionamento',
      title: 'Estacionamento da loja',
      body: 'Temos 7 vagas de estacionamento gratuito atrás da loja.',
    };
    assert.doesNotMatch((await ask('A loja tem estacionamento?', 1)).reply, /7 vagas/);
    await installation.call('knowledge.upsert', { account_id, documents: [rule] }, 0);
    assert.match((await ask('A loja tem estacionamento?', 1)).reply, /7 vagas/);
    await installation.call(
      'knowledge.upsert',
      { account_id, documents: [{ ...rule, body: 'Temos 9 vagas de estacionamento gratuito.' }] },
      1,
    );
    assert.match((await ask('A loja tem estacionamento?', 0)).reply, /9 vagas/);
    await installation.call('knowledge.remove', { account_id, documents: [{ kind: 'rule', id: rule.id }] }, 0);
    assert.doesNotMatch((await ask('A loja tem estacionamento?', 1)).reply, /9 vagas/);
  });

  it('a tenant saved through the first answers on the second, and a change of it is seen', async () => {
    const tenant = (greeting_message: string) => ({
      account_id: 'loja_nova',
      name: 'Loja Nova',
      domain: 'retail',
      company_metadata: { customer_service: { greeting_message } },
      integrations: { odoo: { api: 'none' } },
    });
    const greeted = async () => {
      const params = { account_id: 'loja_nova', message: 'oi', channel: 'web' };
      return ((await installation.call('crew.ask', params, 1)) as { reply: string }).reply;
    };
    await installation.call('tenant.upsert', tenant('Bem-vindo à Loja Nova!'), 0);
    assert.equal(await greeted(), 'Bem-vindo à Loja Nova!');
    await installation.call('tenant.upsert', tenant('Oi! Aqui é a Loja Nova.'), 0);
    assert.equal(await greeted(), 'Oi! Aqui é a Loja Nova.');
  });

  it('a webhook secret rotated through the second is accepted by the first, and the old one is not', async () => {
    const fields = {
      bot_token: `${account_id}-bot-token`,
      user_token: `${account_id}-user-token`,
      webhook_secrets: ['rotated-secret'],
    };
    await installation.call(
      'credentials.set',
      { account_id, ref: `${account_id}-chatwoot`, kind: 'chatwoot', fields },
      1,
    );
    const url = `${installation.bridge.url}/webhooks/chatwoot/${account_id}`;
    const send = (secret: string) =>
      postDelivery({
        url,
        body: '{"event":"conversation_typing_on"}',
        secret,
        timestamp: Math.floor(Date.now() / 1000),
      });
    assert.equal((await send('rotated-secret')).status, 200);
    await eventually(
      'the old secret to be refused',
      async () => (await send(`${account_id}-webhook-secret`)).status === 401,
    );
  });
});
