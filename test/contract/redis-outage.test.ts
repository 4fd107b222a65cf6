// Stores on Redis when Redis, or a worker, is not well.
import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import { openRedisStores } from '../../bridge/adapters/redis/open-redis-stores.ts';
import type { TurnDecision } from '../../bridge/core/ports/turn-queue.ts';
import type { Stores } from '../../bridge/core/stores.ts';
import { quietLog, type LogLine } from '../fixtures/quiet-log.ts';
import type { RedisOptions, RedisServer } from '../sandbox/servers/redis-server.ts';
import { waitUntil } from '../sandbox/servers/wait-until.ts';
import { startRedisOrSkip } from './redis-world.ts';
import { startChild } from './child-process.ts';
import { customerMail, customerMessage, replyIntent, storedDocument } from './store-samples.ts';

const conversation = { accountId: 'acme', conversationId: 7 };
const done: TurnDecision = { kind: 'done' };

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  assert.ok(await waitUntil(condition, 30_000, 10), 'it never happened');
}

describe('stores and a Redis that is not well', function () {
  this.timeout(120_000);
  let server: RedisServer;
  let stores: Stores;
  let log: LogLine[];

  const openStores = (): Promise<Stores> => {
    const logger = quietLog();
    log = logger.lines;
    return openRedisStores({ url: server.url, clock: { now: () => Date.now() }, logger, instanceId: 'one' });
  };
  const start = async (test: Mocha.Context, options?: RedisOptions): Promise<void> => {
    server = await startRedisOrSkip(test, options);
    stores = await openStores();
  };
  const withClient = async (use: (client: Redis) => Promise<unknown>): Promise<void> => {
    const client = new Redis(server.url);
    await use(client).finally(() => client.disconnect());
  };
  afterEach(async function () {
    if (this.currentTest?.isPending() === true) return;
    await stores.close();
    await server.stop();
  });

  it('every call is refused as unavailable while Redis is away, and served again when it is back', async function () {
    await start(this);
    await stores.mailbox.store(customerMail(conversation, 1));
    await server.kill();
    await until(async () => (await stores.check()).state === 'down');
    const calls: Record<string, () => Promise<unknown>> = {
      mailbox: () => stores.mailbox.store(customerMail(conversation, 2)),
      reading: () => stores.mailbox.read(conversation),
      wake: () => stores.queue.wake(conversation, 0),
      counts: () => stores.queue.counts(),
      lock: () => stores.locks.acquire('a', 1_000),
      ledger: () => stores.ledger.begin(replyIntent(conversation, 1, 'turn-1')),
      cache: () => stores.cache.get('a:b:c:d:e'),
      tenants: () => stores.tenants.list(),
      documents: () => stores.documents.upsert('acme', [storedDocument('a')]),
    };
    for (const [name, call] of Object.entries(calls)) {
      await assert.rejects(call(), { name: 'BridgeError', code: 'upstream_unavailable' }, name);
    }
    await server.start();
    await until(async () => (await stores.check()).state === 'up');
    assert.equal((await stores.mailbox.read(conversation)).mail.length, 1, 'a refused call changed nothing');
    for (const [name, call] of Object.entries(calls)) await until(() => call().then(() => name !== ''));
    const losses = log.filter(({ message }) => message === 'redis.connection_lost');
    const connections = new Set(losses.map(({ fields }) => fields['connection']));
    assert.equal(losses.length, connections.size, 'each connection reports one loss, however long it lasts');
  });

  it('opening does not need Redis, and everything works once it is there', async function () {
    await start(this);
    await stores.close();
    await server.stop();
    stores = await openStores();
    assert.ok(log.some(({ message }) => message === 'redis.not_there_yet'));
    assert.equal((await stores.check()).state, 'down');
    const handled: number[] = [];
    await stores.queue.process(2, async (job) => (handled.push(job.conversation.conversationId), done));
    await server.start();
    await until(async () => (await stores.check()).state === 'up');
    await until(() => stores.queue.wake(conversation, 0).then(() => true));
    await until(() => handled.length > 0);
  });

  it('jobs that waited through a restart of Redis are still done', async function () {
    await start(this);
    const handled = new Set<number>();
    await stores.queue.process(4, async (job) => (handled.add(job.conversation.conversationId), done));
    for (let id = 1; id <= 20; id += 1) await stores.queue.wake({ accountId: 'acme', conversationId: id }, 300 + id);
    await server.kill();
    await server.start();
    await until(() => handled.size === 20);
  });

  it('after a gap, listeners of invalidations are told to drop everything', async function () {
    await start(this);
    const heard: string[] = [];
    stores.cache.onInvalidation((prefix) => heard.push(prefix));
    await until(async () => (await stores.cache.publishInvalidation('a:rules:'), heard.includes('a:rules:')));
    assert.ok(!heard.includes(''));
    await server.kill();
    await server.start();
    await until(() => heard.includes(''));
    await until(async () => (await stores.cache.publishInvalidation('b:rules:'), heard.includes('b:rules:')));
  });

  it('the job of a worker that was killed is taken by another one', async function () {
    await start(this);
    const worker = startChild('take-job', server.url);
    await stores.queue.wake(conversation, 0);
    await worker.said(1);
    const handled: number[] = [];
    await stores.queue.process(1, async (job) => (handled.push(job.conversation.conversationId), done));
    await worker.kill('SIGKILL');
    await until(() => handled.includes(7));
  });

  it('two instances share the jobs, and each job is done once', async function () {
    await start(this);
    const second = await openRedisStores({
      url: server.url,
      clock: { now: () => Date.now() },
      logger: quietLog(),
      instanceId: 'two',
    });
    const handled = { one: [] as number[], two: [] as number[] };
    const take = (list: number[]) => async (job: { conversation: { conversationId: number } }) => {
      list.push(job.conversation.conversationId);
      await until(() => handled.one.length > 0 && handled.two.length > 0);
      return done;
    };
    await stores.queue.process(2, take(handled.one));
    await second.queue.process(2, take(handled.two));
    const ids = Array.from({ length: 60 }, (_, index) => index);
    await Promise.all(ids.map((id) => stores.queue.wake({ accountId: 'acme', conversationId: id }, 0)));
    await until(() => handled.one.length + handled.two.length >= ids.length);
    assert.deepEqual(
      [...handled.one, ...handled.two].sort((a, b) => a - b),
      ids,
    );
    await second.close();
  });

  it('a Redis that may lose or evict what it acknowledged is degraded, with what to do about it', async function () {
    await start(this, { appendFsync: 'no' });
    const withoutFile = await stores.check();
    assert.equal(withoutFile.state, 'degraded');
    assert.match(withoutFile.fix ?? '', /appendonly yes/);
    await withClient((client) => client.config('SET', 'appendonly', 'yes'));
    assert.deepEqual({ ...(await stores.check()), ms: 0 }, { state: 'up', ms: 0, message: null, fix: null });
    await withClient((client) => client.config('SET', 'maxmemory-policy', 'allkeys-lru'));
    const evicting = await stores.check();
    assert.equal(evicting.state, 'degraded');
    assert.match(evicting.fix ?? '', /noeviction/);
  });

  it('a full Redis refuses as unavailable and keeps what it has', async function () {
    await start(this);
    await stores.mailbox.store(customerMail(conversation, 1));
    await withClient((client) => client.config('SET', 'maxmemory', '1'));
    await assert.rejects(stores.mailbox.store(customerMail(conversation, 2)), { code: 'upstream_unavailable' });
    await withClient((client) => client.config('SET', 'maxmemory', '0'));
    assert.equal((await stores.mailbox.read(conversation)).mail.length, 1);
    assert.equal((await stores.mailbox.store(customerMail(conversation, 2))).outcome, 'stored');
  });

  it('a value nobody can read is reported and hides no other one', async function () {
    await start(this);
    await stores.mailbox.store(customerMail(conversation, 1));
    await stores.documents.upsert('acme', [storedDocument('a')]);
    await withClient(async (client) => {
      await client.hset('ui:mailbox:acme/7', 'message:0', '0 {broken');
      await client.hset('ui:documents:acme', 'rule:b', 'also broken');
    });
    const { mail } = await stores.mailbox.read(conversation);
    assert.deepEqual(mail, [{ key: 'message:1', entry: customerMessage(1) }]);
    assert.deepEqual(await stores.documents.all('acme'), [storedDocument('a')]);
    const reports = log
      .filter(({ message }) => message === 'redis.value_unreadable')
      .map(({ fields }) => fields['key']);
    assert.deepEqual(reports, ['ui:mailbox:acme/7', 'ui:documents:acme']);
  });
});
