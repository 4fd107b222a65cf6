// A changed embedding model through the whole knowledge base, with the points on a (simulated) search server: the new
// collection is filled beside, serves when it is complete, and the old one goes.
import assert from 'node:assert/strict';
import { LocalEmbedder } from '../../../bridge/adapters/embedded/local-embedder.ts';
import type { Isolation } from '../../../bridge/adapters/qdrant/requests.ts';
import { QdrantSearchIndex } from '../../../bridge/adapters/qdrant/search-index.ts';
import { BridgeError } from '../../../bridge/core/errors.ts';
import type { KnowledgeBase } from '../../../bridge/core/knowledge/knowledge-base.ts';
import type { Embedder } from '../../../bridge/core/ports/embedder.ts';
import { eventually } from '../../component/eventually.ts';
import { QdrantSimulator } from '../../contract/servers/qdrant-simulator.ts';
import { repositoryLexicon } from '../../fixtures/repository-lexicon.ts';
import { never, openBench, question, rule, tenantNamed } from './knowledge-bench.ts';
import type { Bench } from './knowledge-bench.ts';

const tenant = tenantNamed('loja_um');
const documents = [
  rule('frete', 'Envio', 'O frete grátis vale acima de R$ 150.'),
  ...Array.from({ length: 300 }, (_, i) => rule(`r${i}`, `Regra ${i}`, `Texto número ${i}.`)),
];

/** A model by name, which answers so many texts and is then away. */
class NamedEmbedder implements Embedder {
  readonly isRemote = false;
  readonly model: string;
  readonly dimensions: number;
  readonly #inner: Embedder;
  left = Number.POSITIVE_INFINITY;

  constructor(model: string, inner: Embedder) {
    this.model = model;
    this.dimensions = inner.dimensions;
    this.#inner = inner;
  }

  async embed(texts: string[], signal: AbortSignal) {
    if (texts.length > this.left) throw new BridgeError('upstream_unavailable', 'The service is away.');
    this.left -= texts.length;
    return this.#inner.embed(texts, signal);
  }
}

for (const isolation of ['shared', 'collection'] as const) describeChange(isolation);

function describeChange(isolation: Isolation): void {
  describe(`a changed embedding model with points on Qdrant (${isolation})`, () => {
    let simulator: QdrantSimulator;
    let bench: Bench;
    let knowledge: KnowledgeBase;
    let before: NamedEmbedder;
    let after: NamedEmbedder;
    let current: NamedEmbedder;

    beforeEach(async () => {
      simulator = await QdrantSimulator.start();
      bench = await openBench();
      const inner = new LocalEmbedder(await repositoryLexicon('retail'));
      [before, after] = [new NamedEmbedder('model-a', inner), new NamedEmbedder('model-b', inner)];
      current = before;
      knowledge = open();
      await knowledge.upsert(tenant, 'odoo', documents, never);
      assert.deepEqual(await find(), found);
      await oneCollection();
    });

    afterEach(async () => {
      await bench.close();
      await simulator.stop();
    });

    const open = () =>
      bench.another({
        embedderFor: async () => current,
        formerEmbedder: async (_tenant, model) => (model === before.model ? before : null),
        makeIndex: (model) => {
          const times = { readTimeoutMs: 5_000, writeTimeoutMs: 15_000 };
          return new QdrantSearchIndex({ url: simulator.url, apiKey: null, isolation, ...times }, model);
        },
      });
    const find = async () => {
      const { hits, degraded } = await knowledge.search(
        tenant,
        question('a partir de quanto o frete é grátis?'),
        never,
      );
      return { first: hits[0]?.document.id, byVector: hits[0]?.matched.includes('vector'), degraded };
    };
    const found = { first: 'frete', byVector: true, degraded: null };
    const serving = () => simulator.aliases.get('ui_tenant_loja_um');
    const oneCollection = () =>
      eventually('one collection, with its alias', async () => {
        const [only, ...others] = simulator.collections.keys();
        return others.length === 0 && serving() === only && simulator.aliases.size === 1;
      });
    const whole = { points: documents.length, missing: 0, foreign: 0 };

    it('is filled beside while the old one answers, then takes over, and the old collection is gone', async () => {
      const old = serving();
      current = after;
      after.left = 200;
      await knowledge.catchUp(tenant, never);
      assert.deepEqual(await find(), found);
      assert.equal((await knowledge.status(tenant)).reindexing?.to, 'model-b');
      assert.equal(simulator.collections.size, 2);
      assert.equal(serving(), old);
      after.left = Number.POSITIVE_INFINITY;
      await knowledge.catchUp(tenant, never);
      assert.deepEqual(await find(), found);
      await oneCollection();
      assert.notEqual(serving(), old);
      assert.deepEqual((await knowledge.status(tenant)).index, whole);
    });

    it('a process that dies half-way is followed by one that ends with the new collection alone', async () => {
      const old = serving();
      current = after;
      after.left = 200;
      await knowledge.catchUp(tenant, never);
      await bench.restart();
      knowledge = open();
      assert.deepEqual(await find(), found);
      assert.equal(serving(), old);
      after.left = Number.POSITIVE_INFINITY;
      await knowledge.catchUp(tenant, never);
      assert.deepEqual(await find(), found);
      await oneCollection();
      assert.deepEqual((await knowledge.status(tenant)).index, whole);
    });

    it('a process that dies after the last vector and before the old points go leaves no old collection either', async () => {
      current = after;
      simulator.fault = 500;
      simulator.faultFor = ({ method, path }) => method === 'DELETE' || path.endsWith('/points/delete');
      await knowledge.catchUp(tenant, never);
      assert.equal(simulator.collections.size, 2);
      await bench.restart();
      simulator.fault = null;
      knowledge = open();
      assert.deepEqual(await find(), found);
      await oneCollection();
      assert.deepEqual((await knowledge.status(tenant)).index, whole);
    });
  });
}
