import assert from 'node:assert/strict';
import fc from 'fast-check';
import { analyse } from '../../../bridge/core/knowledge/text/analyse.ts';
import { fold } from '../../../bridge/core/knowledge/text/fold.ts';
import { sentencesOf } from '../../../bridge/core/knowledge/text/sentences.ts';
import { stemOf } from '../../../bridge/core/knowledge/text/stem.ts';
import { tokenise } from '../../../bridge/core/knowledge/text/tokenise.ts';
import { correctTypo, isOneEditAway } from '../../../bridge/core/knowledge/text/typos.ts';

import { repositoryLexicon } from '../../fixtures/repository-lexicon.ts';

const lexicon = await repositoryLexicon('retail');
const surfaces = (text: string) => analyse(text, ['pt'], lexicon).map(({ surface }) => surface);
const conceptsIn = (text: string, language: 'pt' | 'en' | 'es' = 'pt') => [
  ...new Set(analyse(text, [language], lexicon).flatMap(({ concepts }) => concepts)),
];
const tokens = (text: string) => tokenise(text).map(({ kind, text: form }) => `${kind}:${form}`);

describe('text: one written form', () => {
  it('accents, case, emoji and stretched letters make no difference', () => {
    assert.deepEqual(tokens('Não GOSTEI 😡👍🏽 muuuuito'), tokens('nao gostei muito'));
    assert.equal(fold('devolução'), 'devolucao');
  });

  it('numbers, measures, prices, times and codes are read as a whole', () => {
    assert.deepEqual(tokens('R$ 1.299,90'), ['money:1299.9']);
    assert.deepEqual(tokens('1299,9 reais'), ['money:1299.9']);
    assert.deepEqual(tokens('100 ml 2,5kg 10% 3x'), ['measure:100ml', 'measure:2.5kg', 'measure:10%', 'measure:3x']);
    assert.deepEqual(tokens('9h 09:00 18:30 18h30'), ['time:9h', 'time:9h', 'time:18h30', 'time:18h30']);
    assert.deepEqual(tokens('BT-1029 rtx4090'), ['code:bt1029', 'code:rtx4090']);
    assert.deepEqual(tokens('1.500 pedidos'), ['number:1500', 'word:pedidos']);
  });

  it('a product code is found with and without its separator, and by its number', () => {
    const written = analyse('SKU BT-1029', ['pt'], lexicon).flatMap(({ terms }) => terms);
    assert.ok(written.includes('bt1029') && written.includes('1029'));
    assert.deepEqual(analyse('bt1029', ['pt'], lexicon)[0]?.terms, ['bt1029']);
  });

  it('never throws and never gives an empty term, whatever was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        for (const { terms, weight } of analyse(text, ['pt', 'en', 'es'], lexicon)) {
          assert.ok(terms.every((term) => term.length > 0) && weight > 0);
        }
      }),
    );
  });
});

describe('text: words that mean the same share a stem', () => {
  const families = [
    'troca trocas trocar trocou troquei',
    'devolução devolucao devoluções devolucoes',
    'número numero números',
    'cartão cartões cartao cartoes',
    'entrega entregas entregar entregam',
    'horário horários horario horarios',
    'parcela parcelas parcelar parcelamos',
    'produto produtos produtinho produtinhos',
    'montagem montar montam montei',
    'animal animais',
    'disponível disponiveis disponivel disponíveis',
    'agendamento agendar agendei',
    'cor cores',
  ];
  for (const family of families) {
    it(family, () => {
      const stems = new Set(family.split(' ').map((word) => stemOf(fold(word), 'pt')));
      assert.equal(stems.size, 1, [...stems].join(' '));
    });
  }

  it('words that only look alike do not', () => {
    for (const [one = '', other = ''] of [
      ['copa', 'cópia'],
      ['carta', 'cartaz'],
      ['mensagem', 'mensal'],
      ['caminho', 'camisa'],
    ]) {
      assert.notEqual(stemOf(fold(one), 'pt'), stemOf(fold(other), 'pt'), `${one} ${other}`);
    }
  });
});

describe('text: what customers mean', () => {
  it('short forms of a messenger are read as the words they stand for', () => {
    assert.deepEqual(surfaces('vcs aceitam cred p pgto hj?'), surfaces('vocês aceitam crédito para pagamento hoje?'));
    assert.deepEqual(surfaces('qto custa'), surfaces('quanto custa'));
  });

  it('stop words go, but a "não" stays', () => {
    assert.deepEqual(surfaces('eu não quero que vocês façam isso'), ['nao', 'facam']);
  });

  it('exchange and return are two concepts, each in its everyday words', () => {
    assert.deepEqual(conceptsIn('posso trocar?'), ['exchange']);
    assert.deepEqual(conceptsIn('quero devolver'), ['return']);
  });

  it('phrases are found over little words, and the longest wins', () => {
    assert.ok(conceptsIn('quais as formas de pagamento').includes('payment'));
    assert.deepEqual(conceptsIn('cartão presente'), ['gift_card']);
    assert.deepEqual(conceptsIn('onde fica?'), ['address']);
    assert.ok(conceptsIn('passa em 3x?').includes('installments'));
    assert.ok(conceptsIn('das 9h às 18h').includes('hours'));
    assert.ok(conceptsIn('em até 15 dias').includes('deadline'));
  });

  it('English and Spanish name the same concepts', () => {
    assert.ok(conceptsIn('can I get a refund?', 'en').includes('refund'));
    assert.ok(conceptsIn('¿puedo cambiar el producto?', 'es').includes('exchange'));
  });
});

describe('text: slips of the finger', () => {
  const known = new Map([
    ['pagamento', 3],
    ['entrega', 5],
    ['prazo', 2],
  ]);

  it('one edit in a long word is forgiven, in a short or a strange one it is not', () => {
    assert.equal(correctTypo('pagameto', known, 6), 'pagamento');
    assert.equal(correctTypo('pagamneto', known, 6), 'pagamento');
    assert.equal(correctTypo('prato', known, 6), null);
    assert.equal(correctTypo('geladeira', known, 6), null);
  });

  it('a word one edit away is one edit away in both directions', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 6 }),
        fc.string({ minLength: 1, maxLength: 6 }),
        (one, other) => {
          assert.equal(isOneEditAway(one, other), isOneEditAway(other, one));
        },
      ),
    );
  });
});

describe('text: sentences', () => {
  it('decimals and abbreviations in the middle do not end a sentence', () => {
    assert.deepEqual(sentencesOf('O frete custa R$ 8.90 hoje. Amanhã sobe!\n- Retire na loja'), [
      'O frete custa R$ 8.90 hoje.',
      'Amanhã sobe!',
      'Retire na loja',
    ]);
  });
});
