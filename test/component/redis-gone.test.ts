// Redis stops while the bridge runs, and comes back: customers are answered meanwhile, once, and nothing is lost, whoever
// dies in between. What the other side cannot vouch for waits. An outage takes its time, so one serves several guarantees.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { startRedis } from '../sandbox/servers/redis-server.ts';
import type { RedisServer } from '../sandbox/servers/redis-server.ts';
import { eventually } from './eventually.ts';
import { Installation } from './installation.ts';

const keepsSomething = /answers go on from the journal .* kept there: [1-9]/;

type Asked = Awaited<ReturnType<Installation['ask']>>;

describe('Redis gone and back', function () {
  this.timeout(180_000);
  let redis: RedisServer;
  let installation: Installation;
  let contacts = 0;

  before(async () => {
    redis = await startRedis();
    const environment = {
      REDIS_URL: redis.url,
      BRIDGE_ADMIN_TOKEN: randomBytes(24).toString('hex'),
      BRIDGE_MASTER_KEY: randomBytes(32).toString('base64'),
    };
    installation = await Installation.start({ environment });
    // Once with Redis: what is needed is known here from now on.
    await answered(await ask('Qual o prazo para trocar um produto?'));
  });
  after(async () => {
    await installation.stop();
    await redis.stop();
  });

  const newContact = () => ({ name: 'Nina', phone_number: `+55119770${String(10_000 + (contacts += 1))}` });
  /** Another customer each time, unless one is given. */
  const ask = (text: string, contact = newContact()): Promise<Asked> => installation.ask(text, { contact });
  const answered = (asked: Asked) => installation.api.waitForReply(asked, undefined, 60_000);
  const replies = (asked: Asked) => installation.repliesIn(asked).length;
  const attemptsFor = (asked: Asked) =>
    installation.api.deliveriesTo('agent_bot', { messageId: asked.message.id }).flatMap(({ attempts }) => attempts);
  const acknowledged = (asked: Asked) =>
    installation.api.waitFor('the acknowledgement', () => attemptsFor(asked).some(({ status }) => status === 200));

  const ready = async () => {
    const response = await fetch(`${installation.bridge.url}/ready`);
    const body = (await response.json()) as { status: string; dependencies: { redis: { message?: string } } };
    return { http: response.status, ...body };
  };
  const missed = () => eventually('the bridge to miss Redis', async () => (await ready()).status === 'degraded');
  /** Redis is there, what was kept is handed in, and everybody was answered. */
  const back = async () => {
    await redis.start();
    await eventually('what was kept to be handed in', async () => (await ready()).status === 'ready', 60_000);
    await installation.quiet();
    assert.deepEqual(installation.api.violations, []);
  };

  describe('stopped in an orderly way', () => {
    const regular = newContact();
    const withPerson = newContact();
    let acknowledgedBefore: Asked;
    let meanwhile: Asked;
    let taken: Asked;
    let known: Asked;
    let readyMeanwhile: Awaited<ReturnType<typeof ready>>;
    const answeredMeanwhile: Asked[] = [];

    before(async () => {
      await answered(await ask('Qual o horário de funcionamento da loja?', regular));
      await answered(await ask('Qual o horário de funcionamento da loja?', withPerson));
      await installation.quiet();
      acknowledgedBefore = await ask('Qual o prazo para trocar um produto?');
      await acknowledged(acknowledgedBefore);
      await redis.stop();
      await missed();
      taken = await ask('Quais são as formas de pagamento?', withPerson);
      installation.api.personReplies({ ...taken, text: 'Oi, aqui é a Bia, já te respondo.' });
      await ask('Combinado, obrigado!', withPerson);
      meanwhile = await ask('E como faço a troca de um produto?');
      known = await ask('Quais são as formas de pagamento?', regular);
      await acknowledged(known);
      await eventually('the bridge to say what it keeps', async () => {
        readyMeanwhile = await ready();
        return keepsSomething.test(readyMeanwhile.dependencies.redis.message ?? '');
      });
      for (const asked of [meanwhile, known, acknowledgedBefore]) {
        await answered(asked);
        answeredMeanwhile.push(asked);
      }
      await back();
    });

    it('a delivery is acknowledged, answered while Redis is away, and not again when it is back', () => {
      assert.deepEqual(new Set(attemptsFor(meanwhile).map(({ status }) => status)), new Set([200]));
      assert.ok(answeredMeanwhile.includes(meanwhile));
      assert.equal(replies(meanwhile), 1);
    });

    it('what was acknowledged before is answered while it is away, and once', () => {
      assert.ok(answeredMeanwhile.includes(acknowledgedBefore));
      assert.equal(replies(acknowledgedBefore), 1);
    });

    it('a conversation goes on meanwhile, and afterwards as if nothing had been', async () => {
      assert.equal(replies(known), 2);
      const later = await ask('A partir de quanto o frete é grátis?', regular);
      await answered(later);
      await installation.quiet();
      assert.equal(replies(later), 3);
    });

    it('it stays ready, and says that Redis is away and how much it keeps', () => {
      assert.deepEqual([readyMeanwhile.http, readyMeanwhile.status], [200, 'degraded']);
      assert.match(readyMeanwhile.dependencies.redis.message ?? '', keepsSomething);
    });

    it('a person who writes meanwhile has the conversation, then and afterwards', () => {
      const ours = installation.api
        .messagesOf(taken)
        .filter((message) => message.content_attributes['ui_turn'] !== undefined);
      assert.equal(ours.length, 1);
      assert.equal(installation.api.conversation(taken).status, 'open');
    });
  });

  describe('killed while a reply is on its way', () => {
    let stored: Asked;
    let late: Asked;

    before(async () => {
      const after = installation.api.holdNext({ path: 'messages.create', when: 'after-store' });
      stored = await ask('Qual o prazo para trocar um produto?');
      await after.reached;
      const first = installation.api.holdNext({ path: 'messages.create', when: 'before-store' });
      late = await ask('Quais são as formas de pagamento?');
      await first.reached;
      await redis.kill();
      await missed();
      after.release();
      first.release();
      await answered(await ask('A partir de quanto o frete é grátis?'));
      await back();
    });

    it('a reply that Chatwoot stored is not given again', () => assert.equal(replies(stored), 1));

    it('a reply that reaches it late is not given again either', () => assert.equal(replies(late), 1));
  });

  describe('away, and the bridge dies too', () => {
    it('it hands in what it kept when both are back', async () => {
      await redis.stop();
      await missed();
      const asked = await ask('Qual o prazo para trocar um produto?');
      await acknowledged(asked);
      await installation.kill();
      await redis.start();
      await installation.restart();
      await answered(asked);
      await back();
      assert.equal(replies(asked), 1);
    });

    it('inside a send: it finds out what became of it', async () => {
      await redis.stop();
      await missed();
      const hold = installation.api.holdNext({ path: 'messages.create', when: 'after-store' });
      const asked = await ask('Qual o prazo para trocar um produto?');
      await hold.reached;
      await installation.kill();
      hold.release();
      await redis.start();
      await installation.restart();
      await back();
      assert.equal(replies(asked), 1);
    });
  });
});
