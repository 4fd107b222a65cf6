// The two modes an installation runs in, so that one suite proves both: nothing set, and a real Redis of its own.
import { randomBytes } from 'node:crypto';
import { startRedis } from '../sandbox/servers/redis-server.ts';

export interface Mode {
  environment: Record<string, string>;
  stop(): Promise<void>;
}

export const modes: Record<'embedded' | 'redis', () => Promise<Mode>> = {
  embedded: async () => ({ environment: {}, stop: async () => undefined }),
  redis: async () => {
    const redis = await startRedis();
    return {
      environment: {
        REDIS_URL: redis.url,
        BRIDGE_ADMIN_TOKEN: randomBytes(24).toString('hex'),
        BRIDGE_MASTER_KEY: randomBytes(32).toString('base64'),
      },
      stop: async () => {
        await redis.stop();
      },
    };
  },
};
