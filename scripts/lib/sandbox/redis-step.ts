// Redis of the sandbox, as the bridge wants a production one. Fact: `redis_url`.
import { startRedis } from '../../../test/sandbox/servers/redis-server.ts';
import type { SandboxStep } from './steps.ts';

const NAME = 'redis';

export const redisStep: SandboxStep = {
  name: NAME,
  up: async (sandbox) => {
    if (sandbox.running(NAME)) return;
    const port = await sandbox.port(NAME);
    const redis = await startRedis({ dir: sandbox.dataFolder(NAME), port, lifetime: 'detached' });
    sandbox.record(redis, { name: NAME, address: redis.url });
    sandbox.setFact('redis_url', redis.url);
  },
};
