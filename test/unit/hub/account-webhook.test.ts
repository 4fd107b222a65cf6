import assert from 'node:assert/strict';
import { answers, eachWorld, inboxes, person } from './world/conversation-world.ts';
import type { ConversationWorld } from './world/conversation-world.ts';

const question = 'Qual o prazo para trocar um produto?';
function replyAsPerson(world: ConversationWorld, text = 'Oi, aqui é a Bia.', id = 1) {
  return world.chatwoot.personReplies({ ...world.conversation(id), text, user: person });
}

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
