import assert from 'node:assert/strict';
import { answerGrounded } from '../../../bridge/core/crew/grounded-responder.ts';
import { BridgeError } from '../../../bridge/core/errors.ts';
import type { KnowledgeDocument } from '../../../bridge/core/knowledge/document.ts';
import type { BusinessSystem, ProductFacts } from '../../../bridge/core/ports/business-system.ts';
import type { Turn } from '../../../bridge/core/turn.ts';
import { FixedKnowledge, rule } from '../hub/world/fixed-knowledge.ts';
import { makeTenant, makeTurn } from './make-turn.ts';

const product = (id: string, title: string, body: string): KnowledgeDocument => ({ kind: 'product', id, title, body });
const lipstick = product('b1', 'Batom Rubi', 'Batom vermelho de longa duração. Não resseca.');
const balm = product('b2', 'Balm Rosa', 'Hidratante labial com cor. Leve no bolso.');

function business(facts: ProductFacts[] | Error): BusinessSystem {
  const never = () => Promise.reject(new Error('not asked for'));
  return {
    manifest: never,
    documents: never,
    check: never,
    productFacts: async (refs) => {
      if (facts instanceof Error) throw facts;
      return facts.filter(({ ref }) => refs.some((asked) => asked.id === ref.id));
    },
  };
}

const fact = (
  id: string,
  price: number | null,
  stock: number | null,
  currency: string | null = 'BRL',
): ProductFacts => ({
  ref: { kind: 'product', id },
  price,
  currency,
  stock,
});

const knowing = (...documents: KnowledgeDocument[]) => new FixedKnowledge({ batom: documents, trocar: documents });
const answer = (given: Partial<Turn>) => answerGrounded(makeTurn({ question: 'Vocês têm batom?', ...given }), 'sales');

describe('the answer without a model', () => {
  it('is the text of the rule that was found, word for word, with its source', async () => {
    const turn = makeTurn({ knowledge: knowing(rule('troca', ' Troca em até 15 dias. \n')) });
    const given = await answerGrounded(turn, null);
    assert.deepEqual(given, {
      text: 'Troca em até 15 dias.',
      rung: 'grounded',
      sources: [{ kind: 'rule', id: 'troca', title: 'Regra troca' }],
      handoff: null,
      offersPerson: false,
    });
    assert.deepEqual(turn.usage.calls, [
      { purpose: 'embedding', model: 'small-vectors', inputTokens: 3, outputTokens: 0 },
    ]);
    assert.deepEqual(
      turn.toolRuns.map(({ name, ok }) => [name, ok]),
      [['search_knowledge', true]],
    );
  });

  it('asks for what is valid now on this channel', async () => {
    const knowledge = knowing();
    await answer({ knowledge, channel: 'instagram', atMs: 1_234 });
    const [query] = knowledge.queries;
    assert.deepEqual(
      [query?.channel, query?.atMs, query?.includeInvalid, query?.text],
      ['instagram', 1_234, false, 'Vocês têm batom?'],
    );
  });

  it('of a long document is the part that was found', async () => {
    const given = await answer({ knowledge: knowing(rule('longa', 'Parágrafo. '.repeat(90))) });
    assert.equal(given.text, 'Parágrafo. '.repeat(90).slice(0, 200).trim());
  });

  it('is an honest sentence with the offer of a person when nothing was found, in the customer’s language', async () => {
    assert.equal(
      (await answer({})).text,
      'Não encontrei essa informação por aqui e prefiro não arriscar uma resposta errada. Quer que eu chame uma pessoa da equipe?',
    );
    assert.match(
      (await answer({ language: 'en' })).text,
      /^I couldn't find that information.*Would you like me to call someone/,
    );
    assert.match((await answer({ language: 'es' })).text, /^No encontré esa información.*¿Quiere que llame/);
    const { sources, offersPerson, handoff } = await answer({});
    assert.deepEqual([sources, offersPerson, handoff], [[], true, null]);
  });

  it('in another language than the source says so, and leaves the source as it is', async () => {
    const knowledge = knowing(rule('troca', 'Troca em até 15 dias.'));
    assert.equal(
      (await answer({ knowledge, language: 'en' })).text,
      'This is the information we have, in Portuguese: Troca em até 15 dias.',
    );
    assert.equal((await answer({ knowledge, language: 'pt' })).text, 'Troca em até 15 dias.');
    const english = knowing({ ...rule('returns', 'Returns within 15 days.'), lang: 'en' });
    assert.equal((await answer({ knowledge: english, language: 'en' })).text, 'Returns within 15 days.');
  });
});

describe('the answer about a product', () => {
  it('carries the price and the stock of this moment', async () => {
    const given = await answer({ knowledge: knowing(lipstick), business: business([fact('b1', 1299.9, 3)]) });
    assert.equal(
      given.text,
      'Batom Rubi: Batom vermelho de longa duração. Não resseca. Preço hoje: R$ 1.299,90. Disponível em estoque.',
    );
  });

  it('says that there is none, and does not name a price nobody knows', async () => {
    const given = await answer({ knowledge: knowing(lipstick), business: business([fact('b1', null, 0)]) });
    assert.equal(given.text, 'Batom Rubi: Batom vermelho de longa duração. Não resseca. No momento está sem estoque.');
    const untracked = await answer({ knowledge: knowing(lipstick), business: business([fact('b1', 20, null)]) });
    assert.ok(!untracked.text.includes('estoque'));
  });

  it('without the business system, or with one that is away, names no price', async () => {
    const plain = 'Batom Rubi: Batom vermelho de longa duração. Não resseca.';
    assert.equal((await answer({ knowledge: knowing(lipstick) })).text, plain);
    const turn = makeTurn({
      question: 'batom',
      knowledge: knowing(lipstick),
      business: business(new BridgeError('upstream_unavailable', 'away')),
    });
    assert.equal((await answerGrounded(turn, null)).text, plain);
    assert.deepEqual(
      turn.toolRuns.map(({ name, ok }) => [name, ok]),
      [
        ['search_knowledge', true],
        ['product_facts', false],
      ],
    );
  });

  it('shows several, with one sentence each and their own prices', async () => {
    const facts = [fact('b2', 20, 5), fact('b1', 35.5, 0)];
    const given = await answer({ knowledge: knowing(lipstick, balm), business: business(facts) });
    assert.equal(
      given.text,
      'Encontrei estas opções:\n\nBatom Rubi: Batom vermelho de longa duração. Preço hoje: R$ 35,50. No momento está sem estoque.\n\nBalm Rosa: Hidratante labial com cor. Preço hoje: R$ 20,00. Disponível em estoque.',
    );
    assert.deepEqual(
      given.sources.map(({ id }) => id),
      ['b1', 'b2'],
    );
  });

  it('shows three at most, and no rule among them', async () => {
    const more = ['b3', 'b4'].map((id) => product(id, `Batom ${id}`, 'Lindo.'));
    const given = await answer({ knowledge: knowing(lipstick, rule('troca', 'Troca.'), balm, ...more) });
    assert.deepEqual(
      given.sources.map(({ id }) => id),
      ['b1', 'b2', 'b3'],
    );
  });

  it('writes money as the customer reads it, and a currency that is none as it came', async () => {
    const priced = async (currency: string | null, more: Partial<Turn> = {}) =>
      (
        await answer({
          knowledge: knowing(lipstick),
          business: business([fact('b1', 1299.9, null, currency)]),
          ...more,
        })
      ).text;
    assert.match(await priced('USD'), /Preço hoje: US\$ 1\.299,90\./);
    assert.match(await priced('BRL', { language: 'en' }), /Price today: R\$1,299\.90\./);
    assert.match(await priced('EUR', { language: 'es' }), /Precio hoy: 1299,90 €\./);
    assert.match(await priced(null), /Preço hoje: R\$ 1\.299,90\./);
    assert.match(await priced(null, { tenant: makeTenant({ language: 'es_AR' }) }), /Preço hoje: 1\.299,90\./);
    assert.match(await priced('R$'), /Preço hoje: R\$ 1\.299,90\./);
    assert.match(await priced('reais'), /Preço hoje: reais 1\.299,90\./);
  });

  describe('to several questions in one breath', () => {
    const delivery = rule('entrega', 'Entregamos em todo o Brasil.');
    const exchange = rule('troca', 'Troca em até 15 dias.');
    const knowledge = () => new FixedKnowledge({ entreg: [delivery], troc: [exchange], batom: [lipstick] });
    const asked = (question: string) => answer({ question, knowledge: knowledge() });

    it('is the answer to each, in their order, with the sources of all', async () => {
      const { text, sources } = await asked(
        'Oi! Qual o prazo para trocar um produto? E vocês entregam em Contagem? Obrigada!',
      );
      assert.equal(text, 'Troca em até 15 dias.\n\nEntregamos em todo o Brasil.');
      assert.deepEqual(
        sources.map(({ id }) => id),
        ['troca', 'entrega'],
      );
    });

    it('looks for all together when one leans on another', async () => {
      for (const second of ['Ela vale para a entrega também?', 'E se eu entregar na loja?', 'É depois da entrega?']) {
        const { sources } = await asked(`Qual o prazo para trocar um produto? ${second}`);
        assert.equal(sources.length, 1, second);
      }
    });

    it('looks for all together when one has no answer, or the same one', async () => {
      for (const question of [
        'Qual o prazo para trocar um produto? E se eu trocar de novo depois?',
        'Qual o prazo para trocar um produto? É de graça?',
        'Qual o prazo para trocar um produto? Onde fica a loja de vocês?',
      ]) {
        const { text, sources } = await asked(question);
        assert.deepEqual([text, sources.length], ['Troca em até 15 dias.', 1], question);
      }
    });
  });
});
