import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat, truncate, writeFile, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedCacheStore } from '../../../bridge/adapters/embedded/cache-store.ts';
import { EmbeddedVectorCache } from '../../../bridge/adapters/embedded/vector-cache.ts';
import { LayeredVectorCache } from '../../../bridge/core/knowledge/layered-vector-cache.ts';
import { SharedVectorCache } from '../../../bridge/core/knowledge/shared-vector-cache.ts';
import type { VectorCache } from '../../../bridge/core/ports/embedder.ts';

const model = { model: 'm', dimensions: 4 };
const vector = (seed: number) => Float32Array.from([seed, -seed, seed / 3, 0.5]);
const entries = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ textHash: `hash-${i}`, vector: vector(i) }));

describe('vector caches', () => {
  let folder: string;
  let file: EmbeddedVectorCache;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vectors-'));
    file = new EmbeddedVectorCache(folder);
  });

  afterEach(async () => {
    await file.close();
    await rm(folder, { recursive: true });
  });

  const reopen = async () => {
    await file.close();
    file = new EmbeddedVectorCache(folder);
  };

  const kinds: [string, () => VectorCache][] = [
    ['file', () => file],
    ['shared store', () => new SharedVectorCache(new EmbeddedCacheStore({ now: () => 0 }))],
    [
      'file before shared store',
      () => new LayeredVectorCache(file, new SharedVectorCache(new EmbeddedCacheStore({ now: () => 0 }))),
    ],
  ];
  for (const [name, open] of kinds) {
    it(`${name}: gives back exactly what was put, null for the rest, in the order of the keys`, async () => {
      const cache = open();
      await cache.put(model, entries(3));
      assert.deepEqual(await cache.get(model, ['hash-2', 'unknown', 'hash-0']), [vector(2), null, vector(0)]);
    });

    it(`${name}: never gives a vector of another model or length`, async () => {
      const cache = open();
      await cache.put(model, entries(1));
      assert.deepEqual(await cache.get({ model: 'other', dimensions: 4 }, ['hash-0']), [null]);
      assert.deepEqual(await cache.get({ model: 'm', dimensions: 8 }, ['hash-0']), [null]);
    });
  }

  it('the file keeps thousands of vectors over a restart', async () => {
    await file.put(model, entries(3000));
    await reopen();
    const found = await file.get(model, ['hash-2999', ...entries(3000).map(({ textHash }) => textHash)]);
    assert.deepEqual(found[0], vector(2999));
    assert.ok(found.every((one) => one !== null));
  });

  it('a torn last record is forgotten and the file goes on', async () => {
    await file.put(model, entries(3));
    await file.close();
    const path = join(folder, (await readdir(folder))[0] ?? '');
    await truncate(path, (await stat(path)).size - 5);
    file = new EmbeddedVectorCache(folder);
    assert.deepEqual(await file.get(model, ['hash-1', 'hash-2']), [vector(1), null]);
    await file.put(model, entries(3));
    await reopen();
    assert.deepEqual(await file.get(model, ['hash-2']), [vector(2)]);
  });

  it('a damaged record is a record we do not have', async () => {
    await file.put(model, entries(2));
    await file.close();
    const path = join(folder, (await readdir(folder))[0] ?? '');
    const bytes = await readFile(path);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 0xff, bytes.length - 1);
    await writeFile(path, bytes);
    file = new EmbeddedVectorCache(folder);
    assert.deepEqual(await file.get(model, ['hash-0', 'hash-1']), [vector(0), null]);
  });

  it('a shared store that is away takes nothing from the near one', async () => {
    const away: VectorCache = {
      get: () => Promise.reject(new Error('away')),
      put: () => Promise.reject(new Error('away')),
    };
    const cache = new LayeredVectorCache(file, away);
    await cache.put(model, entries(1));
    assert.deepEqual(await cache.get(model, ['hash-0', 'hash-1']), [vector(0), null]);
  });
});
