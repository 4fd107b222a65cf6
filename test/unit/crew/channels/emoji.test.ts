import assert from 'node:assert/strict';
import fc from 'fast-check';
import { profileFor } from '../../../../bridge/core/crew/channels/channel-profile.ts';
import { limitEmoji } from '../../../../bridge/core/crew/channels/emoji.ts';
import { shapeReply } from '../../../../bridge/core/crew/channels/shape-reply.ts';
import { makeTenant } from '../make-turn.ts';

const text = 'Oi 😊! Chegou 👍🏽 o kit 🇧🇷 da 👩‍👩‍👧 família ❤️, viu? 1️⃣ Marca® ok ✨';

describe('emoji of a reply', () => {
  it('are as many as the company’s style allows: none, one, three, any', () => {
    assert.equal(limitEmoji(text, 'none'), 'Oi! Chegou o kit da família, viu? 1 Marca® ok');
    assert.equal(limitEmoji(text, 'minimal'), 'Oi 😊! Chegou o kit da família, viu? 1 Marca® ok');
    assert.equal(limitEmoji(text, 'moderate'), 'Oi 😊! Chegou 👍🏽 o kit 🇧🇷 da família, viu? 1 Marca® ok');
    assert.equal(limitEmoji(text, 'abundant'), text);
  });

  it('are none in an SMS, whatever the style', () => {
    const tenant = makeTenant({ company_metadata: { customer_service: { emoji_usage: 'abundant' } } });
    assert.deepEqual(shapeReply({ text }, profileFor('sms'), tenant).parts, [
      'Oi! Chegou o kit da família, viu? 1 Marca® ok',
    ]);
  });

  it('a family, a flag or a skin tone is one emoji, and a text without any is left alone', () => {
    assert.equal(limitEmoji('👩‍👩‍👧👍🏽🇧🇷', 'minimal'), '👩‍👩‍👧');
    const spaced = 'a  b\n\n\n\nc , d';
    assert.equal(limitEmoji(spaced, 'none'), spaced);
  });

  it('beyond the allowed number are gone, in any text, and no half of one stays', () => {
    const piece = fc.constantFrom('😊', '👍🏽', '🇧🇷', '👩‍👩‍👧', '❤️', ' ', 'oi', '. ', '7️⃣');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const given = pieces.join(' ');
        const few = limitEmoji(given, 'minimal');
        assert.ok(segments(few).filter((figure) => isEmoji(figure)).length <= 1, few);
        assert.doesNotMatch(limitEmoji(given, 'none'), /\u200D|\uFE0F|\u20E3|\p{Surrogate}|\p{Emoji_Modifier}/u);
      }),
    );
  });
});

const characters = new Intl.Segmenter('pt', { granularity: 'grapheme' });

function segments(text: string): string[] {
  return Array.from(characters.segment(text), ({ segment }) => segment);
}

function isEmoji(character: string): boolean {
  return /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20E3/u.test(character);
}
