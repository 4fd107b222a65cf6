import assert from 'node:assert/strict';
import type { ChatModel } from '../../../bridge/core/ports/chat-model.ts';
import { answers, eachWorld, inboxes, person } from './world/conversation-world.ts';
import type { ConversationWorld } from './world/conversation-world.ts';

const question = 'Qual o prazo para trocar um produto?';
/** Three WhatsApp messages. */
const long = Array.from({ length: 60 }, () => 'Guarde a nota e a caixa original até a troca terminar, por favor.').join(
  '\n\n',
);
const talkative: ChatModel = {
  name: 'talkative',
  next: async () => ({ text: long, toolCalls: [], usage: { inputTokens: 1, outputTokens: 1 } }),
};

function replyAsPerson(world: ConversationWorld, text = 'Oi, aqui é a Bia.', id = 1) {
  return world.chatwoot.personReplies({ ...world.conversation(id), text, user: person });
}

describe('a person who takes a conversation over', () => {
  const world = eachWorld();

  it('by writing in the composer silences the assistant, and we open the conversation, which Chatwoot does not', async () => {
    await world().customer(question);
    replyAsPerson(world());
    assert.equal(world().status(), 'pending');
    await world().chatwoot.idle();
    await world().settle();
    assert.equal(world().status(), 'open');
    assert.deepEqual(world().replies(), []);
    assert.deepEqual(world().outcomes(), ['silent_person_owns']);
    await world().customer('e a entrega, quando chega?');
    await world().settle();
    assert.deepEqual(world().replies(), []);
  });

  it('by writing on the phone does the same', async () => {
    await world().customer(question);
    await world().settle();
    world().chatwoot.phoneEcho({ ...world().conversation(), text: 'já te ligo' });
    await world().chatwoot.idle();
    await world().settle();
    assert.equal(world().status(), 'open');
    await world().customer('e a entrega, quando chega?');
    await world().settle();
    assert.deepEqual(world().replies(), [answers.exchange, 'já te ligo']);
  });

  it('by a thumb from the phone, a private note or a label takes nothing over', async () => {
    await world().customer('Oi');
    world().chatwoot.phoneEcho({ ...world().conversation(), text: '👍' });
    world().chatwoot.personNotes({ ...world().conversation(), text: 'cliente antiga', user: person });
    world().chatwoot.setLabels({ ...world().conversation(), labels: ['vip'] });
    await world().customer(question);
    await world().settle();
    assert.equal(world().replies().at(-1), answers.exchange);
    assert.equal(world().status(), 'pending');
  });

  it('by assigning it to themselves silences the assistant, and the customer who writes is seen by people', async () => {
    await world().customer(question);
    world().chatwoot.assign({ ...world().conversation(), user: person });
    assert.equal(world().status(), 'pending');
    await world().chatwoot.idle();
    await world().settle();
    assert.deepEqual(world().replies(), []);
    assert.equal(world().status(), 'open');
  });

  it('while the answer is thought of gets no answer beside theirs', async () => {
    world().knowledge.during = async () => {
      world().knowledge.during = async () => undefined;
      replyAsPerson(world());
      await world().chatwoot.idle();
    };
    await world().customer(question);
    await world().settle();
    assert.deepEqual(world().replies(), []);
    assert.equal(world().status(), 'open');
  });

  it('by opening it while the answer is thought of, whose news never arrives, is seen in the last look', async () => {
    world().chatwoot.misbehave({ action: 'drop', event: 'conversation_opened', count: 9 });
    world().chatwoot.misbehave({ action: 'drop', event: 'conversation_status_changed', count: 9 });
    world().chatwoot.misbehave({ action: 'drop', event: 'conversation_updated', count: 9 });
    world().knowledge.during = async () => world().chatwoot.open({ ...world().conversation(), user: 'Ana' });
    await world().customer(question);
    await world().settle();
    assert.deepEqual(world().replies(), []);
    assert.deepEqual(world().outcomes(), ['silent_not_ours_now']);
  });

  it('is seen in the last look although the delivery of their words never arrives', async () => {
    await world().customer(question);
    world().chatwoot.misbehave({ action: 'drop', event: 'message_created', count: 1 });
    replyAsPerson(world());
    await world().chatwoot.idle();
    await world().settle();
    assert.deepEqual(world().replies(), []);
    assert.equal(world().status(), 'open');
    await world().customer('e a entrega, quando chega?');
    await world().settle();
    assert.deepEqual(world().replies(), []);
  });

  it('between two parts gets the last word: what is left of the reply is not sent, nor its handoff', async () => {
    world().model = talkative;
    const hold = world().chatwoot.holdNext({ path: 'messages.create', when: 'after-store' });
    await world().customer('Como faço para trocar?');
    world().clock.move(2_500);
    const turn = world().hub().handle({ conversation: world().ref(), attempt: 0 });
    await hold.reached;
    const said = replyAsPerson(world());
    await world()
      .chatwoot.waitFor('the takeover to be stored', async () => undefined, 1)
      .catch(() => undefined);
    await world().stored(2);
    hold.release();
    assert.deepEqual(await turn, { kind: 'done' });
    await world().settle();
    assert.equal(world().replies().length, 1);
    assert.ok(
      world()
        .chatwoot.messagesOf(world().conversation())
        .every((message) => message.id <= said.id || message.message_type !== 1),
    );
    assert.equal(world().status(), 'open');
    const { mail } = await world().stores.mailbox.read(world().ref());
    assert.deepEqual(mail, []);
  });

  it('on the phone between two parts gets the last word too', async () => {
    world().model = talkative;
    const hold = world().chatwoot.holdNext({ path: 'messages.create', when: 'after-store' });
    await world().customer('Como faço para trocar?');
    world().clock.move(2_500);
    const turn = world().hub().handle({ conversation: world().ref(), attempt: 0 });
    await hold.reached;
    world().chatwoot.phoneEcho({ ...world().conversation(), text: 'já te ligo' });
    await world().stored(2);
    hold.release();
    assert.deepEqual(await turn, { kind: 'done' });
    await world().settle();
    assert.equal(world().replies().length, 2);
    assert.equal(world().replies().at(-1), 'já te ligo');
    assert.equal(world().status(), 'open');
  });

  it('by snoozing it keeps it: the customer who wakes it is seen by people, and answered once it is given back', async () => {
    await world().customer(question);
    await world().settle();
    world().chatwoot.snooze({ ...world().conversation(), user: person });
    await world().chatwoot.idle();
    await world().settle();
    await world().customer('e a entrega, quando chega?');
    await world().settle();
    assert.equal(world().status(), 'open');
    assert.equal(world().replies().length, 1);
    world().chatwoot.markPending({ ...world().conversation(), user: person });
    await world().chatwoot.idle();
    await world().settle();
    assert.deepEqual(world().replies(), [answers.exchange, answers.delivery]);
  });

  it('does not stop a long reply by writing a private note, or because the customer goes on', async () => {
    world().model = talkative;
    const hold = world().chatwoot.holdNext({ path: 'messages.create', when: 'after-store' });
    await world().customer('Como faço para trocar?');
    world().clock.move(2_500);
    const turn = world().hub().handle({ conversation: world().ref(), attempt: 0 });
    await hold.reached;
    world().chatwoot.personNotes({ ...world().conversation(), text: 'acompanhando', user: person });
    world().chatwoot.customerWrites({
      account: 3,
      inbox: inboxes.whatsapp,
      contact: 'Marta Lima',
      text: 'e a entrega, quando chega?',
    });
    await world().stored(2);
    hold.release();
    await turn;
    assert.ok(world().replies().length >= 3, `${world().replies().length} parts`);
  });

  it('survives a store that fails at the worst moment: the takeover is applied on the next try', async () => {
    await world().customer(question);
    replyAsPerson(world());
    await world().chatwoot.idle();
    world().chatwoot.fault({ path: 'conversations.toggle_status', action: 'error', status: 502 });
    const hub = world().hub();
    await assert.rejects(hub.handle({ conversation: world().ref(), attempt: 0 }), { code: 'upstream_unavailable' });
    await world().settle(1, hub);
    assert.equal(world().status(), 'open');
    assert.deepEqual(world().replies(), []);
  });
});
