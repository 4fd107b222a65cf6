import assert from 'node:assert/strict';
import fc from 'fast-check';
import { profileFor } from '../../../../bridge/core/crew/channels/channel-profile.ts';
import { writtenFor } from '../../../../bridge/core/crew/channels/mark-up.ts';
import { channelKeys } from '../../../../bridge/core/message.ts';
import type { ChannelKey } from '../../../../bridge/core/message.ts';

const written = (text: string, channel: ChannelKey, isRaw = false) => writtenFor(profileFor(channel, isRaw), text);
const marked =
  '## Troca\n**Prazo:** 15 dias. Veja [as regras](https://loja.example/troca?a=1).\n* __Guarde__ a nota\n* ~~R$ 20~~ R$ 15';

describe('marks of a reply', () => {
  it('on an Instagram, Messenger, SMS or marketplace text go; their words and addresses stay', () => {
    const plain =
      'Troca\nPrazo: 15 dias. Veja as regras: https://loja.example/troca?a=1.\n- Guarde a nota\n- R$ 20 R$ 15';
    for (const channel of ['instagram', 'facebook', 'sms', 'marketplace', 'default'] as const) {
      assert.equal(written(marked, channel), plain);
    }
    assert.equal(written('Veja *isto* e **aquilo**.', 'instagram'), 'Veja isto e aquilo.');
  });

  it('are WhatsApp’s own through a gateway, which passes everything on as it is', () => {
    assert.equal(
      written(marked, 'whatsapp', true),
      '*Troca*\n*Prazo:* 15 dias. Veja as regras: https://loja.example/troca?a=1.\n- *Guarde* a nota\n- ~R$ 20~ R$ 15',
    );
    assert.equal(written('*Oferta* de _hoje_', 'whatsapp', true), '*Oferta* de _hoje_');
  });

  it('stay Markdown where Chatwoot writes them for the channel, but a link says its address where labels are lost', () => {
    const common = '**Prazo:** 15 dias. Veja ';
    const lists = '\n- __Guarde__ a nota\n- ~~R$ 20~~ R$ 15';
    assert.equal(written(marked, 'whatsapp'), `**Troca**\n${common}as regras: https://loja.example/troca?a=1.${lists}`);
    assert.equal(written(marked, 'web'), `**Troca**\n${common}[as regras](https://loja.example/troca?a=1).${lists}`);
  });

  it('a label that is the address is said once', () => {
    const link = '[loja.example](https://loja.example) [a@b.example](mailto:a@b.example)';
    assert.equal(written(link, 'whatsapp'), 'https://loja.example a@b.example');
  });

  it('what only looks like marks stays', () => {
    for (const text of [
      '2 ** 3 ** 4',
      'https://loja.example/__kit__/x',
      'https://loja.example/a*b*c_d_e',
      'snake__case__name',
      'use #1 e #2',
      '[ok] (sim)',
      'R$ 5 * 2',
      '- um\n- outro',
      'de 5~~6 a 7~~8',
      '`**codigo**`',
    ]) {
      for (const isRaw of [false, true]) assert.equal(written(text, 'whatsapp', isRaw), text);
      assert.equal(written(text, 'instagram'), text);
    }
  });

  it('bold around an address is bold, and the address stays whole', () => {
    assert.equal(written('**Site: https://a.example/x_y_z**', 'whatsapp', true), '*Site: https://a.example/x_y_z*');
  });

  it('never lose a letter or a digit', () => {
    const pieces = fc.constantFrom('**', '__', '~~', '*', '_', '`', '```', '# ', '- ', '\n', ' ', 'a', 'b1', 'ç', '😀');
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 40 }).map((given) => given.join('')),
        fc.constantFrom(...channelKeys),
        fc.boolean(),
        (text, channel, isRaw) => assert.equal(words(written(text, channel, isRaw)), words(text)),
      ),
    );
  });
});

function words(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, '');
}
