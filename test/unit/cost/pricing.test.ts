import assert from 'node:assert/strict';
import { ModelPrices, PriceFile } from '../../../bridge/core/cost/model-prices.ts';
import type { PaidCall } from '../../../bridge/core/cost/paid-call.ts';
import { Pricing } from '../../../bridge/core/cost/pricing.ts';
import { makeTenant } from '../crew/make-turn.ts';

const prices = new ModelPrices(
  PriceFile.parse({
    models: { small: { input: 0.4, output: 1.6 }, vectors: { input: 0.02 }, own: { input: 0, output: 0 } },
  }),
);
const pricing = new Pricing(async () => prices);
const chat = (model: string, inputTokens = 1_000_000, outputTokens = 500_000): PaidCall => ({
  purpose: 'chat',
  model,
  inputTokens,
  outputTokens,
});
const vectors: PaidCall = { purpose: 'embedding', model: 'vectors', inputTokens: 50_000, outputTokens: 0 };
const inReais = makeTenant({
  limits: { monthly_budget: { amount: 100, currency: 'BRL', usd_rate: 5, warn_at: 0.8 } },
});

describe('the price of calls', () => {
  it('is what the list says for a million tokens of each kind, in the money of the tenant’s budget', async () => {
    assert.deepEqual(await pricing.costOf(inReais, [chat('small')]), { amount: 6, currency: 'BRL' });
    assert.deepEqual(await pricing.costOf(makeTenant(), [chat('small')]), { amount: 1.2, currency: 'USD' });
    assert.deepEqual(await pricing.costOf(makeTenant(), [vectors]), { amount: 0.001, currency: 'USD' });
  });

  it('a budget in dollars needs no rate', async () => {
    const inDollars = makeTenant({
      limits: { monthly_budget: { amount: 100, currency: 'USD', usd_rate: 5.4, warn_at: 0.8 } },
    });
    assert.deepEqual(await pricing.costOf(inDollars, [chat('small')]), { amount: 1.2, currency: 'USD' });
  });

  it('is found for a dated version of a model, and for no other name', async () => {
    assert.equal((await pricing.costOf(makeTenant(), [chat('small-2025-04-14')]))?.amount, 1.2);
    for (const name of ['small-2', 'smaller', 'my/small', '', 'constructor', '__proto__']) {
      assert.equal(await pricing.costOf(makeTenant(), [chat(name)]), null, name);
    }
  });

  it('a call without a known price makes the sum unknown, and is counted as such beside what is known', async () => {
    const calls = [chat('small'), chat('unheard-of', 10, 5)];
    assert.equal(await pricing.costOf(inReais, calls), null);
    assert.deepEqual(await pricing.countersOf(inReais, calls), {
      model_calls: 2,
      input_tokens: 1_000_010,
      output_tokens: 500_005,
      unpriced_calls: 1,
      'cost:BRL': 6,
    });
  });

  it('no call costs nothing, and so does a model whose price is 0', async () => {
    assert.deepEqual(await pricing.costOf(inReais, []), { amount: 0, currency: 'BRL' });
    assert.deepEqual(await pricing.costOf(inReais, [chat('own')]), { amount: 0, currency: 'BRL' });
    assert.deepEqual(await pricing.countersOf(inReais, []), {});
  });

  it('tells voice notes and pictures from answers, and vectors from both', async () => {
    const media: PaidCall = { ...chat('small', 30, 20), purpose: 'media' };
    const counters = await pricing.countersOf(makeTenant(), [chat('small', 1, 1), media, vectors]);
    const { model_calls, media_calls, input_tokens, output_tokens, embedding_tokens } = counters;
    assert.deepEqual([model_calls, media_calls, input_tokens, output_tokens, embedding_tokens], [1, 1, 31, 21, 50_000]);
  });
});
