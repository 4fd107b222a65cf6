// The promises of the second cache level, for every adapter.
import assert from 'node:assert/strict';
import { waitUntil } from '../sandbox/servers/wait-until.ts';
import { newAccount, useWorld, type OpenWorld } from './store-world.ts';

export function describeCacheStore(name: string, open: OpenWorld): void {
  describe(`cache store on ${name}`, () => {
    const world = useWorld(open);

    it('a value is read back by every instance until its time is over', async () => {
      const key = `${newAccount()}:rules:rule:1:details`;
      assert.equal(await world().stores.cache.get(key), null);
      await world().stores.cache.set(key, 'ação', 600);
      assert.equal(await world().other.cache.get(key), 'ação');
      await world().stores.cache.set(key, 'depois', 1);
      assert.equal(await world().stores.cache.get(key), 'depois');
      assert.ok(await waitUntil(async () => (await world().stores.cache.get(key)) === null, 10_000));
    });

    it('removing a prefix takes exactly the keys that begin with it, and counts them', async () => {
      const account = newAccount();
      const gone = [`${account}:rules:a:1:x`, `${account}:rules:b:2:y`];
      const kept = [`${account}b:rules:a:1:x`, `${account}:rules2:a:1:x`, `b${account}:rules:a:1:x`, `${account}:rule`];
      for (const key of [...gone, ...kept]) await world().stores.cache.set(key, key, 600);
      assert.equal(await world().stores.cache.removePrefix(`${account}:rules:`), gone.length);
      for (const key of gone) assert.equal(await world().other.cache.get(key), null);
      for (const key of kept) assert.equal(await world().other.cache.get(key), key);
      assert.equal(await world().stores.cache.removePrefix(`${account}:rules:`), 0);
    });

    it('signs that mean something in a pattern are plain characters in a prefix', async () => {
      const account = newAccount();
      for (const sign of ['*', '?', '[ab]', '\\', '[^a]', '[a-c']) {
        const keys = [`${account}:${sign}:x`, `${account}:a:x`, `${account}:${sign}${sign}:x`];
        for (const key of keys) await world().stores.cache.set(key, '1', 600);
        assert.equal(await world().stores.cache.removePrefix(`${account}:${sign}:`), 1, sign);
        assert.equal(await world().stores.cache.get(`${account}:a:x`), '1', sign);
      }
    });

    it('removes all of very many keys', async () => {
      const account = newAccount();
      const keys = Array.from({ length: 2_500 }, (_, index) => `${account}:rules:r:${index}:x`);
      await Promise.all(keys.map((key) => world().stores.cache.set(key, '1', 600)));
      assert.equal(await world().stores.cache.removePrefix(`${account}:`), keys.length);
    });

    it('an invalidation reaches every instance, the one that published it too', async () => {
      const heard: string[] = [];
      world().stores.cache.onInvalidation((prefix) => heard.push(`here ${prefix}`));
      world().other.cache.onInvalidation((prefix) => heard.push(`there ${prefix}`));
      const prefix = `${newAccount()}:rules:`;
      // Subscriptions take effect a moment after they were asked for.
      const arrived = await waitUntil(async () => {
        await world().stores.cache.publishInvalidation(prefix);
        return heard.includes(`here ${prefix}`) && heard.includes(`there ${prefix}`);
      }, 10_000);
      assert.ok(arrived);
    });
  });
}
