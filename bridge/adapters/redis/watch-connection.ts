// Connection trouble in the log: once when it begins and once when it ends, however often ioredis tries meanwhile. It also
// keeps error events from ending the process, which is what an unheard one does.
import type { Redis } from 'ioredis';
import type { Logger } from '../../core/ports/logger.ts';

export function watchConnection(client: Redis, connection: string, logger: Logger): void {
  let isLost = false;
  client.on('error', (error: Error) => {
    if (isLost) return;
    isLost = true;
    logger.warn({ connection, err: error }, 'redis.connection_lost');
  });
  client.on('ready', () => {
    if (isLost) logger.info({ connection }, 'redis.connection_back');
    isLost = false;
  });
}
