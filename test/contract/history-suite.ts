// The promises of the audit log and the usage ledger, for every adapter.
import assert from 'node:assert/strict';
import type { AuditEntry } from '../../bridge/core/ports/audit-log.ts';
import { newAccount, useWorld, type OpenWorld } from './store-world.ts';

function auditEntry(accountId: string, second: number): AuditEntry {
  const at = new Date(Date.UTC(2026, 10, 20, 12, 0, second)).toISOString();
  return {
    at,
    account_id: accountId,
    actor: 'admin',
    action: 'tenant.upsert',
    detail: { second, ok: true, note: null },
  };
}

export function describeAuditLog(name: string, open: OpenWorld): void {
  describe(`audit log on ${name}`, () => {
    const world = useWorld(open);

    it('entries come newest first, since an instant, at most as many as asked, of one tenant only', async () => {
      const account = newAccount();
      for (const second of [1, 2, 3, 4]) await world().stores.audit.add(auditEntry(account, second));
      await world().stores.audit.add(auditEntry(newAccount(), 5));
      const seconds = async (sinceMs: number | null, limit: number) =>
        (await world().other.audit.list(account, sinceMs, limit)).map(({ detail }) => detail['second']);
      assert.deepEqual(await seconds(null, 10), [4, 3, 2, 1]);
      assert.deepEqual(await seconds(null, 2), [4, 3]);
      assert.deepEqual(await seconds(Date.parse(auditEntry(account, 3).at), 10), [4, 3]);
      assert.deepEqual(await seconds(null, 0), []);
    });

    it('an entry comes back as it was added, also after a kill', async () => {
      const entry = auditEntry(newAccount(), 1);
      await world().stores.audit.add(entry);
      await world().reopen();
      assert.deepEqual(await world().stores.audit.list(entry.account_id, null, 5), [entry]);
    });

    it('only the newest ten thousand entries of a tenant are kept', async function () {
      this.timeout(120_000);
      const account = newAccount();
      for (let start = 0; start < 10_050; start += 500) {
        const seconds = Array.from({ length: Math.min(500, 10_050 - start) }, (_, index) => start + index);
        await Promise.all(seconds.map((second) => world().stores.audit.add(auditEntry(account, second))));
      }
      const kept = await world().stores.audit.list(account, null, 20_000);
      assert.equal(kept.length, 10_000);
      assert.equal(kept[0]?.detail['second'], 10_049);
      assert.equal(kept.at(-1)?.detail['second'], 50);
    });
  });
}

export function describeUsageLedger(name: string, open: OpenWorld): void {
  describe(`usage ledger on ${name}`, () => {
    const world = useWorld(open);

    it('amounts of a day add up, whoever adds them and at once', async () => {
      const account = newAccount();
      const asked = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? world().stores : world().other));
      await Promise.all(
        asked.map(({ usage }) => usage.add(account, '2026-11-20', { turns: 1, 'rung:model': 2, cost: 0.25 })),
      );
      await world().reopen();
      assert.deepEqual(await world().stores.usage.range(account, '2026-11-20', '2026-11-20'), {
        '2026-11-20': { turns: 20, 'rung:model': 40, cost: 5 },
      });
    });

    it('a range holds its first and last day and no other, nor another tenant’s', async () => {
      const account = newAccount();
      for (const day of ['2026-10-31', '2026-11-01', '2026-11-15', '2026-11-30', '2026-12-01']) {
        await world().stores.usage.add(account, day, { turns: 1 });
      }
      await world().stores.usage.add(newAccount(), '2026-11-10', { turns: 1 });
      const days = Object.keys(await world().other.usage.range(account, '2026-11-01', '2026-11-30'));
      assert.deepEqual(days, ['2026-11-01', '2026-11-15', '2026-11-30']);
      assert.deepEqual(await world().stores.usage.range(newAccount(), '2026-01-01', '2026-12-31'), {});
    });
  });
}
