import assert from 'node:assert/strict';
import type { ChatModel } from '../../../bridge/core/ports.ts';
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

describe('a conversation that comes back', () => {
  const world = eachWorld();

  async function takenOver(): Promise<void> {
    await world().customer(question);
    replyAsPerson(world());
    await world().chatwoot.idle();
    await world().settle();
    assert.equal(world().status(), 'open');
  }

  it('because a person marked it pending is answered again, also with that person still assigned', async () => {
    await takenOver();
    world().chatwoot.assign({ ...world().conversation(), user: person });
    world().chatwoot.markPending({ ...world().conversation(), user: person });
    await world().customer('e a entrega, quando chega?');
    await world().settle();
    assert.deepEqual(world().replies(), [answers.delivery]);
  });

  it('is answered again although the news of it was lost on the way', async () => {
    await takenOver();
    for (const event of ['conversation_status_changed', 'conversation_updated']) {
      world().chatwoot.misbehave({ action: 'drop', event, count: 99 });
    }
    world().chatwoot.markPending({ ...world().conversation(), user: person });
    await world().customer('e a entrega, quando chega?');
    await world().settle();
    assert.deepEqual(world().replies(), [answers.delivery]);
  });

  it('because a returning customer wrote, with the old person still assigned, is answered and not met with silence', async () => {
    const web = { inbox: inboxes.web };
    await world().customer(question, web);
    replyAsPerson(world());
    world().chatwoot.assign({ ...world().conversation(), user: person });
    await world().chatwoot.idle();
    await world().settle();
    world().chatwoot.resolve({ ...world().conversation(), user: person });
    await world().chatwoot.idle();
    await world().settle();
    const back = await world().customer('e a entrega, quando chega?', web);
    assert.equal(back.conversation, 1);
    assert.equal(world().chatwoot.conversation(world().conversation()).meta.assignee_type, 'User');
    await world().settle();
    assert.deepEqual(world().replies(), [answers.delivery]);
  });

  it('after it was resolved begins a new episode: what was said before is not in the window', async () => {
    const web = { inbox: inboxes.web };
    await world().customer(question, web);
    await world().settle();
    world().chatwoot.resolve({ ...world().conversation(), user: person });
    await world().chatwoot.idle();
    await world().settle();
    assert.deepEqual((await world().stores.states.get(world().ref()))?.window, []);
    await world().customer('e a entrega, quando chega?', web);
    await world().settle();
    const { window = [] } = (await world().stores.states.get(world().ref())) ?? {};
    assert.deepEqual(
      window.map(({ text }) => text),
      ['e a entrega, quando chega?', answers.delivery],
    );
  });

  it('whose news overtook each other is where the last of them put it', async () => {
    await world().customer(question);
    await world().settle();
    // Answer and resolve in one click; the resolve arrives first.
    world().chatwoot.misbehave({ action: 'delay', event: 'message_created', count: 1, ms: 60 });
    replyAsPerson(world(), 'Resolvido!');
    const repliedMs = Date.now();
    while (Date.now() === repliedMs) await new Promise((resolve) => setImmediate(resolve));
    world().chatwoot.resolve({ ...world().conversation(), user: person });
    await world().stored(2);
    await world().settle();
    await world().chatwoot.idle();
    await world().settle();
    assert.equal((await world().stores.states.get(world().ref()))?.owner, 'assistant');
    assert.equal(world().status(), 'resolved');
  });
});

describe('a handoff', () => {
  const world = eachWorld();

  it('tells the customer, leaves people a note with the reason, and opens the conversation, in this order', async () => {
    await world().customer('Quero falar com um atendente, por favor');
    await world().settle();
    const kinds = world()
      .chatwoot.messagesOf(world().conversation())
      .map(({ message_type, private: isNote }) => (isNote ? 'note' : message_type));
    assert.deepEqual(kinds.slice(0, 3), [0, 1, 'note']);
    assert.match(
      world().notes()[0] ?? '',
      /o cliente pediu uma pessoa \[customer_asked\]\n.*Quero falar com um atendente/s,
    );
    assert.equal(world().status(), 'open');
    assert.deepEqual(world().outcomes(), ['handed_over']);
  });

  it('is the end of the assistant in that episode: nothing is said until the conversation comes back', async () => {
    await world().customer('Quero falar com um atendente, por favor');
    await world().settle();
    await world().customer(question);
    await world().settle();
    assert.equal(world().replies().length, 1);
    world().chatwoot.markPending({ ...world().conversation(), user: person });
    await world().customer('e a entrega, quando chega?');
    await world().settle();
    assert.deepEqual(world().replies().slice(1), [answers.delivery]);
  });

  it('comes when the customer accepts our offer, and not when the same word answers nothing', async () => {
    await world().customer('Quem ganhou o jogo de ontem?');
    await world().settle();
    assert.match(world().replies()[0] ?? '', /Quer que eu chame uma pessoa da equipe\?$/);
    assert.equal(world().status(), 'pending');
    await world().customer('sim, por favor');
    await world().settle();
    assert.match(world().notes()[0] ?? '', /\[customer_accepted\]/);
    assert.match(world().notes()[0] ?? '', /Quem ganhou o jogo de ontem/);
    assert.equal(world().status(), 'open');
  });

  it('is not made by a yes that answers nothing', async () => {
    await world().customer(question);
    await world().settle();
    await world().customer('sim, por favor');
    await world().settle();
    assert.deepEqual(world().notes(), []);
    assert.equal(world().status(), 'pending');
  });

  it('still opens the conversation when Chatwoot refuses the note for good', async () => {
    world().chatwoot.fault({ path: 'messages.create', action: 'error', status: 422, skip: 1 });
    await world().customer('Quero falar com um atendente, por favor');
    await world().settle();
    assert.deepEqual(world().notes(), []);
    assert.equal(world().status(), 'open');
  });

  it('outside business hours says when people are back', async () => {
    const weekly = [{ days: [0, 1, 2, 3, 4, 5, 6], open: '09:00', close: '09:01' }];
    const { tenant } = world();
    world().tenant = {
      ...tenant,
      config: {
        ...tenant.config,
        company_metadata: { ...tenant.config.company_metadata, business_hours: { weekly, holidays: [] } },
      },
    };
    await world().customer('Quero falar com um atendente, por favor');
    await world().settle();
    assert.match(
      world().replies()[0] ?? '',
      /fora do horário de atendimento; uma pessoa responde por aqui a partir de (hoje|amanhã) às 9h\.$/,
    );
  });
});

describe('without a bot in Chatwoot (account webhook)', () => {
  const world = eachWorld({ surface: 'account_webhook' });

  it('an open conversation that nobody has is answered', async () => {
    await world().customer(question);
    assert.equal(world().status(), 'open');
    await world().settle();
    assert.deepEqual(world().replies(), [answers.exchange]);
    assert.equal(world().status(), 'open');
  });

  it('a person who writes silences the assistant until the conversation is resolved', async () => {
    const web = { inbox: inboxes.web };
    await world().customer(question, web);
    replyAsPerson(world());
    await world().chatwoot.idle();
    await world().settle();
    await world().customer(question, web);
    await world().settle();
    assert.deepEqual(world().replies(), []);
    world().chatwoot.resolve({ ...world().conversation(), user: 'Ana' });
    await world().chatwoot.idle();
    await world().settle();
    await world().customer('e a entrega, quando chega?', web);
    await world().settle();
    assert.deepEqual(world().replies(), [answers.delivery]);
  });

  it('an assigned person silences the assistant', async () => {
    await world().customer(question);
    world().chatwoot.assign({ ...world().conversation(), user: person });
    await world().chatwoot.idle();
    await world().settle();
    assert.deepEqual(world().replies(), []);
  });

  it('after a handoff the assistant is silent, although the conversation is open and nobody’s', async () => {
    await world().customer('Quero falar com um atendente, por favor');
    await world().settle();
    await world().customer(question);
    await world().settle();
    assert.equal(world().replies().length, 1);
  });

  it('a person gives it back by marking it pending: we take the person off and open it, and speak again', async () => {
    await world().customer(question);
    replyAsPerson(world());
    world().chatwoot.assign({ ...world().conversation(), user: person });
    await world().chatwoot.idle();
    await world().settle();
    world().chatwoot.markPending({ ...world().conversation(), user: person });
    await world().chatwoot.idle();
    await world().settle();
    const { status, meta } = world().chatwoot.conversation(world().conversation());
    assert.deepEqual([status, meta.assignee], ['open', null]);
    await world().customer('e a entrega, quando chega?');
    await world().settle();
    assert.deepEqual(world().replies(), [answers.delivery]);
    assert.deepEqual(world().chatwoot.violations, []);
  });
});
