// What nobody wrote an answer to is counted for the administrator by subject, with the real search, lexicon and ledger.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openEmbeddedStores } from '../../../bridge/adapters/embedded/open-embedded-stores.ts';
import { yamlText } from '../../../bridge/adapters/files/yaml-text.ts';
import { CrewFactory } from '../../../bridge/core/crew/crew-factory.ts';
import { answerTurn } from '../../../bridge/core/hub/answer-turn.ts';
import { reportTurn } from '../../../bridge/core/hub/report-turn.ts';
import type { Stores } from '../../../bridge/core/stores.ts';
import { searchKnowledge } from '../../../bridge/core/tools/search-knowledge.ts';
import { createCatalogue, toCatalogueTool } from '../../../bridge/core/tools/tool.ts';
import { freeSpending, pricing } from '../../fixtures/cost.ts';
import { answerCache } from '../../fixtures/process-cache.ts';
import { quietLog } from '../../fixtures/quiet-log.ts';
import { openRealKnowledge } from '../../fixtures/real-knowledge.ts';
import type { RealKnowledge } from '../../fixtures/real-knowledge.ts';
import { silentMetrics } from '../../fixtures/silent-metrics.ts';
import { makeTenant, makeTurn, wednesdayMs } from '../crew/make-turn.ts';
import { rule } from './world/fixed-knowledge.ts';

const clock = { now: () => wednesdayMs };
const crews = new CrewFactory(createCatalogue([toCatalogueTool(searchKnowledge)]));
const day = '2026-11-18';
const tenants = new URL('../../../tenants/', import.meta.url);
const lexicon = ['_base', 'retail']
  .map((name) => readFileSync(new URL(`${name}/lexicon.yaml`, tenants), 'utf8'))
  .join('');
const written = rule('troca', 'A troca pode ser feita em até 30 dias corridos.', 'Prazo para trocar um produto');

describe('gap counters', () => {
  let folder: string;
  let stores: Stores;
  let real: RealKnowledge;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'ui-gaps-'));
    stores = await openEmbeddedStores({ dataDir: folder, clock, logger: quietLog(), yaml: yamlText });
    real = await openRealKnowledge(makeTenant(), clock, [written]);
  });
  afterEach(async () => {
    await real.close();
    await stores.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const countersAfter = async (question: string): Promise<Record<string, number>> => {
    const turn = makeTurn({ question, knowledge: real.knowledge, clock });
    const result = await answerTurn(turn, { crews, answers: answerCache(), budgets: freeSpending });
    const { traces, usage } = stores;
    const report = { turn, result, outcome: 'replied' as const, startedMs: wednesdayMs, arrivedMs: wednesdayMs };
    await reportTurn({ traces, usage, pricing, metrics: silentMetrics, clock }, report);
    return (await usage.range('loja', day, day))[day] ?? {};
  };
  const gapsOf = (counters: Record<string, number>) => Object.keys(counters).filter((name) => name.startsWith('gap'));

  it('name what a question was about that nothing answers', async () => {
    const counters = await countersAfter('Vocês têm estacionamento?');
    assert.equal(counters['gap'], 1);
    assert.equal(counters['gap:parking'], 1);
  });

  it('add up over the turns of a day', async () => {
    await countersAfter('Vocês têm estacionamento?');
    const counters = await countersAfter('onde deixo o carro?');
    assert.deepEqual([counters['gap'], counters['gap:parking']], [2, 2]);
  });

  it('hold names of the lexicon only, never a word of the customer', async () => {
    const words =
      'Sou Genoveva Brandalise, genoveva@exemplo.com, CPF 123.456.789-09, pedido ZX-9981: tem estacionamento?';
    const counters = await countersAfter(words);
    assert.ok(gapsOf(counters).includes('gap:parking'));
    for (const name of gapsOf(counters)) {
      assert.ok(name === 'gap' || lexicon.includes(`\n  ${name.slice('gap:'.length)}:\n`), `${name} names a concept`);
    }
    assert.doesNotMatch(JSON.stringify(counters), /genoveva|brandalise|exemplo|123|9981|zx/i);
  });

  it('stay away when something answers', async () => {
    assert.deepEqual(gapsOf(await countersAfter('Qual o prazo para trocar?')), []);
  });
});
