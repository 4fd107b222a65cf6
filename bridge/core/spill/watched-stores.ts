// The shared stores with somebody watching: every failed call is a doubt about them, and while they are away calls are
// refused at once. Proxies, because it must hold for every store and every method there will ever be.
import type { Locks } from '../ports/locks.ts';
import type { Stores } from '../stores.ts';
import type { Outage } from './outage.ts';

/** The queue keeps its own connections; the cache may be a server of its own, and everybody goes on without it. */
const leftAlone = new Set(['queue', 'cache']);

export function watchedStores(shared: Stores, outage: Outage): Stores {
  const stores = Object.entries(shared).map(([name, store]: [string, object]) => {
    return [name, typeof store === 'function' || leftAlone.has(name) ? store : watched(store, outage)];
  });
  const all = Object.fromEntries(stores) as Partial<Stores>;
  return { ...shared, ...all, locks: watchedLocks(shared.locks, outage) };
}

function watchedLocks(locks: Locks, outage: Outage): Locks {
  return {
    acquire: async (name, ttlMs) => {
      const lock = await outage.guard(() => locks.acquire(name, ttlMs));
      return lock && watched(lock, outage);
    },
  };
}

/** Listeners (`on…`) are told to the store whatever its state. */
function watched<T extends object>(store: T, outage: Outage): T {
  return new Proxy(store, {
    get: (target, property) => {
      const member: unknown = Reflect.get(target, property, target);
      if (typeof member !== 'function') return member;
      const call = member.bind(target) as (...args: unknown[]) => Promise<unknown>;
      if (String(property).startsWith('on')) return call;
      return (...args: unknown[]) => outage.guard(() => call(...args));
    },
  });
}
