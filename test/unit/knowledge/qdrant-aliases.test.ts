import assert from 'node:assert/strict';
import { QdrantSearchIndex } from '../../../bridge/adapters/qdrant/search-index.ts';
import type { Isolation } from '../../../bridge/adapters/qdrant/requests.ts';
import type { IndexFilter, IndexPoint } from '../../../bridge/core/ports/search-index.ts';
import { eventually } from '../../component/eventually.ts';
import { QdrantSimulator } from '../../contract/servers/qdrant-simulator.ts';

const anything: IndexFilter = { kinds: [], atMs: null, channel: null, service: null };
const point: IndexPoint = {
  ref: { kind: 'rule', id: 'frete' },
  sparse: { indices: [7], values: [1] },
  dense: Float32Array.from([1, 0]),
  fromMs: Number.NEGATIVE_INFINITY,
  toMs: Number.POSITIVE_INFINITY,
  channels: [],
  services: [],
  audience: [],
  priority: 0,
  active: true,
  source: 'odoo',
};

const until = (what: string, look: () => boolean) => eventually(what, async () => look());

for (const isolation of ['shared', 'collection'] as const) describeAliases(isolation);

function describeAliases(isolation: Isolation): void {
  describe(`another embedding model on Qdrant (${isolation})`, () => {
    let simulator: QdrantSimulator;

    beforeEach(async () => {
      simulator = await QdrantSimulator.start();
    });

    afterEach(() => simulator.stop());

    const open = (model: string) => {
      const times = { readTimeoutMs: 2_000, writeTimeoutMs: 2_000 };
      return new QdrantSearchIndex({ url: simulator.url, apiKey: null, isolation, ...times }, { model, dimensions: 2 });
    };
    const ask = async (index: QdrantSearchIndex, tenant = 'loja') =>
      (await index.lexical(tenant, point.sparse, anything, 5)).map(({ ref }) => ref.id);
    const served = (tenant = 'loja') => simulator.aliases.get(`ui_tenant_${tenant}`);
    const marks = () => [...simulator.aliases.keys()].filter((alias) => alias.startsWith('ui_left_'));
    const changes = () => simulator.seen.filter(({ path }) => path === '/collections/aliases');
    /** A tenant is filled and asked, and its alias says so. */
    const serve = async (index: QdrantSearchIndex, tenant = 'loja') => {
      const before = served(tenant);
      await index.upsert(tenant, [point]);
      assert.deepEqual(await ask(index, tenant), ['frete']);
      await until('the alias moved', () => served(tenant) !== before);
    };
    const settled = () => until('one collection', () => simulator.collections.size === 1 && marks().length === 0);

    it('is filled beside: the alias stays where questions go', async () => {
      const old = open('old');
      await serve(old);
      const [first] = simulator.collections.keys();
      const looks = () => simulator.seen.filter(({ path, answer }) => path === '/aliases' && answer !== null).length;
      const before = looks();
      const next = open('next');
      await next.upsert('loja', [point]);
      assert.deepEqual(await next.refs('loja'), [point.ref]);
      await until('it looked who serves', () => looks() > before);
      assert.equal(simulator.collections.size, 2);
      assert.equal(served(), first);
      assert.deepEqual(await ask(old), ['frete']);
    });

    it('takes over with one call when questions go to it, and the old collection is removed', async () => {
      await serve(open('old'));
      const [first = ''] = simulator.collections.keys();
      const before = changes().length;
      await serve(open('next'));
      await settled();
      assert.deepEqual(changes().length - before, 1);
      assert.equal(simulator.collections.has(first), false);
      assert.deepEqual([...simulator.aliases.values()], [...simulator.collections.keys()]);
    });

    const itOnShared = isolation === 'shared' ? it : () => undefined;
    itOnShared('leaves the old collection to the tenants that are still searched there', async () => {
      const old = open('old');
      await serve(old, 'loja');
      await serve(old, 'outra');
      const [first] = simulator.collections.keys();
      await serve(open('next'), 'loja');
      await until('the mark', () => marks().length === 1);
      assert.equal(served('outra'), first);
      assert.deepEqual(await ask(old, 'outra'), ['frete']);
      await serve(open('next'), 'outra');
      await settled();
    });

    it('a death between the move and the removal leaves a mark, and the next move finishes it', async () => {
      await serve(open('old'));
      const [first = ''] = simulator.collections.keys();
      simulator.fault = 500;
      simulator.faultFor = ({ method }) => method === 'DELETE';
      await serve(open('next'));
      await until('the removal failed', () => simulator.seen.some(({ method }) => method === 'DELETE'));
      assert.deepEqual([simulator.collections.has(first), marks()], [true, [`ui_left_${first}`]]);
      simulator.fault = null;
      assert.deepEqual(await ask(open('next')), ['frete']);
      await settled();
    });

    it('a death before the move changes nothing: the old collection serves', async () => {
      await serve(open('old'));
      const [first] = simulator.collections.keys();
      simulator.fault = 500;
      simulator.faultFor = ({ path }) => path === '/collections/aliases';
      const next = open('next');
      await next.upsert('loja', [point]);
      await ask(next);
      await until('the move failed', () => changes().at(-1)?.answer?.status === 500);
      assert.equal(served(), first);
      assert.deepEqual(await ask(open('old')), ['frete']);
    });

    it('back to the model of before: its collection serves again and is not removed', async () => {
      await serve(open('old'), 'loja');
      await serve(open('old'), 'outra');
      await serve(open('next'), 'loja');
      await serve(open('old'), 'loja');
      await until('no marks', () => marks().length === 0);
      assert.deepEqual(await ask(open('old'), 'loja'), ['frete']);
      assert.deepEqual(await ask(open('old'), 'outra'), ['frete']);
    });

    it('a process that still asks the removed collection gets an error and not nothing', async () => {
      const old = open('old');
      await serve(old);
      await serve(open('next'));
      await settled();
      await assert.rejects(ask(old), { code: 'upstream_unavailable' });
    });

    it('a removed tenant leaves no alias and no points behind', async () => {
      const index = open('old');
      await serve(index, 'loja');
      await index.drop('loja');
      assert.equal(served(), undefined);
      assert.deepEqual(
        [...simulator.collections.values()].flatMap(({ points }) => [...points.values()]),
        [],
      );
    });
  });
}
