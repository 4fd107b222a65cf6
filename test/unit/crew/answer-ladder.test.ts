import assert from 'node:assert/strict';
import { climb } from '../../../bridge/core/crew/answer-ladder.ts';
import { CrewFactory } from '../../../bridge/core/crew/crew-factory.ts';
import { BridgeError } from '../../../bridge/core/errors.ts';
import { languages } from '../../../bridge/core/language.ts';
import type { ModelStep } from '../../../bridge/core/ports/chat-model.ts';
import { productFacts } from '../../../bridge/core/tools/product-facts.ts';
import { requestPerson } from '../../../bridge/core/tools/request-person.ts';
import { searchKnowledge } from '../../../bridge/core/tools/search-knowledge.ts';
import { createCatalogue, toCatalogueTool } from '../../../bridge/core/tools/tool.ts';
import type { Turn } from '../../../bridge/core/turn.ts';
import { FixedKnowledge, rule } from '../hub/world/fixed-knowledge.ts';
import { callTool } from '../hub/world/scripted-model.ts';
import { makeTenant, makeTurn, withScript } from './make-turn.ts';
import { makeContact } from '../../fixtures/customer-message.ts';
import { answerCache } from '../../fixtures/process-cache.ts';

const crews = new CrewFactory(
  createCatalogue([toCatalogueTool(searchKnowledge), toCatalogueTool(productFacts), toCatalogueTool(requestPerson)]),
);
const knowing = () => new FixedKnowledge({ troca: [rule('troca', 'Você pode trocar em até 15 dias.')] });
const answer = (given: Partial<Turn>) =>
  climb(makeTurn({ knowledge: knowing(), ...given }), 'info', { crews, answers: answerCache() });

const opened = 'Vou chamar uma pessoa da equipe para continuar com você por aqui.';
const away = new BridgeError('upstream_unavailable', 'away');

describe('the first rung', () => {
  it('greets by name where the profile has one, with the tenant’s own greeting the first time', async () => {
    const contact = makeContact({ name: 'Marta Lima' });
    const tenant = makeTenant({
      company_metadata: { customer_service: { greeting_message: 'Oi! Bem-vinda à Loja.' } },
    });
    assert.equal(
      (await answer({ question: 'Oi', contact })).text,
      'Olá, Marta! Atendimento Loja da Praça por aqui. Como posso ajudar?',
    );
    assert.equal((await answer({ question: 'Oi', contact, tenant })).text, 'Oi! Bem-vinda à Loja.');
    assert.equal(
      (await answer({ question: 'Oi', contact, tenant, isFirstReply: false })).text,
      'Olá, Marta! Atendimento Loja da Praça por aqui. Como posso ajudar?',
    );
  });

  it('does not call anybody by a name that is none', async () => {
    for (const name of ['marta', '~*Vivi*~', '5511999', 'A', 'Loja2', '', null, 'http://x.y']) {
      const contact = makeContact({ name });
      assert.match((await answer({ question: 'Oi', contact })).text, /^Olá! /, String(name));
    }
  });

  it('says farewell with the tenant’s own words, and thanks with ours', async () => {
    const tenant = makeTenant({ company_metadata: { customer_service: { farewell_message: 'Até a próxima!' } } });
    assert.equal((await answer({ question: 'tchau', tenant })).text, 'Até a próxima!');
    assert.match((await answer({ question: 'obrigada!' })).text, /^Por nada!/);
    assert.match((await answer({ question: 'ok' })).text, /^Tudo bem!/);
    assert.match((await answer({ question: 'não, obrigada', personOffered: true })).text, /^Tudo bem!/);
  });

  it('needs neither model nor knowledge', async () => {
    for (const question of ['Oi', 'obrigada', 'tchau', 'ok', 'quero falar com um atendente', '👍']) {
      const turn = makeTurn({ question, knowledge: knowing(), ...withScript() });
      const { rung } = await climb(turn, 'info', { crews, answers: answerCache() });
      assert.ok(['deterministic', 'person'].includes(rung), question);
      assert.deepEqual(turn.usage.calls, []);
    }
  });

  it('leaves an "ok" to the model when the model has just asked something', async () => {
    const window = [{ from: 'assistant' as const, text: 'Posso reservar o azul?', atMs: 1, messageId: 1 }];
    assert.equal((await answer({ question: 'ok', window, ...withScript({ text: 'Reservado!' }) })).text, 'Reservado!');
    assert.match((await answer({ question: 'ok', window })).text, /^Tudo bem!/);
  });

  it('hands over with a text when a person is wanted, or our offer is accepted', async () => {
    const asked = await answer({ question: 'Quero falar com um atendente' });
    assert.deepEqual([asked.text, asked.rung, asked.handoff?.reason], [opened, 'person', 'customer_asked']);
    const window = [{ from: 'customer' as const, text: 'Vocês fazem mudança?', atMs: 1, messageId: 1 }];
    const accepted = await answer({ question: 'sim', personOffered: true, window });
    assert.deepEqual([accepted.text, accepted.handoff?.reason], [opened, 'customer_accepted']);
    assert.match(accepted.handoff?.note ?? '', /Vocês fazem mudança\?/);
  });

  it('asks for words when a file could not be read, and greets when there was nothing at all', async () => {
    const file = await answer({ question: '', unreadFiles: 1 });
    assert.match(file.text, /consigo ler apenas texto/);
    assert.equal(file.offersPerson, true);
    assert.match((await answer({ question: ' ' })).text, /^Olá!/);
  });
});

describe('the model’s rung', () => {
  it('answers with its tools and names its sources', async () => {
    const script = withScript(callTool('search_knowledge', { query: 'troca' }), {
      text: 'Dá para trocar em até 15 dias.',
    });
    const given = await answer(script);
    assert.equal(given.text, 'Dá para trocar em até 15 dias.');
    assert.equal(given.rung, 'model');
    assert.deepEqual(given.sources, [{ kind: 'rule', id: 'troca', title: 'Regra troca' }]);
  });

  it('has a number from nowhere corrected once, and keeps the sources of both tries', async () => {
    const script = withScript(
      callTool('search_knowledge', { query: 'troca' }),
      { text: 'Em até 30 dias.' },
      { text: 'Em até 15 dias.' },
    );
    const given = await answer(script);
    assert.equal(given.text, 'Em até 15 dias.');
    assert.equal(given.sources.length, 1);
    const told = script.model.requests[2]?.messages.at(-1);
    assert.match(told?.role === 'user' ? told.text : '', /in no tool result: 30\./);
  });

  it('never sends a number from nowhere: the second time a person gets the draft', async () => {
    const given = await answer(withScript({ text: 'Em até 30 dias.' }, { text: 'São 30 dias mesmo.' }));
    assert.equal(given.text, opened);
    assert.equal(given.handoff?.reason, 'guard_blocked');
    assert.match(given.handoff.note, /São 30 dias mesmo\./);
  });

  it('is not grounded by the numbers of the week in the company’s opening hours', async () => {
    const weekly = [{ days: [0, 1, 2, 3, 4, 5], open: '09:00', close: '18:00' }];
    const tenant = makeTenant({ company_metadata: { business_hours: { weekly } } });
    const given = await answer({
      tenant,
      ...withScript({ text: 'Entregamos em 3 dias.' }, { text: 'Entregamos em 3 dias.' }),
    });
    assert.equal(given.handoff?.reason, 'guard_blocked');
    const hours = await answer({ tenant, ...withScript({ text: 'Abrimos das 9h às 18h.' }) });
    assert.equal(hours.rung, 'model');
  });

  it('knows when it offered a person, and when it only spoke of one', async () => {
    const offers = [
      'Não sei. Quer que eu chame uma pessoa da equipe?',
      'Posso pedir para alguém ligar? 😊',
      'Shall I call someone from the team?',
    ];
    const speaks = [
      'Uma pessoa da equipe separa o pedido.',
      'É para você ou para outra pessoa? Posso embrulhar.',
      'Posso ajudar em algo mais?',
    ];
    for (const text of offers) assert.equal((await answer(withScript({ text }))).offersPerson, true, text);
    for (const text of speaks) assert.equal((await answer(withScript({ text }))).offersPerson, false, text);
  });

  it('hands over with the fixed text when the model asks for a person, whatever it wrote itself', async () => {
    const wish = {
      ...callTool('request_person', { summary: 'Quer negociar 50 unidades.' }),
      text: 'Um momento, já volto!',
    };
    const given = await answer(withScript(wish));
    assert.equal(given.text, opened);
    assert.deepEqual(given.handoff, { reason: 'customer_asked', note: 'Quer negociar 50 unidades.' });
  });

  it('tells the model what a person said before, as something that is over', async () => {
    const script = withScript({ text: 'Certo.' });
    const window = [
      { from: 'person' as const, text: 'Já reservei.', atMs: Date.parse('2026-11-18T12:05:00Z'), messageId: 1 },
    ];
    await answer({ window, ...script });
    const said = script.model.requests[0]?.messages.find(({ role }) => role === 'assistant');
    assert.equal(
      said?.role === 'assistant' && said.text,
      '(A person of the team wrote on Wednesday, 2026-11-18 09:05: Já reservei.)',
    );
  });
});

describe('when the model is no help', () => {
  const troubles: [
    string,
    Partial<ModelStep> | Error | ((request: unknown, signal: AbortSignal) => Promise<ModelStep>),
  ][] = [
    ['it is down', away],
    ['it stalls and is cut off', () => Promise.reject(away)],
    ['it refuses', new BridgeError('upstream_rejected', 'bad key')],
    ['it answers nothing', { text: '' }],
    ['it answers nonsense', new BridgeError('model_misbehaved', 'no message')],
  ];
  for (const [name, step] of troubles) {
    it(`because ${name}, what was found answers`, async () => {
      const given = await answer({ question: 'Qual a regra de troca?', ...withScript(step) });
      assert.deepEqual([given.text, given.rung], ['Você pode trocar em até 15 dias.', 'grounded']);
    });

    it(`because ${name}, and nothing was found, an honest sentence offers a person`, async () => {
      const given = await answer({ question: 'Vocês consertam relógio?', ...withScript(step) });
      assert.match(given.text, /^Não encontrei essa informação.*Quer que eu chame uma pessoa da equipe\?$/);
      assert.deepEqual([given.offersPerson, given.handoff, given.sources], [true, null, []]);
    });
  }

  it('because it uses its tools wrongly twice: a polite sentence and a person', async () => {
    const given = await answer(withScript(callTool('search_knowledge', '{'), callTool('search_knowledge', '{')));
    assert.equal(given.text, `Tive um problema para concluir essa resposta, me desculpe. ${opened}`);
    assert.equal(given.handoff?.reason, 'model_misbehaved');
  });

  it('because it runs in circles: a polite sentence and a person', async () => {
    const circle = Array.from({ length: 6 }, () => callTool('search_knowledge', { query: 'troca' }));
    const given = await answer(withScript(...circle));
    assert.deepEqual([given.handoff?.reason, given.rung], ['run_limit', 'person']);
  });

  it('and knowledge is away as well: a sentence that says so and offers a person, in each language', async () => {
    for (const language of languages) {
      const knowledge = knowing();
      knowledge.failure = away;
      const given = await answer({ knowledge, language, question: 'Qual a regra de troca?', ...withScript(away) });
      assert.ok(given.text.length > 20);
      assert.deepEqual([given.offersPerson, given.handoff], [true, null]);
    }
  });

  it('because the turn itself was called off, nothing is answered any more', async () => {
    const turnOver = new AbortController();
    const step = () => {
      turnOver.abort();
      return Promise.reject(away);
    };
    await assert.rejects(answer({ signal: turnOver.signal, ...withScript(step) }), away);
  });

  it('because of a bug of ours, the bug is not hidden', async () => {
    await assert.rejects(answer(withScript(new TypeError('undefined is not a function'))), TypeError);
  });
});
