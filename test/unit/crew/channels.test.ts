import assert from 'node:assert/strict';
import fc from 'fast-check';
import { channelProfiles, shapeReply, splitText } from '../../../bridge/core/crew/channels.ts';
import { channelKeys } from '../../../bridge/core/message.ts';
import { makeTenant } from './make-turn.ts';

const tenantWith = (emoji_usage: string) => makeTenant({ company_metadata: { customer_service: { emoji_usage } } });
const plenty = tenantWith('abundant');

describe('a reply on a channel', () => {
  it('that fits the limit is one message, whatever its paragraphs', () => {
    const text = 'Primeiro.\n\nSegundo.\n\nTerceiro.';
    for (const channel of channelKeys) assert.deepEqual(shapeReply(text, channel, plenty), [text]);
  });

  it('is never longer than the channel takes, and loses nothing on the way', () => {
    const text = fc
      .array(fc.lorem({ mode: 'sentences', maxCount: 6 }), { maxLength: 40 })
      .map((paragraphs) => paragraphs.join('\n\n'));
    fc.assert(
      fc.property(text, fc.constantFrom(...channelKeys), (given, channel) => {
        fc.pre(given.trim() !== '');
        const parts = shapeReply(given, channel, plenty);
        for (const part of parts) {
          assert.ok(part.length <= channelProfiles[channel].maxCharacters);
          assert.notEqual(part.trim(), '');
        }
        assert.equal(letters(parts.join('')), letters(given));
      }),
    );
  });

  it('is plain: headings, bold and link marks go, their words and addresses stay', () => {
    const marked =
      '## Troca\n**Prazo:** 15 dias. Veja [as regras](https://loja.example/troca?a=1).\n__Importante__: guarde a nota.';
    assert.deepEqual(shapeReply(marked, 'whatsapp', plenty), [
      'Troca\nPrazo: 15 dias. Veja as regras: https://loja.example/troca?a=1.\nImportante: guarde a nota.',
    ]);
  });

  it('keeps what only looks like marks', () => {
    for (const text of [
      '2 ** 3 ** 4',
      'https://loja.example/__kit__/x',
      'snake__case__name',
      'use #1 e #2',
      '[ok] (sim)',
      'R$ 5 * 2',
      '- um\n- outro',
    ]) {
      assert.deepEqual(shapeReply(text, 'web', plenty), [text]);
    }
  });

  it('has no emoji where the tenant wants none, nor in an SMS, and reads as if there had been none', () => {
    const text = 'Oi 😊! Chegou 👍🏽 o kit 🇧🇷 da 👩‍👩‍👧 família ❤️, viu? 1️⃣ Marca® ok ✨';
    const plain = 'Oi! Chegou o kit da família, viu? 1 Marca® ok';
    assert.deepEqual(shapeReply(text, 'whatsapp', tenantWith('none')), [plain]);
    assert.deepEqual(shapeReply(text, 'sms', plenty), [plain]);
    assert.deepEqual(shapeReply(text, 'whatsapp', plenty), [text]);
  });

  it('is never nothing, also when nothing but emoji was answered', () => {
    assert.deepEqual(shapeReply('👍', 'sms', tenantWith('none')), ['👍']);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.constantFrom(...channelKeys), (text, channel) => {
        fc.pre(text.trim() !== '');
        assert.notDeepEqual(shapeReply(text, channel, tenantWith('none')), []);
      }),
    );
  });
});

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

function letters(text: string): string {
  return text.replace(/\s+/g, '');
}
