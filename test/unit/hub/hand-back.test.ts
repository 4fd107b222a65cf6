import assert from 'node:assert/strict';
import { answers, eachWorld, inboxes, person } from './world/conversation-world.ts';
import type { ConversationWorld } from './world/conversation-world.ts';

const question = 'Qual o prazo para trocar um produto?';
function replyAsPerson(world: ConversationWorld, text = 'Oi, aqui é a Bia.', id = 1) {
  return world.chatwoot.personReplies({ ...world.conversation(id), text, user: person });
}

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
