// How well customers' questions find the demo tenants' documents, with nothing but the embedded parts. The floors lie a
// little under what was measured; the printed table is the measurement.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { KnowledgeFiles } from '../../../bridge/adapters/files/knowledge-files.ts';
import { idsFor, never, openBench, tenantNamed } from './knowledge-bench.ts';
import type { Bench } from './knowledge-bench.ts';
import { questionSets, unrelatedQuestions } from './questions.ts';
import type { CustomerQuestion, QuestionSet } from './questions.ts';

const tenantsFolder = new URL('../../../tenants/', import.meta.url).pathname;

interface Outcome {
  question: CustomerQuestion;
  /** Place of the first right document, 0 when none was among the hits. */
  place: number;
  found: number;
}

describe('search quality on the demo tenants', function () {
  this.timeout(120_000);
  let bench: Bench;

  before(async () => {
    bench = await openBench();
    for (const { tenant, domain } of questionSets) {
      const { entries } = await new KnowledgeFiles(join(tenantsFolder, domain, tenant)).read();
      const documents = [...entries.values()].map(({ document }) => document);
      const report = await bench.knowledge.upsert(tenantNamed(tenant), 'yaml', documents, never);
      assert.equal(report.embedded, documents.length);
    }
  });

  after(() => bench.close());

  const ask = async ({ tenant }: QuestionSet, asked: CustomerQuestion): Promise<Outcome> => {
    const ids = await idsFor(bench.knowledge, tenantNamed(tenant), asked.text, { channel: 'whatsapp' });
    const place = ids.findIndex((id) => asked.answers.includes(id)) + 1;
    return { question: asked, place, found: ids.length };
  };

  const measure = async (part: 'tuning' | 'check') => {
    const outcomes: Outcome[] = [];
    for (const set of questionSets) {
      const unrelated = part === 'tuning' ? unrelatedQuestions.map((text) => ({ text, answers: [] })) : [];
      for (const asked of [...set[part], ...unrelated]) outcomes.push(await ask(set, asked));
    }
    const inScope = outcomes.filter(({ question }) => question.answers.length > 0);
    const outOfScope = outcomes.filter(({ question }) => question.answers.length === 0);
    const recall = (k: number) => inScope.filter(({ place }) => place > 0 && place <= k).length / inScope.length;
    const silence = outOfScope.filter(({ found }) => found === 0).length / outOfScope.length;
    return { asked: outcomes.length, recallAt1: recall(1), recallAt3: recall(3), silence };
  };

  const floors = {
    tuning: { recallAt1: 0.78, recallAt3: 0.86, silence: 0.86 },
    check: { recallAt1: 0.74, recallAt3: 0.82, silence: 0.85 },
  };
  for (const part of ['tuning', 'check'] as const) {
    it(`${part} questions find their document among the first three, and what no document answers finds none`, async () => {
      const { asked, ...measured } = await measure(part);
      const figures = Object.entries(measured).map(([name, value]) => `${name} ${value.toFixed(3)}`);
      process.stdout.write(`      ${part}: ${asked} questions, ${figures.join(', ')}\n`);
      for (const name of ['recallAt1', 'recallAt3', 'silence'] as const) {
        assert.ok(measured[name] >= floors[part][name], `${name} is ${measured[name].toFixed(3)}`);
      }
    });
  }

  for (const { tenant } of questionSets) {
    it(`${tenant}: the exchange rule answers "Qual o prazo para trocar um produto?"`, async () => {
      const [first] = await idsFor(bench.knowledge, tenantNamed(tenant), 'Qual o prazo para trocar um produto?');
      assert.equal(first, 'troca-prazo');
    });

    for (const unrelated of ['Quem ganhou a copa de 2002?', 'qual a capital da França?']) {
      it(`${tenant}: nothing answers "${unrelated}"`, async () => {
        assert.deepEqual(await idsFor(bench.knowledge, tenantNamed(tenant), unrelated), []);
      });
    }
  }

  it('a rule that has ended or not begun is never a hit, and is one when invalid documents are asked for', async () => {
    const tenant = tenantNamed('sandra_cosmeticos');
    const text = 'brinde de dia das mães 2025';
    assert.ok(!(await idsFor(bench.knowledge, tenant, text)).includes('dia-das-maes-2025'));
    const { hits } = await bench.knowledge.search(
      tenant,
      { text, kinds: [], limit: 3, atMs: bench.clock.now(), channel: null, service: null, includeInvalid: true },
      never,
    );
    assert.equal(hits[0]?.document.id, 'dia-das-maes-2025');
    assert.equal(hits[0].valid, false);
    assert.deepEqual(
      (await idsFor(bench.knowledge, tenant, text, { atMs: Date.parse('2025-05-11T23:59:00-03:00') })).slice(0, 1),
      ['dia-das-maes-2025'],
    );
  });

  it('the demo tenants hold no rules that contradict each other', async () => {
    for (const { tenant } of questionSets) {
      assert.deepEqual((await bench.knowledge.status(tenantNamed(tenant))).conflicts, []);
    }
  });
});
