// A message that changes while it waits is answered as it stands in the end; one that was answered starts nothing.
import assert from 'node:assert/strict';
import type { CustomerMessage } from '../../../bridge/core/message.ts';
import { answers, eachWorld } from '../hub/world/conversation-world.ts';

describe('a message that changes while it waits', () => {
  const world = eachWorld({ alsoAccountWebhook: true });
  const waiting = async () =>
    (await world().stores.mailbox.read(world().ref())).mail.map(({ entry }) => entry as CustomerMessage);
  const edit = async (message: number, text: string) => {
    world().chatwoot.edit({ ...world().conversation(), message, text });
    await world().chatwoot.idle();
  };

  it('by an edit is answered as it was edited, once, and waits for its writer again', async () => {
    const { message } = await world().customer('Qual o prazo de entrega?');
    world().clock.move(2_000);
    await edit(message.id, 'Como posso trocar?');
    assert.deepEqual(
      (await waiting()).map(({ text }) => text),
      ['Como posso trocar?'],
    );
    const { notBeforeMs } = await world().stores.mailbox.read(world().ref());
    assert.ok(notBeforeMs > world().clock.now());
    await world().settle();
    assert.deepEqual(world().replies(), [answers.exchange]);
  });

  it('by an edit while its answer is thought of is answered as it was edited, once', async () => {
    const { message } = await world().customer('Qual o prazo de entrega?');
    let isEdited = false;
    world().knowledge.during = async () => {
      if (isEdited) return;
      isEdited = true;
      await edit(message.id, 'Como posso trocar?');
    };
    await world().settle();
    assert.ok(isEdited);
    assert.deepEqual(world().replies(), [answers.exchange]);
  });

  it('after it was answered stays answered', async () => {
    const { message } = await world().customer('Como posso trocar?');
    await world().settle();
    await edit(message.id, 'Qual o prazo de entrega?');
    assert.deepEqual(await waiting(), []);
    await world().settle();
    assert.equal(world().replies().length, 1);
  });

  it('that is taken back is not answered', async () => {
    const { message } = await world().customer('Como posso trocar?');
    world().chatwoot.takeBack({ ...world().conversation(), message: message.id });
    await world().chatwoot.idle();
    assert.deepEqual(await waiting(), []);
    await world().settle();
    assert.deepEqual(world().replies(), []);
  });

  it('by the transcript of its voice note is answered by what was said, without waiting longer', async () => {
    const { message } = await world().customer(null, { attachments: [{ type: 'audio' }] });
    const before = (await world().stores.mailbox.read(world().ref())).notBeforeMs;
    world().chatwoot.transcribe({ ...world().conversation(), message: message.id, text: 'como posso trocar?' });
    await world().chatwoot.idle();
    const { notBeforeMs } = await world().stores.mailbox.read(world().ref());
    assert.ok(notBeforeMs <= before);
    assert.deepEqual(
      (await waiting()).flatMap(({ attachments }) => attachments.map(({ transcript }) => transcript)),
      ['como posso trocar?'],
    );
    await world().settle();
    assert.equal(world().replies().length, 1);
    assert.match(world().replies()[0] ?? '', /15 dias/);
  });

  it('in nothing that was said changes nothing', async () => {
    const { message } = await world().customer('Como posso trocar?');
    const before = await world().stores.mailbox.read(world().ref());
    world().clock.move(1_000);
    await edit(message.id, 'Como posso trocar?');
    assert.deepEqual(await world().stores.mailbox.read(world().ref()), before);
  });
});

describe('a button in the website chat', () => {
  const world = eachWorld({ alsoAccountWebhook: true });

  it('is the customer’s answer, taken at once and once, and remembered as theirs', async () => {
    const { inbox } = { inbox: 6 };
    const { conversation } = await world().customer('Como posso trocar?', { inbox });
    await world().settle(conversation);
    const sent = world()
      .chatwoot.messagesOf(world().conversation(conversation))
      .find((message) => message.message_type === 1);
    assert.ok(sent);
    const values = [{ title: 'Qual o prazo de entrega?', value: 'entrega' }];
    world().chatwoot.customerSubmits({ ...world().conversation(conversation), message: sent.id }, values);
    await world().chatwoot.idle();
    const { mail, notBeforeMs } = await world().stores.mailbox.read(world().ref(conversation));
    assert.equal(mail.length, 1);
    assert.ok(notBeforeMs <= world().clock.now());
    await world().settle(conversation);
    assert.deepEqual(world().replies(conversation).at(-1), answers.delivery);
    assert.equal(world().replies(conversation).length, 2);
    const state = await world().stores.states.get(world().ref(conversation));
    assert.deepEqual(
      state?.window.map(({ from }) => from),
      ['customer', 'assistant', 'customer', 'assistant'],
    );
  });
});
