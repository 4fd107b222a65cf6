// Two tenants with the same ids and the same texts, through the whole knowledge base, wherever the points are.
import assert from 'node:assert/strict';
import { EmbeddedSearchIndex } from '../../bridge/adapters/embedded/search-index.ts';
import type { Isolation } from '../../bridge/adapters/qdrant/requests.ts';
import { QdrantSearchIndex } from '../../bridge/adapters/qdrant/search-index.ts';
import type { EmbeddingModel } from '../../bridge/core/ports/embedder.ts';
import type { SearchIndex } from '../../bridge/core/ports/search-index.ts';
import { never, openBench, question, rule, tenantNamed } from '../unit/knowledge/knowledge-bench.ts';
import type { Bench } from '../unit/knowledge/knowledge-bench.ts';
import { QdrantSimulator } from './servers/qdrant-simulator.ts';

const one = tenantNamed('loja_um');
const other = tenantNamed('loja_dois');
const questions = ['a partir de quanto o frete é grátis?', 'qual o prazo para trocar um produto?', 'vocês parcelam?'];
const documents = [
  rule('frete', 'Envio', 'O frete grátis vale acima de R$ 150.'),
  rule('troca', 'Troca de produtos', 'O prazo para trocar um produto é de 15 dias corridos.'),
  rule('parcela', 'Parcelamento', 'Parcelamos em até 6 vezes sem juros.'),
  ...Array.from({ length: 20 }, (_, i) => rule(`r${i}`, `Regra ${i}`, `Texto da regra número ${i}.`)),
];

type MakeIndex = (model: EmbeddingModel) => SearchIndex;

describeIsolation('embedded', async () => ({
  makeIndex: () => new EmbeddedSearchIndex(),
  stop: async () => undefined,
}));
for (const isolation of ['shared', 'collection'] as const) {
  describeIsolation(`Qdrant simulator (${isolation})`, () => onSimulator(isolation));
}

async function onSimulator(isolation: Isolation) {
  const simulator = await QdrantSimulator.start();
  const options = { url: simulator.url, apiKey: null, isolation, readTimeoutMs: 5_000, writeTimeoutMs: 15_000 };
  const makeIndex: MakeIndex = (model) => new QdrantSearchIndex(options, model);
  return { makeIndex, stop: () => simulator.stop() };
}

function describeIsolation(
  name: string,
  open: () => Promise<{ makeIndex: MakeIndex; stop: () => Promise<void> }>,
): void {
  describe(`two tenants with the same ids and texts on ${name}`, () => {
    let bench: Bench;
    let knowledge: Bench['knowledge'];
    let stop: () => Promise<void>;

    beforeEach(async () => {
      bench = await openBench();
      const { makeIndex, stop: stopped } = await open();
      stop = stopped;
      knowledge = bench.another({ makeIndex });
      for (const tenant of [one, other]) {
        const { embedded } = await knowledge.upsert(tenant, 'odoo', documents, never);
        assert.equal(embedded, documents.length);
      }
    });

    afterEach(async () => {
      await bench.close();
      await stop();
    });

    /** Without scores: a collection that tenants share counts over all of them how rare a word is. */
    const answers = async (tenant: typeof one) => {
      const found = [];
      for (const text of questions) {
        const { hits, degraded } = await knowledge.search(tenant, question(text, { limit: 30 }), never);
        assert.equal(degraded, null);
        found.push(hits.map(({ document, matched }) => ({ id: document.id, body: document.body, matched })));
      }
      return found;
    };
    const counts = async (tenant: typeof one) => (await knowledge.status(tenant)).index;
    const complete = { points: documents.length, missing: 0, foreign: 0 };

    it('each has its own points, finds by words and vector, and nothing twice', async () => {
      for (const tenant of [one, other]) {
        const found = await answers(tenant);
        assert.deepEqual(
          found.map(([first]) => first?.id),
          ['frete', 'troca', 'parcela'],
        );
        assert.ok(found.every(([first]) => first?.matched.includes('lexical') && first.matched.includes('vector')));
        for (const hits of found) assert.equal(new Set(hits.map(({ id }) => id)).size, hits.length);
        assert.deepEqual(await counts(tenant), complete);
      }
    });

    it('what one changes, expires or switches off is as it was for the other', async () => {
      const before = await answers(other);
      const changes = [
        rule('frete', 'Envio', 'O frete grátis vale acima de R$ 999.'),
        rule('troca', 'Troca de produtos', 'O prazo para trocar um produto é de 2 dias.', { valid_to: '2020-01-01' }),
        rule('parcela', 'Parcelamento', 'Parcelamos em até 6 vezes sem juros.', { active: false }),
      ];
      await knowledge.upsert(one, 'odoo', changes, never);
      assert.deepEqual(await answers(other), before);
      const found = await answers(one);
      assert.match(found[0]?.[0]?.body ?? '', /999/);
      assert.ok(!found.flat().some(({ id }) => id === 'troca' || id === 'parcela'));
    });

    it('what one removes stays with the other, and is gone for the one', async () => {
      const before = await answers(other);
      await answers(one);
      await knowledge.remove(one, [{ kind: 'rule', id: 'frete' }]);
      assert.deepEqual(await answers(other), before);
      assert.ok(!(await answers(one)).flat().some(({ id }) => id === 'frete'));
      await knowledge.removeAll(one);
      assert.deepEqual(await answers(other), before);
      assert.deepEqual((await answers(one)).flat(), []);
      assert.deepEqual(await counts(other), complete);
    });

    it('a document of one alone is never a hit of the other', async () => {
      const secret = rule('segredo', 'Desconto de funcionários', 'Funcionários têm desconto de 40% em perfumes.');
      await knowledge.upsert(one, 'odoo', [secret], never);
      const ask = async (tenant: typeof one) => {
        const query = question('qual o desconto de funcionários em perfumes?', { limit: 30, includeInvalid: true });
        return (await knowledge.search(tenant, query, never)).hits.map(({ document }) => document.id);
      };
      assert.equal((await ask(one))[0], 'segredo');
      assert.ok(!(await ask(other)).includes('segredo'));
      assert.deepEqual(await counts(other), complete);
    });
  });
}
