import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PriceList } from '../../../bridge/adapters/files/price-list.ts';
import type { PaidCall } from '../../../bridge/core/cost/paid-call.ts';
import { openAiModels } from '../../../bridge/config/settings.ts';
import { quietLog } from '../../fixtures/quiet-log.ts';

const call = (model: string): PaidCall => ({ purpose: 'chat', model, inputTokens: 1_000_000, outputTokens: 0 });

describe('the price list', () => {
  let root: string;
  let nowMs: number;
  beforeEach(() => {
    nowMs = 0;
    root = mkdtempSync(path.join(tmpdir(), 'ui-prices-'));
    mkdirSync(path.join(root, '_base'));
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  const log = quietLog();
  const write = (text: string) => {
    writeFileSync(path.join(root, '_base', 'model-prices.yaml'), text);
  };
  const open = (folder = root) => new PriceList({ root: folder, log, now: () => nowMs });
  const priceIn = async (list: PriceList, model = 'm') => (await list.current()).usdOf(call(model));

  it('that is not there gives no model a price', async () => {
    assert.equal(await priceIn(open()), null);
  });

  it('is read again when it changes, and the one before holds while it is wrong', async () => {
    write('models:\n  m: { input: 1 }\n');
    const list = open();
    assert.equal(await priceIn(list), 1);
    for (const [text, price] of [
      ['models:\n  m: { input: 2 }\n', 2],
      ['models:\n  m: { input: -3 }\n', 2],
      ['models: [', 2],
      ['models:\n  m: { input: 4, output: 1 }\n', 4],
    ] as const) {
      write(text);
      nowMs += 5_000;
      assert.equal(await priceIn(list), price, text);
    }
  });

  it('of this repository names the models an OpenAI endpoint is asked for by itself', async () => {
    const list = open(path.resolve('tenants'));
    for (const model of ['gpt-4.1-mini', ...Object.values(openAiModels)]) {
      assert.ok(((await priceIn(list, model)) ?? 0) > 0, model);
    }
  });
});
