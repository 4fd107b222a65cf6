// A worker to be killed in the middle of a job: takes one, names it on standard output and never ends it. Argument: Redis.
import { openRedisStores } from '../../../bridge/adapters/redis/open-redis-stores.ts';
import { quietLog } from '../../fixtures/quiet-log.ts';

const stores = await openRedisStores({
  url: process.argv[2] ?? '',
  clock: { now: () => Date.now() },
  logger: quietLog(),
  instanceId: 'child',
});
await stores.queue.process(1, ({ conversation }) => {
  process.stdout.write(`${conversation.conversationId}\n`);
  return new Promise(() => undefined);
});
