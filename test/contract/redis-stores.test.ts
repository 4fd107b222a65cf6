// The contract suites on a real Redis, with two instances. One server for the file, emptied for each suite.
import { Redis } from 'ioredis';
import { startRedis, type RedisServer } from '../sandbox/servers/redis-server.ts';
import { describeStores } from './describe-stores.ts';
import { openRedisWorld } from './redis-world.ts';

describe('stores on Redis', () => {
  let server: RedisServer;

  before(async function () {
    this.timeout(120_000);
    server = await startRedis();
  });
  after(() => server.stop());

  describeStores('Redis', async () => {
    const client = new Redis(server.url);
    await client.flushall();
    client.disconnect();
    return openRedisWorld(server);
  });
});
