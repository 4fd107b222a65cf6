import assert from 'node:assert/strict';
import { QdrantSearchIndex } from '../../../bridge/adapters/qdrant/search-index.ts';
import type { QdrantOptions } from '../../../bridge/adapters/qdrant/search-index.ts';
import { BridgeError } from '../../../bridge/core/errors.ts';
import type { ErrorCode } from '../../../bridge/core/errors.ts';
import type { IndexFilter, IndexPoint } from '../../../bridge/core/ports/search-index.ts';
import { QdrantSimulator } from '../../contract/servers/qdrant-simulator.ts';

const model = { model: 'm', dimensions: 2 };
const anything: IndexFilter = { kinds: [], atMs: null, channel: null, service: null };
const point: IndexPoint = {
  ref: { kind: 'rule', id: 'odoo:integrator.rule:12' },
  sparse: { indices: [7, 4_000_000_000], values: [1.5, 0.5] },
  dense: Float32Array.from([0.5, -0.5]),
  fromMs: 1_000,
  toMs: Number.POSITIVE_INFINITY,
  channels: ['whatsapp'],
  services: [],
  audience: [],
  priority: 5,
  active: true,
  source: 'odoo',
};

describe('what Qdrant is asked', () => {
  let simulator: QdrantSimulator;

  beforeEach(async () => {
    simulator = await QdrantSimulator.start();
  });

  afterEach(() => simulator.stop());

  const open = (changes: Partial<QdrantOptions> = {}) =>
    new QdrantSearchIndex(
      { url: simulator.url, apiKey: 'key-1', isolation: 'shared', readTimeoutMs: 300, writeTimeoutMs: 300, ...changes },
      model,
    );
  const last = () => simulator.seen.at(-1);
  const rejectsWith = (work: Promise<unknown>, code: ErrorCode) =>
    assert.rejects(work, (error) => error instanceof BridgeError && error.code === code);

  it('the collection has named dense and sparse vectors and an index on every filter field, the tenant marked as such', async () => {
    await open().upsert('loja', [point]);
    const creation = simulator.seen.find(
      ({ method, path }) => method === 'PUT' && /^\/collections\/ui_[0-9a-f]{16}$/.test(path),
    );
    assert.deepEqual(creation?.body, {
      vectors: { dense: { size: 2, distance: 'Cosine' } },
      sparse_vectors: { words: { modifier: 'idf' } },
    });
    const indexed = simulator.seen.filter(({ path }) => path.endsWith('/index')).map(({ body }) => body);
    assert.deepEqual(indexed[0], { field_name: 'tenant', field_schema: { type: 'keyword', is_tenant: true } });
    assert.equal(indexed.length, 10);
    assert.ok(simulator.seen.every(({ apiKey }) => apiKey === 'key-1'));
  });

  it('a point holds numbers and filter fields, no text of the document', async () => {
    await open().upsert('loja', [point]);
    const { points } = last()?.body as { points: { id: string; vector: unknown; payload: unknown }[] };
    assert.match(points[0]?.id ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.deepEqual(points[0]?.vector, {
      words: { indices: [7, 4_000_000_000], values: [1.5, 0.5] },
      dense: [0.5, -0.5],
    });
    assert.deepEqual(points[0].payload, {
      tenant: 'loja',
      kind: 'rule',
      document: 'odoo:integrator.rule:12',
      from_ms: 1_000,
      to_ms: 8_640_000_000_000_000,
      channels: ['whatsapp'],
      services: ['*'],
      audience: ['*'],
      priority: 5,
      active: true,
      source: 'odoo',
    });
  });

  it('a search names its vector, filters by tenant first and asks for nothing but the reference', async () => {
    const index = open();
    await index.upsert('loja', [point]);
    const filter: IndexFilter = { kinds: ['rule', 'faq'], atMs: 5_000, channel: 'whatsapp', service: 'sales' };
    const found = await index.lexical('loja', { indices: [7], values: [1] }, filter, 30);
    assert.deepEqual(
      found.map(({ ref }) => ref),
      [point.ref],
    );
    assert.deepEqual(last()?.body, {
      query: { indices: [7], values: [1] },
      using: 'words',
      filter: {
        must: [
          { key: 'tenant', match: { value: 'loja' } },
          { key: 'kind', match: { any: ['rule', 'faq'] } },
          { key: 'active', match: { value: true } },
          { key: 'from_ms', range: { lte: 5_000 } },
          { key: 'to_ms', range: { gt: 5_000 } },
          { key: 'channels', match: { any: ['*', 'whatsapp'] } },
          { key: 'services', match: { any: ['*', 'sales'] } },
        ],
      },
      limit: 30,
      with_payload: ['kind', 'document'],
      with_vector: false,
    });
  });

  it('the same document of two tenants has two ids, and one tenant one collection when isolation asks for it', async () => {
    const index = open();
    await index.upsert('loja', [point]);
    await index.upsert('outra', [point]);
    assert.equal([...simulator.collections.values()][0]?.points.size, 2);
    await open({ isolation: 'collection' }).upsert('loja', [point]);
    assert.ok([...simulator.collections.keys()].some((name) => name.endsWith('_loja')));
  });

  it('another model or number of dimensions is another collection', async () => {
    await open().upsert('loja', [point]);
    const options = {
      url: simulator.url,
      apiKey: null,
      isolation: 'shared',
      readTimeoutMs: 300,
      writeTimeoutMs: 300,
    } as const;
    await new QdrantSearchIndex(options, { model: 'n', dimensions: 2 }).upsert('loja', [point]);
    assert.equal(simulator.collections.size, 2);
  });

  it('many points go in requests of at most 256', async () => {
    const many = Array.from({ length: 600 }, (_, i) => ({ ...point, ref: { kind: 'rule' as const, id: `r${i}` } }));
    await open().upsert('loja', many);
    const sizes = simulator.seen
      .filter(({ method, path }) => method === 'PUT' && path.endsWith('/points'))
      .map(({ body }) => (body as { points: unknown[] }).points.length);
    assert.deepEqual(sizes, [256, 256, 88]);
  });

  it('a collection that somebody removed is made again', async () => {
    const index = open();
    await index.upsert('loja', [point]);
    simulator.collections.clear();
    await index.upsert('loja', [point]);
    assert.deepEqual(await index.refs('loja'), [point.ref]);
  });

  it('a path in the address is kept in front of every request', async () => {
    const index = open({ url: `${simulator.url}/vectors/` });
    await assert.rejects(index.refs('loja'));
    assert.ok(last()?.path.startsWith('/vectors/collections/'));
  });

  const outcomes: [number | 'silent', ErrorCode][] = [
    [500, 'upstream_unavailable'],
    [503, 'upstream_unavailable'],
    ['silent', 'upstream_unavailable'],
    [401, 'upstream_rejected'],
    [403, 'upstream_rejected'],
    [400, 'upstream_rejected'],
  ];
  for (const [fault, code] of outcomes) {
    it(`an answer of ${fault} is ${code}`, async () => {
      const index = open();
      await index.upsert('loja', [point]);
      simulator.fault = fault;
      await rejectsWith(index.dense('loja', Float32Array.from([1, 0]), anything, 5), code);
      await rejectsWith(index.upsert('loja', [point]), code);
    });
  }

  it('a server that is not there is upstream_unavailable', async () => {
    await rejectsWith(open({ url: 'http://127.0.0.1:9' }).refs('loja'), 'upstream_unavailable');
  });

  it('a server that keeps failing is not asked again by every search', async () => {
    const index = open();
    await index.upsert('loja', [point]);
    simulator.fault = 500;
    const search = () => index.dense('loja', Float32Array.from([1, 0]), anything, 5);
    for (let i = 0; i < 5; i++) await rejectsWith(search(), 'upstream_unavailable');
    const asked = simulator.seen.length;
    await rejectsWith(search(), 'upstream_unavailable');
    assert.equal(simulator.seen.length, asked);
  });
});
