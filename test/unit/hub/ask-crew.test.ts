import assert from 'node:assert/strict';
import { CrewFactory } from '../../../bridge/core/crew/crew-factory.ts';
import { askCrew } from '../../../bridge/core/hub/ask-crew.ts';
import type { ChatModel } from '../../../bridge/core/ports/chat-model.ts';
import { AskParams, AskResult } from '../../../bridge/core/rpc/ask.ts';
import { searchKnowledge } from '../../../bridge/core/tools/search-knowledge.ts';
import { createCatalogue, toCatalogueTool } from '../../../bridge/core/tools/tool.ts';
import { freeSpending, pricing } from '../../fixtures/cost.ts';
import { answerCache } from '../../fixtures/process-cache.ts';
import { quietLog } from '../../fixtures/quiet-log.ts';
import { makeTenant, wednesdayMs, withScript } from '../crew/make-turn.ts';
import { FixedKnowledge, rule } from './world/fixed-knowledge.ts';

const crew = (signals: string[]) => ({
  title: 't',
  role: 'r',
  goal: 'g',
  backstory: 'b',
  signals,
  tools: ['search_knowledge'],
});
const tenant = makeTenant({
  handoff: { team: 'atendimento' },
  crews: { sales: crew(['preço']), support: crew(['troca']), info: crew([]) },
});

function ask(
  params: unknown,
  model: ChatModel | null = null,
  knowledge = new FixedKnowledge({ troca: [rule('troca', 'Troca em até 15 dias.')] }),
) {
  const deps = {
    connect: async () => ({ conversations: null, triage: null, pastMail: null, business: null, model }),
    crews: new CrewFactory(createCatalogue([toCatalogueTool(searchKnowledge)])),
    answers: answerCache(),
    pricing,
    budgets: freeSpending,
    knowledge,
    clock: { now: () => wednesdayMs },
    newId: () => 'turn-1',
    logger: quietLog(),
  };
  return askCrew(deps, tenant, AskParams.parse(params), new AbortController().signal);
}

describe('the playground', () => {
  it('answers as a conversation would, in the shape it promises, without a conversation', async () => {
    const result = AskResult.parse(await ask({ message: 'Qual o prazo de troca?', channel: 'whatsapp' }));
    assert.deepEqual(
      [result.reply, result.rung, result.service, result.sources, result.handoff],
      ['Troca em até 15 dias.', 'grounded', 'support', [{ kind: 'rule', id: 'troca', title: 'Regra troca' }], null],
    );
    assert.equal(result.usage.cost?.currency, 'USD');
    assert.ok(result.usage.cost.amount > 0, 'the vector of the question was paid for');
  });

  it('hands over as a conversation would, and names the team', async () => {
    const { reply, handoff } = await ask({ message: 'Quero falar com um atendente' });
    assert.equal(reply, 'Vou chamar uma pessoa da equipe para continuar com você por aqui.');
    assert.deepEqual([handoff?.reason, handoff?.team], ['customer_asked', 'atendimento']);
  });

  it('understands a yes by what was said before it', async () => {
    const offer = await ask({ message: 'Vocês consertam relógio?' });
    const history = [
      { from: 'customer', text: 'Vocês consertam relógio?' },
      { from: 'assistant', text: offer.reply },
    ];
    assert.equal((await ask({ message: 'sim', history })).handoff?.reason, 'customer_accepted');
    assert.equal((await ask({ message: 'sim', history: history.toReversed() })).handoff, null);
    assert.equal((await ask({ message: 'sim' })).handoff, null);
  });

  it('goes on with the service and the language of what was asked before', async () => {
    const history = [
      { from: 'customer', text: 'What is your preço, please? How much is it?' },
      { from: 'assistant', text: 'It is on the page.' },
    ];
    const result = await ask({ message: 'and on Sunday?', history });
    assert.deepEqual([result.service, result.confidence], ['sales', 0.5]);
    assert.match(result.reply, /^I couldn't find/);
  });

  it('judges rules at the instant it is asked for', async () => {
    const knowledge = new FixedKnowledge({});
    await ask({ message: 'E no Natal?', at: '2026-12-25T10:00:00-03:00' }, null, knowledge);
    assert.equal(knowledge.queries[0]?.atMs, Date.parse('2026-12-25T10:00:00-03:00'));
  });

  it('remembers no more than a conversation does', async () => {
    const script = withScript({ text: 'Certo.' });
    const history = Array.from({ length: 60 }, (_, index) => ({
      from: 'customer',
      text: `${index} ${'x'.repeat(3_000)}`,
    }));
    await ask({ message: 'E agora?', history }, script.model);
    const texts =
      script.model.requests[0]?.messages.flatMap((message) => (message.role === 'user' ? [message.text.length] : [])) ??
      [];
    assert.deepEqual([texts.length, Math.max(...texts)], [13, 1_500]);
  });
});
