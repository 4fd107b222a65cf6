import assert from 'node:assert/strict';
import fc from 'fast-check';
import { profileFor } from '../../../../bridge/core/crew/channels/channel-profile.ts';
import { shapeReply } from '../../../../bridge/core/crew/channels/shape-reply.ts';
import { channelKeys } from '../../../../bridge/core/message.ts';
import type { ChannelKey } from '../../../../bridge/core/message.ts';
import { makeTenant } from '../make-turn.ts';

const tenantWith = (emoji_usage: string) => makeTenant({ company_metadata: { customer_service: { emoji_usage } } });
const plenty = tenantWith('abundant');
const parts = (text: string, channel: ChannelKey, tenant = plenty, isRaw = false): string[] =>
  shapeReply({ text }, profileFor(channel, isRaw), tenant).parts;

const anyProfile = fc.tuple(fc.constantFrom(...channelKeys), fc.boolean());
const anyText = fc
  .array(fc.lorem({ mode: 'sentences', maxCount: 6 }), { minLength: 1, maxLength: 40 })
  .map((paragraphs) => paragraphs.join('\n\n'));

describe('a reply on a channel', () => {
  it('that fits the limit is one message, whatever its paragraphs', () => {
    const text = 'Primeiro.\n\nSegundo.\n\nTerceiro.';
    for (const channel of channelKeys) assert.deepEqual(parts(text, channel), [text]);
  });

  it('is never longer than the channel takes, and loses nothing on the way', () => {
    fc.assert(
      fc.property(anyText, anyProfile, (text, [channel, isRaw]) => {
        const { maxCharacters, lengthOf = (part: string) => part.length } = profileFor(channel, isRaw);
        const out = parts(text, channel, plenty, isRaw);
        for (const part of out) {
          assert.ok(lengthOf(part) <= maxCharacters);
          assert.notEqual(part.trim(), '');
        }
        assert.equal(letters(out.join('')), letters(text));
      }),
    );
  });

  it('is never nothing, also when nothing but emoji was answered', () => {
    assert.deepEqual(parts('👍', 'sms', tenantWith('none')), ['👍']);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), anyProfile, (text, [channel, isRaw]) => {
        fc.pre(text.trim() !== '');
        assert.notDeepEqual(parts(text, channel, tenantWith('none'), isRaw), []);
      }),
    );
  });

  it('of several parts has its closing line once, with the last part', () => {
    const closing = 'Até logo! Equipe da loja.';
    fc.assert(
      fc.property(anyText, anyProfile, (text, [channel, isRaw]) => {
        const profile = profileFor(channel, isRaw);
        const out = shapeReply({ text, closing }, profile, plenty).parts;
        assert.ok(out.at(-1)?.endsWith(closing));
        assert.equal(out.join('\n').split(closing).length, 2);
        const { maxCharacters, lengthOf = (part: string) => part.length } = profile;
        for (const part of out) assert.ok(lengthOf(part) <= maxCharacters);
      }),
    );
  });

  it('keeps its closing line in one piece when only the rest has to be cut', () => {
    const closing = 'Volte sempre. Atendimento de segunda a sexta.';
    const out = shapeReply({ text: 'Palavra. '.repeat(120), closing }, profileFor('instagram'), plenty).parts;
    assert.equal(out.length, 2);
    assert.ok(out[1]?.endsWith(`\n\n${closing}`));
  });

  it('has its buttons where the channel shows them and all of them fit; else the words are enough', () => {
    const choices = ['Sim, por favor', 'Agora não'];
    const on = (channel: ChannelKey, isRaw = false, text = 'Quer que eu chame uma pessoa?', given = choices) =>
      shapeReply({ text, choices: given }, profileFor(channel, isRaw), plenty).choices;
    for (const channel of ['whatsapp', 'web', 'telegram', 'facebook'] as const) assert.deepEqual(on(channel), choices);
    for (const channel of ['instagram', 'email', 'sms', 'marketplace', 'default'] as const) {
      assert.deepEqual(on(channel), []);
    }
    assert.deepEqual(on('whatsapp', true), [], 'a gateway passes no buttons on');
    assert.deepEqual(on('whatsapp', false, 'Quer?', ['Um', 'Dois', 'Três', 'Quatro']), [], 'one more is a list');
    assert.deepEqual(on('whatsapp', false, 'Quer?', ['Sim, quero falar com alguém']), [], 'a title that is cut');
    assert.deepEqual(on('web', false, 'Quer?', ['Sim', 'Sim']), [], 'two that nobody can tell apart');
    assert.deepEqual(on('whatsapp', false, 'a '.repeat(600)), [], 'a text that buttons have no room for');
  });
});

function letters(text: string): string {
  return text.replace(/\s+/g, '');
}
