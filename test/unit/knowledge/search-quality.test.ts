// How well customers' questions find the demo tenants' documents, with nothing but the embedded parts. The floors lie a
// little under what was measured; the printed table is the measurement.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { LocalEmbedder } from '../../../bridge/adapters/embedded/local-embedder.ts';
import { KnowledgeFiles } from '../../../bridge/adapters/files/knowledge-files.ts';
import { askAll, scoreOf } from '../../../scripts/lib/bench/knowledge/evaluate.ts';
import type { Outcome as EvaluationOutcome } from '../../../scripts/lib/bench/knowledge/evaluate.ts';
import { domains, readDocuments, readQuestions } from '../../../scripts/lib/bench/knowledge/read-set.ts';
import { makeLive, searcherOf } from '../../../scripts/lib/bench/knowledge/searchers.ts';
import { repositoryLexicon } from '../../fixtures/repository-lexicon.ts';
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
    tuning: { recallAt1: 0.78, recallAt3: 0.86, silence: 0.88 },
    check: { recallAt1: 0.74, recallAt3: 0.82, silence: 0.78 },
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

describe('search quality on the questions for tuning', function () {
  this.timeout(30_000);
  const outcomes: EvaluationOutcome[] = [];

  before(async () => {
    const questions = readQuestions('tuning');
    for (const domain of domains) {
      const lexicon = await repositoryLexicon(domain);
      const search = searcherOf(await makeLive(readDocuments(domain), lexicon, new LocalEmbedder(lexicon)));
      outcomes.push(
        ...(await askAll(
          questions.filter((question) => question.domain === domain),
          search,
        )),
      );
    }
  });

  const scoreFor = (name: string) => scoreOf(outcomes.filter(({ question }) => question.class === name));
  const floors = { plain: 0.95, hard: 0.88, similar: 0.96, expired_or_future: 0.66 };
  for (const [name, floor] of Object.entries(floors)) {
    it(`${name}: the right document is among the first three`, () => {
      const { recallAt3 } = scoreFor(name);
      assert.ok(recallAt3 >= floor, `recall@3 is ${recallAt3.toFixed(3)}`);
    });
  }

  it('similar: the one that was named comes first', () => {
    const { recallAt1 } = scoreFor('similar');
    assert.ok(recallAt1 >= 0.93, `recall@1 is ${recallAt1.toFixed(3)}`);
  });

  it('nothing is found where no document answers', () => {
    const { silence } = scoreFor('none');
    assert.ok(silence !== null && silence >= 0.86, `silence is ${String(silence)}`);
  });

  it('a document that has ended or not begun is never used', () => {
    assert.equal(scoreOf(outcomes).invalidUsed, 0);
  });
});
