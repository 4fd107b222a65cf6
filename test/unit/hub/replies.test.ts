import assert from 'node:assert/strict';
import { BridgeError } from '../../../bridge/core/errors.ts';
import type { Mail } from '../../../bridge/core/ports/mailbox.ts';
import type { Stores } from '../../../bridge/core/stores.ts';
import { accountId, answers, eachWorld, inboxes } from './world/conversation-world.ts';
import { ScriptedModel } from './world/scripted-model.ts';

const question = 'Qual o prazo para trocar um produto?';

describe('a burst of messages', () => {
  const world = eachWorld();

  it('gets one reply, however many balloons it has, and the reply knows all of them', async () => {
    for (const text of ['Oi', 'tudo bem?', 'vocês conseguem trocar', 'um batom que comprei ontem?']) {
      await world().customer(text);
      world().clock.move(2_000);
    }
    await world().settle();
    assert.deepEqual(world().replies(), [answers.exchange]);
    assert.equal(
      world().knowledge.queries[0]?.text,
      'Oi\ntudo bem?\nvocês conseguem trocar\num batom que comprei ontem?',
    );
  });

  it('is not answered before its quiet time has run out, and no worker sleeps for it', async () => {
    await world().customer('vocês conseguem trocar');
    const hub = world().hub();
    const job = { conversation: world().ref(), attempt: 0 };
    assert.deepEqual(await hub.handle(job), { kind: 'again', delayMs: 7_000, attempt: 0 });
    world().clock.move(6_999);
    assert.deepEqual(await hub.handle(job), { kind: 'again', delayMs: 1, attempt: 0 });
    assert.deepEqual(world().replies(), []);
    world().clock.move(1);
    assert.deepEqual(await hub.handle(job), { kind: 'done' });
    assert.deepEqual(world().replies(), [answers.exchange]);
  });

  it('of somebody who never stops is answered at the cap, and what comes after gets its own reply', async () => {
    let writing = 0;
    for (; writing < 5; writing++) {
      await world().customer(`e trocar ${writing}`);
      world().clock.move(6_000);
    }
    // 30 s of fragments: the cap was at 25 s.
    await world().hub().handle({ conversation: world().ref(), attempt: 0 });
    assert.deepEqual(world().replies(), [answers.exchange]);
    await world().customer('e a entrega, quando chega?');
    await world().settle();
    assert.deepEqual(world().replies(), [answers.exchange, answers.delivery]);
  });

  it('goes on when a message arrives while it is answered: the draft is thrown away and all get one reply', async () => {
    world().knowledge.during = async () => {
      world().knowledge.during = async () => undefined;
      await world().customer('e como funciona a entrega?');
    };
    await world().customer(question);
    await world().settle();
    assert.deepEqual(world().replies(), [`${answers.exchange}\n\n${answers.delivery}`]);
    assert.deepEqual(world().outcomes(), ['replied']);
  });

  it('is waited for again when the message that spoilt the draft is a fragment', async () => {
    world().knowledge.during = async () => {
      world().knowledge.during = async () => undefined;
      await world().customer('ah e também');
    };
    await world().customer(question);
    const decisions = await world().settle();
    assert.deepEqual(
      decisions.map((decision) => (decision.kind === 'again' ? decision.delayMs : decision.kind)),
      [2_500, 0, 7_000, 'done'],
    );
    assert.deepEqual(world().replies(), [answers.exchange]);
  });

  it('in one conversation does not hold up another', async () => {
    await world().customer('vocês conseguem trocar', { contact: 'Rui' });
    await world().customer(question, { contact: 'Lia' });
    world().clock.move(2_500);
    await world()
      .hub()
      .handle({ conversation: world().ref(2), attempt: 0 });
    assert.deepEqual([world().replies(1), world().replies(2)], [[], [answers.exchange]]);
  });

  it('that arrives in the wrong order is read in the right one', async () => {
    const { chatwoot } = world();
    chatwoot.misbehave({ action: 'reorder', event: 'message_created', count: 3 });
    for (const text of ['primeiro: posso', 'segundo: trocar', 'terceiro: isto?']) {
      chatwoot.customerWrites({ account: 3, inbox: inboxes.whatsapp, contact: 'Marta Lima', text });
    }
    await chatwoot.idle();
    await world().settle();
    assert.equal(world().knowledge.queries[0]?.text, 'primeiro: posso\nsegundo: trocar\nterceiro: isto?');
  });
});

describe('a message', () => {
  const world = eachWorld({ alsoAccountWebhook: true });

  it('that comes from the account webhook, from the bot webhook and twice from each is answered once', async () => {
    world().chatwoot.misbehave({ action: 'duplicate', event: 'message_created', times: 2 });
    world().chatwoot.misbehave({ action: 'republish', event: 'message_created', times: 1 });
    await world().customer(question);
    await world().settle();
    assert.deepEqual(world().replies(), [answers.exchange]);
    const received = world().log.lines.filter(
      ({ message, fields }) => message === 'delivery.received' && fields['key'] === 'message_created:900001',
    );
    assert.ok(received.length >= 4, `${received.length} deliveries`);
  });

  it('that is delivered again after the reply was sent is not answered again', async () => {
    await world().customer(question);
    await world().settle();
    for (const surface of ['agent_bot', 'account_webhook'] as const) {
      const [delivery] = world().chatwoot.deliveriesTo(surface, { event: 'message_created' });
      assert.equal(await world().deliver(delivery?.body), 200);
    }
    assert.deepEqual(await world().settle(), [{ kind: 'done' }]);
    assert.deepEqual(world().replies(), [answers.exchange]);
  });

  it('whose delivery is late, after a newer one was answered, is answered too', async () => {
    await world().customer(question);
    const late = await olderThanNewest(world().stores, 'e a entrega, quando chega?');
    await world().settle();
    assert.deepEqual(world().replies(), [answers.exchange]);
    await world().stores.mailbox.store({ ...late, nowMs: world().clock.now() });
    await world().settle();
    assert.deepEqual(world().replies(), [answers.exchange, answers.delivery]);
  });

  it('that comes late, while a newer one is being answered, is not lost', async () => {
    const hold = world().chatwoot.holdNext({ path: 'messages.create', when: 'after-store' });
    await world().customer(question);
    const late = await olderThanNewest(world().stores, 'e a entrega, quando chega?');
    world().clock.move(2_500);
    const turn = world().hub().handle({ conversation: world().ref(), attempt: 0 });
    await hold.reached;
    await world().stores.mailbox.store({ ...late, nowMs: world().clock.now() });
    hold.release();
    await turn;
    await world().settle();
    assert.deepEqual(world().replies(), [answers.exchange, answers.delivery]);
  });
});

describe('a reply', () => {
  const world = eachWorld();

  it('is stamped with its turn and part, written by the bot, and confirmed in the ledger', async () => {
    await world().customer(question);
    await world().settle();
    const sent = world()
      .chatwoot.messagesOf(world().conversation())
      .find((message) => message.message_type === 1);
    assert.deepEqual(sent?.content_attributes, { ui_turn: 'turn-1', ui_part: 1 });
    assert.equal(sent.sender?.type, 'agent_bot');
    const intent = await world().stores.ledger.current(world().ref());
    assert.deepEqual([intent?.state, intent?.parts], ['done', [{ text: answers.exchange, messageId: sent.id }]]);
    assert.equal(await world().stores.ledger.answeredUpTo(world().ref()), intent?.lastMessageId);
  });

  it('costs Chatwoot two calls: one look and one message', async () => {
    await world().customer(question);
    await world().settle();
    assert.deepEqual(
      world().chatwoot.requests.map(({ endpoint }) => endpoint),
      ['conversations.show', 'messages.create'],
    );
    assert.deepEqual(world().chatwoot.violations, []);
  });

  it('leaves one line and one trace, without a word of the customer or of the answer', async () => {
    await world().customer(`${question} meu nome é Zulmira-7781`);
    await world().settle();
    const lines = JSON.stringify(world().log.lines.map(({ fields, message }) => [fields, message]));
    for (const word of ['Zulmira-7781', 'trocar um produto', '15 dias', '+5511', 'Marta']) {
      assert.ok(!lines.includes(word), word);
    }
    const [trace, ...more] = await world().stores.traces.list(world().ref().accountId, 1, 10);
    assert.deepEqual(
      [trace?.outcome, trace?.rung, trace?.sources, more],
      ['replied', 'grounded', [{ kind: 'rule', id: 'troca', title: 'Regra troca' }], []],
    );
    assert.deepEqual(world().outcomes(), ['replied']);
  });

  it('is remembered: the next turn knows what was asked and said', async () => {
    await world().customer(question);
    await world().settle();
    const model = new ScriptedModel([{ text: 'Pode sim, com a nota fiscal.' }]);
    world().model = model;
    await world().customer('E posso trocar sem a caixa?');
    await world().settle();
    assert.deepEqual(
      model.requests[0]?.messages.filter(({ role }) => role !== 'system'),
      [
        { role: 'user', text: question },
        { role: 'assistant', text: answers.exchange, toolCalls: [] },
        { role: 'user', text: 'E posso trocar sem a caixa?' },
      ],
    );
  });

  it('that was sent is not sent again because remembering it failed', async () => {
    const states = world().stores.states;
    const set = states.set.bind(states);
    await world().customer(question);
    states.set = () => Promise.reject(new BridgeError('upstream_unavailable', 'the store is away'));
    await world().settle();
    states.set = set;
    await world().settle();
    assert.deepEqual(world().replies(), [answers.exchange]);
    assert.ok(world().log.lines.some(({ message }) => message === 'turn.not_remembered'));
  });

  it('to a voice note that nobody can hear asks for words and offers a person', async () => {
    await world().customer(null, { attachments: [{ type: 'audio' }] });
    await world().settle();
    assert.match(world().replies()[0] ?? '', /Pode me escrever em poucas palavras/);
    await world().customer('sim');
    await world().settle();
    assert.equal(world().status(), 'open');
  });
});

/** Mail of a message that the customer wrote before the newest one, and whose delivery took its time. */
async function olderThanNewest(stores: Stores, text: string): Promise<Omit<Mail, 'nowMs'>> {
  const conversation = { accountId, conversationId: 1 };
  const newest = (await stores.mailbox.read(conversation)).mail.at(-1)?.entry;
  assert.ok(newest?.kind === 'customer_message');
  const entry = { ...newest, messageId: newest.messageId - 100, text };
  return { conversation, key: `message_created:${entry.messageId}`, entry, quiet: { quietMs: 0, maxMs: 0 } };
}
