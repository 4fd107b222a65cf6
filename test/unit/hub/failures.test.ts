import assert from 'node:assert/strict';
import { BridgeError } from '../../../bridge/core/errors.ts';
import type { TurnDecision } from '../../../bridge/core/ports/turn-queue.ts';
import type { TurnWorker } from '../../../bridge/entry/turn-worker.ts';
import { answers, eachWorld } from './world/conversation-world.ts';

const question = 'Qual o prazo para trocar um produto?';
const apology =
  'Tive um problema para concluir essa resposta, me desculpe. Vou chamar uma pessoa da equipe para continuar com você por aqui.';

describe('the turn worker', () => {
  const world = eachWorld();
  let worker: TurnWorker;
  afterEach(() => worker.stop());

  /** A message that is due, and a worker that takes jobs. */
  async function due(): Promise<void> {
    await world().customer(question);
    world().clock.move(2_500);
    worker = world().worker();
    await worker.start();
  }

  async function run(attempt = 0): Promise<TurnDecision> {
    const decision = await world().queue.run({ conversation: world().ref(), attempt });
    await world().chatwoot.idle();
    return decision;
  }

  /** Runs and moves the clock until the turn is done; the delays it was told on the way. */
  async function runToEnd(): Promise<number[]> {
    const delays: number[] = [];
    let attempt = 0;
    for (let tries = 0; tries < 12; tries++) {
      const decision = await run(attempt);
      if (decision.kind === 'done') return delays;
      delays.push(decision.delayMs);
      attempt = decision.attempt;
      world().clock.move(decision.delayMs);
    }
    throw new Error(`no end: ${delays.join(', ')}`);
  }

  it('answers', async () => {
    await due();
    assert.deepEqual(await run(), { kind: 'done' });
    assert.deepEqual(world().replies(), [answers.exchange]);
  });

  it('tries a turn again later and later, and the customer gets the answer when it works', async () => {
    await due();
    world().chatwoot.fault({ path: 'conversations.show', action: 'error', status: 502, count: 3 });
    assert.deepEqual(await runToEnd(), [750, 1_500, 3_000]);
    assert.deepEqual(world().replies(), [answers.exchange]);
    assert.deepEqual(world().notes(), []);
  });

  it('after four failures apologises and hands over: the customer is never left in silence', async () => {
    await due();
    world().chatwoot.fault({ path: 'conversations.show', action: 'error', status: 502, count: 4 });
    assert.deepEqual(await runToEnd(), [750, 1_500, 3_000]);
    assert.deepEqual(world().replies(), [apology]);
    assert.match(world().notes()[0] ?? '', /\[turn_failed\]/);
    assert.equal(world().status(), 'open');
    assert.deepEqual(world().outcomes(), ['handed_over']);
  });

  it('counts the failures with the mail: a job made anew does not begin to count from zero', async () => {
    await due();
    world().chatwoot.fault({ path: 'conversations.show', action: 'error', status: 502, count: 4 });
    for (let job = 0; job < 4; job++) {
      await run(0);
      world().clock.move(30_000);
    }
    assert.deepEqual(world().replies(), [apology]);
  });

  it('begins to count anew after an answer', async () => {
    await due();
    world().chatwoot.fault({ path: 'conversations.show', action: 'error', status: 502, count: 3 });
    await runToEnd();
    await world().customer('e a entrega, quando chega?');
    world().clock.move(2_500);
    world().chatwoot.fault({ path: 'conversations.show', action: 'error', status: 502, count: 3 });
    await runToEnd();
    assert.deepEqual(world().replies(), [answers.exchange, answers.delivery]);
  });

  it('hands over at once when it is our own bug, and calls an operator', async () => {
    await due();
    world().knowledge.failure = new TypeError('cannot read properties of undefined');
    assert.deepEqual(await run(), { kind: 'done' });
    assert.deepEqual(world().replies(), [apology]);
    const failed = world().log.lines.find(({ message }) => message === 'turn.failed');
    assert.deepEqual([failed?.level, failed?.fields['alert']], ['error', true]);
  });

  it('does not count it as a failure when somebody else was faster', async () => {
    await due();
    world().knowledge.during = async () => {
      world().knowledge.during = async () => undefined;
      // The process stood still for longer than its lock lives.
      world().clock.move(5_001);
    };
    const decision = await run(2);
    assert.equal(decision.kind, 'again');
    assert.equal(decision.attempt, 2);
    assert.equal((await world().stores.states.get(world().ref()))?.failures ?? 0, 0);
    assert.deepEqual(world().replies(), []);
    assert.equal(await world().stores.ledger.current(world().ref()), null, 'nothing was begun without the lock');
    await runToEnd();
    assert.deepEqual(world().replies(), [answers.exchange]);
  });

  it('comes back soon to a conversation that another one holds, without counting', async () => {
    await due();
    const lock = await world().stores.locks.acquire(`conversation:${world().ref().accountId}/1`, 60_000);
    assert.deepEqual(await run(3), { kind: 'again', delayMs: 300, attempt: 3 });
    await lock?.release();
    assert.deepEqual(await run(3), { kind: 'done' });
  });

  it('moves the wake mark to when it will try again, so that the sweeper does not come before', async () => {
    await due();
    world().chatwoot.fault({ path: 'conversations.show', action: 'error', status: 502, count: 2 });
    await run(0);
    world().clock.move(750);
    const decision = await run(1);
    assert.equal(decision.kind === 'again' && decision.delayMs, 1_500);
    const now = world().clock.now();
    assert.deepEqual(await world().stores.mailbox.due(now + 1_499, 10), []);
    assert.deepEqual(await world().stores.mailbox.due(now + 1_500, 10), [world().ref()]);
  });

  it('never moves the quiet time of what the customer writes meanwhile to an earlier instant', async () => {
    await due();
    world().chatwoot.fault({ path: 'messages.create', action: 'cut' });
    await run(0);
    world().clock.move(13_000);
    await world().customer('e também');
    assert.deepEqual(await run(0), { kind: 'again', delayMs: 2_000, attempt: 0 });
    assert.equal((await world().stores.mailbox.read(world().ref())).notBeforeMs, world().clock.now() + 7_000);
  });

  it('keeps the mail while nothing can be delivered, and answers when Chatwoot is back', async () => {
    await due();
    world().chatwoot.fault({ path: '/api/v1/', action: 'error', status: 503, count: 12 });
    const delays: number[] = [];
    for (let tries = 0; tries < 6; tries++) {
      const decision = await run();
      assert.equal(decision.kind, 'again');
      delays.push(decision.delayMs);
      world().clock.move(decision.delayMs);
    }
    assert.equal(delays.at(-1), 60_000);
    assert.ok(world().log.lines.some(({ message }) => message === 'turn.undeliverable'));
    world().chatwoot.clearFaults();
    await runToEnd();
    assert.deepEqual(world().replies(), [answers.exchange]);
  });

  it('waits for a tenant that is disabled at the moment, and answers when it is back', async () => {
    await due();
    world().isTenantDisabled = true;
    assert.deepEqual(await run(), { kind: 'done' });
    assert.deepEqual(await world().stores.mailbox.due(world().clock.now() + 59_999, 10), []);
    world().isTenantDisabled = false;
    world().clock.move(60_000);
    await world().settle();
    assert.deepEqual(world().replies(), [answers.exchange]);
  });

  it('finds mail whose job was lost, and leaves mail alone that is not due', async () => {
    world().queue.failure = new BridgeError('upstream_unavailable', 'the queue is away');
    await world().customer(question);
    world().queue.failure = null;
    worker = world().worker();
    await worker.start();
    assert.deepEqual(world().queue.wakes, []);
    worker.stop();
    world().clock.move(3_500);
    worker = world().worker();
    await worker.start();
    assert.deepEqual(world().queue.wakes, [{ conversation: world().ref(), delayMs: 0 }]);
  });

  it('leaves a conversation alone that is being answered', async () => {
    await due();
    let whileThinking: unknown = null;
    world().knowledge.during = async () => {
      whileThinking = await world().stores.mailbox.due(world().clock.now(), 10);
    };
    await run();
    assert.deepEqual(whileThinking, []);
  });
});
