import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { openEmbeddedStores } from '../../../bridge/adapters/embedded/open-embedded-stores.ts';
import { yamlText } from '../../../bridge/adapters/files/yaml-text.ts';
import { BridgeError } from '../../../bridge/core/errors.ts';
import type { CacheStore } from '../../../bridge/core/ports/cache-store.ts';
import { TwoLevelCache } from '../../../bridge/core/cache/two-level-cache.ts';
import { gate } from '../../fixtures/gate.ts';
import { quietLog } from '../../fixtures/quiet-log.ts';
import { silentMetrics } from '../../fixtures/silent-metrics.ts';

/** A store in memory that several caches can share, and that can be switched off. */
class SharedStore implements CacheStore {
  readonly texts = new Map<string, string>();
  readonly listeners: ((prefix: string) => void)[] = [];
  isAway = false;
  calls = 0;
  async get(key: string) {
    this.#check();
    return this.texts.get(key) ?? null;
  }
  async set(key: string, value: string) {
    this.#check();
    this.texts.set(key, value);
  }
  async removePrefix(prefix: string) {
    this.#check();
    const keys = [...this.texts.keys()].filter((key) => key.startsWith(prefix));
    for (const key of keys) this.texts.delete(key);
    return keys.length;
  }
  async publishInvalidation(prefix: string) {
    this.#check();
    for (const listener of this.listeners) listener(prefix);
  }
  onInvalidation(listener: (prefix: string) => void) {
    this.listeners.push(listener);
  }
  #check() {
    this.calls += 1;
    if (this.isAway) throw new BridgeError('upstream_unavailable', 'away');
  }
}

const key = 'a1:rules:rule:1:details';
const transient = { tier: 'transient', seconds: 300 } as const;
const text = z.string();

describe('the two-level cache', () => {
  let nowMs: number;
  let store: SharedStore;
  const results: string[] = [];
  const metrics = {
    ...silentMetrics,
    count: (_name: string, labels = {}) => void results.push(JSON.stringify(labels)),
  };
  const cacheOn = (second: CacheStore | null, maxBytes = 1_000_000) =>
    new TwoLevelCache({
      store: second,
      clock: { now: () => nowMs },
      logger: quietLog(),
      metrics,
      maxBytes,
    });

  beforeEach(() => {
    nowMs = 1_000_000;
    store = new SharedStore();
    results.length = 0;
  });

  it('gives back what was set, a null included, until its time is over', async () => {
    for (const cache of [cacheOn(null), cacheOn(store)]) {
      await cache.set(key, null, transient);
      assert.deepEqual(await cache.get(key), { hit: true, value: null, stale: false });
      nowMs += 299_999;
      assert.equal((await cache.get(key)).hit, true);
      nowMs += 1;
      assert.deepEqual(await cache.get(key), { hit: false });
    }
  });

  it('shares through the store and counts hits and misses by level and module', async () => {
    const [one, other] = [cacheOn(store), cacheOn(store)];
    await other.get(key);
    await one.set(key, { price: 1 }, transient);
    assert.deepEqual(await other.get(key), { hit: true, value: { price: 1 }, stale: false });
    await other.get(key);
    assert.deepEqual(
      results.map((labels) => JSON.parse(labels) as unknown),
      ['miss', 'store', 'process'].map((result) => ({ module: 'rules', result })),
    );
  });

  it('gives every reader a copy of his own', async () => {
    const cache = cacheOn(null);
    const list = z.array(z.number());
    await cache.set(key, [1], transient);
    (await cache.remember(key, list, transient, async () => [])).push(2);
    assert.deepEqual(await cache.remember(key, list, transient, async () => []), [1]);
  });

  it('loads once for everybody who asks at the same time', async () => {
    const cache = cacheOn(store);
    const loading = gate<string>();
    let loads = 0;
    const ask = () =>
      cache.remember(key, text, transient, () => {
        loads += 1;
        return loading.promise;
      });
    const answers = [ask(), ask(), ask()];
    loading.open('value');
    assert.deepEqual(await Promise.all(answers), ['value', 'value', 'value']);
    assert.equal(await ask(), 'value');
    assert.equal(loads, 1);
  });

  it('does not keep an error', async () => {
    const cache = cacheOn(store);
    await assert.rejects(cache.remember(key, text, transient, () => Promise.reject(new Error('source away'))));
    assert.equal(await cache.remember(key, text, transient, async () => 'value'), 'value');
  });

  it('invalidates exactly the prefix, in every instance', async () => {
    const [one, other] = [cacheOn(store), cacheOn(store)];
    const neighbour = 'a1:rules:rule:12:details';
    const stranger = 'a2:rules:rule:1:details';
    for (const each of [key, neighbour, stranger]) {
      await one.set(each, each, transient);
      await other.get(each);
    }
    assert.equal(await one.invalidate('a1:rules:rule:1:'), 1);
    for (const cache of [one, other]) {
      assert.equal((await cache.get(key)).hit, false);
      assert.equal((await cache.get(neighbour)).hit, true);
      assert.equal((await cache.get(stranger)).hit, true);
    }
  });

  it('does not keep what was being loaded when it was invalidated', async () => {
    const cache = cacheOn(store);
    const loading = gate<string>();
    const before = cache.remember(key, text, transient, () => loading.promise);
    await turns();
    await cache.invalidate('a1:rules:');
    const after = cache.remember(key, text, transient, async () => 'new');
    loading.open('old');
    assert.equal(await before, 'old');
    assert.equal(await after, 'new');
    assert.equal(await cache.remember(key, text, transient, async () => 'newer'), 'new');
  });

  it('does not keep a read of the store that an invalidation overtook', async () => {
    const cache = cacheOn(store);
    await cacheOn(store).set(key, 'old', transient);
    const reading = gate<undefined>();
    const get = store.get.bind(store);
    store.get = async (name) => {
      const found = await get(name);
      await reading.promise;
      return found;
    };
    const first = cache.get(key);
    await turns();
    await cacheOn(store).invalidate('a1:');
    reading.open(undefined);
    await first;
    assert.equal((await cache.get(key)).hit, false);
  });

  it('goes on with the process level when the store is away, and asks it rarely', async () => {
    const cache = cacheOn(store);
    store.isAway = true;
    await cache.set(key, 'value', transient);
    assert.equal((await cache.get(key)).hit, true);
    for (let index = 0; index < 50; index += 1) await cache.get(`a1:rules:rule:${index + 2}:details`);
    assert.equal(store.calls, 1);
  });

  it('does not believe a store that came back without having been told of an invalidation', async () => {
    const cache = cacheOn(store);
    await cache.set(key, 'old', transient);
    store.isAway = true;
    await cache.invalidate('a1:rules:');
    store.isAway = false;
    assert.equal((await cache.get(key)).hit, false, 'still resting: the store is not read');
    nowMs += 1_000;
    assert.equal((await cache.get(key)).hit, false);
    assert.equal(store.texts.size, 0);
  });

  it('gives a stale value once more where that is allowed, and a new one afterwards', async () => {
    const cache = cacheOn(store);
    const lifetime = { ...transient, staleSeconds: 60 };
    await cache.set(key, 'old', lifetime);
    nowMs += 300_000;
    assert.equal(await cache.remember(key, text, lifetime, async () => 'new'), 'old');
    await turns();
    assert.equal(await cache.remember(key, text, lifetime, async () => 'newer'), 'new');
  });

  it('takes a value of another shape, or of another build, for a miss', async () => {
    const cache = cacheOn(store);
    store.texts.set(key, '[2,"another build"]');
    assert.equal(await cache.remember(key, text, transient, async () => 'value'), 'value');
    store.texts.set('a1:rules:rule:9:details', 'not json');
    assert.equal((await cache.get('a1:rules:rule:9:details')).hit, false);
    await cache.set(key, 7, transient);
    assert.equal(await cache.remember(key, text, transient, async () => 'text'), 'text');
  });

  it('lets one of the instances that share a store load, and the others take what it stored', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'ui-cache-'));
    const clock = { now: () => Date.now() };
    const stores = await openEmbeddedStores({ dataDir: folder, clock, logger: quietLog(), yaml: yamlText });
    try {
      const instance = () =>
        new TwoLevelCache({
          store,
          clock,
          logger: quietLog(),
          metrics,
          maxBytes: 10_000,
          locks: stores.locks,
        });
      const opened = gate<string>();
      let loads = 0;
      const load = async () => {
        loads += 1;
        return opened.promise;
      };
      const asked = [instance(), instance(), instance()].map((cache) => cache.remember(key, text, transient, load));
      opened.open('one');
      assert.deepEqual([await Promise.all(asked), loads], [['one', 'one', 'one'], 1]);
      assert.equal(await instance().remember('a1:m:t:2:x', text, transient, async () => 'two'), 'two');
    } finally {
      await stores.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('loads for itself when what another instance stored has another form, or its locks are away', async () => {
    const away = { acquire: () => Promise.reject(new BridgeError('upstream_unavailable', 'away')) };
    const cache = new TwoLevelCache({
      store,
      clock: { now: () => nowMs },
      logger: quietLog(),
      metrics,
      maxBytes: 10_000,
      locks: away,
    });
    await cache.set(key, 7, transient);
    assert.equal(await cache.remember(key, text, transient, async () => 'text'), 'text');
  });

  it('believes its own copy for minutes only when others can change it', async () => {
    const cache = cacheOn(store);
    await cache.set(key, 'old', { tier: 'configuration' });
    store.texts.clear();
    nowMs += 4 * 60_000;
    assert.equal((await cache.get(key)).hit, true);
    nowMs += 60_000;
    assert.equal((await cache.get(key)).hit, false);
  });

  it('stays within its bytes', async () => {
    const cache = cacheOn(null, 100_000);
    for (let index = 0; index < 1_000; index += 1) await cache.set(`a1:m:t:${index}:x`, 'x'.repeat(1_000), transient);
    let kept = 0;
    for (let index = 0; index < 1_000; index += 1) kept += (await cache.get(`a1:m:t:${index}:x`)).hit ? 1 : 0;
    assert.ok(kept > 30 && kept < 50, `${kept} kept`);
    await cache.set(key, 'x'.repeat(100_000), transient);
    assert.equal((await cache.get(key)).hit, false);
  });
});

/** Lets everything run that is ready to run. */
async function turns(): Promise<void> {
  for (let index = 0; index < 20; index += 1) await Promise.resolve();
}
