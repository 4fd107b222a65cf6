// The promises of the tenant store, for every adapter.
import assert from 'node:assert/strict';
import { waitUntil } from '../sandbox/servers/wait-until.ts';
import { newAccount, useWorld, type OpenWorld } from './store-world.ts';

const config = {
  name: 'Sandra Cosméticos',
  description: 'linha um\nlinha dois: "aspas", # não é comentário',
  channels: { whatsapp: { debounce: { complete_ms: 2_500 } } },
  plugins: [],
  numbers: [0, -1.5, 1e21],
  odd: { yes: 'no', date: '2026-12-25', time: '09:00', null: null, empty: '', true: true },
};

export function describeTenantStore(name: string, open: OpenWorld): void {
  describe(`tenant store on ${name}`, () => {
    const world = useWorld(open);
    const isConflict = { name: 'BridgeError', code: 'conflict' };

    it('a tenant comes back as it was sent, with a revision that grows by one', async () => {
      const accountId = newAccount();
      assert.equal(await world().stores.tenants.get(accountId), null);
      const first = await world().stores.tenants.put({ accountId, domain: 'cosmetics', config }, 0);
      assert.deepEqual(first, { version: 1, accountId, domain: 'cosmetics', revision: 1, config });
      assert.deepEqual(await world().other.tenants.get(accountId), first);
      const second = await world().other.tenants.put(
        { accountId, domain: 'cosmetics', config: { name: 'Outra' } },
        null,
      );
      assert.equal(second.revision, 2);
      assert.deepEqual(await world().stores.tenants.get(accountId), second);
    });

    it('a change that expects another revision is a conflict and changes nothing', async () => {
      const tenant = { accountId: newAccount(), domain: 'retail', config };
      await assert.rejects(world().stores.tenants.put(tenant, 1), isConflict);
      const stored = await world().stores.tenants.put(tenant, 0);
      await assert.rejects(world().stores.tenants.put({ ...tenant, config: {} }, 0), isConflict);
      await assert.rejects(world().stores.tenants.put({ ...tenant, config: {} }, 2), isConflict);
      assert.deepEqual(await world().stores.tenants.get(tenant.accountId), stored);
      assert.equal((await world().stores.tenants.put(tenant, 1)).revision, 2);
    });

    it('of many changes that expect the same revision exactly one wins', async () => {
      const accountId = newAccount();
      const asked = Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? world().stores : world().other));
      const results = await Promise.allSettled(
        asked.map(({ tenants }, index) => tenants.put({ accountId, domain: 'retail', config: { index } }, 0)),
      );
      assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
      assert.equal((await world().stores.tenants.get(accountId))?.revision, 1);
    });

    it('a removed tenant is gone, and its revisions are never used again', async () => {
      const tenant = { accountId: newAccount(), domain: 'retail', config };
      await world().stores.tenants.put(tenant, null);
      await world().stores.tenants.put(tenant, null);
      assert.equal(await world().stores.tenants.remove(tenant.accountId), true);
      assert.equal(await world().stores.tenants.remove(tenant.accountId), false);
      assert.equal(await world().other.tenants.get(tenant.accountId), null);
      await world().reopen();
      assert.equal(await world().stores.tenants.get(tenant.accountId), null);
      assert.ok((await world().stores.tenants.put(tenant, 0)).revision > 2);
    });

    it('all tenants are listed, also after a kill, each with its domain and revision', async () => {
      const [first, second] = [newAccount(), newAccount()];
      await world().stores.tenants.put({ accountId: first, domain: 'retail', config }, 0);
      await world().stores.tenants.put({ accountId: second, domain: 'retail', config: { name: 'B' } }, 0);
      await world().stores.tenants.put({ accountId: second, domain: 'services', config: { name: 'B' } }, 1);
      const mine = async () =>
        (await world().stores.tenants.list())
          .filter(({ accountId }) => [first, second].includes(accountId))
          .sort((a, b) => a.accountId.localeCompare(b.accountId, 'en', { numeric: true }));
      const before = await mine();
      await world().reopen();
      assert.deepEqual(await mine(), before);
      assert.deepEqual(
        before.map(({ accountId, domain, revision }) => [accountId, domain, revision]),
        [
          [first, 'retail', 1],
          [second, 'services', 2],
        ],
      );
      assert.deepEqual(before[0]?.config, config);
    });

    it('every instance hears of a change and of a removal', async () => {
      const tenant = { accountId: newAccount(), domain: 'retail', config };
      const heard = { here: 0, there: 0 };
      world().stores.tenants.onChange((accountId) => (heard.here += accountId === tenant.accountId ? 1 : 0));
      world().other.tenants.onChange((accountId) => (heard.there += accountId === tenant.accountId ? 1 : 0));
      // Subscriptions take effect a moment after they were asked for.
      const bothHear = async (change: () => Promise<unknown>): Promise<boolean> =>
        waitUntil(async () => {
          Object.assign(heard, { here: 0, there: 0 });
          await change();
          return waitUntil(() => heard.here > 0 && heard.there > 0, 500, 5);
        }, 10_000);
      assert.ok(await bothHear(() => world().stores.tenants.put(tenant, null)));
      assert.ok(
        await bothHear(async () => {
          await world().stores.tenants.put(tenant, null);
          Object.assign(heard, { here: 0, there: 0 });
          await world().stores.tenants.remove(tenant.accountId);
        }),
      );
    });
  });
}
