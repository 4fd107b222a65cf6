import assert from 'node:assert/strict';
import { BridgeError } from '../../../bridge/core/errors.ts';
import type { KnowledgeBase } from '../../../bridge/core/knowledge/knowledge-base.ts';
import type { EmbeddingModel } from '../../../bridge/core/ports/embedder.ts';
import { QdrantSearchIndex } from '../../../bridge/adapters/qdrant/search-index.ts';
import { QdrantSimulator } from '../../contract/servers/qdrant-simulator.ts';
import { EmbeddedSearchIndex } from '../../../bridge/adapters/embedded/search-index.ts';
import type { IndexPoint, SearchIndex } from '../../../bridge/core/ports/search-index.ts';
import { syncTenant } from '../../../bridge/core/knowledge/sync.ts';
import { idsFor, never, openBench, rule, tenantNamed } from './knowledge-bench.ts';
import type { Bench } from './knowledge-bench.ts';

const tenant = tenantNamed('loja_um');
const foreign: IndexPoint = {
  ref: { kind: 'rule', id: 'foreign' },
  sparse: { indices: [1], values: [1] },
  dense: null,
  fromMs: Number.NEGATIVE_INFINITY,
  toMs: Number.POSITIVE_INFINITY,
  channels: [],
  services: [],
  audience: [],
  priority: 0,
  active: true,
  source: 'odoo',
};

type MakeIndex = (model: EmbeddingModel) => SearchIndex;

describe('a damaged index', () => {
  describeDamage('embedded', () => new EmbeddedSearchIndex());

  describe('on a search server', () => {
    let simulator: QdrantSimulator;

    before(async () => {
      simulator = await QdrantSimulator.start();
    });
    after(() => simulator.stop());

    const times = { readTimeoutMs: 2_000, writeTimeoutMs: 15_000 };
    describeDamage('Qdrant', (model) => {
      const { url } = simulator;
      return new QdrantSearchIndex({ url, apiKey: null, isolation: 'shared', ...times }, model);
    });
  });

  it('a search server that is away is said, and is no reason to call the sync failed', async () => {
    const bench = await openBench(() => {
      const away = async () => Promise.reject(new BridgeError('upstream_unavailable', 'The search server is away.'));
      const index = { upsert: away, remove: away, lexical: away, dense: away, refs: away, drop: away };
      return { shared: true, ...index };
    });
    const business = {
      manifest: async () => ({ items: [], next: '', digest: '' }),
      documents: async () => assert.fail(),
    };
    const deps = { knowledge: bench.knowledge, documents: bench.deps.documents, business, source: 'odoo' };
    const report = await syncTenant(deps, tenant, { dryRun: false, signal: never });
    assert.deepEqual([report.index, report.differences], [null, 0]);
    assert.equal((await bench.knowledge.status(tenant)).index, null);
    await bench.close();
  });
});

function describeDamage(name: string, makeIndex: MakeIndex): void {
  describe(name, () => damage(makeIndex));
}

function damage(makeIndex: MakeIndex): void {
  let bench: Bench;
  let index: SearchIndex;
  let knowledge: KnowledgeBase;

  const open = () =>
    bench.another({
      makeIndex: (model) => {
        index = makeIndex(model);
        return index;
      },
    });

  beforeEach(async () => {
    bench = await openBench();
    knowledge = open();
    const documents = [
      rule('frete', 'Envio', 'O frete grátis vale acima de R$ 150.', { hash: 'frete' }),
      ...Array.from({ length: 20 }, (_, i) => rule(`r${i}`, `Regra ${i}`, `Texto ${i}.`, { hash: `r${i}` })),
    ];
    await knowledge.upsert(tenant, 'odoo', documents, never);
    assert.deepEqual(await ask(), ['frete']);
    bench.embedder.embedded = [];
    await index.remove(tenant.accountId, [
      { kind: 'rule', id: 'frete' },
      { kind: 'rule', id: 'r3' },
    ]);
    await index.upsert(tenant.accountId, [foreign]);
  });

  afterEach(async () => {
    await index.drop(tenant.accountId);
    await bench.close();
  });

  const ask = async () => (await idsFor(knowledge, tenant, 'a partir de quanto o frete é grátis?')).slice(0, 1);
  const counts = async () => (await knowledge.status(tenant)).index;
  const items = () =>
    ['frete', ...Array.from({ length: 20 }, (_, i) => `r${i}`)].map((id) => ({ kind: 'rule' as const, id, hash: id }));
  const sync = (dryRun: boolean) =>
    syncTenant(
      {
        knowledge,
        documents: bench.deps.documents,
        business: {
          manifest: async () => ({ items: items(), next: '', digest: '' }),
          documents: async () => assert.fail('nothing differs, so nothing is fetched'),
        },
        source: 'odoo',
      },
      tenant,
      { dryRun, signal: never },
    );

  it('shows in the status as points that are missing and foreign', async () => {
    assert.deepEqual(await counts(), { points: 20, missing: 2, foreign: 1 });
  });

  it('a dry run reports it and leaves it as it is', async () => {
    const { index: found, differences } = await sync(true);
    assert.deepEqual([found, differences], [{ points: 20, missing: 2, foreign: 1 }, 3]);
    assert.deepEqual(await counts(), { points: 20, missing: 2, foreign: 1 });
  });

  it('is mended by a sync without fetching or embedding anything', async () => {
    const report = await sync(false);
    assert.deepEqual([report.index, report.differences], [{ points: 21, missing: 0, foreign: 0 }, 0]);
    assert.deepEqual(await counts(), { points: 21, missing: 0, foreign: 0 });
    assert.deepEqual(await ask(), ['frete']);
    assert.equal(bench.embedder.embedded.filter((text) => text.includes('Texto')).length, 0);
  });

  it('is mended by the last page of a reconcile', async () => {
    const request = {
      source: 'odoo',
      kinds: ['rule' as const],
      run: 'run-1',
      items: items(),
      last: true,
      dryRun: false,
    };
    await knowledge.reconcile(tenant, request);
    assert.deepEqual(await counts(), { points: 21, missing: 0, foreign: 0 });
    assert.deepEqual(await ask(), ['frete']);
  });

  it('a new instance mends its own index by building it', async () => {
    await bench.restart();
    knowledge = open();
    assert.deepEqual(await ask(), ['frete']);
    assert.deepEqual(await counts(), { points: 21, missing: 0, foreign: 0 });
  });
}
