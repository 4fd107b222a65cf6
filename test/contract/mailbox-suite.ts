// The promises of the mailbox, for every adapter.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ConversationRef } from '../../bridge/core/message.ts';
import { MailboxModel, type MailboxStep } from './mailbox-model.ts';
import { customerMail, customerMessage, ownershipMail } from './store-samples.ts';
import { newAccount, useWorld, type OpenWorld, type StoreWorld } from './store-world.ts';

const allMarks = 1_000_000;

export function describeMailbox(name: string, open: OpenWorld): void {
  describe(`mailbox on ${name}`, () => {
    const world = useWorld(open);
    const newConversation = (): ConversationRef => ({ accountId: newAccount(), conversationId: 7 });
    describeStoring(world, newConversation);
    describeQuietTime(world, newConversation);
    describeAmending(world, newConversation);
    describeRemoving(world, newConversation);
    describeWakeMarks(world, newConversation);

    it('what was acknowledged is there after a kill, with its order, keys, quiet time and wake mark', async () => {
      const conversation = newConversation();
      await world().stores.mailbox.store(customerMail(conversation, 12, { nowMs: 10_000 }));
      await world().stores.mailbox.store(ownershipMail(conversation, 'status:1', 10_500));
      await world().stores.mailbox.store(customerMail(conversation, 11, { nowMs: 11_000 }));
      const before = await world().stores.mailbox.read(conversation);
      await world().reopen();
      assert.deepEqual(await world().stores.mailbox.read(conversation), before);
      assert.equal(before.notBeforeMs, 13_500);
      const again = await world().stores.mailbox.store(customerMail(conversation, 11, { nowMs: 12_000 }));
      assert.deepEqual(again, { outcome: 'duplicate', wakeAtMs: 10_500 });
      assert.ok(
        (await world().stores.mailbox.due(10_500, allMarks)).some((due) => due.accountId === conversation.accountId),
      );
    });

    it('any order of storing, amending, removing and postponing leaves what the rules say', async function () {
      this.timeout(60_000);
      await fc.assert(
        fc.asyncProperty(fc.array(anyStep, { maxLength: 25 }), async (steps) => {
          const conversation = newConversation();
          const model = new MailboxModel();
          for (const step of steps) await followStep(world(), conversation, model, step);
        }),
        { numRuns: 60 },
      );
    });
  });
}

function describeStoring(world: () => StoreWorld, newConversation: () => ConversationRef): void {
  it('an entry comes back as it was stored', async () => {
    const conversation = newConversation();
    await world().stores.mailbox.store(customerMail(conversation, 3));
    const { mail } = await world().other.mailbox.read(conversation);
    assert.deepEqual(mail, [{ key: 'message:3', entry: customerMessage(3) }]);
  });

  it('a key seen before is a duplicate and changes nothing, also after its entry was removed', async () => {
    const conversation = newConversation();
    const { mailbox } = world().stores;
    await mailbox.store(customerMail(conversation, 3, { nowMs: 1_000 }));
    const before = await mailbox.read(conversation);
    const second = await world().other.mailbox.store(customerMail(conversation, 4, { key: 'message:3', nowMs: 2_000 }));
    assert.equal(second.outcome, 'duplicate');
    assert.deepEqual(await mailbox.read(conversation), before);
    await mailbox.remove(conversation, ['message:3']);
    assert.deepEqual(await mailbox.store(customerMail(conversation, 3)), { outcome: 'duplicate', wakeAtMs: 0 });
    assert.deepEqual(await mailbox.read(conversation), { mail: [], notBeforeMs: 0 });
  });

  it('of many deliveries of one key at once exactly one is stored', async () => {
    const conversation = newConversation();
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const { mailbox } = index % 2 === 0 ? world().stores : world().other;
        return (await mailbox.store(customerMail(conversation, 3))).outcome;
      }),
    );
    assert.equal(outcomes.filter((outcome) => outcome === 'stored').length, 1);
    assert.equal((await world().stores.mailbox.read(conversation)).mail.length, 1);
  });

  it('many different deliveries at once all arrive', async () => {
    const conversation = newConversation();
    const ids = Array.from({ length: 50 }, (_, index) => 50 - index);
    await Promise.all(ids.map((id) => world().stores.mailbox.store(customerMail(conversation, id))));
    const { mail } = await world().stores.mailbox.read(conversation);
    assert.deepEqual(
      mail.map(({ entry }) => entry.messageId),
      ids.toReversed(),
    );
  });

  it('the same key in another conversation or tenant is another entry', async () => {
    const conversation = newConversation();
    const others = [
      { ...conversation, conversationId: 8 },
      { ...conversation, accountId: newAccount() },
    ];
    for (const each of [conversation, ...others]) {
      assert.equal((await world().stores.mailbox.store(customerMail(each, 3))).outcome, 'stored');
    }
    await world().stores.mailbox.remove(conversation, ['message:3']);
    for (const each of others) assert.equal((await world().stores.mailbox.read(each)).mail.length, 1);
  });

  it('mail is read by message id, entries without a message first and in the order they came', async () => {
    const conversation = newConversation();
    const { mailbox } = world().stores;
    await mailbox.store(customerMail(conversation, 30));
    await mailbox.store(ownershipMail(conversation, 'status:b'));
    await mailbox.store(ownershipMail(conversation, 'person:20', 1_000, 20));
    await mailbox.store(ownershipMail(conversation, 'status:a'));
    await mailbox.store(customerMail(conversation, 10));
    const { mail } = await mailbox.read(conversation);
    assert.deepEqual(
      mail.map(({ key }) => key),
      ['status:b', 'status:a', 'message:10', 'person:20', 'message:30'],
    );
  });

  it('text of any kind, and keys of any kind, survive', async () => {
    const conversation = newConversation();
    const text = 'ação 😀 "aspas"\nlinha \u2028 \\ \u0000';
    const key = 'a b:c/d 😀';
    await world().stores.mailbox.store({ ...customerMail(conversation, 1), key, entry: customerMessage(1, text) });
    assert.deepEqual((await world().stores.mailbox.read(conversation)).mail, [
      { key, entry: customerMessage(1, text) },
    ]);
    await world().stores.mailbox.remove(conversation, [key]);
    assert.deepEqual((await world().stores.mailbox.read(conversation)).mail, []);
  });
}

function describeQuietTime(world: () => StoreWorld, newConversation: () => ConversationRef): void {
  it('each message of a burst moves the quiet time, never past the cap from the first one', async () => {
    const conversation = newConversation();
    const timing = { quietMs: 2_500, maxMs: 6_000 };
    const wakes: number[] = [];
    for (const [id, nowMs] of [
      [1, 10_000],
      [2, 12_000],
      [3, 14_000],
      [4, 15_500],
    ] as const) {
      wakes.push((await world().stores.mailbox.store(customerMail(conversation, id, { nowMs, ...timing }))).wakeAtMs);
    }
    assert.deepEqual(wakes, [12_500, 14_500, 16_000, 16_000]);
    assert.equal((await world().stores.mailbox.read(conversation)).notBeforeMs, 16_000);
  });

  it('a message that needs no more quiet ends the quiet time', async () => {
    const conversation = newConversation();
    await world().stores.mailbox.store(customerMail(conversation, 1, { nowMs: 10_000, quietMs: 7_000 }));
    const choice = await world().stores.mailbox.store(customerMail(conversation, 2, { nowMs: 11_000, quietMs: 0 }));
    assert.equal(choice.wakeAtMs, 11_000);
    assert.equal((await world().stores.mailbox.read(conversation)).notBeforeMs, 11_000);
  });

  it('an ownership entry wakes at once and leaves the quiet time of the customer as it was', async () => {
    const conversation = newConversation();
    await world().stores.mailbox.store(customerMail(conversation, 1, { nowMs: 10_000 }));
    const takeover = await world().stores.mailbox.store(ownershipMail(conversation, 'person:2', 10_400, 2));
    assert.equal(takeover.wakeAtMs, 10_400);
    assert.equal((await world().stores.mailbox.read(conversation)).notBeforeMs, 12_500);
  });

  it('an ownership entry alone leaves nothing to wait for, and does not begin the burst of what follows', async () => {
    const conversation = newConversation();
    await world().stores.mailbox.store(ownershipMail(conversation, 'status:1', 10_000));
    assert.equal((await world().stores.mailbox.read(conversation)).notBeforeMs, 0);
    const later = await world().stores.mailbox.store(customerMail(conversation, 1, { nowMs: 60_000, maxMs: 5_000 }));
    assert.equal((await world().stores.mailbox.read(conversation)).notBeforeMs, 62_500);
    assert.equal(later.wakeAtMs, 10_000);
  });

  it('after the old messages were removed the cap counts from the oldest that stayed', async () => {
    const conversation = newConversation();
    const { mailbox } = world().stores;
    const maxMs = 4_000;
    await mailbox.store(customerMail(conversation, 1, { nowMs: 10_000, maxMs }));
    await mailbox.store(customerMail(conversation, 2, { nowMs: 13_000, maxMs }));
    await mailbox.remove(conversation, ['message:1']);
    assert.equal((await mailbox.store(customerMail(conversation, 3, { nowMs: 15_000, maxMs }))).wakeAtMs, 17_000);
  });

  it('postponing moves quiet time and wake mark, and does nothing to an empty mailbox', async () => {
    const conversation = newConversation();
    const { mailbox } = world().stores;
    await mailbox.postpone(conversation, 99_000);
    assert.deepEqual(await mailbox.read(conversation), { mail: [], notBeforeMs: 0 });
    await mailbox.store(customerMail(conversation, 1, { nowMs: 10_000 }));
    await mailbox.postpone(conversation, 50_000);
    assert.equal((await mailbox.read(conversation)).notBeforeMs, 50_000);
    assert.deepEqual(await mailbox.store(customerMail(conversation, 1)), { outcome: 'duplicate', wakeAtMs: 50_000 });
    await mailbox.postpone(conversation, 11_000);
    assert.equal((await mailbox.read(conversation)).notBeforeMs, 11_000);
  });
}

function describeAmending(world: () => StoreWorld, newConversation: () => ConversationRef): void {
  const heard = (conversation: ConversationRef, id: number, quietMs: number, fromMs: number | null) => ({
    conversation,
    key: `message:${id}`,
    entry: customerMessage(id, 'Tem batom vermelho?'),
    quiet: { quietMs, maxMs: 25_000 },
    fromMs,
  });

  it('what a message says now takes its place, and its quiet time counts from when it came', async () => {
    const conversation = newConversation();
    const { mailbox } = world().stores;
    await mailbox.store(customerMail(conversation, 1, { nowMs: 10_000 }));
    await mailbox.store(customerMail(conversation, 2, { nowMs: 11_000, quietMs: 6_000 }));
    assert.deepEqual(await mailbox.amend(heard(conversation, 2, 2_500, null)), { amended: true, wakeAtMs: 13_500 });
    const { mail, notBeforeMs } = await world().other.mailbox.read(conversation);
    assert.equal(notBeforeMs, 13_500);
    assert.deepEqual(
      mail.map(({ entry }) => entry),
      [customerMessage(1), customerMessage(2, 'Tem batom vermelho?')],
    );
  });

  it('an edit starts a new quiet time, inside the cap of its burst', async () => {
    const conversation = newConversation();
    const { mailbox } = world().stores;
    await mailbox.store(customerMail(conversation, 1, { nowMs: 10_000 }));
    assert.equal((await mailbox.amend(heard(conversation, 1, 2_500, 12_000))).wakeAtMs, 14_500);
    assert.equal((await mailbox.amend(heard(conversation, 1, 2_500, 34_000))).wakeAtMs, 35_000);
  });

  it('a message that others followed has no say in the quiet time, nor has an amendment that names none', async () => {
    const conversation = newConversation();
    const { mailbox } = world().stores;
    await mailbox.store(customerMail(conversation, 1, { nowMs: 10_000 }));
    await mailbox.store(customerMail(conversation, 2, { nowMs: 11_000, quietMs: 7_000 }));
    assert.deepEqual(await mailbox.amend(heard(conversation, 1, 0, null)), { amended: true, wakeAtMs: 18_000 });
    const silent = { ...heard(conversation, 2, 0, null), quiet: null };
    assert.deepEqual(await mailbox.amend(silent), { amended: true, wakeAtMs: 18_000 });
    assert.equal((await mailbox.read(conversation)).notBeforeMs, 18_000);
  });

  it('what is gone stays gone: an amendment never brings a message back', async () => {
    const conversation = newConversation();
    const { mailbox } = world().stores;
    await mailbox.store(customerMail(conversation, 1, { nowMs: 10_000 }));
    await mailbox.remove(conversation, ['message:1']);
    assert.equal((await mailbox.amend(heard(conversation, 1, 2_500, null))).amended, false);
    assert.deepEqual(await mailbox.read(conversation), { mail: [], notBeforeMs: 0 });
  });

  it('an amendment survives a kill', async () => {
    const conversation = newConversation();
    await world().stores.mailbox.store(customerMail(conversation, 1, { nowMs: 10_000 }));
    await world().stores.mailbox.amend(heard(conversation, 1, 500, null));
    const before = await world().stores.mailbox.read(conversation);
    await world().reopen();
    assert.deepEqual(await world().stores.mailbox.read(conversation), before);
  });
}

function describeRemoving(world: () => StoreWorld, newConversation: () => ConversationRef): void {
  it('removing some leaves the rest with its quiet time; removing the last leaves nothing', async () => {
    const conversation = newConversation();
    const { mailbox } = world().stores;
    await mailbox.store(customerMail(conversation, 1, { nowMs: 10_000 }));
    await mailbox.store(customerMail(conversation, 2, { nowMs: 12_000 }));
    await mailbox.remove(conversation, ['message:1', 'message:77']);
    const left = await world().other.mailbox.read(conversation);
    assert.deepEqual([left.mail.map(({ key }) => key), left.notBeforeMs], [['message:2'], 14_500]);
    await mailbox.remove(conversation, ['message:2']);
    assert.deepEqual(await mailbox.read(conversation), { mail: [], notBeforeMs: 0 });
    await mailbox.remove(conversation, ['message:2']);
  });

  it('when the ownership entry is done the wake mark moves to the quiet time of the customer', async () => {
    const conversation = newConversation();
    const { mailbox } = world().stores;
    await mailbox.store(customerMail(conversation, 1, { nowMs: 10_000 }));
    await mailbox.store(ownershipMail(conversation, 'status:1', 10_400));
    await mailbox.remove(conversation, ['status:1']);
    assert.equal((await mailbox.store(customerMail(conversation, 1))).wakeAtMs, 12_500);
  });

  it('when the customer’s message is done an ownership entry still wakes at once', async () => {
    const conversation = newConversation();
    const { mailbox } = world().stores;
    await mailbox.store(customerMail(conversation, 1, { nowMs: 10_000 }));
    await mailbox.store(ownershipMail(conversation, 'status:1', 10_400));
    await mailbox.remove(conversation, ['message:1']);
    assert.equal((await mailbox.read(conversation)).notBeforeMs, 0);
    assert.equal((await mailbox.store(ownershipMail(conversation, 'status:1'))).wakeAtMs, 10_400);
  });
}

function describeWakeMarks(world: () => StoreWorld, newConversation: () => ConversationRef): void {
  it('due conversations come oldest first, at most as many as asked, and only when their mark has come', async () => {
    const { mailbox } = world().stores;
    const accountId = newAccount();
    // Instants long before those of the other tests.
    for (const [conversationId, nowMs] of [
      [1, 30],
      [2, 10],
      [3, 20],
      [4, 40],
    ] as const) {
      await mailbox.store(ownershipMail({ accountId, conversationId }, 'status:1', nowMs));
    }
    const due = async (nowMs: number, limit: number): Promise<number[]> =>
      (await world().other.mailbox.due(nowMs, limit)).map(({ conversationId }) => conversationId);
    assert.deepEqual(await due(9, 10), []);
    assert.deepEqual(await due(30, 10), [2, 3, 1]);
    assert.deepEqual(await due(100, 2), [2, 3]);
    await mailbox.remove({ accountId, conversationId: 2 }, ['status:1']);
    assert.deepEqual(await due(100, 10), [3, 1, 4]);
  });

  it('moving the wake mark leaves the quiet time as it was, and makes no mark where there is no mail', async () => {
    const [conversation, empty] = [newConversation(), newConversation()];
    const { mailbox } = world().stores;
    await mailbox.store(customerMail(conversation, 1, { nowMs: 1_000 }));
    const before = await mailbox.read(conversation);
    const isDue = async ({ accountId }: ConversationRef, nowMs: number) =>
      (await mailbox.due(nowMs, allMarks)).some((due) => due.accountId === accountId);
    await mailbox.moveWake(conversation, 90_000);
    await mailbox.moveWake(empty, 2_000);
    assert.deepEqual(await mailbox.read(conversation), before);
    assert.equal(await isDue(conversation, 89_999), false);
    assert.equal(await isDue(conversation, 90_000), true);
    assert.equal(await isDue(empty, 90_000), false);
  });

  it('the size is the number of conversations that hold mail', async () => {
    const { mailbox } = world().stores;
    const [first, second] = [newConversation(), newConversation()];
    const before = await mailbox.size();
    await mailbox.store(customerMail(first, 1));
    await mailbox.store(customerMail(first, 2));
    await mailbox.store(customerMail(second, 1));
    assert.equal(await mailbox.size(), before + 2);
    await mailbox.remove(first, ['message:1', 'message:2']);
    assert.equal(await mailbox.size(), before + 1);
  });
}

const anyId = fc.integer({ min: 1, max: 6 });
const anyStep: fc.Arbitrary<MailboxStep> = fc.oneof(
  fc.record({
    do: fc.constant('store' as const),
    id: anyId,
    quiet: fc.option(fc.record({ quietMs: fc.nat(5_000), maxMs: fc.nat(8_000) })),
    afterMs: fc.nat(3_000),
  }),
  fc.record({
    do: fc.constant('amend' as const),
    id: anyId,
    quiet: fc.option(fc.record({ quietMs: fc.nat(5_000), maxMs: fc.nat(8_000) })),
    isFromNow: fc.boolean(),
  }),
  fc.record({ do: fc.constant('remove' as const), ids: fc.array(anyId, { maxLength: 4 }) }),
  fc.record({ do: fc.constant('postpone' as const), toMs: fc.nat(50_000) }),
);

async function followStep(
  { stores, other }: StoreWorld,
  conversation: ConversationRef,
  model: MailboxModel,
  step: MailboxStep,
): Promise<void> {
  switch (step.do) {
    case 'store': {
      const expected = model.store(step);
      const entry = step.quiet === null ? ownershipMail(conversation, '').entry : customerMessage(step.id);
      const mail = { conversation, key: `k${step.id}`, entry, quiet: step.quiet, nowMs: model.nowMs };
      assert.deepEqual(await stores.mailbox.store(mail), expected);
      break;
    }
    case 'amend': {
      const expected = model.amend(step);
      const key = `k${step.id}`;
      const entry = (await stores.mailbox.read(conversation)).mail.find((stored) => stored.key === key)?.entry;
      const change = { conversation, key, entry: entry ?? customerMessage(step.id), quiet: step.quiet };
      assert.deepEqual(
        await stores.mailbox.amend({ ...change, fromMs: step.isFromNow ? model.nowMs : null }),
        expected,
      );
      break;
    }
    case 'remove':
      model.remove(step.ids);
      await other.mailbox.remove(
        conversation,
        step.ids.map((id) => `k${id}`),
      );
      break;
    case 'postpone':
      model.postpone(step.toMs);
      await stores.mailbox.postpone(conversation, step.toMs);
  }
  const content = await stores.mailbox.read(conversation);
  assert.deepEqual(content.mail.map(({ key }) => key).sort(), model.keys());
  assert.equal(content.notBeforeMs, model.notBeforeMs);
}
