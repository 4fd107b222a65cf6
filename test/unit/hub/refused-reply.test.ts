// What the channel refuses later: nobody notices unless we do.
import assert from 'node:assert/strict';
import { person } from './world/seed.ts';
import { eachWorld } from './world/conversation-world.ts';
import type { ConversationWorld } from './world/conversation-world.ts';

async function answered(world: ConversationWorld, text = 'Como posso trocar?') {
  await world.customer(text);
  await world.settle();
  const sent = world.chatwoot.messagesOf(world.conversation()).findLast((message) => message.message_type === 1);
  assert.ok(sent);
  return sent;
}

async function refuse(world: ConversationWorld, message: number, error: string) {
  world.chatwoot.failMessage({ ...world.conversation(), message, error });
  await world.chatwoot.idle();
}

for (const [who, tokens] of Object.entries({ both: {}, 'bot only': { userToken: false } })) {
  describe(`a reply the channel refused (${who})`, () => {
    const world = eachWorld({ ...tokens, alsoAccountWebhook: true });

    for (const [kind, error] of Object.entries({
      window_closed: '131047: Re-engagement message',
      unreachable: '131026: Message undeliverable',
      access_lost: '190: Access token has expired',
      unknown: 'Message failed to send',
    })) {
      it(`becomes people's, with what was not delivered and why: ${kind}`, async () => {
        const sent = await answered(world());
        await refuse(world(), sent.id, error);
        await world().settle();
        assert.deepEqual(world().replies(), [sent.content]);
        const [note = '', ...more] = world().notes();
        assert.deepEqual(more, []);
        assert.ok(note.includes(`[${kind} `) && note.includes(sent.content ?? '?'), note);
        assert.ok(!note.includes('Re-engagement'));
        const { labels, priority } = world().chatwoot.conversation(world().conversation());
        assert.deepEqual([world().status(), labels, priority], ['open', ['entrega-falhou'], 'high']);
      });
    }

    it('leaves one note however often the news comes, and none when a process died after writing it', async () => {
      const sent = await answered(world());
      await refuse(world(), sent.id, '131026: a');
      await refuse(world(), sent.id, '131026: b');
      // At every step of the handling, before and after it.
      for (let step = 1; step < 60; step++) {
        const mortal = await world().die({ step, when: 'after' });
        if (!mortal.isDead()) break;
      }
      await world().settle();
      assert.equal(world().notes().length, 1);
      assert.equal(world().status(), 'open');
    });

    it('is not spoken over a person, and stays with them', async () => {
      const sent = await answered(world());
      world().chatwoot.personReplies({ ...world().conversation(), text: 'Oi, é a Bia.', user: person });
      await refuse(world(), sent.id, '131053: Media upload error');
      await world().settle();
      assert.deepEqual(world().replies(), [sent.content]);
      assert.equal(world().notes().length, 1);
    });
  });
}

describe('a file the channel refused', () => {
  const world = eachWorld();
  const withFile = async () => {
    await answered(world());
    const bytes = Uint8Array.from([1, 2, 3]);
    const files = [{ name: 'tabela.pdf', contentType: 'application/pdf', bytes }];
    const part = { text: 'Segue a tabela de preços.', turnId: 'turn-file', part: 1, files };
    const { messageId } = await world().conversations().sendPart(1, part, AbortSignal.timeout(5_000));
    await world().chatwoot.idle();
    await refuse(world(), messageId, '131053: Media upload error');
    return part.text;
  };

  it('is followed by the same words as text, once, and by no note', async () => {
    const text = await withFile();
    await world().settle();
    await world().settle();
    assert.deepEqual(world().replies().slice(-2), [text, text]);
    assert.deepEqual([world().notes(), world().status()], [[], 'pending']);
  });

  it('is followed by them once although the process dies at any step', async () => {
    const text = await withFile();
    for (const when of ['before', 'after'] as const) {
      for (let step = 1; step < 60; step++) {
        const mortal = await world().die({ step, when });
        if (!mortal.isDead()) break;
      }
    }
    await world().settle();
    assert.deepEqual(
      world()
        .replies()
        .filter((reply) => reply === text),
      [text, text],
    );
  });

  it('and then its words too become people’s: they are not said a third time', async () => {
    const text = await withFile();
    await world().settle();
    const again = world().chatwoot.messagesOf(world().conversation()).at(-1);
    await refuse(world(), again?.id ?? 0, '131053: Media upload error');
    await world().settle();
    assert.equal(
      world()
        .replies()
        .filter((reply) => reply === text).length,
      2,
    );
    assert.equal(world().notes().length, 1);
  });
});
