// The process dies at every step of what is done without a customer's message: that nobody came, the end of a quiet
// conversation, a hand-back with an open question. Afterwards it has happened once.
import assert from 'node:assert/strict';
import { answers, eachWorld, person } from './world/conversation-world.ts';
import type { ConversationWorld } from './world/conversation-world.ts';

const minute = 60_000;
const nobody = /Ainda não conseguiram responder/;
const last = 'Vou encerrar por aqui. Quando precisar, é só mandar mensagem.';
const closing = { inactivity_minutes: 60, inactivity_message: last };
let customers = 0;

interface Scenario {
  name: string;
  /** Up to the moment at which the process takes the conversation up; returns the conversation. */
  prepare: (world: ConversationWorld) => Promise<number>;
  check: (world: ConversationWorld, id: number) => Promise<void> | void;
}

async function ask(world: ConversationWorld, text: string): Promise<number> {
  customers += 1;
  const { conversation } = await world.customer(text, { contact: `Pessoa ${customers}` });
  await world.settle(conversation);
  return conversation;
}

const scenarios: Scenario[] = [
  {
    name: 'nobody came',
    prepare: async (world) => {
      const id = await ask(world, 'Quero falar com um atendente');
      world.clock.move(20 * minute);
      return id;
    },
    check: (world, id) => {
      assert.equal(world.replies(id).filter((text) => nobody.test(text)).length, 1);
      const notes = world.notes(id).filter((text) => text.includes('[nobody_came]'));
      assert.equal(world.readsMessages ? notes.length : new Set(notes).size, 1);
      const { labels, status } = world.chatwoot.conversation(world.conversation(id));
      assert.deepEqual([labels, status], [['assistente-pedido', 'assistente-sem-resposta'], 'open']);
    },
  },
  {
    name: 'a quiet end',
    prepare: async (world) => {
      const id = await ask(world, 'Qual o prazo para trocar um produto?');
      world.clock.move(60 * minute);
      return id;
    },
    check: (world, id) => {
      assert.deepEqual(world.replies(id), [answers.exchange, last]);
      assert.equal(world.status(id), 'resolved');
    },
  },
  {
    name: 'a hand-back with an open question',
    prepare: async (world) => {
      const id = await ask(world, 'Quero falar com um atendente');
      await world.customer('Qual o prazo para trocar um produto?', { contact: `Pessoa ${customers}` });
      await world.settle(id);
      world.chatwoot.markPending({ ...world.conversation(id), user: person });
      await world.chatwoot.idle();
      return id;
    },
    check: async (world, id) => {
      assert.deepEqual(world.replies(id).slice(1), [answers.exchange]);
      assert.equal((await world.stores.states.get(world.ref(id)))?.owner, 'assistant');
    },
  },
];

describe('a process that dies while nobody writes', function () {
  this.timeout(60_000);
  for (const [name, options] of [
    ['with a bot and a user token', {}],
    ['with a bot token only', { userToken: false }],
  ] as const) {
    describe(name, () => {
      const world = eachWorld({ ...options, config: { closing } });
      for (const { name: what, prepare, check } of scenarios) {
        it(`at any one step of ${what}: it happens once`, async () => {
          const { steps } = await world().die({ step: Infinity, when: 'before' }, await prepare(world()));
          assert.ok(steps.length > 10, `only ${steps.length} steps`);
          for (const [index, step] of steps.entries()) {
            for (const when of ['before', 'after'] as const) {
              const id = await prepare(world());
              await world().die({ step: index + 1, when }, id);
              await goOn(world(), id);
              await Promise.resolve(check(world(), id)).catch((cause: unknown) => {
                const got = JSON.stringify([world().replies(id), world().notes(id)]);
                throw new Error(`died ${when} ${step}: ${String(cause)}\n${got}`, { cause });
              });
            }
          }
        });
      }
    });
  }
});

/** As the sweep would: whenever mail or a reminder of it is due. */
async function goOn(world: ConversationWorld, id: number): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await world.settle(id);
    world.clock.move(90_000);
  }
}
