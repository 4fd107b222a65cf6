// Waiting on a condition instead of sleeping for a guessed time.
import { setTimeout as delay } from 'node:timers/promises';

/** Asks until the condition holds (true) or `timeoutMs` have passed (false). An error of the condition counts as "not yet". */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
  everyMs = 50,
): Promise<boolean> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    if (await holds(condition)) return true;
    if (Date.now() >= end) return false;
    await delay(everyMs);
  }
}

async function holds(condition: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await condition();
  } catch {
    return false;
  }
}
