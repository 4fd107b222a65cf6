import assert from 'node:assert/strict';
import { answers, eachWorld, person } from './world/conversation-world.ts';
import type { ConversationWorld, WorldOptions } from './world/conversation-world.ts';

const question = 'Qual o prazo para trocar um produto?';
const fixedText = 'Vou chamar uma pessoa da equipe para continuar com você por aqui.';

interface Loss {
  action?: 'cut' | 'error';
  /** Our own message comes back as a delivery, which proves that it was stored. */
  withEcho?: boolean;
}

/** The turn whose POST goes wrong: it rejects, and what happens next is what the test looks at. */
async function loseTheAnswer(
  world: ConversationWorld,
  when: 'before-store' | 'after-store',
  { action = 'cut', withEcho = false }: Loss = {},
): Promise<void> {
  await world.customer(question);
  world.chatwoot.fault({ path: 'messages.create', when, action });
  if (!withEcho && when === 'after-store') {
    world.chatwoot.misbehave({ action: 'drop', event: 'message_created', count: 1 });
  }
  world.clock.move(2_500);
  await assert.rejects(world.hub().handle({ conversation: world.ref(), attempt: 0 }), { code: 'upstream_unavailable' });
  await world.chatwoot.idle();
}

const installations: [string, WorldOptions][] = [
  ['with a user token', {}],
  ['with a bot token only', { userToken: false }],
  ['with Chatwoot 4.8, which drops our tag', { version: '4.8.0' }],
];

for (const [name, options] of installations) {
  describe(`a message whose answer was lost, ${name}`, () => {
    const world = eachWorld(options);

    it('but which Chatwoot stored is not sent again', async () => {
      await loseTheAnswer(world(), 'after-store');
      await world().settle();
      assert.deepEqual(world().replies(), [answers.exchange]);
      assert.deepEqual(world().notes(), []);
      assert.equal((await world().stores.ledger.current(world().ref()))?.state, 'done');
    });

    it('and which Chatwoot did not store is sent, once', async () => {
      await loseTheAnswer(world(), 'before-store');
      await world().settle();
      assert.deepEqual(world().replies(), [answers.exchange]);
    });

    it('with an error 500 that came after storing it is not sent again', async () => {
      await loseTheAnswer(world(), 'after-store', { action: 'error' });
      await world().settle();
      assert.deepEqual(world().replies(), [answers.exchange]);
    });

    it('is not sent again before it could have arrived: fifteen seconds after it was decided', async () => {
      await loseTheAnswer(world(), 'before-store');
      const hub = world().hub();
      const job = { conversation: world().ref(), attempt: 1 };
      assert.deepEqual(await hub.handle(job), { kind: 'again', delayMs: 15_000, attempt: 1 });
      world().clock.move(14_999);
      assert.deepEqual(await hub.handle(job), { kind: 'again', delayMs: 1, attempt: 1 });
      assert.deepEqual(world().replies(), []);
      world().clock.move(1);
      await hub.handle(job);
      assert.deepEqual(world().replies(), [answers.exchange]);
    });

    it('and is lost a second time is still sent once', async () => {
      await loseTheAnswer(world(), 'before-store');
      world().chatwoot.fault({ path: 'messages.create', when: 'after-store', action: 'cut' });
      world().clock.move(15_000);
      const hub = world().hub();
      await assert.rejects(hub.handle({ conversation: world().ref(), attempt: 1 }), { code: 'upstream_unavailable' });
      await world().settle(1, hub);
      assert.deepEqual(world().replies(), [answers.exchange]);
    });

    it('is settled before anything new is said', async () => {
      await loseTheAnswer(world(), 'after-store');
      await world().customer('e a entrega, quando chega?');
      await world().settle();
      if (options.userToken === false) assert.match(world().notes()[0] ?? '', /\[send_undecided\]/);
      else assert.deepEqual(world().replies(), [answers.exchange, answers.delivery]);
    });
  });
}

describe('a message whose answer was lost', () => {
  const world = eachWorld({ userToken: false });

  it('but whose echo came back is known to be stored: nothing is read back, nothing waited for', async () => {
    await loseTheAnswer(world(), 'after-store', { withEcho: true });
    const before = world().chatwoot.requests.length;
    assert.deepEqual(await world().settle(), [{ kind: 'done' }]);
    assert.deepEqual(world().replies(), [answers.exchange]);
    assert.equal(world().chatwoot.requests.length, before);
  });
});

describe('a reply of which nobody can tell whether it arrived', () => {
  const world = eachWorld({ userToken: false });

  /** A bot sees only the newest message, and that is the customer's. */
  async function undecided(more = 'e a entrega, quando chega?'): Promise<void> {
    await loseTheAnswer(world(), 'before-store');
    await world().customer(more);
    await world().settle();
  }

  it('is never sent twice: the customer is told that a person comes, people get the draft and the conversation', async () => {
    await undecided();
    assert.deepEqual(world().replies(), [fixedText]);
    assert.equal(world().status(), 'open');
    assert.match(
      world().notes()[0] ?? '',
      /Rascunho que talvez não tenha chegado ao cliente:\nVocê pode trocar o produto em até 15 dias/,
    );
    assert.deepEqual(world().outcomes(), ['handed_over', 'silent_person_requested']);
  });

  it('is not the end of the conversation: when it comes back, the assistant speaks again', async () => {
    await undecided();
    world().chatwoot.markPending({ ...world().conversation(), user: person });
    await world().customer('e a entrega, quando chega?');
    await world().settle();
    assert.deepEqual(world().replies().slice(1), [answers.delivery]);
  });

  it('goes to a person even when telling so fails at first, and the sentence is not said twice', async () => {
    await loseTheAnswer(world(), 'before-store');
    await world().customer('e a entrega, quando chega?');
    world().chatwoot.fault({ path: 'conversations.toggle_status', action: 'error', status: 502 });
    world().clock.move(15_000);
    const hub = world().hub();
    await assert.rejects(hub.handle({ conversation: world().ref(), attempt: 1 }), { code: 'upstream_unavailable' });
    await world().settle(1, hub);
    assert.equal(world().status(), 'open');
    assert.ok(
      world()
        .notes()
        .every((note) => note.includes('[send_undecided]')),
    );
    assert.deepEqual(new Set(world().replies()), new Set([fixedText]));
  });
});

describe('the sentence to somebody whose reply is undecided', () => {
  const world = eachWorld({ userToken: false });

  it('is in the language the conversation was in', async () => {
    world().chatwoot.fault({ path: 'messages.create', action: 'cut' });
    await world().customer('Hello, do you accept returns? How many days do I have?');
    world().clock.move(2_500);
    await assert.rejects(world().hub().handle({ conversation: world().ref(), attempt: 0 }));
    await world().customer('Hello? Is anybody there? What is your address?');
    await world().settle();
    assert.deepEqual(world().replies(), ["I'm calling someone from the team to continue with you here."]);
  });
});

describe('a reply that is in doubt while a person has the conversation', () => {
  const world = eachWorld();

  it('is not sent, and people get it as a note', async () => {
    await loseTheAnswer(world(), 'before-store');
    world().chatwoot.open({ ...world().conversation(), user: person });
    await world().chatwoot.idle();
    await world().settle();
    assert.deepEqual(world().replies(), []);
    assert.match(world().notes()[0] ?? '', /\[send_undecided\]/);
    assert.equal(world().status(), 'open');
  });

  it('stays out of a conversation that was resolved meanwhile, which is not opened again', async () => {
    await loseTheAnswer(world(), 'before-store');
    world().chatwoot.resolve({ ...world().conversation(), user: person });
    await world().chatwoot.idle();
    await world().settle();
    assert.deepEqual(world().replies(), []);
    assert.equal(world().status(), 'resolved');
  });
});

describe('Chatwoot that cannot be read', () => {
  const world = eachWorld();

  it('fails the turn before anything is said, and the next try says it once, without waiting', async () => {
    world().chatwoot.fault({ path: 'conversations.show', action: 'error', status: 502 });
    await world().customer(question);
    world().clock.move(2_500);
    const hub = world().hub();
    await assert.rejects(hub.handle({ conversation: world().ref(), attempt: 0 }), { code: 'upstream_unavailable' });
    assert.deepEqual(world().replies(), []);
    assert.deepEqual(await world().settle(1, hub), [{ kind: 'done' }]);
    assert.deepEqual(world().replies(), [answers.exchange]);
  });
});

describe('a bot that sees a conversation with a team', () => {
  const world = eachWorld({ userToken: false });

  it('cannot read it, which says that people have it: silence, and people see it', async () => {
    await world().customer(question);
    world().chatwoot.assign({ ...world().conversation(), team: 71 });
    await world().chatwoot.idle();
    await world().settle();
    assert.deepEqual(world().replies(), []);
    assert.deepEqual(world().outcomes(), ['silent_person_owns']);
    assert.equal(world().status(), 'open');
  });
});

describe('a bot of a Chatwoot that lets bots read nothing', () => {
  const world = eachWorld({ version: '4.13.0', userToken: false });

  it('answers by what the deliveries told', async () => {
    await world().customer(question);
    await world().settle();
    assert.deepEqual(world().replies(), [answers.exchange]);
  });

  it('is silent when they told that people have it', async () => {
    await world().customer(question);
    world().chatwoot.open({ ...world().conversation(), user: 'Ana' });
    await world().chatwoot.idle();
    await world().customer('e a entrega, quando chega?');
    await world().settle();
    assert.deepEqual(world().replies(), []);
  });

  it('hands over what it cannot read back, and never sends it twice', async () => {
    await loseTheAnswer(world(), 'after-store');
    await world().settle();
    assert.deepEqual(world().replies(), [answers.exchange, fixedText]);
    assert.equal(world().status(), 'open');
  });
});
