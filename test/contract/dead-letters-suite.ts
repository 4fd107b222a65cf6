// The promises of the dead letters and of the reconcile marks, for every adapter.
import assert from 'node:assert/strict';
import type { DeadLetter } from '../../bridge/core/ports/dead-letters.ts';
import { customerMessage, ownershipEvent } from './store-samples.ts';
import { newAccount, useWorld, type OpenWorld } from './store-world.ts';

const noBounds = { most: 10_000, notBeforeMs: 0 };

function letter(accountId: string, conversationId: number, lastAtMs = 1_000): DeadLetter {
  return {
    version: 1,
    id: `${accountId}/${conversationId}/abc`,
    kind: 'turn_undeliverable',
    conversation: { accountId, conversationId },
    code: 'upstream_rejected',
    message: 'Chatwoot refused the call (404)',
    attempts: 8,
    firstAtMs: 500,
    lastAtMs,
    mail: [
      { key: 'ownership:3', entry: ownershipEvent(3) },
      { key: 'message:7', entry: customerMessage(7, 'Já chegou? 🙂') },
    ],
  };
}

export function describeDeadLetters(name: string, open: OpenWorld): void {
  describe(`dead letters on ${name}`, () => {
    const world = useWorld(open);
    const letters = () => world().stores.deadLetters;

    it('a letter comes back as it was buried, mail included, from any instance and after a kill', async () => {
      const buried = letter(newAccount(), 1);
      await letters().put(buried, noBounds);
      assert.deepEqual(await world().other.deadLetters.get(buried.id), buried);
      await world().reopen();
      assert.deepEqual(await letters().get(buried.id), buried);
      assert.equal(await letters().get(`${buried.id}x`), null);
    });

    it('the latest failure comes first, at most as many as asked, of one tenant only when it is named', async () => {
      const [account, other] = [newAccount(), newAccount()];
      await letters().put(letter(account, 1, 2_000), noBounds);
      await letters().put(letter(account, 2, 9_000_000), noBounds);
      await letters().put(letter(account, 3, 3_000), noBounds);
      await letters().put(letter(other, 4, 8_000_000), noBounds);
      const listed = async (accountId: string | null, limit: number) =>
        (await world().other.deadLetters.list(accountId, limit)).map(({ conversation }) => conversation.conversationId);
      assert.deepEqual(await listed(account, 10), [2, 3, 1]);
      assert.deepEqual(await listed(account, 1), [2]);
      assert.deepEqual((await listed(null, 2)).slice(0, 2), [2, 4]);
      assert.deepEqual(await listed(account, 0), []);
    });

    it('a tenant whose name begins like another sees none of its letters', async () => {
      const account = newAccount();
      await letters().put(letter(`${account}_2`, 1), noBounds);
      assert.deepEqual(await letters().list(account, 10), []);
    });

    it('the same letter buried again replaces the first', async () => {
      const account = newAccount();
      await letters().put(letter(account, 1, 1_000), noBounds);
      await letters().put({ ...letter(account, 1, 5_000), attempts: 16 }, noBounds);
      const listed = await letters().list(account, 10);
      assert.deepEqual(
        listed.map(({ attempts, lastAtMs }) => [attempts, lastAtMs]),
        [[16, 5_000]],
      );
    });

    it('removing tells how many there were, and only those go', async () => {
      const account = newAccount();
      await letters().put(letter(account, 1), noBounds);
      await letters().put(letter(account, 2), noBounds);
      const before = await letters().count();
      assert.equal(await letters().remove([letter(account, 1).id, `${account}/9/none`]), 1);
      assert.equal(await letters().remove([]), 0);
      assert.equal(await letters().count(), before - 1);
      assert.equal((await letters().list(account, 10)).length, 1);
    });

    it('what is over the number or too old is trimmed, the oldest first, never the letter just buried', async () => {
      const account = newAccount();
      await letters().remove((await letters().list(null, 10_000)).map(({ id }) => id));
      for (const at of [10, 20, 30, 40]) await letters().put(letter(account, at, at), noBounds);
      const kept = async () => (await letters().list(account, 10)).map(({ lastAtMs }) => lastAtMs);
      assert.equal(await letters().put(letter(account, 50, 50), { most: 4, notBeforeMs: 0 }), 1);
      assert.deepEqual(await kept(), [50, 40, 30, 20]);
      assert.equal(await letters().put(letter(account, 60, 60), { most: 100, notBeforeMs: 40 }), 2);
      assert.deepEqual(await kept(), [60, 50, 40]);
    });
  });

  describe(`reconcile marks on ${name}`, () => {
    const world = useWorld(open);

    it('the latest mark of a tenant is there for every instance, also after a kill; another tenant has none', async () => {
      const account = newAccount();
      const marks = () => world().stores.marks;
      assert.equal(await marks().get(account), null);
      await marks().set(account, { version: 1, comparedUpToMs: 5, inboxesSinceMs: { '5': 1 } });
      const latest = { version: 1 as const, comparedUpToMs: 9, inboxesSinceMs: { '5': 1, '6': 9 } };
      await world().other.marks.set(account, latest);
      await world().reopen();
      assert.deepEqual(await marks().get(account), latest);
      assert.equal(await marks().get(newAccount()), null);
    });
  });
}
