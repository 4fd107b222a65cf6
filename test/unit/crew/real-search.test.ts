// The answers without a model on the real knowledge base: what is found, what is not, and what is not valid any more.
import assert from 'node:assert/strict';
import { climb } from '../../../bridge/core/crew/answer-ladder.ts';
import { CrewFactory } from '../../../bridge/core/crew/crew-factory.ts';
import { searchKnowledge } from '../../../bridge/core/tools/search-knowledge.ts';
import { createCatalogue, toCatalogueTool } from '../../../bridge/core/tools/tool.ts';
import type { Turn } from '../../../bridge/core/turn.ts';
import { openRealKnowledge } from '../../fixtures/real-knowledge.ts';
import type { RealKnowledge } from '../../fixtures/real-knowledge.ts';
import { callTool } from '../hub/world/scripted-model.ts';
import { makeTenant, makeTurn, wednesdayMs, withScript } from './make-turn.ts';
import { answerCache } from '../../fixtures/process-cache.ts';

const documents = [
  {
    kind: 'rule',
    id: 'troca',
    title: 'Prazo para troca',
    body: 'Você pode trocar o produto em até 15 dias, com a nota fiscal e a embalagem original.',
  },
  {
    kind: 'rule',
    id: 'natal',
    title: 'Horário de Natal',
    body: 'Na véspera de Natal a loja fecha às 14h.',
    valid_from: '2026-12-01',
    valid_to: '2026-12-24',
  },
  {
    kind: 'faq',
    id: 'pix',
    title: 'Formas de pagamento',
    body: 'Aceitamos PIX com 5% de desconto, cartão em até 3 vezes e boleto.',
  },
  {
    kind: 'faq',
    id: 'insta',
    title: 'Sorteio',
    body: 'O sorteio do Instagram sai toda sexta-feira.',
    channels: ['instagram'],
  },
];

describe('answers from the real knowledge base', () => {
  const clock = { now: () => wednesdayMs };
  const crews = new CrewFactory(createCatalogue([toCatalogueTool(searchKnowledge)]));
  const tenant = makeTenant();
  let real: RealKnowledge;

  before(async () => {
    real = await openRealKnowledge(tenant, clock, documents);
  });
  after(() => real.close());

  const ask = (question: string, more: Partial<Turn> = {}) =>
    climb(makeTurn({ tenant, knowledge: real.knowledge, question, ...more }), 'info', {
      crews,
      answers: answerCache(),
    });

  it('are what the rule says, however it is asked', async () => {
    for (const question of [
      'Qual o prazo para trocar um produto?',
      'qto tempo tenho pra troca?',
      'quero trocar, ate quando posso?',
    ]) {
      const { text, sources } = await ask(question);
      assert.match(text, /em até 15 dias/, question);
      assert.deepEqual(
        sources.map(({ id }) => id),
        ['troca'],
        question,
      );
    }
  });

  it('are none where nothing was written about it: an honest sentence and the offer of a person', async () => {
    for (const question of ['Quem ganhou o jogo de ontem?', 'Vocês alugam guindaste?', 'qual a capital da Mongólia']) {
      const { text, sources, offersPerson } = await ask(question);
      assert.match(text, /^Não encontrei essa informação/, question);
      assert.deepEqual([sources, offersPerson], [[], true], question);
    }
  });

  it('are valid at the turn’s instant, to the hour on the company’s clock', async () => {
    const at = async (iso: string) =>
      (await ask('Que horas a loja fecha na véspera de Natal?', { atMs: Date.parse(iso) })).sources.map(({ id }) => id);
    assert.ok(!(await at('2026-11-18T13:00:00Z')).includes('natal'));
    assert.deepEqual(await at('2026-12-24T12:00:00-03:00'), ['natal']);
    assert.deepEqual(await at('2026-12-24T23:59:00-03:00'), ['natal']);
    assert.ok(!(await at('2026-12-25T00:00:00-03:00')).includes('natal'));
  });

  it('are for the channel they were written for', async () => {
    assert.deepEqual(
      (await ask('Quando sai o sorteio?', { channel: 'instagram' })).sources.map(({ id }) => id),
      ['insta'],
    );
    assert.ok(!(await ask('Quando sai o sorteio?', { channel: 'whatsapp' })).sources.some(({ id }) => id === 'insta'));
  });

  it('are never another tenant’s', async () => {
    const stranger = { ...makeTenant(), accountId: 'clinica' };
    assert.deepEqual((await ask('Qual o prazo para trocar um produto?', { tenant: stranger })).sources, []);
  });

  it('ground what the model says: its own numbers are not sent', async () => {
    const search = callTool('search_knowledge', { query: 'desconto no pix' });
    const right = await ask('Tem desconto no PIX?', withScript(search, { text: 'Sim, 5% de desconto no PIX!' }));
    assert.deepEqual([right.rung, right.text], ['model', 'Sim, 5% de desconto no PIX!']);
    const wrong = await ask('Tem desconto no PIX?', withScript(search, { text: 'Sim, 15%!' }, { text: 'Sim, 20%!' }));
    assert.equal(wrong.handoff?.reason, 'guard_blocked');
  });
});
