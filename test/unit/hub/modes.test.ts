import assert from 'node:assert/strict';
import { answers, eachWorld, inboxes, person } from './world/conversation-world.ts';

const question = 'Qual o prazo para trocar um produto?';

describe('an observed inbox', () => {
  const world = eachWorld({ mode: 'observe' });

  it('gets the draft as a private note and the customer gets nothing; people see the conversation', async () => {
    await world().customer(question);
    await world().settle();
    assert.deepEqual(world().replies(), []);
    assert.equal(world().notes().length, 1);
    assert.match(
      world().notes()[0] ?? '',
      /^👁️ Rascunho .*nada foi enviado ao cliente\):\nVocê pode trocar o produto em até 15 dias/,
    );
    assert.equal(world().status(), 'open');
    assert.deepEqual(world().outcomes(), ['observed']);
  });

  it('is drafted for whatever the status and whoever has the conversation', async () => {
    await world().customer(question);
    await world().settle();
    world().chatwoot.personReplies({ ...world().conversation(), text: 'Oi, é a Bia.', user: person });
    world().chatwoot.assign({ ...world().conversation(), user: person });
    await world().customer('e a entrega, quando chega?');
    await world().settle();
    assert.match(world().notes()[1] ?? '', new RegExp(answers.delivery));
    assert.deepEqual(world().replies(), []);
  });

  it('gets one draft for a burst, also when it goes on while the draft is made', async () => {
    world().knowledge.during = async () => {
      world().knowledge.during = async () => undefined;
      await world().customer('e a entrega, quando chega?');
    };
    await world().customer(question);
    await world().settle();
    assert.equal(world().notes().length, 1);
  });

  it('never gets a handoff text, an apology or a greeting to the customer', async () => {
    for (const text of ['Oi', 'Quero falar com um atendente', 'Obrigada!', 'Quem ganhou o jogo de ontem?']) {
      await world().customer(text);
      await world().settle();
    }
    assert.deepEqual(world().replies(), []);
    assert.equal(world().notes().length, 4);
  });

  it('whose draft fails again and again gives the customer nothing either', async () => {
    world().knowledge.failure = new Error('a bug');
    await world().customer(question);
    world().clock.move(2_500);
    const worker = world().worker();
    await worker.start();
    worker.stop();
    await world().queue.run({ conversation: world().ref(), attempt: 0 });
    assert.deepEqual(world().replies(), []);
    const { mail } = await world().stores.mailbox.read(world().ref());
    assert.ok(
      mail.every(({ entry }) => entry.kind === 'ownership'),
      'the message waits for nobody',
    );
    assert.equal(world().status(), 'open');
  });
});

describe('a test inbox', () => {
  const world = eachWorld({ mode: 'test' });

  it('is silent for customers, and people see the conversation', async () => {
    await world().customer(question);
    await world().settle();
    assert.deepEqual(world().replies(), []);
    assert.deepEqual(world().notes(), []);
    assert.equal(world().status(), 'open');
    assert.deepEqual(world().outcomes(), ['silent_test_locked']);
  });

  it('speaks after #teste in that conversation, and only in that one', async () => {
    await world().customer('#teste', { contact: 'Testadora' });
    await world().settle(1);
    await world().customer(question, { contact: 'Testadora' });
    await world().settle(1);
    await world().customer(question, { contact: 'Cliente' });
    await world().settle(2);
    assert.equal(world().replies(1).at(-1), answers.exchange);
    assert.deepEqual(world().replies(2), []);
  });

  it('greets when #teste is all that was written, and answers what stands beside it', async () => {
    await world().customer('#teste');
    await world().settle();
    assert.match(world().replies()[0] ?? '', /Sandra Cosméticos/);
    await world().customer('#TESTE qual o prazo para trocar?', { contact: 'Outra' });
    await world().settle(2);
    assert.deepEqual(world().replies(2), [answers.exchange]);
    assert.equal(world().knowledge.queries.at(-1)?.text, 'qual o prazo para trocar?');
  });

  it('can be unlocked after the conversation was opened for people', async () => {
    await world().customer('Oi, boa tarde');
    await world().settle();
    assert.equal(world().status(), 'open');
    await world().customer(`#teste ${question}`);
    await world().settle();
    assert.deepEqual(world().replies(), [answers.exchange]);
  });

  it('is silent again as soon as a person writes or a handoff was made', async () => {
    await world().customer(`#teste ${question}`);
    await world().settle();
    world().chatwoot.personReplies({ ...world().conversation(), text: 'Oi, é a Bia.', user: person });
    await world().customer(question);
    await world().settle();
    assert.deepEqual(world().replies(), [answers.exchange]);
    await world().customer('#teste quero falar com um atendente', { contact: 'Outra' });
    await world().settle(2);
    await world().customer(question, { contact: 'Outra' });
    await world().settle(2);
    assert.equal(world().replies(2).length, 1);
  });

  it('whose turn fails for good says nothing before it was unlocked', async () => {
    world().chatwoot.fault({ path: 'conversations.show', action: 'error', status: 502, count: 4 });
    await world().customer(question);
    world().clock.move(2_500);
    const worker = world().worker();
    await worker.start();
    worker.stop();
    for (let attempt = 0; attempt < 5; attempt++) {
      await world().queue.run({ conversation: world().ref(), attempt });
      world().clock.move(60_000);
    }
    await world().settle();
    assert.deepEqual(world().replies(), []);
  });
});

describe('a live inbox', () => {
  const world = eachWorld();

  it('takes #teste for a word like any other', async () => {
    await world().customer(`#teste ${question}`);
    await world().settle();
    assert.equal(world().knowledge.queries[0]?.text, `#teste ${question}`);
    world().chatwoot.open({ ...world().conversation(), user: 'Ana' });
    await world().customer(question);
    await world().settle();
    assert.equal(world().replies().length, 1, 'an open conversation is not ours, whatever word was said');
  });
});

describe('an inbox that is not listed', () => {
  const world = eachWorld();

  it('is silent, leaves no mail, and is warned about once', async () => {
    for (const text of [question, 'alô?', 'tem alguém?']) await world().customer(text, { inbox: inboxes.unlisted });
    assert.deepEqual((await world().stores.mailbox.read(world().ref())).mail, []);
    assert.deepEqual(world().queue.wakes, []);
    assert.deepEqual(world().replies(), []);
    const warnings = world().log.lines.filter(({ message }) => message === 'intake.inbox_not_listed');
    assert.deepEqual(
      warnings.map(({ level, fields }) => [level, fields['inbox_id']]),
      [['warn', inboxes.unlisted]],
    );
  });

  it('that was listed when the message came stays silent', async () => {
    await world().customer(question);
    const { tenant } = world();
    const { chatwoot } = tenant.config.integrations;
    assert.ok(chatwoot);
    const integrations = { ...tenant.config.integrations, chatwoot: { ...chatwoot, inboxes: [] } };
    world().tenant = { ...tenant, config: { ...tenant.config, integrations } };
    await world().settle();
    assert.deepEqual(world().replies(), []);
    assert.deepEqual(world().outcomes(), ['silent_inbox_not_listed']);
  });
});

describe('a customer the business blocked', () => {
  const world = eachWorld();

  it('gets no answer', async () => {
    const blocked = { name: 'Insistente', blocked: true };
    world().chatwoot.customerWrites({ account: 3, inbox: inboxes.web, contact: blocked, text: question });
    await world().chatwoot.idle();
    await world().settle();
    assert.deepEqual(world().replies(), []);
    assert.deepEqual(world().outcomes(), ['silent_contact_blocked']);
  });
});

describe('a reply window that is closed', () => {
  const world = eachWorld();

  it('is not paid for with an answer: people get a note that says why nothing was sent, and see the conversation', async () => {
    await world().customer(question);
    world().chatwoot.backdate({ ...world().conversation(), ms: 25 * 3_600_000 });
    world().clock.move(25 * 3_600_000);
    await world().settle();
    assert.deepEqual(world().knowledge.queries, []);
    assert.deepEqual(world().replies(), []);
    assert.match(world().notes()[0] ?? '', /janela de resposta deste canal está fechada/);
    assert.equal(world().status(), 'open');
    assert.deepEqual(world().outcomes(), ['silent_window_closed']);
  });
});
