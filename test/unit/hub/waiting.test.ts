// Between the handoff and the person: nobody is talked over and nobody is left without a word.
import assert from 'node:assert/strict';
import { answers, eachWorld, person } from './world/conversation-world.ts';
import type { ConversationWorld } from './world/conversation-world.ts';

const wish = 'Quero falar com um atendente, por favor';
const question = 'Qual o prazo para trocar um produto?';
const minute = 60_000;
const always = [{ days: [0, 1, 2, 3, 4, 5, 6], open: '00:00', close: '24:00' }];
const never = [{ days: [0, 1, 2, 3, 4, 5, 6], open: '09:00', close: '09:01' }];

async function handOver(world: ConversationWorld): Promise<void> {
  await world.customer(wish);
  await world.settle();
  assert.equal(world.status(), 'open');
}

async function pass(world: ConversationWorld, ms: number): Promise<void> {
  world.clock.move(ms);
  await world.settle();
}

const labels = (world: ConversationWorld) => world.chatwoot.conversation(world.conversation()).labels;
const nobody = /Ainda não conseguiram responder por aqui/;

describe('a handoff that nobody answers', () => {
  const world = eachWorld({ config: { handoff: { wait_minutes: 20 } } });

  it('is told to the customer once when the time is up, and people get a note, a label and a higher priority', async () => {
    await handOver(world());
    await pass(world(), 19 * minute);
    assert.equal(world().replies().length, 1);
    await pass(world(), minute);
    assert.equal(world().replies().length, 2);
    assert.match(world().replies()[1] ?? '', nobody);
    assert.match(world().notes()[1] ?? '', /Ninguém respondeu em 20 minutos de atendimento \[nobody_came\]/);
    assert.deepEqual(labels(world()), ['assistente-pedido', 'assistente-sem-resposta']);
    assert.equal(world().chatwoot.conversation(world().conversation()).priority, 'high');
    assert.equal(world().status(), 'open');
    for (let hours = 0; hours < 5; hours++) await pass(world(), 60 * minute);
    assert.equal(world().replies().length, 2);
    assert.equal(world().notes().length, 2);
    assert.deepEqual(await world().stores.reminders.of(world().ref()), []);
    assert.deepEqual(world().outcomes(), ['handed_over', 'nobody_came']);
  });

  it('is found by the sweep of the worker, without any mail', async () => {
    await handOver(world());
    world().clock.move(20 * minute);
    world().queue.wakes.length = 0;
    const worker = world().worker();
    await worker.start();
    assert.deepEqual(world().queue.wakes, [{ conversation: world().ref(), delayMs: 0 }]);
    assert.deepEqual(await world().queue.run({ conversation: world().ref(), attempt: 0 }), { kind: 'done' });
    worker.stop();
    await world().chatwoot.idle();
    assert.match(world().replies()[1] ?? '', nobody);
  });

  for (const [name, act] of [
    ['a person answered', (w) => w.chatwoot.personReplies({ ...w.conversation(), text: 'Oi, é a Bia', user: person })],
    ['a person answered on the phone', (w) => w.chatwoot.phoneEcho({ ...w.conversation(), text: 'já te ligo' })],
    ['it was resolved', (w) => w.chatwoot.resolve({ ...w.conversation(), user: person })],
    ['it was given back', (w) => w.chatwoot.markPending({ ...w.conversation(), user: person })],
  ] as [string, (world: ConversationWorld) => unknown][]) {
    it(`is told to nobody once ${name}`, async () => {
      await handOver(world());
      act(world());
      await world().chatwoot.idle();
      await world().settle();
      assert.deepEqual(await world().stores.reminders.of(world().ref()), []);
      await pass(world(), 30 * minute);
      assert.ok(
        world()
          .replies()
          .every((text) => !nobody.test(text)),
      );
      assert.deepEqual(labels(world()), ['assistente-pedido']);
    });

    it(`is told to nobody once ${name}, though no news of it came`, async () => {
      await handOver(world());
      for (const event of [
        'message_created',
        'conversation_status_changed',
        'conversation_resolved',
        'conversation_updated',
      ]) {
        world().chatwoot.misbehave({ action: 'drop', event, count: 99 });
      }
      act(world());
      await world().chatwoot.idle();
      await pass(world(), 30 * minute);
      assert.ok(
        world()
          .replies()
          .every((text) => !nobody.test(text)),
      );
    });
  }

  it('is still one when somebody was only assigned: being assigned is no answer', async () => {
    await handOver(world());
    world().chatwoot.assign({ ...world().conversation(), user: person });
    await world().chatwoot.idle();
    await world().settle();
    await pass(world(), 20 * minute);
    assert.match(world().replies()[1] ?? '', nobody);
  });

  it('waits for Chatwoot when it is away, and tells it once when it is back', async () => {
    await handOver(world());
    world().chatwoot.fault({ path: '/api/v1/', action: 'error', status: 503, count: 99 });
    await pass(world(), 20 * minute);
    assert.equal((await world().stores.states.get(world().ref()))?.failures, 0);
    world().chatwoot.clearFaults();
    await pass(world(), 2 * minute);
    assert.match(world().replies()[1] ?? '', nobody);
    await pass(world(), 2 * minute);
    assert.equal(world().replies().length, 2);
  });
});

describe('a conversation that is gone in Chatwoot', () => {
  const world = eachWorld();

  it('is not looked at for ever: the refusal ends the waiting', async () => {
    await handOver(world());
    world().chatwoot.fault({ path: 'conversations.show', action: 'error', status: 404, count: 99 });
    await pass(world(), 20 * minute);
    assert.deepEqual(await world().stores.reminders.of(world().ref()), []);
    assert.ok(world().log.lines.some(({ message, fields }) => message === 'reminder.failed' && !fields['will_retry']));
  });
});

describe('a handoff outside business hours', () => {
  const hours = { business_hours: { weekly: never, holidays: [] } };
  const world = eachWorld({ config: { company_metadata: hours, timezone: 'UTC', handoff: { wait_minutes: 20 } } });

  it('does not count the night: nobody is told that nobody came while the company is closed', async () => {
    await handOver(world());
    const [reminder] = await world().stores.reminders.of(world().ref());
    assert.ok(reminder && reminder.atMs - world().clock.now() > 12 * 3_600_000);
  });
});

describe('a customer who writes while a person is waited for', () => {
  const hours = { business_hours: { weekly: always, holidays: [] } };
  const world = eachWorld({ config: { company_metadata: hours, handoff: { wait_minutes: 1440 } } });

  it('hears nothing at first, and how it stands once in an hour', async () => {
    await handOver(world());
    await world().customer(question);
    await world().settle();
    assert.equal(world().replies().length, 1);
    world().clock.move(60 * minute);
    await world().customer('alguém aí?');
    await world().settle();
    assert.equal(
      world().replies()[1],
      'Recebi. Sua mensagem está com a equipe, e uma pessoa continua com você por aqui.',
    );
    await world().customer('oi?');
    await world().settle();
    assert.equal(world().replies().length, 2);
    assert.deepEqual(world().outcomes(), [
      'handed_over',
      'silent_person_requested',
      'reassured',
      'silent_person_requested',
    ]);
  });

  it('never hears it once a person has written', async () => {
    await handOver(world());
    world().chatwoot.personReplies({ ...world().conversation(), text: 'Oi, é a Bia', user: person });
    await world().chatwoot.idle();
    await world().settle();
    world().clock.move(120 * minute);
    await world().customer(question);
    await world().settle();
    assert.equal(world().replies().length, 1);
    assert.equal(world().outcomes().at(-1), 'silent_person_owns');
  });

  it('is answered when people give it back without a word, all of it, and once', async () => {
    await handOver(world());
    await world().customer(question);
    await world().settle();
    world().clock.move(60 * minute);
    await world().customer('alguém aí?');
    await world().settle();
    world().chatwoot.markPending({ ...world().conversation(), user: person });
    await world().chatwoot.idle();
    await world().settle();
    assert.deepEqual(world().replies().slice(2), [answers.exchange]);
    await world().settle();
    assert.equal(world().replies().length, 3);
  });
});
