// Two instances on one real Redis, as contract suites use them. The server is killed, not stopped, when a suite reopens.
import { openRedisStores } from '../../bridge/adapters/redis/open-redis-stores.ts';
import type { Stores } from '../../bridge/core/stores.ts';
import { quietLog } from '../fixtures/quiet-log.ts';
import { startRedis, type RedisOptions, type RedisServer } from '../sandbox/servers/redis-server.ts';
import type { StoreWorld } from './store-world.ts';

/** Starts a Redis; without one on this machine the tests are skipped, and say so. */
export async function startRedisOrSkip(test: Mocha.Context, options?: RedisOptions): Promise<RedisServer> {
  try {
    return await startRedis(options);
  } catch (error) {
    process.stderr.write(`    skipped, no Redis: ${error instanceof Error ? error.message : String(error)}\n`);
    return test.skip();
  }
}

export async function openRedisWorld(server: RedisServer): Promise<StoreWorld> {
  const logger = quietLog();
  const clock = { now: () => Date.now() };
  const open = (instanceId: string): Promise<Stores> => openRedisStores({ url: server.url, clock, logger, instanceId });
  const world: StoreWorld = {
    stores: await open('one'),
    other: await open('two'),
    log: logger.lines,
    async reopen() {
      await world.close();
      await server.kill();
      await server.start();
      world.stores = await open('one');
      world.other = await open('two');
    },
    async close() {
      await Promise.all([world.stores.close(), world.other.close()]);
    },
  };
  return world;
}
