// The model rung against a scripted endpoint: used when it helps, replaced when it does not, and never allowed to leave a
// customer without a sentence.
import assert from 'node:assert/strict';
import { startModelServer } from '../sandbox/model-server/start-model-server.ts';
import type { ModelServer } from '../sandbox/model-server/start-model-server.ts';
import { Installation } from './installation.ts';

const question = 'Qual o prazo para trocar um produto?';
let caller = 0;

describe('a bridge with a model endpoint', () => {
  let model: ModelServer;
  let installation: Installation;

  before(async () => {
    model = await startModelServer();
    installation = await Installation.start({
      environment: {
        OPENAI_BASE_URL: model.url,
        OPENAI_API_KEY: 'test-key',
        LLM_MODEL: 'scripted',
        LLM_TIMEOUT_MS: '1500',
      },
    });
  });
  after(async () => {
    await installation.stop();
    await model.stop();
  });
  afterEach(() => model.api.reset());

  async function ask(text: string) {
    caller += 1;
    const asked = await installation.ask(text, {
      contact: { name: 'Rita', phone_number: `+55119880000${String(caller).padStart(2, '0')}` },
    });
    const reply = await installation.api.waitForReply(asked, undefined, 60_000);
    await installation.quiet();
    return { asked, text: reply.content ?? '' };
  }

  const search = { toolCalls: [{ name: 'search_knowledge', arguments: { query: 'prazo para trocar um produto' } }] };

  it('answers from what the knowledge tool returned', async () => {
    model.api.expect([
      { match: { lastMessage: 'prazo', tools: ['search_knowledge'] }, answer: search },
      {
        match: { lastRole: 'tool' },
        answer: { text: 'Você pode trocar em até 15 dias corridos, com o produto lacrado.' },
      },
    ]);
    const { text } = await ask(question);
    assert.equal(text, 'Você pode trocar em até 15 dias corridos, com o produto lacrado.');
    model.api.assertDone();
  });

  it('a number that no tool returned is repaired once before the customer sees it', async () => {
    model.api.expect([
      { answer: search },
      { match: { lastRole: 'tool' }, answer: { text: 'São 45 dias para trocar.' } },
      { match: { lastMessage: '45' }, answer: search },
      { match: { lastRole: 'tool' }, answer: { text: 'São 15 dias corridos para trocar.' } },
    ]);
    const { text } = await ask(question);
    assert.equal(text, 'São 15 dias corridos para trocar.');
    model.api.assertDone();
  });

  it('a number that stays invented goes to a person with the draft as a private note, never to the customer', async () => {
    model.api.expect([
      { answer: search },
      { match: { lastRole: 'tool' }, answer: { text: 'São 45 dias para trocar.' } },
      { answer: { text: 'Tenho certeza: 45 dias.' } },
    ]);
    const { asked, text } = await ask(question);
    assert.doesNotMatch(text, /45/);
    const notes = installation.api.messagesOf(asked).filter((message) => message.private);
    assert.match(notes[0]?.content ?? '', /45 dias/);
    assert.equal(installation.api.conversation(asked).status, 'open');
  });

  for (const [what, fault] of [
    ['fails with 500', { endpoint: 'chat', action: 'error', status: 500 }],
    ['stalls', { endpoint: 'chat', action: 'stall' }],
    ['answers something that is no JSON', { endpoint: 'chat', action: 'not-json' }],
    ['answers nothing', { endpoint: 'chat', action: 'empty' }],
  ] as const) {
    it(`a model that ${what}: the answer comes from what was found, without a model`, async () => {
      model.api.fault({ ...fault, count: 5 });
      const { text } = await ask(question);
      assert.match(text, /15 dias corridos/);
    });

    it(`a model that ${what}, and nothing found: a polite sentence with the offer of a person`, async () => {
      model.api.fault({ ...fault, count: 5 });
      const { asked, text } = await ask('Quem ganhou a copa do mundo de 2002?');
      assert.match(text, /pessoa da equipe\?/);
      assert.equal(installation.api.conversation(asked).status, 'pending');
    });
  }

  it('wrong tool arguments twice: a polite sentence, the conversation opened, a private note', async () => {
    const wrong = { toolCalls: [{ name: 'search_knowledge', arguments: { nonsense: true } }] };
    model.api.expect([{ answer: wrong }, { match: { lastRole: 'tool' }, answer: wrong }]);
    const { asked, text } = await ask(question);
    assert.match(text, /desculpe/);
    const conversation = installation.api.conversation(asked);
    assert.equal(conversation.status, 'open');
    const notes = installation.api.messagesOf(asked).filter((message) => message.private);
    assert.equal(notes.length, 1);
    assert.match(notes[0]?.content ?? '', /model_misbehaved/);
    model.api.assertDone();
  });

  it('wrong tool arguments once are corrected by the model and not seen by the customer', async () => {
    model.api.expect([
      { answer: { toolCalls: [{ name: 'search_knowledge', arguments: { nonsense: true } }] } },
      { match: { lastRole: 'tool' }, answer: search },
      { match: { lastRole: 'tool' }, answer: { text: 'O prazo é de 15 dias corridos.' } },
    ]);
    const { text } = await ask(question);
    assert.equal(text, 'O prazo é de 15 dias corridos.');
    model.api.assertDone();
  });

  it('asked for a person: the customer is told, the conversation opens, no model is paid', async () => {
    const { asked, text } = await ask('quero falar com um atendente');
    assert.match(text, /pessoa/);
    assert.equal(installation.api.conversation(asked).status, 'open');
    assert.equal(model.api.chats.length, 0);
  });

  it('keeps to the calls Chatwoot documents for these tokens', () => {
    assert.deepEqual(installation.api.violations, []);
  });
});
