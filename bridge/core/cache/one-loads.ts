// A stampede over several instances: one of them loads, the others look for what it stored. Whoever loads too long, or
// dies, is not waited for; without locks, or while they are away, every instance loads for itself.
import type { Locks } from '../ports/locks.ts';

/** How long another instance may take to load, and how often we look whether it has. */
const patienceMs = 3_000;
const lookEveryMs = 40;

/** `look` gives what another instance stored meanwhile. */
export async function oneLoads<T>(
  locks: Locks | null,
  key: string,
  load: () => Promise<T>,
  look: () => Promise<{ value: T } | null>,
): Promise<T> {
  if (!locks) return load();
  const attempt = await locks.acquire(`cache:${key}`, patienceMs).catch(() => 'away' as const);
  if (attempt === 'away') return load();
  if (attempt === null) return (await lookFor(look))?.value ?? load();
  try {
    // Somebody may have stored it between our look and our lock.
    return (await look())?.value ?? (await load());
  } finally {
    await attempt.release().catch(() => undefined);
  }
}

async function lookFor<T>(look: () => Promise<T | null>): Promise<T | null> {
  for (let looks = patienceMs / lookEveryMs; looks > 0; looks -= 1) {
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    const found = await look();
    if (found !== null) return found;
  }
  return null;
}
