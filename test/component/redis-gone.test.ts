// Redis stops while the bridge runs, and comes back: customers are answered meanwhile, once, and nothing is lost, whoever
// dies in between. What the other side cannot vouch for waits.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { startRedis } from '../sandbox/servers/redis-server.ts';
import type { RedisServer } from '../sandbox/servers/redis-server.ts';
import { eventually } from './eventually.ts';
import { Installation } from './installation.ts';

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
  afterEach(async () => {
    await redis.start();
    await eventually('what was kept to be handed in', async () => (await ready()).body.status === 'ready', 60_000);
    assert.deepEqual(installation.api.violations, []);
  });

  type Asked = Awaited<ReturnType<Installation['ask']>>;

  /** Another customer each time, unless one is given. */
  const ask = (text: string, contact = newContact()): Promise<Asked> => installation.ask(text, { contact });
  const newContact = () => ({ name: 'Nina', phone_number: `+55119770${String(10_000 + (contacts += 1))}` });
  const answered = (asked: Asked) => installation.api.waitForReply(asked, undefined, 60_000);
  const ready = async () => {
    const response = await fetch(`${installation.bridge.url}/ready`);
    const body = (await response.json()) as { status: string; dependencies: { redis: { message?: string } } };
    return { status: response.status, body };
  };
  const isMissed = async () => (await ready()).body.status === 'degraded';
  const attemptsFor = (asked: Asked) =>
    installation.api.deliveriesTo('agent_bot', { messageId: asked.message.id }).flatMap(({ attempts }) => attempts);

  it('a delivery is acknowledged, answered while Redis is away, and not again when it is back', async () => {
    await redis.stop();
    const asked = await ask('E como faço a troca de um produto?');
    await answered(asked);
    assert.deepEqual(new Set(attemptsFor(asked).map(({ status }) => status)), new Set([200]));
    await redis.start();
    await installation.quiet();
    assert.equal(installation.repliesIn(asked).length, 1);
  });

  it('a conversation goes on afterwards as if nothing had been', async () => {
    const contact = newContact();
    await answered(await ask('Qual o horário de funcionamento da loja?', contact));
    await redis.kill();
    await eventually('the bridge to miss Redis', isMissed);
    const meanwhile = await ask('Quais são as formas de pagamento?', contact);
    await answered(meanwhile);
    await redis.start();
    await installation.quiet();
    const later = await ask('A partir de quanto o frete é grátis?', contact);
    await answered(later);
    await installation.quiet();
    assert.equal(installation.repliesIn(later).length, 3);
  });

  it('what was acknowledged before Redis stopped is answered while it is away, and once', async () => {
    const asked = await ask('Qual o prazo para trocar um produto?');
    await installation.api.waitFor('the acknowledgement', () =>
      attemptsFor(asked).some(({ status }) => status === 200),
    );
    await redis.stop();
    await answered(asked);
    await redis.start();
    await installation.quiet();
    assert.equal(installation.repliesIn(asked).length, 1);
  });

  it('it is ready, and says that Redis is away and what it keeps', async () => {
    await redis.stop();
    const asked = await ask('Qual o prazo para trocar um produto?');
    await eventually('the bridge to miss Redis', isMissed);
    const { status, body } = await ready();
    assert.equal(status, 200);
    assert.match(body.dependencies.redis.message ?? '', /answers go on from the journal .* kept there: 1$/);
    await answered(asked);
  });

  it('a person who writes meanwhile has the conversation, then and afterwards', async () => {
    const contact = newContact();
    await answered(await ask('Qual o horário de funcionamento da loja?', contact));
    await redis.stop();
    await eventually('the bridge to miss Redis', isMissed);
    const { account, conversation } = await ask('Quais são as formas de pagamento?', contact);
    installation.api.personReplies({ account, conversation, text: 'Oi, aqui é a Bia, já te respondo.' });
    await ask('Combinado, obrigado!', contact);
    const stranger = await ask('A partir de quanto o frete é grátis?');
    await answered(stranger);
    await redis.start();
    await installation.quiet();
    const ours = installation.api
      .messagesOf({ account, conversation })
      .filter((message) => message.content_attributes['ui_turn'] !== undefined);
    assert.equal(ours.length, 1);
    assert.equal(installation.api.conversation({ account, conversation }).status, 'open');
  });

  it('a reply that Chatwoot stored while Redis died under it is not given again', async () => {
    const hold = installation.api.holdNext({ path: 'messages.create', when: 'after-store' });
    const asked = await ask('Qual o prazo para trocar um produto?');
    await hold.reached;
    await redis.kill();
    hold.release();
    await answered(await ask('Quais são as formas de pagamento?'));
    await redis.start();
    await installation.quiet();
    assert.equal(installation.repliesIn(asked).length, 1);
  });

  it('a bridge killed meanwhile loses nothing: it hands in what it kept when both are back', async () => {
    await redis.stop();
    await eventually('the bridge to miss Redis', isMissed);
    const asked = await ask('Qual o prazo para trocar um produto?');
    await installation.api.waitFor('the acknowledgement', () =>
      attemptsFor(asked).some(({ status }) => status === 200),
    );
    await installation.kill();
    await redis.start();
    await installation.restart();
    await answered(asked);
    await installation.quiet();
    assert.equal(installation.repliesIn(asked).length, 1);
  });

  it('a bridge killed inside a send of that time finds out what became of it', async () => {
    await redis.stop();
    await eventually('the bridge to miss Redis', isMissed);
    const hold = installation.api.holdNext({ path: 'messages.create', when: 'after-store' });
    const asked = await ask('Qual o prazo para trocar um produto?');
    await hold.reached;
    await installation.kill();
    hold.release();
    await redis.start();
    await installation.restart();
    await installation.quiet();
    assert.equal(installation.repliesIn(asked).length, 1);
  });
});
