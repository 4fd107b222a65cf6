import assert from 'node:assert/strict';
import { qdrantHealth } from '../../../bridge/adapters/qdrant/qdrant-health.ts';
import { QdrantSearchIndex } from '../../../bridge/adapters/qdrant/search-index.ts';
import type { QdrantOptions } from '../../../bridge/adapters/qdrant/search-index.ts';
import { BridgeError, codeOf } from '../../../bridge/core/errors.ts';
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
  const seen = (method: string, ending: string) =>
    simulator.seen.filter((request) => request.method === method && request.path.endsWith(ending));
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
      strict_mode_config: { enabled: true, unindexed_filtering_retrieve: false, unindexed_filtering_update: false },
      hnsw_config: { m: 0, payload_m: 16 },
    });
    const indexed = seen('PUT', '/index').map(({ body }) => body);
    assert.deepEqual(indexed[0], { field_name: 'tenant', field_schema: { type: 'keyword', is_tenant: true } });
    assert.equal(indexed.length, 10);
    assert.ok(simulator.seen.every(({ apiKey }) => apiKey === 'key-1'));
  });

  it('a point holds numbers and filter fields, no text of the document', async () => {
    await open().upsert('loja', [point]);
    const { points } = seen('PUT', '/points')[0]?.body as {
      points: { id: string; vector: unknown; payload: unknown }[];
    };
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
    const [question] = seen('POST', '/points/query/batch');
    assert.deepEqual(question?.query, { timeout: '1' });
    assert.deepEqual(question.body, {
      searches: [
        {
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
        },
      ],
    });
  });

  it('both legs of a search travel in one request and come back as two answers', async () => {
    const index = open();
    await index.upsert('loja', [point]);
    const [words, vectors] = await Promise.all([
      index.lexical('loja', { indices: [7], values: [1] }, anything, 5),
      index.dense('loja', Float32Array.from([0.5, -0.5]), anything, 5),
    ]);
    assert.equal(seen('POST', '/points/query/batch').length, 1);
    assert.deepEqual([words[0]?.ref, vectors[0]?.ref], [point.ref, point.ref]);
    assert.ok(Math.abs((vectors[0]?.score ?? 0) - 1) < 1e-6, 'the cosine of the leg, not a rank');
    assert.notEqual(words[0]?.score, vectors[0]?.score);
  });

  it('questions of two tenants never travel together', async () => {
    const index = open();
    for (const tenant of ['loja', 'outra']) await index.upsert(tenant, [point]);
    await Promise.all(['loja', 'outra'].map((tenant) => index.lexical(tenant, point.sparse, anything, 5)));
    const tenants = seen('POST', '/points/query/batch').map(({ body }) =>
      [...JSON.stringify(body).matchAll(/"key":"tenant","match":\{"value":"(\w+)"/g)].map(([, name]) => name),
    );
    assert.deepEqual(tenants.toSorted(), [['loja'], ['outra']]);
  });

  it('a question the server refuses does not take the other leg with it', async () => {
    const index = open();
    await index.upsert('loja', [point]);
    const [words, vectors] = await Promise.allSettled([
      index.lexical('loja', { indices: [7], values: [1] }, anything, 5),
      index.dense('loja', Float32Array.from([1, 0, 0]), anything, 5),
    ]);
    assert.equal(words.status, 'fulfilled');
    assert.ok(vectors.status === 'rejected' && codeOf(vectors.reason) === 'upstream_rejected');
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
    const index = open();
    await index.upsert('loja', many);
    await index.remove(
      'loja',
      many.map(({ ref }) => ref),
    );
    const sizes = [...seen('PUT', '/points'), ...seen('POST', '/points/delete')].map(
      ({ body }) => (body as { points: unknown[] }).points.length,
    );
    assert.deepEqual(sizes, [256, 256, 88, 256, 256, 88]);
    assert.deepEqual(await index.refs('loja'), []);
  });

  it('a start that was cut off between the collection and its last index is finished by the next one', async () => {
    simulator.fault = 500;
    simulator.faultFor = ({ body }) => JSON.stringify(body).includes('"to_ms"');
    await rejectsWith(open().upsert('loja', [point]), 'upstream_unavailable');
    simulator.fault = null;
    const before = seen('PUT', '/index').length;
    await open().upsert('loja', [point]);
    const [collection] = simulator.collections.values();
    assert.equal(collection?.indexes.size, 10);
    assert.equal(seen('PUT', '/index').length - before, 7, 'those that were missing');
  });

  it('points under ids we would not give count as foreign, whatever they say they are, and can be removed', async () => {
    const index = open();
    await index.upsert('loja', [point]);
    const [collection] = simulator.collections.values();
    const [own] = collection?.points.values() ?? [];
    assert.ok(collection && own);
    const planted = (n: number) => `00000000-0000-8000-8000-00000000000${n}`;
    const pretends = { ...own.payload };
    const unknown = { ...own.payload, document: 'planted' };
    const unreadable = { ...own.payload, kind: 'nothing we know' };
    for (const [n, payload] of [pretends, unknown, unreadable].entries()) {
      collection.points.set(planted(n), { ...own, id: planted(n), payload });
    }
    const refs = await index.refs('loja');
    const foreign = refs.filter(({ id }) => id !== point.ref.id);
    assert.deepEqual([refs.length, new Set(foreign.map(({ id }) => id)).size], [4, 3]);
    await index.remove('loja', foreign);
    assert.deepEqual(await index.refs('loja'), [point.ref]);
  });

  it('a document named like a stray point of another tenant removes nothing of that tenant', async () => {
    const index = open();
    await index.upsert('loja', [point]);
    const [collection] = simulator.collections.values();
    const [id = ''] = collection?.points.keys() ?? [];
    await index.remove('outra', [{ kind: 'document', id: `point ${id}` }]);
    assert.deepEqual(await index.refs('loja'), [point.ref]);
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
    assert.ok(simulator.seen.every(({ path }) => path.startsWith('/vectors/collections/')));
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
    const asked = seen('POST', '/points/query/batch').length;
    await rejectsWith(search(), 'upstream_unavailable');
    assert.equal(seen('POST', '/points/query/batch').length, asked);
  });
});

describe('how Qdrant is', () => {
  let simulator: QdrantSimulator;

  beforeEach(async () => {
    simulator = await QdrantSimulator.start();
    simulator.apiKey = 'key-1';
  });

  afterEach(() => simulator.stop());

  const ask = (apiKey: string | null) => qdrantHealth(`${simulator.url}/`, apiKey, AbortSignal.timeout(300));

  it('up when it serves and lets us in', async () => {
    assert.equal((await ask('key-1')).state, 'up');
  });

  it('degraded, with what to do, when it serves and refuses the key', async () => {
    for (const key of [null, 'key-2']) {
      const { state, message, fix } = await ask(key);
      assert.deepEqual([state, message], ['degraded', 'Qdrant refuses the key']);
      assert.match(fix ?? '', /QDRANT_API_KEY/);
    }
  });

  it('degraded when it is not ready, does not answer in time, or is not there', async () => {
    simulator.fault = 503;
    assert.equal((await ask('key-1')).message, 'Qdrant answered 503');
    simulator.fault = 'silent';
    assert.equal((await ask('key-1')).message, 'Qdrant does not answer');
    await simulator.stop();
    assert.equal((await ask('key-1')).state, 'degraded');
  });
});
