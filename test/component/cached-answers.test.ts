// Answers given again, over two bridges on one Redis: what one learnt the other gives without the model, and a rule that is
// edited, added, or becomes valid by date ends it at once on both.
import assert from 'node:assert/strict';
import { startModelServer } from '../sandbox/model-server/start-model-server.ts';
import type { ModelServer } from '../sandbox/model-server/start-model-server.ts';
import { Installation } from './installation.ts';
import { modes } from './modes.ts';
import type { Mode } from './modes.ts';

const account_id = 'sandra_cosmeticos';
const question = 'A loja tem estacionamento para clientes?';
const rule = {
  kind: 'rule',
  id: 'teste-estacionamento',
  title: 'Estacionamento para clientes',
  body: 'A loja tem 7 vagas de estacionamento atrás do prédio.',
};

describe('answers given again by two instances', function () {
  this.timeout(180_000);
  let mode: Mode;
  let model: ModelServer;
  let installation: Installation;
  let customers = 0;

  before(async () => {
    mode = await modes.redis();
    model = await startModelServer();
    const environment = {
      ...mode.environment,
      OPENAI_BASE_URL: model.url,
      OPENAI_API_KEY: 'key',
      LLM_MODEL: 'scripted',
    };
    installation = await Installation.start({ environment, instances: 2 });
    await save(rule);
  });
  after(async () => {
    await installation.stop();
    await model.stop();
    await mode.stop();
  });

  const save = (document: object, instance = 0) =>
    installation.call('knowledge.upsert', { account_id, documents: [document] }, instance);

  /** The model's next turn: a search, then this sentence. */
  const modelSays = (text: string) => {
    const search = { toolCalls: [{ name: 'search_knowledge', arguments: { query: 'estacionamento para clientes' } }] };
    model.api.expect([{ answer: search }, { answer: { text } }]);
  };

  async function customerAsks(text = question): Promise<string> {
    customers += 1;
    const contact = { name: 'Rita', phone_number: `+55119770000${String(customers).padStart(2, '0')}` };
    const asked = await installation.ask(text, { contact });
    const reply = await installation.api.waitForReply(asked, undefined, 60_000);
    await installation.quiet();
    return reply.content ?? '';
  }

  async function ask(instance: number, at?: string): Promise<{ reply: string; rung: string }> {
    const params = { account_id, message: question, channel: 'whatsapp', ...(at ? { at } : {}) };
    return (await installation.call('crew.ask', params, instance)) as { reply: string; rung: string };
  }

  it('one learns, both give it, and the model is not asked again', async () => {
    modelSays('Sim, são 7 vagas de estacionamento atrás do prédio.');
    assert.match(await customerAsks(), /7 vagas/);
    const asked = model.api.calls.length;
    for (const instance of [0, 1]) {
      const { reply, rung } = await ask(instance);
      assert.deepEqual([rung, /7 vagas/.test(reply)], ['cached', true]);
    }
    assert.match(await customerAsks('oi! a loja tem estacionamento pra clientes? pfv'), /7 vagas/);
    assert.equal(model.api.calls.length, asked);
  });

  it('a rule edited through one is gone from the other’s answers at once', async () => {
    await save({ ...rule, body: 'A loja tem 9 vagas de estacionamento atrás do prédio.' }, 0);
    modelSays('Sim, são 9 vagas de estacionamento atrás do prédio.');
    const { reply, rung } = await ask(1);
    assert.deepEqual([rung, /9 vagas/.test(reply)], ['model', true]);
  });

  it('a new rule on the same subject ends it at once as well', async () => {
    modelSays('Sim, são 9 vagas de estacionamento atrás do prédio.');
    assert.match(await customerAsks(), /9 vagas/);
    assert.equal((await ask(1)).rung, 'cached');
    await save(
      { ...rule, id: 'teste-estacionamento-2', body: 'Aos domingos o estacionamento para clientes tem 4 vagas.' },
      1,
    );
    modelSays('São 9 vagas; aos domingos, 4.');
    assert.equal((await ask(0)).rung, 'model');
  });

  it('so does the day on which another rule becomes valid', async () => {
    const weekend = {
      ...rule,
      id: 'teste-estacionamento-3',
      body: 'Em dezembro o estacionamento para clientes tem 20 vagas.',
    };
    await save({ ...weekend, valid_from: '2031-12-01', valid_to: '2031-12-31' });
    modelSays('São 9 vagas; aos domingos, 4.');
    assert.match(await customerAsks(), /9 vagas/);
    assert.equal((await ask(1, '2031-11-30T23:59:00-03:00')).rung, 'cached');
    modelSays('Em dezembro são 20 vagas.');
    assert.equal((await ask(1, '2031-12-01T00:00:30-03:00')).rung, 'model');
    assert.equal((await ask(0, '2032-01-01T00:00:30-03:00')).rung, 'cached');
  });
});
