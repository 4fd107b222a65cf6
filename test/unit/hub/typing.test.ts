import assert from 'node:assert/strict';
import { isTypingSeen } from '../../../bridge/core/hub/show-typing.ts';
import type { ChannelKey } from '../../../bridge/core/message.ts';
import { customerMessage } from '../../contract/store-samples.ts';
import { answers, eachWorld, inboxes } from './world/conversation-world.ts';
import type { ConversationWorld } from './world/conversation-world.ts';

const question = 'Qual o prazo para trocar um produto?';
const marta = { inbox: inboxes.web, contact: 'Marta Lima' };

function typings(world: ConversationWorld): unknown[] {
  return world.chatwoot.requests
    .filter(({ path }) => path.endsWith('/toggle_typing_status'))
    .map(({ body }) => (body as { typing_status?: unknown }).typing_status);
}

/** The answer takes until the sign was seen. */
function slowly(world: ConversationWorld): void {
  world.knowledge.during = async () => {
    world.knowledge.during = async () => undefined;
    await world.chatwoot.waitFor('the sign of typing', () => typings(world).length > 0);
  };
}

describe('an answer that takes its time, where Chatwoot does not show it by itself', () => {
  const world = eachWorld({ surface: 'account_webhook' });

  it('is announced by typing, in one call', async () => {
    slowly(world());
    await world().customer(question, marta);
    await world().settle();
    assert.deepEqual(world().replies(), [answers.exchange]);
    assert.deepEqual(typings(world()), ['on']);
  });

  it('that comes at once is not announced', async () => {
    await world().customer(question, marta);
    await world().settle();
    assert.deepEqual(typings(world()), []);
  });

  it('comes all the same when typing cannot be shown', async () => {
    world().chatwoot.fault({ path: 'toggle_typing_status', action: 'error', status: 500 });
    slowly(world());
    await world().customer(question, marta);
    await world().settle();
    assert.deepEqual(world().replies(), [answers.exchange]);
    assert.deepEqual(
      world()
        .chatwoot.requests.filter(({ path }) => path.endsWith('/toggle_typing_status'))
        .map(({ status }) => status),
      [500],
    );
  });

  it('that is thrown away takes the sign back', async () => {
    world().knowledge.during = async () => {
      world().knowledge.during = async () => undefined;
      await world().chatwoot.waitFor('the sign of typing', () => typings(world()).length > 0);
      await world().customer('e como funciona a entrega?', marta);
    };
    await world().customer(question, marta);
    await world().settle();
    assert.deepEqual(typings(world()), ['on', 'off']);
    assert.equal(world().replies().length, 1);
  });
});

describe('typing', () => {
  const last = { ...customerMessage(1), conversation: { ...customerMessage(1).conversation } };
  const on = (channel: ChannelKey, status: 'open' | 'pending', isRaw: boolean) =>
    isTypingSeen({ last: { ...last, channel, isRaw, conversation: { ...last.conversation, status } } });

  it('is seen in the widget, which shows it by itself while a conversation is pending, and behind API inboxes', () => {
    assert.deepEqual([on('web', 'open', false), on('web', 'pending', false)], [true, false]);
    assert.deepEqual([on('whatsapp', 'pending', true), on('marketplace', 'pending', true)], [true, true]);
  });

  it('reaches nobody on WhatsApp, Instagram, Messenger, Telegram, SMS and in e-mail', () => {
    for (const channel of ['whatsapp', 'instagram', 'facebook', 'telegram', 'sms', 'email', 'default'] as const) {
      assert.equal(on(channel, 'open', false), false, channel);
    }
  });
});
