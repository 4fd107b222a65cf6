// Holds a lock for as long as some work takes: renews it, and aborts the work when the lock is lost, because from then on
// somebody else may be doing the same.
import type { HeldLock, Locks } from './ports/locks.ts';

/** Runs `work` under the lock; null when somebody else holds it. */
export async function withLock<T>(
  locks: Locks,
  name: string,
  ttlMs: number,
  work: (lock: HeldLock, lost: AbortSignal) => Promise<T>,
): Promise<{ result: T } | null> {
  const lock = await locks.acquire(name, ttlMs);
  if (!lock) return null;
  const lost = new AbortController();
  const renewal = setInterval(() => {
    lock.renew(ttlMs).then(
      (held) => held || lost.abort(),
      () => lost.abort(),
    );
  }, ttlMs / 3);
  renewal.unref();
  try {
    return { result: await work(lock, lost.signal) };
  } finally {
    clearInterval(renewal);
    await lock.release().catch(() => undefined);
  }
}
