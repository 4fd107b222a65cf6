// The model rung against a scripted endpoint: used when it helps, replaced when it does not, and never allowed to leave a
// customer without a sentence.
import assert from 'node:assert/strict';
import { startModelServer } from '../sandbox/model-server/start-model-server.ts';
import type { ModelServer } from '../sandbox/model-server/start-model-server.ts';
import { Installation } from './installation.ts';

const question = 'Qual o prazo para trocar um produto?';
let caller = 0;

/**
 * A bridge with a scripted endpoint, and a customer nobody knows yet for each question. What the model answered once is kept,
 * so that a test which wants the model asks something of its own.
 */
function eachBridge() {
  const running: { model: ModelServer | null; installation: Installation | null } = { model: null, installation: null };
  const model = () => running.model ?? fail('no model runs');
  const installation = () => running.installation ?? fail('no bridge runs');
  before(async function () {
    this.timeout(180_000);
    running.model = await startModelServer();
    running.installation = await Installation.start({
      environment: {
        OPENAI_BASE_URL: running.model.url,
        OPENAI_API_KEY: 'test-key',
        LLM_MODEL: 'scripted',
        LLM_TIMEOUT_MS: '1500',
      },
    });
  });
  after(async () => {
    await running.installation?.stop();
    await running.model?.stop();
  });
  afterEach(() => model().api.reset());

  async function ask(text: string) {
    caller += 1;
    const asked = await installation().ask(text, {
      contact: { name: 'Rita', phone_number: `+55119880000${String(caller).padStart(2, '0')}` },
    });
    const reply = await installation().api.waitForReply(asked, undefined, 60_000);
    await installation().quiet();
    return { asked, text: reply.content ?? '' };
  }
  return { model, installation, ask };
}

function fail(message: string): never {
  throw new Error(message);
}

describe('a bridge with a model endpoint', () => {
  const { model, installation, ask } = eachBridge();

  const search = { toolCalls: [{ name: 'search_knowledge', arguments: { query: 'prazo para trocar um produto' } }] };

  it('answers from what the knowledge tool returned', async () => {
    model().api.expect([
      { match: { lastMessage: 'prazo', tools: ['search_knowledge'] }, answer: search },
      {
        match: { lastRole: 'tool' },
        answer: { text: 'Você pode trocar em até 15 dias corridos, com o produto lacrado.' },
      },
    ]);
    const { text } = await ask(question);
    assert.equal(text, 'Você pode trocar em até 15 dias corridos, com o produto lacrado.');
    model().api.assertDone();
  });

  it('a number that no tool returned is repaired once before the customer sees it', async () => {
    model().api.expect([
      { answer: search },
      { match: { lastRole: 'tool' }, answer: { text: 'São 45 dias para trocar.' } },
      { match: { lastMessage: '45' }, answer: search },
      { match: { lastRole: 'tool' }, answer: { text: 'São 15 dias corridos para trocar.' } },
    ]);
    const { text } = await ask('Comprei um perfume e não gostei, ainda dá para trocar?');
    assert.equal(text, 'São 15 dias corridos para trocar.');
    model().api.assertDone();
  });

  it('a number that stays invented goes to a person with the draft as a private note, never to the customer', async () => {
    model().api.expect([
      { answer: search },
      { match: { lastRole: 'tool' }, answer: { text: 'São 45 dias para trocar.' } },
      { answer: { text: 'Tenho certeza: 45 dias.' } },
    ]);
    const { asked, text } = await ask('Se o batom veio errado, até quando eu troco?');
    assert.doesNotMatch(text, /45/);
    const notes = installation()
      .api.messagesOf(asked)
      .filter((message) => message.private);
    assert.match(notes[0]?.content ?? '', /45 dias/);
    assert.equal(installation().api.conversation(asked).status, 'open');
  });

  it('wrong tool arguments twice: a polite sentence, the conversation opened, a private note', async () => {
    const wrong = { toolCalls: [{ name: 'search_knowledge', arguments: { nonsense: true } }] };
    model().api.expect([{ answer: wrong }, { match: { lastRole: 'tool' }, answer: wrong }]);
    const { asked, text } = await ask('O hidratante veio aberto, o que eu faço?');
    assert.match(text, /desculpe/);
    const conversation = installation().api.conversation(asked);
    assert.equal(conversation.status, 'open');
    const notes = installation()
      .api.messagesOf(asked)
      .filter((message) => message.private);
    assert.equal(notes.length, 1);
    assert.match(notes[0]?.content ?? '', /model_misbehaved/);
    model().api.assertDone();
  });

  it('wrong tool arguments once are corrected by the model and not seen by the customer', async () => {
    model().api.expect([
      { answer: { toolCalls: [{ name: 'search_knowledge', arguments: { nonsense: true } }] } },
      { match: { lastRole: 'tool' }, answer: search },
      { match: { lastRole: 'tool' }, answer: { text: 'O prazo é de 15 dias corridos.' } },
    ]);
    const { text } = await ask('Ganhei um presente repetido, como funciona a troca?');
    assert.equal(text, 'O prazo é de 15 dias corridos.');
    model().api.assertDone();
  });

  it('asked for a person: the customer is told, the conversation opens, no model is paid', async () => {
    const { asked, text } = await ask('quero falar com um atendente');
    assert.match(text, /pessoa/);
    assert.equal(installation().api.conversation(asked).status, 'open');
    assert.equal(model().api.chats.length, 0);
  });

  it('keeps to the calls Chatwoot documents for these tokens', () => {
    assert.deepEqual(installation().api.violations, []);
  });
});

describe('a bridge whose model endpoint is in trouble', () => {
  const { model, installation, ask } = eachBridge();

  for (const [what, fault] of [
    ['answers something that is no JSON', { endpoint: 'chat', action: 'not-json' }],
    ['answers nothing', { endpoint: 'chat', action: 'empty' }],
    ['fails with 500', { endpoint: 'chat', action: 'error', status: 500 }],
    ['stalls', { endpoint: 'chat', action: 'stall' }],
  ] as const) {
    it(`a model that ${what}: the answer comes from what was found, without a model`, async () => {
      model().api.fault({ ...fault, count: 5 });
      const { text } = await ask(question);
      assert.match(text, /15 dias corridos/);
    });

    it(`a model that ${what}, and nothing found: a polite sentence with the offer of a person`, async () => {
      model().api.fault({ ...fault, count: 5 });
      const { asked, text } = await ask('Quem ganhou a copa do mundo de 2002?');
      assert.match(text, /pessoa da equipe\?/);
      assert.equal(installation().api.conversation(asked).status, 'pending');
    });
  }

  it('an endpoint that keeps failing is left alone, which /ready says with what to do, and customers do not notice', async () => {
    model().api.fault({ endpoint: 'chat', action: 'error', status: 503, count: 100 });
    for (let times = 0; times < 3; times++) assert.match((await ask(question)).text, /15 dias corridos/);
    const { status, dependencies } = await ready();
    assert.equal(status, 'degraded');
    assert.equal(dependencies['model']?.state, 'degraded');
    assert.match(dependencies['model'].fix ?? '', /^Check the model endpoint/);
    assert.match(installation().log, /"dependency":"model".*endpoint\.left_alone/);
  });

  async function ready() {
    const response = await fetch(`${installation().bridge.url}/ready`);
    return (await response.json()) as {
      status: string;
      dependencies: Record<string, { state: string; fix?: string } | undefined>;
    };
  }
});
