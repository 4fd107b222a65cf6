// What nobody can handle: kept for a while, then a dead letter, then run again without ever answering twice.
import assert from 'node:assert/strict';
import { replayDeadLetter } from '../../../bridge/core/hub/replay-dead-letter.ts';
import type { ReplayDeps, ReplayResult } from '../../../bridge/core/hub/replay-dead-letter.ts';
import { freshState } from '../../../bridge/core/hub/takeover.ts';
import type { DeadLetter } from '../../../bridge/core/ports/dead-letters.ts';
import { accountId, answers, eachWorld, person } from './world/conversation-world.ts';

const question = 'Qual o prazo para trocar um produto?';

describe('dead letters', () => {
  const world = eachWorld();

  const letters = (): Promise<DeadLetter[]> => world().stores.deadLetters.list(accountId, 10);

  /** Looks at the conversation until nothing is to be done; how often that was. */
  async function work(mostRuns = 40): Promise<number> {
    const worker = world().worker();
    await worker.start();
    let attempt = 0;
    for (let runs = 1; runs <= mostRuns; runs++) {
      const decision = await world().queue.run({ conversation: world().ref(), attempt });
      await world().chatwoot.idle();
      if (decision.kind === 'done') {
        worker.stop();
        return runs;
      }
      attempt = decision.attempt;
      world().clock.move(decision.delayMs);
    }
    worker.stop();
    return mostRuns;
  }

  async function buried(text = question): Promise<DeadLetter> {
    await world().customer(text);
    world().clock.move(2_500);
    world().chatwoot.fault({ path: '/api/v1/', action: 'error', status: 404, count: 200 });
    await work();
    world().chatwoot.clearFaults();
    const [letter] = await letters();
    assert.ok(letter);
    return letter;
  }

  function replay(id: string, more: Partial<ReplayDeps> = {}): Promise<ReplayResult> {
    const { stores, clock, queue, log: logger, tenant } = world();
    const deps: ReplayDeps = {
      ...stores,
      queue,
      tenants: { find: async () => tenant },
      connect: async () => ({
        conversations: world().conversations(),
        triage: null,
        pastMail: null,
        business: null,
        model: null,
      }),
      clock,
      logger,
    };
    return replayDeadLetter({ ...deps, ...more }, id);
  }

  it('mail that Chatwoot refuses for good is buried after some minutes, with its words and out of the mailbox', async () => {
    const letter = await buried();
    assert.equal(letter.kind, 'conversation_refused');
    assert.equal(letter.code, 'upstream_rejected');
    assert.equal(letter.attempts, 8);
    assert.deepEqual(
      letter.mail.map(({ entry }) => entry.text),
      [question],
    );
    assert.ok(letter.lastAtMs - letter.firstAtMs > 3 * 60_000 && letter.lastAtMs - letter.firstAtMs < 10 * 60_000);
    assert.deepEqual((await world().stores.mailbox.read(world().ref())).mail, []);
    assert.deepEqual(await world().stores.mailbox.due(world().clock.now() + 3_600_000, 10), []);
    assert.equal(await work(), 1);
  });

  it('the alarm says what to do, once, and holds no word of the customer', async () => {
    await buried('Segredo da Marta: qual o prazo para trocar um produto?');
    const alarms = world().log.lines.filter(({ message }) => message === 'mail.buried');
    assert.equal(alarms.length, 1);
    assert.equal(alarms[0]?.fields['fix'], 'scripts/replay --list');
    assert.ok(!JSON.stringify(world().log.lines).includes('Segredo'));
  });

  it('mail that only waits for a Chatwoot that is away is kept for hours', async () => {
    await world().customer(question);
    world().clock.move(2_500);
    world().chatwoot.fault({ path: '/api/v1/', action: 'error', status: 503, count: 500 });
    assert.equal(await work(20), 20);
    assert.deepEqual(await letters(), []);
    const state = (await world().stores.states.get(world().ref())) ?? freshState(0);
    await world().stores.states.set(world().ref(), { ...state, failures: 363 });
    await work();
    assert.deepEqual(
      (await letters()).map(({ kind, code }) => [kind, code]),
      [['turn_undeliverable', 'upstream_unavailable']],
    );
  });

  it('run again when the trouble is over, the question is answered, once', async () => {
    const letter = await buried();
    assert.deepEqual(await replay(letter.id), { id: letter.id, outcome: 'replayed', reason: null });
    assert.deepEqual(world().queue.wakes.at(-1), { conversation: world().ref(), delayMs: 0 });
    assert.deepEqual(await letters(), []);
    await work();
    assert.deepEqual(world().replies(), [answers.exchange]);
    assert.deepEqual(await replay(letter.id), { id: letter.id, outcome: 'kept', reason: 'no_such_letter' });
    await work();
    assert.deepEqual(world().replies(), [answers.exchange]);
  });

  it('a replay that dies before the letter is gone, and is done again, still gives one reply', async () => {
    const letter = await buried();
    const dying = { ...world().stores.deadLetters, get: (id: string) => world().stores.deadLetters.get(id) };
    const remove = () => Promise.reject(new Error('dies here'));
    const cut = await replay(letter.id, { deadLetters: Object.assign(dying, { remove }) });
    assert.equal(cut.outcome, 'kept');
    await replay(letter.id);
    await work();
    assert.deepEqual(world().replies(), [answers.exchange]);
    assert.deepEqual(await letters(), []);
  });

  it('what dies again is buried again, and can be run again', async () => {
    const first = await buried();
    await replay(first.id);
    world().chatwoot.fault({ path: '/api/v1/', action: 'error', status: 404, count: 200 });
    await work();
    world().chatwoot.clearFaults();
    const [second] = await letters();
    assert.ok(second);
    await replay(second.id);
    await work();
    assert.deepEqual(world().replies(), [answers.exchange]);
  });

  it('a question that a person answered meanwhile is dropped, and so is one whose conversation is resolved', async () => {
    const letter = await buried();
    world().chatwoot.personReplies({ ...world().conversation(), text: 'Quinze dias, Marta.', user: person });
    assert.deepEqual(await replay(letter.id), { id: letter.id, outcome: 'dropped', reason: 'person_answered' });
    world().chatwoot.resolve({ ...world().conversation(), user: person });
    await world().chatwoot.idle();
    await world().stores.deadLetters.put(letter, { most: 10, notBeforeMs: 0 });
    assert.deepEqual(await replay(letter.id), { id: letter.id, outcome: 'dropped', reason: 'conversation_resolved' });
    await work();
    assert.deepEqual(world().replies(), []);
    assert.deepEqual(await letters(), []);
  });

  it('a question older than what was answered since is dropped', async () => {
    const letter = await buried();
    await world().customer('E qual o prazo de entrega?');
    world().clock.move(2_500);
    await work();
    assert.deepEqual(world().replies(), [answers.delivery]);
    assert.deepEqual(await replay(letter.id), { id: letter.id, outcome: 'dropped', reason: 'answered_already' });
  });

  it('while Chatwoot cannot be asked, or the tenant is not in order, the letter stays', async () => {
    const letter = await buried();
    world().chatwoot.fault({ path: 'conversations.show', action: 'error', status: 503, count: 1 });
    assert.deepEqual(await replay(letter.id), { id: letter.id, outcome: 'kept', reason: 'upstream_unavailable' });
    const away = { tenants: { find: async () => null } };
    assert.deepEqual(await replay(letter.id, away), { id: letter.id, outcome: 'kept', reason: 'tenant_not_ready' });
    assert.equal((await letters()).length, 1);
  });
});
