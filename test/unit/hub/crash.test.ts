// The process dies at every step of a turn, before and after its effect, and another one goes on: what the customer gets
// is the same as if nothing had happened.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ChatModel } from '../../../bridge/core/ports/chat-model.ts';
import { answers, eachWorld, person } from './world/conversation-world.ts';
import type { WorldOptions, ConversationWorld } from './world/conversation-world.ts';
import type { DeathAt } from './world/mortal.ts';

/** Three WhatsApp messages long, without a number that would need evidence. */
const long = 'a b c d e f g h i j k l m n o p q r s t u v w x y z'
  .split(' ')
  .map(
    (letter) =>
      `Passo ${letter}: guarde a nota e a caixa original até a troca terminar e depois leve a caixa à loja, por favor.`,
  )
  .concat(Array.from({ length: 15 }, () => 'A equipe confere a caixa e a nota na hora, e você escolhe outro produto.'))
  .join('\n\n');
const talkative: ChatModel = {
  name: 'talkative',
  next: async () => ({ text: long, toolCalls: [], usage: { inputTokens: 1, outputTokens: 1 } }),
};
const offer = 'Vou chamar uma pessoa da equipe para continuar com você por aqui.';

interface Scenario {
  name: string;
  question: string;
  model?: ChatModel;
  /** What the customer must have got in the end. */
  check: (world: ConversationWorld, id: number) => void;
}

const scenarios: Scenario[] = [
  {
    name: 'a reply of one part',
    question: 'Qual o prazo para trocar um produto?',
    check: wholeReply(answers.exchange),
  },
  { name: 'a reply of several parts', question: 'Como faço para trocar?', model: talkative, check: wholeReply(long) },
  { name: 'a handoff', question: 'Quero falar com um atendente', check: handedOver },
];

const installations: [string, WorldOptions][] = [
  ['with a bot and a user token', {}],
  ['with a bot token only', { userToken: false }],
  ['with a user token only', { botToken: false }],
  ['with Chatwoot 4.8, which drops our tag', { version: '4.8.0' }],
];

describe('a process that dies', function () {
  this.timeout(60_000);

  for (const [name, options] of installations) {
    describe(name, () => {
      const world = eachWorld(options);
      for (const scenario of name === 'with a user token only' ? scenarios.slice(0, 1) : scenarios) {
        it(`at any one step of ${scenario.name}: it happens exactly once`, async () => {
          const steps = await eachDeath(world(), scenario, (deathAt) => dieAndGoOn(world(), scenario, [deathAt]));
          assert.ok(steps.length > 15, `only ${steps.length} steps`);
          assert.deepEqual(world().chatwoot.violations, []);
        });
      }
    });
  }

  describe('again and again', () => {
    const world = eachWorld();
    for (const scenario of scenarios) {
      it(`while others bring ${scenario.name} to its end: it happens exactly once`, async () => {
        const death = fc.record({ step: fc.integer({ min: 1, max: 30 }), when: fc.constantFrom('before', 'after') });
        await fc.assert(
          fc.asyncProperty(fc.array(death, { minLength: 2, maxLength: 5 }), (deaths) =>
            dieAndGoOn(world(), scenario, deaths),
          ),
          { numRuns: 100 },
        );
      });
    }
  });

  describe('while a takeover is taken note of', () => {
    const world = eachWorld();

    it('at any one step: nothing is said, the conversation is open and the person’s', async () => {
      const takeOver = async (): Promise<number> => {
        asked += 1;
        const { conversation: id } = await world().customer('Como faço para trocar?', { contact: `Cliente ${asked}` });
        world().chatwoot.personReplies({ ...world().conversation(id), text: 'Oi, é a Bia!', user: person });
        await world().chatwoot.idle();
        return id;
      };
      const { steps } = await world().die({ step: Infinity, when: 'before' }, await takeOver());
      assert.ok(steps.includes('chatwoot.open'));
      for (const [index, step] of steps.entries()) {
        for (const when of ['before', 'after'] as const) {
          const id = await takeOver();
          await world().die({ step: index + 1, when }, id);
          const due = await world().stores.mailbox.due(world().clock.now() + 3_600_000, 1_000);
          const isOpen = world().status(id) === 'open';
          assert.ok(
            isOpen || due.some(({ conversationId }) => conversationId === id),
            `${when} ${step}: nobody comes back`,
          );
          await world().settle(id);
          assert.deepEqual(world().replies(id), [], `${when} ${step}`);
          assert.equal(world().status(id), 'open', `${when} ${step}`);
          assert.equal((await world().stores.states.get(world().ref(id)))?.owner, 'person', `${when} ${step}`);
        }
      }
    });
  });

  describe('and a person answers before another goes on', () => {
    const world = eachWorld();
    for (const scenario of scenarios.slice(1)) {
      it(`at any one step of ${scenario.name}: nothing is said after the person, and the conversation is open`, async () => {
        await eachDeath(world(), scenario, async (deathAt) => {
          const id = await ask(world(), scenario);
          const { steps } = await world().die(deathAt, id);
          const said = world().chatwoot.personReplies({
            ...world().conversation(id),
            text: 'Oi, é a Bia!',
            user: person,
          });
          await world().chatwoot.idle();
          await world().settle(id);
          const place = `died ${deathAt.when} ${steps.at(-1) ?? ''}`;
          assert.deepEqual(
            world()
              .chatwoot.messagesOf(world().conversation(id))
              .filter((message) => message.id > said.id && message.message_type === 1 && !message.private),
            [],
            place,
          );
          assert.equal(world().status(id), 'open', place);
          const state = await world().stores.states.get(world().ref(id));
          assert.equal(state?.owner, 'person', place);
        });
      });
    }
  });
});

let asked = 0;

async function ask(world: ConversationWorld, { question, model }: Scenario): Promise<number> {
  asked += 1;
  world.model = model ?? null;
  const wrote = await world.customer(question, { contact: `Cliente ${asked}` });
  return wrote.conversation;
}

/** Once without a death to learn the steps, then once for each of them, before and after its effect. */
async function eachDeath(
  world: ConversationWorld,
  scenario: Scenario,
  run: (at: DeathAt) => Promise<void>,
): Promise<string[]> {
  const { steps } = await world.die({ step: Infinity, when: 'before' }, await ask(world, scenario));
  for (const [index] of steps.entries()) {
    for (const when of ['before', 'after'] as const) await run({ step: index + 1, when });
  }
  return steps;
}

async function dieAndGoOn(world: ConversationWorld, scenario: Scenario, deaths: DeathAt[]): Promise<void> {
  const id = await ask(world, scenario);
  const places: string[] = [];
  for (const deathAt of deaths) {
    const { steps } = await world.die(deathAt, id);
    places.push(`${deathAt.when} ${steps.at(-1) ?? ''} (step ${steps.length})`);
  }
  try {
    await assertSomethingWakes(world, id);
    await world.settle(id);
    scenario.check(world, id);
    assert.deepEqual((await world.stores.mailbox.read(world.ref(id))).mail, []);
    assert.notEqual((await world.stores.ledger.current(world.ref(id)))?.state, 'intended');
  } catch (error) {
    const got = JSON.stringify({ replies: world.replies(id), notes: world.notes(id) });
    throw new Error(`died ${places.join(', then ')}: ${String(error).slice(0, 400)}\n${got.slice(0, 1_000)}`, {
      cause: error,
    });
  }
}

/** What is not finished has a wake mark, or nobody would come back to it. */
async function assertSomethingWakes(world: ConversationWorld, id: number): Promise<void> {
  const due = await world.stores.mailbox.due(world.clock.now() + 3_600_000, 1_000);
  if (due.some(({ conversationId }) => conversationId === id)) return;
  assert.notEqual((await world.stores.ledger.current(world.ref(id)))?.state, 'intended', 'nobody comes back');
  assert.ok(world.replies(id).length > 0);
}

function wholeReply(text: string) {
  return (world: ConversationWorld, id: number): void => {
    const plain = (given: string): string => given.replace(/\s+/g, ' ').trim();
    const got = plain(world.replies(id).join(' '));
    assert.ok(got === plain(text), `${got.length} characters instead of ${plain(text).length}`);
    assert.deepEqual(world.notes(id), []);
    assert.equal(world.status(id), 'pending');
  };
}

/** The note is there once; where nobody can look for it, rather twice than not at all. */
function handedOver(world: ConversationWorld, id: number): void {
  assert.deepEqual(world.replies(id), [offer]);
  assert.match(world.notes(id)[0] ?? '', /\[customer_asked\]/);
  if (world.readsMessages) assert.equal(world.notes(id).length, 1);
  assert.equal(new Set(world.notes(id)).size, 1);
  assert.deepEqual(world.chatwoot.conversation(world.conversation(id)).labels, ['assistente-pedido']);
  assert.equal(world.chatwoot.conversation(world.conversation(id)).priority, 'medium');
  assert.equal(world.status(id), 'open');
}
