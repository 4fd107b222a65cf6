// The contract suites on a real Redis, with two instances. One server for the file, emptied for each suite.
import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import type { RedisServer } from '../sandbox/servers/redis-server.ts';
import { describeStores } from './describe-stores.ts';
import { openRedisWorld, startRedisOrSkip } from './redis-world.ts';

describe('stores on Redis', () => {
  let server: RedisServer | undefined;

  before(async function () {
    this.timeout(120_000);
    server = await startRedisOrSkip(this);
  });
  after(() => server?.stop());

  describeStores('Redis', async () => {
    assert.ok(server);
    const client = new Redis(server.url);
    await client.flushall();
    client.disconnect();
    return openRedisWorld(server);
  });
});
