// The promises of reminders, for every adapter.
import assert from 'node:assert/strict';
import type { Reminder } from '../../bridge/core/ports/reminders.ts';
import { newAccount, useWorld, type OpenWorld } from './store-world.ts';

const far = 4_000_000_000_000;

export function describeReminders(name: string, open: OpenWorld): void {
  describe(`reminders on ${name}`, () => {
    const world = useWorld(open);
    const at = (accountId: string, conversationId: number, atMs: number): Reminder => ({
      conversation: { accountId, conversationId },
      kind: 'handoff_unanswered',
      atMs,
    });
    const dueOf = async (accountId: string, nowMs: number): Promise<Reminder[]> =>
      (await world().other.reminders.due(nowMs, 10_000)).filter(
        ({ conversation }) => conversation.accountId === accountId,
      );

    it('are due from their instant on, oldest first, for every instance, and stay until they are cleared', async () => {
      const account = newAccount();
      const [later, sooner] = [at(account, 1, 2_000), at(account, 2, 1_000)];
      await world().stores.reminders.set(later);
      await world().stores.reminders.set(sooner);
      assert.deepEqual(await dueOf(account, 999), []);
      assert.deepEqual(await dueOf(account, 1_000), [sooner]);
      assert.deepEqual(await dueOf(account, 2_000), [sooner, later]);
      assert.deepEqual(await dueOf(account, 2_000), [sooner, later]);
      await world().other.reminders.clear(sooner.conversation, sooner.kind);
      assert.deepEqual(await dueOf(account, far), [later]);
    });

    it('have one instant per conversation and kind: setting one again moves it, also to later', async () => {
      const account = newAccount();
      await world().stores.reminders.set(at(account, 1, 1_000));
      await world().other.reminders.set(at(account, 1, 5_000));
      assert.deepEqual(await dueOf(account, 4_999), []);
      const quiet: Reminder = { ...at(account, 1, 3_000), kind: 'inactive' };
      await world().stores.reminders.set(quiet);
      const both = await world().other.reminders.of({ accountId: account, conversationId: 1 });
      assert.deepEqual(both.map(({ kind, atMs }) => [kind, atMs]).toSorted(), [
        ['handoff_unanswered', 5_000],
        ['inactive', 3_000],
      ]);
      await world().stores.reminders.clear(quiet.conversation, 'handoff_unanswered');
      assert.deepEqual(await world().other.reminders.of(quiet.conversation), [quiet]);
    });

    it('are cleared twice without harm, and those of another conversation stay', async () => {
      const account = newAccount();
      await world().stores.reminders.set(at(account, 1, 1_000));
      await world().stores.reminders.clear({ accountId: account, conversationId: 11 }, 'handoff_unanswered');
      await world().stores.reminders.clear({ accountId: account, conversationId: 11 }, 'handoff_unanswered');
      assert.deepEqual(await dueOf(account, far), [at(account, 1, 1_000)]);
      assert.deepEqual(await world().stores.reminders.of({ accountId: account, conversationId: 11 }), []);
    });

    it('come at most as many as asked for', async () => {
      const account = newAccount();
      for (let id = 1; id <= 3; id++) await world().stores.reminders.set(at(account, id, id));
      assert.equal((await world().stores.reminders.due(far, 2)).length, 2);
      assert.deepEqual(await world().stores.reminders.due(far, 0), []);
    });

    it('survive a kill', async () => {
      const account = newAccount();
      await world().stores.reminders.set(at(account, 1, 1_000));
      await world().stores.reminders.set(at(account, 2, 1_000));
      await world().stores.reminders.clear({ accountId: account, conversationId: 2 }, 'handoff_unanswered');
      await world().reopen();
      assert.deepEqual(await dueOf(account, far), [at(account, 1, 1_000)]);
    });
  });
}
