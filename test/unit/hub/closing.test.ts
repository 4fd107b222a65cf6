import assert from 'node:assert/strict';
import { answers, eachWorld, person } from './world/conversation-world.ts';
import type { ConversationWorld } from './world/conversation-world.ts';

const question = 'Qual o prazo para trocar um produto?';
const farewell = 'A Sandra Cosméticos agradece o contato!';
const rating = 'De 0 a 10, quanto você nos recomenda?';
const words = { company_metadata: { customer_service: { farewell_message: farewell, rating_request: rating } } };
const minute = 60_000;

async function says(world: ConversationWorld, text: string): Promise<void> {
  await world.customer(text);
  await world.settle();
}

describe('the end of a conversation', () => {
  const world = eachWorld({ config: words });

  it('has farewell and rating once, with the last part, and a second goodbye gets no second farewell', async () => {
    await says(world(), question);
    await says(world(), 'obrigada!');
    assert.equal(
      world().replies()[1],
      `Por nada! Se precisar de mais alguma coisa, é só chamar.\n\n${farewell}\n\n${rating}`,
    );
    await says(world(), 'tchau');
    assert.equal(world().replies().length, 2);
    assert.equal(world().outcomes().at(-1), 'silent_already_closed');
    assert.equal(world().status(), 'pending');
  });

  it('goes on when the customer goes on: a new question is answered, and rating is not asked again', async () => {
    await says(world(), question);
    await says(world(), 'tchau');
    assert.equal(world().replies()[1], `${farewell}\n\n${rating}`);
    await says(world(), 'e a entrega, quando chega?');
    await says(world(), 'tchau');
    assert.deepEqual(world().replies().slice(2), [answers.delivery, farewell]);
  });

  it('asks nobody to rate who was not helped', async () => {
    await says(world(), 'tchau');
    assert.deepEqual(world().replies(), [farewell]);
  });

  it('asks nobody to rate after a person had the conversation', async () => {
    await says(world(), question);
    world().chatwoot.personReplies({ ...world().conversation(), text: 'Oi, é a Bia', user: person });
    await world().chatwoot.idle();
    await world().settle();
    world().chatwoot.markPending({ ...world().conversation(), user: person });
    await world().chatwoot.idle();
    await world().settle();
    await says(world(), 'obrigada, tchau');
    assert.deepEqual(world().replies().slice(1), [farewell]);
  });

  it('adds nothing to a handoff', async () => {
    await says(world(), question);
    await says(world(), 'obrigada, mas quero falar com um atendente');
    assert.ok(!(world().replies()[1] ?? '').includes(farewell));
  });
});

describe('without a word of the tenant', () => {
  const world = eachWorld();

  it('there is no rating, a plain goodbye, and nothing is ever resolved by us', async () => {
    await says(world(), question);
    await says(world(), 'obrigada!');
    await says(world(), 'tchau');
    assert.deepEqual(world().replies().slice(1), [
      'Por nada! Se precisar de mais alguma coisa, é só chamar.',
      'Até logo! Quando precisar, é só mandar mensagem.',
    ]);
    world().clock.move(48 * 60 * minute);
    await world().settle();
    assert.equal(world().status(), 'pending');
  });
});

describe('where a goodbye is the end', () => {
  const world = eachWorld({ config: { ...words, closing: { resolve_after_farewell: true } } });

  it('the conversation is resolved after the farewell, and the next message begins a new one', async () => {
    await says(world(), question);
    await says(world(), 'tchau');
    assert.equal(world().status(), 'resolved');
    await world().settle();
    assert.deepEqual((await world().stores.states.get(world().ref()))?.window, []);
  });

  it('thanks alone are not the end', async () => {
    await says(world(), question);
    await says(world(), 'obrigada!');
    assert.equal(world().status(), 'pending');
  });

  it('it stays open when the customer went on before it was resolved', async () => {
    await says(world(), question);
    const hold = world().chatwoot.holdNext({ path: 'messages.create', when: 'after-store' });
    await world().customer('tchau');
    world().clock.move(25_000);
    const turn = world().hub().handle({ conversation: world().ref(), attempt: 0 });
    await hold.reached;
    world().chatwoot.customerWrites({
      account: 3,
      inbox: 5,
      contact: 'Marta Lima',
      text: 'ah, e a entrega, quando chega?',
    });
    await world().stored(3);
    hold.release();
    await turn;
    await world().settle();
    assert.equal(world().status(), 'pending');
    assert.equal(world().replies().at(-1), answers.delivery);
  });
});

describe('where quiet conversations end', () => {
  const last = 'Vou encerrar por aqui. Quando precisar, é só mandar mensagem.';
  const world = eachWorld({ config: { closing: { inactivity_minutes: 60, inactivity_message: last } } });

  it('one last sentence comes after the set time, once, and the conversation is resolved', async () => {
    await says(world(), question);
    world().clock.move(59 * minute);
    await world().settle();
    assert.equal(world().status(), 'pending');
    world().clock.move(minute);
    await world().settle();
    assert.deepEqual(world().replies(), [answers.exchange, last]);
    assert.equal(world().status(), 'resolved');
    world().clock.move(600 * minute);
    await world().settle();
    assert.equal(world().replies().length, 2);
    assert.deepEqual(await world().stores.reminders.of(world().ref()), []);
  });

  it('the time begins anew with each answer', async () => {
    await says(world(), question);
    world().clock.move(40 * minute);
    await says(world(), 'e a entrega, quando chega?');
    world().clock.move(40 * minute);
    await world().settle();
    assert.equal(world().status(), 'pending');
    world().clock.move(20 * minute);
    await world().settle();
    assert.equal(world().status(), 'resolved');
  });

  for (const [name, act] of [
    ['a person answered', (w) => w.chatwoot.personReplies({ ...w.conversation(), text: 'Oi, é a Bia', user: person })],
    ['a person opened it', (w) => w.chatwoot.open({ ...w.conversation(), user: person })],
  ] as [string, (world: ConversationWorld) => unknown][]) {
    it(`never when ${name}`, async () => {
      await says(world(), question);
      act(world());
      await world().chatwoot.idle();
      await world().settle();
      world().clock.move(90 * minute);
      await world().settle();
      assert.deepEqual(world().replies(), [answers.exchange]);
      assert.equal(world().status(), 'open');
    });
  }

  it('never while a person is waited for', async () => {
    await says(world(), question);
    await says(world(), 'quero falar com um atendente');
    world().clock.move(24 * 60 * minute);
    await world().settle();
    assert.ok(!world().replies().includes(last));
    assert.equal(world().status(), 'open');
  });
});

describe('where quiet conversations end without a word', () => {
  const world = eachWorld({ config: { closing: { inactivity_minutes: 60 } } });

  it('they are resolved and nothing is said', async () => {
    await says(world(), question);
    world().clock.move(60 * minute);
    await world().settle();
    assert.deepEqual(world().replies(), [answers.exchange]);
    assert.equal(world().status(), 'resolved');
    assert.equal(world().outcomes().at(-1), 'closed_inactive');
  });
});
