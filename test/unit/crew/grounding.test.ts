import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ungroundedNumbers } from '../../../bridge/core/crew/guards/grounding.ts';
import type { Language } from '../../../bridge/core/language.ts';

type Case = [name: string, draft: string, evidence: string, language?: Language];

const grounded: Case[] = [
  ['the same number', 'São 15 dias.', 'Troca em até 15 dias.'],
  [
    'a price with thousands and cents, written three ways',
    'Fica R$ 1.299,90 ou 1299,90 ou 1,299.90.',
    'price 1299.90 BRL',
  ],
  ['thousands without cents', 'Frete grátis acima de R$ 2.000.', 'acima de 2000 reais'],
  ['cents that are zero', 'Custa R$ 45,00.', 'price 45'],
  ['decimals', 'O frasco tem 0,50 litro.', '0.5 L'],
  ['leading zeros', 'Às 9h.', 'a partir das 09:00'],
  ['a full hour without minutes', 'Das 09:00 às 18:00.', 'das 9h às 18h'],
  ['a full hour with minutes', 'Das 9h às 18h.', '09:00 - 18:00'],
  ['minutes after an h', 'Até 18h30.', 'até 18:30'],
  ['an hour of the afternoon', 'Fechamos às 6 da tarde.', '18:00'],
  ['English hours', 'We close at 6:30 pm and open at 9 am.', 'das 9h às 18h30', 'en'],
  ['noon and midnight', 'From 12 pm to 12 am.', '12:00 às 0:00', 'en'],
  ['Spanish hours', 'Cerramos a las 8 de la noche.', '20h', 'es'],
  ['a date in another order', 'Até 20/11/2026.', 'valid to 2026-11-20'],
  ['a date with its month as a word', 'Até 20 de novembro.', 'valid until 2026-11-20'],
  ['a date with its month as a word in the evidence', 'Até 20/11.', 'até 20 de novembro'],
  ['an English date', 'Until November 20.', 'até 20/11', 'en'],
  ['a range', 'De 5 a 7 dias.', '5-7 dias úteis'],
  ['percent', '10% de desconto no PIX.', 'desconto de 10 % no pix'],
  ['a number said in words', 'São quinze dias.', '15 dias'],
  ['a compound in words', 'Em vinte e quatro horas.', '24 horas'],
  ['words in the evidence', 'São 30 dias.', 'trinta dias corridos'],
  [
    'words in another language than the evidence',
    'You have fifteen days, or thirty-five with a receipt.',
    '15 dias; 35 com nota',
    'en',
  ],
  ['Spanish words', 'Tiene siete días.', 'sete dias', 'es'],
  ['list points', '1. Separe a nota.\n2) Leve à loja.\n3️⃣ Pronto!', ''],
  ['things that were just named', 'Leve as duas à loja, ou essas três caixas. The two of them.', ''],
  ['articles', 'Uma pessoa responde em um instante. One moment.', ''],
  ['idioms', 'Mil desculpas!', ''],
  ['"of the" in Portuguese, which is a number in Spanish', 'Fale dos produtos.', ''],
  ['a modal verb that is a month', 'You may return it in March.', '', 'en'],
  ['a size or a code that the source has', 'O 12345-A é o B12 de 30ml.', '[product odoo:12345-A] B12 30ml'],
  ['no number at all', 'Sim, pode trocar!', ''],
];

const invented: Case[] = [
  ['a number from nowhere', 'São 30 dias.', 'Troca em até 15 dias.'],
  ['a price from nowhere', 'Custa R$ 49,90.', 'Temos o batom vermelho.'],
  ['another price', 'Custa R$ 1.299,80.', 'price 1299.90'],
  ['thousands for units', 'Custa R$ 1.299.', 'price 1.29'],
  ['a digit more', 'Custa 150.', '15'],
  ['another hour', 'Abrimos às 8h.', '09:00 às 18:00'],
  ['the afternoon for the morning', 'We open at 9 pm.', '09:00', 'en'],
  ['minutes from nowhere', 'Até 18h45.', 'até 18:30'],
  ['another day', 'Até 21/11.', '20/11/2026'],
  ['another month as a word', 'Até 20 de dezembro.', '20/11/2026'],
  ['another English month', 'Until December 20.', 'até 20/11', 'en'],
  ['words from nowhere', 'Você tem quinze dias.', 'trinta dias'],
  ['a compound from nowhere', 'Em vinte e cinco horas.', '20 e 5'],
  ['a quantity after an article', 'Dentro dos cinco dias úteis.', ''],
  ['English words', 'You have ten days.', '15 dias', 'en'],
  ['Spanish words', 'Son dos días.', '3 dias', 'es'],
  ['percent', '20% off', '10% de desconto', 'en'],
  ['a long number with one digit changed', 'Pedido 12345678901234568.', 'Pedido 12345678901234567'],
  ['a list point that goes on as a number', '5 dias', ''],
];

describe('a draft whose numbers all stand in the evidence', () => {
  for (const [name, draft, evidence, language = 'pt'] of grounded) {
    it(`passes: ${name}`, () => assert.deepEqual(ungroundedNumbers(draft, [evidence], language), []));
  }
});

describe('a draft with a number from nowhere', () => {
  for (const [name, draft, evidence, language = 'pt'] of invented) {
    it(`is caught: ${name}`, () => assert.notDeepEqual(ungroundedNumbers(draft, [evidence], language), []));
  }

  it('is told which ones, as they are written', () => {
    const wrong = ungroundedNumbers(
      'De R$ 1.299,90 por R$ 999,00 em 3x, só em vinte e quatro horas.',
      ['1299.9'],
      'pt',
    );
    assert.deepEqual(wrong, ['999,00', '3', 'vinte e quatro']);
  });
});

describe('any number', () => {
  const amount = fc.record({ whole: fc.integer({ min: 0, max: 99_999_999 }), cents: fc.integer({ min: 0, max: 99 }) });

  it('is grounded in itself, however either side writes it', () => {
    const forms = ({ whole, cents }: { whole: number; cents: number }): string[] => {
      const two = String(cents).padStart(2, '0');
      const grouped = (separator: string) => String(whole).replace(/\B(?=(\d{3})+$)/g, separator);
      return [`${whole}.${two}`, `${whole},${two}`, `${grouped('.')},${two}`, `${grouped(',')}.${two}`];
    };
    fc.assert(
      fc.property(amount, fc.nat(3), fc.nat(3), (given, said, known) => {
        const written = forms(given);
        assert.deepEqual(
          ungroundedNumbers(`Custa R$ ${written[said] ?? ''}!`, [`price ${written[known] ?? ''} BRL`], 'pt'),
          [],
        );
      }),
    );
  });

  it('is caught when no evidence has it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999_999 }), fc.integer({ min: 0, max: 9_999_999 }), (said, known) => {
        fc.pre(said !== known);
        assert.deepEqual(ungroundedNumbers(`São ${said} pontos`, [`até ${known} pontos`], 'pt'), [String(said)]);
      }),
    );
  });

  it('of an hour is one thing in each of its forms', () => {
    const time = fc.record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.integer({ min: 0, max: 59 }) });
    fc.assert(
      fc.property(time, ({ hour, minute }) => {
        const two = String(minute).padStart(2, '0');
        const half = `${hour % 12 === 0 ? 12 : hour % 12}:${two} ${hour < 12 ? 'am' : 'pm'}`;
        const written = [`${hour}:${two}`, `${String(hour).padStart(2, '0')}:${two}`, `${hour}h${two}`, half];
        for (const said of written) {
          assert.deepEqual(ungroundedNumbers(`às ${said}`, [`das ${hour}:${two}`], 'pt'), [], said);
        }
      }),
    );
  });

  it('in any text is grounded in that text', () => {
    const text = fc.string({ unit: fc.constantFrom(...'0123456789.,:/- h%Rampde'.split('')), maxLength: 60 });
    fc.assert(fc.property(text, (given) => assert.deepEqual(ungroundedNumbers(given, [given], 'pt'), [])));
  });
});
