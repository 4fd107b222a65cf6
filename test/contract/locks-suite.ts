// The promises of locks, for every adapter. Expiry is waited for, never measured.
import assert from 'node:assert/strict';
import type { HeldLock } from '../../bridge/core/ports/locks.ts';
import { waitUntil } from '../sandbox/servers/wait-until.ts';
import { newAccount, useWorld, type OpenWorld, type StoreWorld } from './store-world.ts';

const longMs = 60_000;
const shortMs = 30;

export function describeLocks(name: string, open: OpenWorld): void {
  describe(`locks on ${name}`, () => {
    const world = useWorld(open);

    it('a lock has one holder, and another name is another lock', async () => {
      const lock = newAccount();
      const held = await acquire(world, lock);
      assert.equal(await world().other.locks.acquire(lock, longMs), null);
      assert.notEqual(await world().other.locks.acquire(newAccount(), longMs), null);
      await held.release();
      assert.notEqual(await world().other.locks.acquire(lock, longMs), null);
    });

    it('of many that ask at once exactly one gets it', async () => {
      const lock = newAccount();
      const asked = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? world().stores : world().other));
      const results = await Promise.all(asked.map(({ locks }) => locks.acquire(lock, longMs)));
      assert.equal(results.filter((held) => held !== null).length, 1);
    });

    it('a later holder has a larger fence, also after a kill', async () => {
      const lock = newAccount();
      const first = await acquire(world, lock);
      await first.release();
      const second = await acquire(world, lock);
      await second.release();
      await world().reopen();
      const third = await acquire(world, lock);
      assert.ok(first.fence < second.fence && second.fence < third.fence);
    });

    it('a lock that was not renewed is free again, and its old holder has lost it for good', async () => {
      const lock = newAccount();
      const first = await acquire(world, lock, shortMs);
      const second = await acquireLater(world, lock);
      assert.ok(second.fence > first.fence);
      assert.equal(await first.renew(longMs), false);
      await first.release();
      assert.equal(
        await world().stores.locks.acquire(lock, longMs),
        null,
        'the old holder must not free the new one’s lock',
      );
      assert.equal(await second.renew(longMs), true);
    });

    it('renewing keeps the lock and moves the instant until which it is ours', async () => {
      const lock = newAccount();
      const held = await acquire(world, lock, 2_000);
      const before = held.heldUntilMs;
      assert.equal(await held.renew(longMs), true);
      assert.ok(held.heldUntilMs > before);
      assert.equal(await world().other.locks.acquire(lock, longMs), null);
    });

    it('a lock nobody took meanwhile is still lost once its time is over', async () => {
      const held = await acquire(world, newAccount(), shortMs);
      assert.ok(await waitUntil(() => Date.now() > held.heldUntilMs + shortMs, 5_000, 5));
      assert.equal(await held.renew(longMs), false);
    });
  });
}

async function acquire(world: () => StoreWorld, name: string, ttlMs = longMs): Promise<HeldLock> {
  const held = await world().stores.locks.acquire(name, ttlMs);
  assert.ok(held);
  return held;
}

async function acquireLater(world: () => StoreWorld, name: string): Promise<HeldLock> {
  let held: HeldLock | null = null;
  await waitUntil(async () => (held = await world().other.locks.acquire(name, longMs)) !== null, 5_000, 5);
  assert.ok(held);
  return held;
}
