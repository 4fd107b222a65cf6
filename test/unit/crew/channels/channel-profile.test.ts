import assert from 'node:assert/strict';
import { isWindowOpen, profileFor } from '../../../../bridge/core/crew/channels/channel-profile.ts';
import { personChoices } from '../../../../bridge/core/crew/channels/choices.ts';
import { intentOf } from '../../../../bridge/core/crew/intents.ts';
import { languages } from '../../../../bridge/core/language.ts';
import { channelKeys } from '../../../../bridge/core/message.ts';

const hourMs = 3_600_000;

describe('a channel profile', () => {
  it('has a reply window of 24 hours on WhatsApp, Instagram and Messenger, and none elsewhere', () => {
    const windowed = channelKeys.filter((channel) => profileFor(channel).replyWindowHours !== null);
    assert.deepEqual(windowed, ['whatsapp', 'instagram', 'facebook']);
    for (const channel of windowed) {
      assert.equal(isWindowOpen(profileFor(channel), 0, 24 * hourMs - 1), true);
      assert.equal(isWindowOpen(profileFor(channel), 0, 24 * hourMs), false);
    }
    assert.equal(isWindowOpen(profileFor('email'), 0, 1_000 * hourMs), true);
  });

  it('WhatsApp through a gateway has no window and no buttons; an API inbox changes nothing else', () => {
    const gateway = profileFor('whatsapp', true);
    assert.deepEqual([gateway.replyWindowHours, gateway.buttons, gateway.markUp], [null, null, 'whatsapp']);
    for (const channel of channelKeys.filter((key) => key !== 'whatsapp')) {
      assert.equal(profileFor(channel, true), profileFor(channel));
    }
  });

  it('what our buttons say is understood as the yes or the no they stand for', () => {
    for (const language of languages) {
      const [yes = '', no = ''] = personChoices[language];
      assert.equal(intentOf(yes, true), 'accepts', yes);
      assert.equal(intentOf(no, true), 'declines', no);
      const { buttons } = profileFor('whatsapp');
      for (const title of [yes, no]) assert.ok(title.length <= (buttons?.titleCharacters ?? 0), title);
    }
  });
});
