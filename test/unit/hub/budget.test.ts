// Money: what a turn's model costs is on the tenant's account, and a month that is spent is answered without a model.
import assert from 'node:assert/strict';
import { localDay } from '../../../bridge/core/tenants/local-day.ts';
import { accountId, answers, eachWorld } from './world/conversation-world.ts';
import { ScriptedModel } from './world/scripted-model.ts';

const question = 'Qual o prazo para trocar um produto?';
const monthly_budget = { amount: 100, currency: 'BRL', usd_rate: 5, warn_at: 0.8 };

describe('a tenant with a budget for models', () => {
  const world = eachWorld({ config: { limits: { monthly_budget } } });

  it('has each turn on its account, in its own money', async () => {
    world().model = new ScriptedModel([{ text: 'Claro! De qual produto você fala?' }]);
    await world().customer(question);
    await world().settle();
    const [day] = Object.values(await world().stores.usage.range(accountId, '2000-01-01', '2100-01-01'));
    // In dollars a million: 10 tokens in at 1, 5 out at 4, and 3 of the search's question at 0.02.
    const reais = ((10 * 1 + 5 * 4 + 3 * 0.02) / 1_000_000) * monthly_budget.usd_rate;
    const [trace] = await world().stores.traces.list(accountId, null, 1);
    for (const amount of [day?.['cost:BRL'], trace?.usage.cost?.amount]) {
      assert.ok(Math.abs(Number(amount) - reais) < 1e-12, `${amount} for ${reais}`);
    }
    assert.equal(trace?.usage.cost?.currency, 'BRL');
    assert.deepEqual([day?.['model_calls'], day?.['unpriced_calls']], [1, undefined]);
  });

  it('pays for a draft that is thrown away like for one that is sent', async () => {
    const said = { toolCalls: [], usage: { inputTokens: 10, outputTokens: 5 } };
    const interrupted = async () => {
      await world().customer('E como funciona a entrega?');
      return { ...said, text: 'Claro! De qual produto você fala?' };
    };
    world().model = new ScriptedModel([interrupted, { ...said, text: 'Claro! Sobre o que quer saber primeiro?' }]);
    await world().customer(question);
    await world().settle();
    assert.deepEqual(world().replies(), ['Claro! Sobre o que quer saber primeiro?']);
    const [day] = Object.values(await world().stores.usage.range(accountId, '2000-01-01', '2100-01-01'));
    assert.deepEqual([day?.['turns'], day?.['model_calls'], day?.['input_tokens']], [1, 2, 20]);
  });

  it('is answered from what was found, not by the model, when the month is spent', async () => {
    const today = localDay(world().tenant, world().clock.now());
    await world().stores.usage.add(accountId, today, { 'cost:BRL': 100 });
    world().model = new ScriptedModel([]);
    await world().customer(question);
    await world().settle();
    assert.deepEqual(world().replies(), [answers.exchange]);
    const [trace] = await world().stores.traces.list(accountId, null, 1);
    assert.deepEqual([trace?.rung, trace?.usage.model_calls], ['grounded', 0]);
  });
});
