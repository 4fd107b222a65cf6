// Holds a conversation for as long as a turn takes: renews the lock, and aborts the turn when the lock is lost, because
// from then on somebody else may be answering.
import type { HeldLock, Locks } from '../ports.ts';

/** Runs `work` under the lock; null when somebody else holds it. */
export async function withConversationLock<T>(
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
