// The cached rung: an answer given before is given again only to the same question, from the same versions of the same
// documents, at this instant; and never a word of one customer to another.
import assert from 'node:assert/strict';
import { climb } from '../../../bridge/core/crew/answer-ladder.ts';
import type { AnswerCache } from '../../../bridge/core/crew/cached/answer-cache.ts';
import { CrewFactory } from '../../../bridge/core/crew/crew-factory.ts';
import { productFacts } from '../../../bridge/core/tools/product-facts.ts';
import { searchKnowledge } from '../../../bridge/core/tools/search-knowledge.ts';
import { createCatalogue, toCatalogueTool } from '../../../bridge/core/tools/tool.ts';
import type { Turn } from '../../../bridge/core/turn.ts';
import { answerCache } from '../../fixtures/process-cache.ts';
import { makeTenant, makeTurn, wednesdayMs } from './make-turn.ts';
import { ReadingModel } from '../../fixtures/reading-model.ts';
import { openRealKnowledge } from '../../fixtures/real-knowledge.ts';
import type { RealKnowledge } from '../../fixtures/real-knowledge.ts';

const exchange = {
  kind: 'rule',
  id: 'troca',
  title: 'Prazo para troca',
  body: 'Você pode trocar o produto em até 15 dias, com a nota fiscal.',
};
const payment = {
  kind: 'faq',
  id: 'pagamento',
  title: 'Formas de pagamento',
  body: 'Aceitamos PIX com 5% de desconto, cartão em até 3 vezes e boleto.',
};
const day = 24 * 60 * 60_000;

describe('the answer cache', () => {
  const clock = { now: () => wednesdayMs };
  const tenant = makeTenant();
  const crews = new CrewFactory(createCatalogue([toCatalogueTool(searchKnowledge), toCatalogueTool(productFacts)]));
  let real: RealKnowledge;
  let answers: AnswerCache;
  let model: ReadingModel;

  beforeEach(async () => {
    real = await openRealKnowledge(tenant, clock, [exchange, payment]);
    answers = answerCache(clock);
    model = new ReadingModel();
  });
  afterEach(() => real.close());

  const ask = (question: string, more: Partial<Turn> = {}) =>
    climb(makeTurn({ tenant, knowledge: real.knowledge, question, model, ...more }), 'info', { crews, answers });

  it('gives an answer again without the model, with its sources', async () => {
    const first = await ask('Qual o prazo para trocar um produto?');
    const second = await ask('Qual o prazo para trocar um produto?');
    assert.deepEqual([first.rung, second.rung, model.calls], ['model', 'cached', 2]);
    assert.deepEqual([second.text, second.sources], [first.text, first.sources]);
  });

  it('gives it to the same question in other words: politeness, short forms, accents, order, a slip', async () => {
    await ask('Qual o prazo para trocar um produto?');
    for (const question of [
      'oi, bom dia! qual o prazo pra trocar o produto por favor?',
      'vc sabe qual o prazo de troca??',
      'Gostaria de saber o prazo para troca de produtos',
      'pra trocar, qual o prazo',
    ]) {
      assert.equal((await ask(question)).rung, 'cached', question);
    }
  });

  it('does not give it to a question that turns the answer around', async () => {
    await ask('Posso trocar produto com a embalagem aberta?');
    for (const question of [
      'Posso trocar produto sem a embalagem aberta?',
      'Posso trocar produto com a embalagem aberta depois de 15 dias?',
      'Posso devolver produto com a embalagem aberta?',
      'Quem pode trocar produto com a embalagem aberta?',
      'Posso trocar presente com a embalagem aberta?',
      'Quando posso trocar produto com a embalagem aberta?',
    ]) {
      assert.notEqual((await ask(question)).rung, 'cached', question);
    }
  });

  it('forgets it at once when the rule is edited', async () => {
    await ask('Qual o prazo para trocar um produto?');
    await real.upsert([{ ...exchange, body: 'Você pode trocar o produto em até 30 dias, com a nota fiscal.' }]);
    const again = await ask('Qual o prazo para trocar um produto?');
    assert.deepEqual([again.rung, /30 dias/.test(again.text)], ['model', true]);
  });

  it('forgets it at once when a rule on the same subject is added, or the rule is removed', async () => {
    await ask('Qual o prazo para trocar um produto?');
    await real.upsert([{ ...exchange, id: 'troca-online', title: 'Prazo para troca de compras on-line' }]);
    assert.equal((await ask('Qual o prazo para trocar um produto?')).rung, 'model');
    assert.equal((await ask('Qual o prazo para trocar um produto?')).rung, 'cached');
    await real.knowledge.remove(tenant, [{ kind: 'rule', id: 'troca-online' }]);
    assert.equal((await ask('Qual o prazo para trocar um produto?')).rung, 'model');
  });

  it('forgets it the moment a rule becomes valid by date, and when one ends', async () => {
    const christmas = {
      ...exchange,
      id: 'natal',
      title: 'Prazo para troca no Natal',
      body: 'No Natal a troca tem 45 dias.',
    };
    await real.upsert([{ ...christmas, valid_from: '2026-12-01', valid_to: '2026-12-24' }]);
    const question = 'Qual o prazo para trocar um produto no Natal?';
    const at = (iso: string) => ({ atMs: Date.parse(iso) });
    const before = await ask(question, at('2026-11-30T23:59:00-03:00'));
    assert.equal((await ask(question, at('2026-11-30T23:59:30-03:00'))).text, before.text);
    const during = await ask(question, at('2026-12-01T00:00:01-03:00'));
    assert.deepEqual([during.rung, /45 dias/.test(during.text)], ['model', true]);
    assert.equal((await ask(question, at('2026-12-24T23:59:00-03:00'))).rung, 'cached');
    assert.notEqual((await ask(question, at('2026-12-25T00:00:01-03:00'))).text, during.text);
  });

  it('does not carry an answer to another tenant, another configuration, language or kind of channel', async () => {
    const question = 'Qual o prazo para trocar um produto?';
    await ask(question, { channel: 'whatsapp' });
    assert.equal((await ask(question, { channel: 'instagram' })).rung, 'cached');
    assert.equal((await ask(question, { channel: 'email' })).rung, 'model');
    assert.equal(
      (await ask(question, { channel: 'whatsapp', tenant: { ...tenant, fingerprint: 'other'.repeat(8) } })).rung,
      'model',
    );
    assert.equal((await ask(question, { channel: 'whatsapp', language: 'es' })).rung, 'model');
  });

  it('keeps nothing that was read live or was only tried out', async () => {
    const question = 'Qual o prazo para trocar um produto?';
    await ask(question, { model: new ReadingModel({ tool: 'product_facts' }) });
    await ask(question, { dryRun: true });
    assert.equal((await ask(question)).rung, 'model');
  });

  it('knows of an answer given again that it offers a person', async () => {
    const question = 'Vocês vendem geladeira usada?';
    await ask(question, { model: new ReadingModel({ suffix: ' Quer que eu chame uma pessoa da equipe?' }) });
    const again = await ask(question);
    assert.deepEqual([again.rung, again.offersPerson], ['cached', true]);
  });

  it('says again that nothing was found only until something is', async () => {
    const question = 'Vocês vendem geladeira usada?';
    const first = await ask(question);
    assert.deepEqual(
      [first.sources, (await ask(question)).rung, (await ask(question)).text],
      [[], 'cached', first.text],
    );
    await real.upsert([{ kind: 'faq', id: 'usados', title: 'Geladeira usada', body: 'Não vendemos geladeira usada.' }]);
    assert.equal((await ask(question)).rung, 'model');
  });

  it('keeps nothing that names the customer', async () => {
    const question = 'Qual o prazo para trocar um produto?';
    const contact = { ...makeTurn({}).contact, id: 1, name: 'Marta Lima', phone: null, email: null };
    const named = { ...contact, identifier: null, sourceId: null, hmacVerified: false, blocked: false };
    await ask(question, { contact: named, model: new ReadingModel({ prefix: 'Olá, Marta! ' }) });
    assert.equal((await ask(question)).rung, 'model');
  });

  it('neither keeps nor gives where the question leans on the moment, on what was said, or on the customer', async () => {
    for (const question of [
      'Vocês aceitam PIX hoje?',
      'e esse aceita pix?',
      'Paguei meu pedido 123456789 no PIX, e agora?',
      'meu email é marta@example.com, aceitam PIX?',
    ]) {
      assert.notEqual((await ask(question)).rung, 'cached', question);
      assert.notEqual((await ask(question)).rung, 'cached', question);
    }
  });

  it('keeps nothing of a conversation that went on before the question', async () => {
    const said = [{ from: 'customer' as const, text: 'Comprei um batom vermelho', atMs: 1, messageId: 1 }];
    await ask('Qual o prazo para trocar um produto?', { window: said });
    assert.equal((await ask('Qual o prazo para trocar um produto?')).rung, 'model');
  });

  it('ends after a day', async () => {
    let nowMs = wednesdayMs;
    answers = answerCache({ now: () => nowMs });
    await ask('Qual o prazo para trocar um produto?');
    nowMs += day - 1_000;
    assert.equal((await ask('Qual o prazo para trocar um produto?')).rung, 'cached');
    nowMs += 2_000;
    assert.equal((await ask('Qual o prazo para trocar um produto?')).rung, 'model');
  });
});
