// Waiting for a connection, with an end: a server that is away at the start must not hold up the start.
import type { Redis } from 'ioredis';

/** False when the connection was not there in time. */
export async function isReadyWithin(client: Redis, timeoutMs: number): Promise<boolean> {
  if (client.status === 'ready') return true;
  return new Promise((resolve) => {
    const end = (isReady: boolean): void => {
      clearTimeout(timer);
      client.off('ready', onReady);
      resolve(isReady);
    };
    const onReady = (): void => end(true);
    const timer = setTimeout(() => end(false), timeoutMs);
    client.once('ready', onReady);
  });
}
