// Redis stops while the bridge runs, and comes back: nothing is acknowledged that is not stored, and nothing is lost.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { startRedis } from '../sandbox/servers/redis-server.ts';
import type { RedisServer } from '../sandbox/servers/redis-server.ts';
import { eventually } from './eventually.ts';
import { Installation } from './installation.ts';

describe('Redis gone and back', () => {
  let redis: RedisServer;
  let installation: Installation;

  before(async () => {
    redis = await startRedis();
    const environment = {
      REDIS_URL: redis.url,
      BRIDGE_ADMIN_TOKEN: randomBytes(24).toString('hex'),
      BRIDGE_MASTER_KEY: randomBytes(32).toString('base64'),
    };
    installation = await Installation.start({ environment });
  });
  after(async () => {
    await installation.stop();
    await redis.stop();
  });

  const readyStatus = async () => (await fetch(`${installation.bridge.url}/ready`)).status;

  it('a delivery that cannot be stored is answered 500, never 200 and never 503, and is answered after the retry', async () => {
    await redis.stop();
    const asked = await installation.ask('Qual o prazo para trocar um produto?');
    const attempts = () =>
      installation.api
        .deliveriesTo('agent_bot', { messageId: asked.message.id })
        .flatMap((delivery) => delivery.attempts);
    await installation.api.waitFor('a refused delivery', () => attempts().length > 0);
    assert.equal(attempts()[0]?.status, 500);
    await redis.start();
    await eventually('the bridge to see Redis again', async () => (await readyStatus()) === 200, 30_000);
    const again = await installation.ask('E como faço a troca de um produto?', {
      contact: { name: 'Nina', phone_number: '+5511977000000' },
    });
    const reply = await installation.api.waitForReply(again, undefined, 60_000);
    assert.ok((reply.content ?? '').length > 0);
  });

  it('what was acknowledged before Redis stopped is answered when it is back', async () => {
    const asked = await installation.ask('Qual o prazo para trocar um produto?', {
      contact: { name: 'Olga', phone_number: '+5511977000001' },
    });
    const isStored = () =>
      installation.api
        .deliveriesTo('agent_bot', { messageId: asked.message.id })
        .some(({ state }) => state === 'delivered');
    await installation.api.waitFor('the acknowledgement', isStored);
    await redis.stop();
    await eventually('the bridge to miss Redis', async () => (await readyStatus()) === 503, 30_000);
    await redis.start();
    await installation.api.waitForReply(asked, undefined, 60_000);
    await installation.quiet();
    assert.equal(installation.repliesIn(asked).length, 1);
  });
});
