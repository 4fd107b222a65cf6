import assert from 'node:assert/strict';
import fc from 'fast-check';
import { smsLength, withPlainTypography } from '../../../../bridge/core/crew/channels/sms-length.ts';
import { splitText } from '../../../../bridge/core/crew/channels/split-text.ts';

describe('cutting a text', () => {
  it('happens at a paragraph, else at a sentence, else at a line, else at a word', () => {
    assert.deepEqual(splitText('Um dois.\n\nTrês quatro cinco.', 20), ['Um dois.', 'Três quatro cinco.']);
    assert.deepEqual(splitText('Um dois três. Quatro cinco', 20), ['Um dois três.', 'Quatro cinco']);
    assert.deepEqual(splitText('um dois três\nquatro cinco', 20), ['um dois três', 'quatro cinco']);
    assert.deepEqual(splitText('umdoistrês quatrocinco', 20), ['umdoistrês', 'quatrocinco']);
    assert.deepEqual(splitText('a'.repeat(45), 20), ['a'.repeat(20), 'a'.repeat(20), 'a'.repeat(5)]);
  });

  it('never makes a piece that is mostly empty because a mark stands early', () => {
    assert.deepEqual(splitText('Oi.\n\nUma frase longa sem fim aqui', 20), ['Oi.\n\nUma frase longa', 'sem fim aqui']);
  });

  it('keeps every character but spaces, in order, inside the limit, at any limit', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.integer({ min: 2, max: 50 }), (text, limit) => {
        const parts = splitText(text, limit);
        assert.equal(letters(parts.join('')), letters(text));
        for (const part of parts) {
          assert.ok(part.length <= limit && part.length > 0);
          assert.ok(!/\p{Surrogate}/u.test(part), 'half a character');
        }
      }),
    );
  });

  it('ends at a limit of one, and for white space alone', () => {
    assert.equal(splitText('😀😀', 1).join('').length, 4);
    assert.deepEqual(splitText(' \n '.repeat(100), 5), []);
  });
});

describe('an SMS', () => {
  it('of plain characters ends with a full segment of 153, one with accents with a full segment of 67', () => {
    assert.deepEqual(
      splitText('a'.repeat(700), 306, smsLength).map(({ length }) => length),
      [306, 306, 88],
    );
    assert.deepEqual(
      splitText('ã'.repeat(700), 306, smsLength).map(({ length }) => length),
      [268, 268, 164],
    );
  });

  it('counts what the old table writes with two septets as two', () => {
    assert.equal(smsLength('é 10 €'), 7);
    assert.equal(smsLength('[a]'), 5);
  });

  it('keeps accents, but no fine typography that would double its price', () => {
    assert.equal(withPlainTypography('“Não” – é até 15…'), '"Não" - é até 15...');
    assert.equal(smsLength(withPlainTypography('Café – “ok”…')), 14);
  });

  it('loses nothing and stays inside the limit, with or without accents', () => {
    const sentence = fc.constantFrom('Ola. ', 'Promoção de verão! ', 'R$ 10,00 [kit] ', '😀 ', 'x'.repeat(90));
    fc.assert(
      fc.property(fc.array(sentence, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        const parts = splitText(text, 306, smsLength);
        assert.equal(letters(parts.join('')), letters(text));
        for (const part of parts) assert.ok(smsLength(part) <= 306 && part.length <= 306);
      }),
    );
  });
});

function letters(text: string): string {
  return text.replace(/\s+/g, '');
}
