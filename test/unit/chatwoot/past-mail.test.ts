// What is read from the conversation later must be what a delivery would have told in time: compared with the deliveries the
// simulated Chatwoot really makes.
import assert from 'node:assert/strict';
import { ChatwootPastMail } from '../../../bridge/adapters/chatwoot/past-mail.ts';
import { ChatwootConversations } from '../../../bridge/adapters/chatwoot/conversations.ts';
import type { CustomerMessage, MailboxEntry } from '../../../bridge/core/message.ts';
import { account, both, botOnly, eachRig, inboxes, never, ours } from './chatwoot-rig.ts';
import { read } from './reading.ts';

describe('past mail', () => {
  const rig = eachRig();
  const pastMail = (listed: number[] = Object.values(inboxes)) => new ChatwootPastMail(rig.http, both, ours, listed);
  const mailOf = async (conversationId: number, after = 0, limit = 50) => {
    const read = await pastMail().mailAfter(conversationId, after, limit, never);
    assert.ok(read);
    return read;
  };

  it('is null with a bot’s token alone, which may list nothing', async () => {
    const bot = new ChatwootPastMail(rig.http, botOnly, ours, [5]);
    assert.deepEqual([await bot.activeSince(0, 10, never), await bot.mailAfter(1, 0, 10, never)], [null, null]);
    assert.deepEqual(rig.asked(), []);
  });

  it('lists conversations of our inboxes with activity since an instant, newest first, whatever their status', async () => {
    for (const [index, name] of ['Ana', 'Rui', 'Léo', 'Zoe'].entries()) {
      rig.writes('Oi', inboxes.whatsapp, name);
      rig.api.backdate({ account, conversation: index + 1, ms: (4 - index) * 60_000 });
    }
    rig.writes('Oi', inboxes.web, 'Eva');
    rig.api.resolve({ account, conversation: 3, user: 'Ana' });
    rig.api.backdate({ account, conversation: 3, ms: 120_000 });
    const since = Date.now() - 210_000;
    const active = await pastMail([inboxes.whatsapp]).activeSince(since, 10, never);
    assert.deepEqual(
      active?.map(({ conversationId, inboxId }) => [conversationId, inboxId]),
      [
        [4, 5],
        [3, 5],
        [2, 5],
      ],
    );
    const [newest] = active;
    const last = rig.api.messagesOf({ account, conversation: 4 }).at(-1);
    assert.equal(newest?.lastMessageId, last?.id);
    assert.equal((await pastMail([inboxes.whatsapp]).activeSince(since, 2, never))?.length, 2);
  });

  it('lists over pages', async () => {
    for (let index = 0; index < 60; index++) rig.writes('Oi', inboxes.whatsapp, `Cliente ${index}`);
    const active = await pastMail().activeSince(Date.now() - 600_000, 100, never);
    assert.equal(new Set(active?.map(({ conversationId }) => conversationId)).size, 60);
  });

  it('has customers’ messages and persons’ replies, in order, and nothing else', async () => {
    const asked = rig.writes('Oi');
    const conversation = { account, conversation: asked.conversation };
    rig.api.personNotes({ ...conversation, text: 'nota', user: 'Bia' });
    rig.api.automationSends({ ...conversation, text: 'Regra' });
    const ownTurn = new ChatwootConversations(rig.http, both, ours, rig.memory);
    await ownTurn.sendPart(1, { text: 'Olá!', turnId: 'turn-9', part: 1 }, never);
    const replied = rig.api.personReplies({ ...conversation, text: 'Sou a Bia', user: 'Bia' });
    const echo = rig.api.phoneEcho({ ...conversation, text: 'já te ligo' });
    const again = rig.writes('obrigada');
    const { mail, isWhole, lastOwnTurnId } = await mailOf(1);
    assert.deepEqual(
      mail.map(({ key, entry }) => [key, entry.kind]),
      [
        [`message_created:${asked.message.id}`, 'customer_message'],
        [`message_created:${replied.id}`, 'ownership'],
        [`message_created:${echo.id}`, 'ownership'],
        [`message_created:${again.message.id}`, 'customer_message'],
      ],
    );
    assert.deepEqual([isWhole, lastOwnTurnId], [true, 'turn-9']);
    const later = await mailOf(1, replied.id);
    assert.deepEqual([later.mail.length, later.lastOwnTurnId], [2, null]);
  });

  it('is cut to the newest where there is too much, and says so', async () => {
    for (let index = 0; index < 130; index++) rig.writes(`m${index}`);
    const all = await mailOf(1, 0, 200);
    assert.deepEqual([all.mail.length, all.isWhole], [130, true]);
    const newest = await mailOf(1, 0, 30);
    assert.equal(newest.isWhole, false);
    assert.deepEqual(
      newest.mail.map(({ entry }) => (entry as CustomerMessage).text),
      Array.from({ length: 30 }, (_, index) => `m${index + 100}`),
    );
  });

  it('costs two requests for a conversation', async () => {
    rig.writes('Oi');
    await mailOf(1);
    assert.deepEqual(rig.asked(), ['conversations.show user 200', 'messages.list user 200']);
  });
});

describe('past mail and deliveries', () => {
  const rig = eachRig();
  /** The same message as the delivery told it, apart from what only differs by the clock's fineness. */
  const asDelivered = (messageId: number): MailboxEntry => {
    const delivery = rig.api
      .deliveriesTo('agent_bot')
      .find(({ event, messageId: id }) => event === 'message_created' && id === messageId);
    assert.ok(delivery, `no delivery of ${messageId}`);
    const event = read(JSON.parse(delivery.body), ours).event;
    assert.ok(event.kind === 'customer_message' || event.kind === 'ownership');
    return event;
  };

  for (const [name, inbox] of Object.entries(inboxes)) {
    it(`say the same of a customer's message: ${name}`, async () => {
      rig.api.setBotUrl(account, 'http://127.0.0.1:9/nobody');
      const asked = rig.api.customerWrites({
        account,
        inbox,
        contact: { name: 'Rui', phone_number: '+5521988887777', identifier: '5521988887777@s.whatsapp.net' },
        text: 'Segue',
        attachments: [{ type: 'image' }, { type: 'audio' }],
      });
      const past = new ChatwootPastMail(rig.http, both, ours, [inbox]);
      const read = await past.mailAfter(asked.conversation, 0, 10, never);
      const [entry] = read?.mail.map((mail) => mail.entry) ?? [];
      const delivered = asDelivered(asked.message.id) as CustomerMessage;
      assert.equal(entry?.kind, 'customer_message');
      const seconds = (message: CustomerMessage) => ({ ...message, sentAtMs: Math.floor(message.sentAtMs / 1000) });
      assert.deepEqual(seconds(entry), seconds(delivered));
    });
  }
});
