// Values in Redis are JSON with a version. Reading is tolerant: fields a newer build added are kept, and a value nobody can
// read is reported and left out, so that one broken value never hides the others.
import type { Logger } from '../../core/ports/logger.ts';

/** The value, or null when there is none or it cannot be read; the caller knows what it stored there. */
export function readStored(text: string | null | undefined, key: string, logger: Logger): object | null {
  if (text === null || text === undefined) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Reported below: the text itself may be what a customer wrote and stays out of the log.
  }
  logger.error({ key }, 'redis.value_unreadable');
  return null;
}

export function readAllStored<T>(texts: (string | null)[], key: string, logger: Logger): T[] {
  return texts.map((text) => readStored(text, key, logger)).filter((value) => value !== null) as T[];
}
