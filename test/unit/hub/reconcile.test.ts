// What no delivery told of: found in the real (simulated) Chatwoot, handled by the real hub, once.
import assert from 'node:assert/strict';
import { createChatwootHttp } from '../../../bridge/adapters/chatwoot/http.ts';
import { ChatwootPastMail } from '../../../bridge/adapters/chatwoot/past-mail.ts';
import { ReconcileSchedule } from '../../../bridge/core/intake/reconcile-schedule.ts';
import { Reconcile } from '../../../bridge/core/intake/reconcile.ts';
import type { ReconcileRun } from '../../../bridge/core/intake/reconcile-run.ts';
import { BridgeError } from '../../../bridge/core/errors.ts';
import { silentMetrics } from '../../fixtures/silent-metrics.ts';
import { account, answers, eachWorld, inboxes, person } from './world/conversation-world.ts';
import type { ConversationWorld } from './world/conversation-world.ts';

const question = 'Qual o prazo para trocar um produto?';
const never = new AbortController().signal;
const minuteMs = 60_000;

function reconcileOf(world: ConversationWorld, { userToken = true } = {}): Reconcile {
  const { stores, queue, clock, log: logger, tenant } = world;
  const http = createChatwootHttp(tenant.config.integrations.chatwoot?.base_url ?? '', account, 2_000);
  const tokens = { bot: 'bot-token', user: userToken ? 'admin-token' : null };
  const ours = { chatwootAccountId: account, botId: null };
  const pastMail = new ChatwootPastMail(http, tokens, ours, [inboxes.whatsapp, inboxes.web]);
  return new Reconcile({
    ...stores,
    queue,
    clock,
    logger,
    metrics: silentMetrics,
    connect: async () => ({ conversations: world.conversations(), pastMail }),
  });
}

describe('reconcile', () => {
  const world = eachWorld();
  let reconcile: Reconcile;
  beforeEach(async () => {
    reconcile = reconcileOf(world());
    await reconcile.run(world().tenant, never);
  });

  async function look(): Promise<ReconcileRun> {
    world().clock.move(minuteMs);
    const run = await reconcile.run(world().tenant, never);
    assert.ok(run);
    await world().chatwoot.idle();
    return run;
  }

  /** Nothing of what happens in there reaches us. */
  async function unheard<T>(happens: () => Promise<T>): Promise<T> {
    world().chatwoot.misbehave({ action: 'drop', count: 1_000 });
    const result = await happens();
    await world().chatwoot.idle();
    world().chatwoot.clearFaults();
    return result;
  }

  it('a message whose delivery was lost is answered, once', async () => {
    await unheard(() => world().customer(question));
    assert.deepEqual((await world().stores.mailbox.read(world().ref())).mail, []);
    const run = await look();
    assert.deepEqual([run.checked, run.found, run.handled], [1, 1, 1]);
    assert.equal(world().queue.wakes.length, 1);
    await world().settle();
    assert.deepEqual(world().replies(), [answers.exchange]);
    assert.equal((await look()).handled, 0);
    await world().settle();
    assert.deepEqual(world().replies(), [answers.exchange]);
  });

  it('and a delivery that comes late after all changes nothing', async () => {
    const asked = await unheard(() => world().customer(question));
    await look();
    await world().settle();
    const [lost] = world().chatwoot.deliveriesTo('agent_bot', {
      event: 'message_created',
      messageId: asked.message.id,
    });
    assert.ok(lost);
    assert.equal(await world().deliver(JSON.parse(lost.body)), 200);
    await world().settle();
    assert.deepEqual(world().replies(), [answers.exchange]);
  });

  it('what a delivery told already is no news, answered or still waiting', async () => {
    await world().customer(question);
    assert.deepEqual((await look()).skipped, { known: 1 });
    assert.deepEqual((await look()).skipped, { up_to_date: 1 });
    await world().settle();
    const run = await look();
    assert.deepEqual([run.handled, world().replies().length], [0, 1]);
  });

  it('all that was lost of a burst is one burst, with what was not lost', async () => {
    await unheard(() => world().customer('Oi'));
    await world().customer(question);
    await look();
    await world().settle();
    assert.deepEqual(world().replies(), [answers.exchange]);
  });

  it('a question that a person answered is theirs, and their reply takes the conversation over though nobody told', async () => {
    await unheard(async () => {
      await world().customer(question);
      world().chatwoot.personReplies({ ...world().conversation(), text: 'Quinze dias, Marta.', user: person });
    });
    const run = await look();
    assert.deepEqual([run.handled, run.takeovers, run.skipped], [1, 1, { person_answered: 1 }]);
    await world().settle();
    assert.deepEqual(world().replies(), []);
    assert.equal(world().status(), 'open');
    assert.equal((await world().stores.states.get(world().ref()))?.owner, 'person');
    await world().customer('Obrigada! E o prazo de entrega?');
    await world().settle();
    assert.deepEqual(world().replies(), []);
  });

  it('a customer who writes again after a person’s lost reply is left to that person', async () => {
    await unheard(async () => {
      await world().customer(question);
      world().chatwoot.personReplies({ ...world().conversation(), text: 'Já vejo.', user: person });
      await world().customer('E o prazo de entrega?');
    });
    await look();
    await world().settle();
    assert.deepEqual(world().replies(), []);
    assert.equal(world().status(), 'open');
  });

  it('a person’s lost reply before a message that was delivered still takes the conversation over', async () => {
    await unheard(async () => {
      await world().customer('Oi');
      world().chatwoot.personReplies({ ...world().conversation(), text: 'Já vejo.', user: person });
    });
    await world().customer(question);
    assert.equal((await look()).takeovers, 1);
    await world().settle();
    assert.deepEqual(world().replies(), []);
  });

  it('what is older than six hours, and what somebody resolved, is left alone', async () => {
    await unheard(async () => {
      await world().customer(question, { contact: 'Antiga' });
      await world().customer(question, { contact: 'Resolvida' });
    });
    world().chatwoot.backdate({ ...world().conversation(1), ms: 6 * 60 * minuteMs + minuteMs });
    await unheard(async () => world().chatwoot.resolve({ ...world().conversation(2), user: person }));
    await world().customer('Bom dia', { contact: 'Outra' });
    const run = await look();
    assert.deepEqual([run.handled, run.skipped['resolved']], [0, 1]);
    await world().settle(3);
    assert.deepEqual([world().replies(1), world().replies(2)], [[], []]);
  });

  it('the first look ever answers nothing: what was said before we were there is nobody’s backlog', async () => {
    await world().stores.marks.set(world().tenant.accountId, {
      version: 1,
      comparedUpToMs: world().clock.now() - 30 * minuteMs,
      inboxesSinceMs: { [String(inboxes.web)]: 0 },
    });
    await unheard(() => world().customer(question));
    world().chatwoot.backdate({ ...world().conversation(), ms: 5 * minuteMs });
    const run = await reconcile.run(world().tenant, never);
    assert.deepEqual([run?.checked, run?.handled, run?.skipped], [1, 0, { too_old: 1 }]);
  });

  it('more messages than can be read back are left to people, with a note, and not looked at again', async () => {
    await unheard(async () => {
      for (let count = 0; count < 61; count++) {
        world().chatwoot.customerWrites({ account, inbox: inboxes.whatsapp, contact: 'Marta Lima', text: `${count}` });
      }
    });
    assert.deepEqual((await look()).skipped, { left_to_people: 1 });
    assert.match(world().notes()[0] ?? '', /fora do ar/);
    assert.equal(world().status(), 'open');
    await look();
    await world().settle();
    assert.equal(world().notes().length, 1);
    assert.deepEqual(world().replies(), []);
  });

  it('with a bot token alone it says once what is missing', async () => {
    const blind = reconcileOf(world(), { userToken: false });
    assert.equal(await blind.run(world().tenant, never), null);
    assert.equal(await blind.run(world().tenant, never), null);
    const told = world().log.lines.filter(({ message }) => message === 'reconcile.cannot_list');
    assert.equal(told.length, 1);
    assert.match(String(told[0]?.fields['fix']), /user_token/);
  });

  it('a run that cannot ask Chatwoot changes no mark, so that the next one finds everything', async () => {
    await unheard(() => world().customer(question));
    const before = await world().stores.marks.get(world().tenant.accountId);
    world().clock.move(minuteMs);
    world().chatwoot.fault({ path: '/api/v1/', action: 'error', status: 503, count: 20 });
    await assert.rejects(reconcile.run(world().tenant, never), BridgeError);
    world().chatwoot.clearFaults();
    assert.deepEqual(await world().stores.marks.get(world().tenant.accountId), before);
    assert.equal((await look()).handled, 1);
  });
});

describe('reconcile of an observed inbox', () => {
  const world = eachWorld({ mode: 'observe' });

  it('makes a draft for people of what was lost', async () => {
    const reconcile = reconcileOf(world());
    await reconcile.run(world().tenant, never);
    world().chatwoot.misbehave({ action: 'drop', count: 1_000 });
    await world().customer(question);
    world().clock.move(minuteMs);
    await reconcile.run(world().tenant, never);
    await world().settle();
    assert.deepEqual(world().replies(), []);
    assert.match(world().notes()[0] ?? '', /Rascunho/);
  });
});

describe('the schedule of reconcile', () => {
  const world = eachWorld();

  function scheduled(run: () => Promise<ReconcileRun | null>) {
    const { stores, clock, log: logger } = world();
    let runs = 0;
    const counted = {
      run: async () => {
        runs += 1;
        const result = await run();
        if (result) {
          const mark = { version: 1 as const, comparedUpToMs: clock.now(), inboxesSinceMs: {} };
          await stores.marks.set(world().tenant.accountId, mark);
        }
        return result;
      },
    };
    const schedule = new ReconcileSchedule({ reconcile: counted, ...stores, clock, logger });
    return { schedule, tick: () => schedule.runDue([world().tenant]), runs: () => runs };
  }

  const nothing: ReconcileRun = { checked: 0, found: 0, handled: 0, takeovers: 0, skipped: {}, isCut: false };

  it('looks at the start, every five minutes, and after an outage, and not in between', async () => {
    const { schedule, tick, runs } = scheduled(async () => nothing);
    await tick();
    await tick();
    assert.equal(runs(), 1);
    world().clock.move(5 * minuteMs);
    await tick();
    await tick();
    assert.equal(runs(), 2);
    world().clock.move(1_000);
    schedule.afterOutage();
    await tick();
    await tick();
    assert.equal(runs(), 3);
  });

  it('tries again after half a minute what failed, and says so once', async () => {
    const { tick, runs } = scheduled(() => Promise.reject(new BridgeError('upstream_unavailable', 'away')));
    for (let times = 0; times < 3; times++) {
      await tick();
      await tick();
      world().clock.move(30_000);
    }
    assert.equal(runs(), 3);
    assert.equal(
      world().log.lines.filter(({ level, message }) => level === 'warn' && message === 'reconcile.failed').length,
      1,
    );
  });

  it('two instances never look at one tenant at the same time, nor one after the other', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const first = scheduled(async () => {
      await held;
      return nothing;
    });
    const second = scheduled(async () => nothing);
    const running = first.tick();
    await second.tick();
    release();
    await running;
    await second.tick();
    assert.deepEqual([first.runs(), second.runs()], [1, 0]);
  });

  it('leaves a tenant alone for a while whose credentials show nothing', async () => {
    const { tick, runs } = scheduled(async () => null);
    await tick();
    world().clock.move(minuteMs);
    await tick();
    assert.equal(runs(), 1);
    world().clock.move(5 * minuteMs);
    await tick();
    assert.equal(runs(), 2);
  });
});
