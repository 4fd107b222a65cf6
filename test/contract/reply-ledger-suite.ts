// The promises of the reply ledger, for every adapter.
import assert from 'node:assert/strict';
import type { ConversationRef } from '../../bridge/core/message.ts';
import { replyIntent } from './store-samples.ts';
import { newAccount, useWorld, type OpenWorld, type StoreWorld } from './store-world.ts';

export function describeReplyLedger(name: string, open: OpenWorld): void {
  describe(`reply ledger on ${name}`, () => {
    const world = useWorld(open);
    const newConversation = (): ConversationRef => ({ accountId: newAccount(), conversationId: 7 });
    describeBeginning(world, newConversation);
    describeProofs(world, newConversation);
    describeWatermark(world, newConversation);

    it('an intent survives a kill with its proofs, its handoff, and fields of a newer build', async () => {
      const conversation = newConversation();
      const intent = {
        ...replyIntent(conversation, 10, 'turn-1'),
        handoff: { reason: 'asked', note: 'nota' },
        later: [],
      };
      await world().stores.ledger.begin(intent);
      await world().stores.ledger.confirmPart(conversation, 'turn-1', 2, 91);
      await world().stores.ledger.markAnswered(conversation, 4);
      await world().reopen();
      const parts = [intent.parts[0], { text: 'Posso ajudar em algo mais?', messageId: 91 }];
      assert.deepEqual(await world().stores.ledger.current(conversation), { ...intent, parts });
      assert.equal(await world().stores.ledger.answeredUpTo(conversation), 4);
    });
  });
}

function describeBeginning(world: () => StoreWorld, newConversation: () => ConversationRef): void {
  it('a conversation nobody answered has no intent and no watermark', async () => {
    assert.equal(await world().stores.ledger.current(newConversation()), null);
    assert.equal(await world().stores.ledger.answeredUpTo(newConversation()), 0);
  });

  it('nothing begins while an intent is unfinished, not even for newer messages', async () => {
    const conversation = newConversation();
    const first = replyIntent(conversation, 10, 'turn-1');
    assert.deepEqual(await world().stores.ledger.begin(first), { begun: true });
    const second = await world().other.ledger.begin(replyIntent(conversation, 11, 'turn-2'));
    assert.deepEqual(second, { begun: false, standing: first });
  });

  for (const end of ['done', 'undecided'] as const) {
    it(`after an intent ended as ${end}, only newer messages get another`, async () => {
      const conversation = newConversation();
      const { ledger } = world().stores;
      await ledger.begin(replyIntent(conversation, 10, 'turn-1'));
      await ledger.finish(conversation, 'turn-1', end);
      for (const last of [9, 10]) {
        const refused = await ledger.begin(replyIntent(conversation, last, 'turn-2'));
        assert.ok(!refused.begun);
        assert.deepEqual([refused.standing.turnId, refused.standing.state], ['turn-1', end]);
      }
      assert.deepEqual(await ledger.begin(replyIntent(conversation, 11, 'turn-2')), { begun: true });
      assert.equal((await ledger.current(conversation))?.turnId, 'turn-2');
    });
  }

  it('of many turns that begin at once exactly one does, and the others are shown it', async () => {
    const conversation = newConversation();
    const results = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const { ledger } = index % 2 === 0 ? world().stores : world().other;
        return ledger.begin(replyIntent(conversation, 10, `turn-${index}`));
      }),
    );
    const winner = (await world().stores.ledger.current(conversation))?.turnId;
    assert.equal(results.filter(({ begun }) => begun).length, 1);
    for (const result of results) if (!result.begun) assert.equal(result.standing.turnId, winner);
  });

  it('a new intent begins without the proofs of the one before', async () => {
    const conversation = newConversation();
    const { ledger } = world().stores;
    await ledger.begin(replyIntent(conversation, 10, 'turn-1'));
    await ledger.confirmPart(conversation, 'turn-1', 1, 90);
    await ledger.finish(conversation, 'turn-1', 'done');
    const next = replyIntent(conversation, 11, 'turn-2');
    await ledger.begin(next);
    assert.deepEqual(await ledger.current(conversation), next);
  });
}

function describeProofs(world: () => StoreWorld, newConversation: () => ConversationRef): void {
  it('the first proof of a part stands; unknown turns, parts and conversations are ignored', async () => {
    const conversation = newConversation();
    const { ledger } = world().stores;
    await ledger.begin(replyIntent(conversation, 10, 'turn-1'));
    await ledger.confirmPart(conversation, 'turn-1', 1, 90);
    await ledger.confirmPart(conversation, 'turn-1', 1, 99);
    await ledger.confirmPart(conversation, 'turn-0', 2, 91);
    await ledger.confirmPart(conversation, 'turn-1', 0, 92);
    await ledger.confirmPart(conversation, 'turn-1', 3, 93);
    await ledger.confirmPart(newConversation(), 'turn-1', 1, 94);
    const parts = (await world().other.ledger.current(conversation))?.parts.map(({ messageId }) => messageId);
    assert.deepEqual(parts, [90, null]);
  });

  it('a restart moves the instant of the turn’s own unfinished intent only', async () => {
    const conversation = newConversation();
    const { ledger } = world().stores;
    await ledger.begin(replyIntent(conversation, 10, 'turn-1'));
    await ledger.restart(conversation, 'turn-0', 7_000);
    assert.equal((await ledger.current(conversation))?.atMs, 5_000);
    await ledger.restart(conversation, 'turn-1', 8_000);
    await ledger.finish(conversation, 'turn-1', 'done');
    await ledger.restart(conversation, 'turn-1', 9_000);
    const { atMs, state } = (await ledger.current(conversation)) ?? {};
    assert.deepEqual([atMs, state], [8_000, 'done']);
  });
}

function describeWatermark(world: () => StoreWorld, newConversation: () => ConversationRef): void {
  it('finishing moves the watermark to the intent’s last message and happens once', async () => {
    const conversation = newConversation();
    const { ledger } = world().stores;
    await ledger.begin(replyIntent(conversation, 10, 'turn-1'));
    await ledger.finish(conversation, 'turn-0', 'done');
    assert.equal(await ledger.answeredUpTo(conversation), 0);
    await ledger.finish(conversation, 'turn-1', 'undecided');
    await ledger.finish(conversation, 'turn-1', 'done');
    assert.equal((await ledger.current(conversation))?.state, 'undecided');
    assert.equal(await world().other.ledger.answeredUpTo(conversation), 10);
  });

  it('the watermark never goes back, whoever moves it and in whatever order', async () => {
    const conversation = newConversation();
    const { ledger } = world().stores;
    await ledger.begin(replyIntent(conversation, 10, 'turn-1'));
    await Promise.all([7, 30, 12, 29, 8].map((id) => world().other.ledger.markAnswered(conversation, id)));
    await ledger.finish(conversation, 'turn-1', 'done');
    await ledger.markAnswered(conversation, 3);
    assert.equal(await ledger.answeredUpTo(conversation), 30);
  });

  it('conversations do not share watermarks or intents', async () => {
    const conversation = newConversation();
    await world().stores.ledger.begin(replyIntent(conversation, 10, 'turn-1'));
    await world().stores.ledger.markAnswered(conversation, 10);
    for (const other of [
      { ...conversation, conversationId: 8 },
      { ...conversation, accountId: newAccount() },
    ]) {
      assert.equal(await world().stores.ledger.current(other), null);
      assert.equal(await world().stores.ledger.answeredUpTo(other), 0);
    }
  });
}
