// Usage counters by day on the tenant's history journal. Days that are too old go when a new one begins.
import type { UsageLedger } from '../../core/ports/usage-ledger.ts';
import type { AccountTables } from './account-tables.ts';
import type { HistoryRows } from './history.ts';

const daysKept = 400;
const dayMs = 24 * 3_600_000;

export class EmbeddedUsageLedger implements UsageLedger {
  readonly #accounts: AccountTables<HistoryRows>;

  constructor(accounts: AccountTables<HistoryRows>) {
    this.#accounts = accounts;
  }

  async add(accountId: string, day: string, amounts: Record<string, number>): Promise<void> {
    await this.#accounts.with(accountId, async ({ tables, usage }) => {
      const counters = { ...usage.get(day) };
      for (const [name, by] of Object.entries(amounts)) counters[name] = (counters[name] ?? 0) + by;
      const oldestDay = new Date(Date.parse(day) - daysKept * dayMs).toISOString().slice(0, 10);
      const tooOld = usage.has(day) ? [] : [...usage.entries()].filter(([given]) => given < oldestDay);
      await tables.commit([usage.put(day, counters), ...tooOld.map(([given]) => usage.drop(given))]);
    });
  }

  async range(accountId: string, fromDay: string, toDay: string): Promise<Record<string, Record<string, number>>> {
    return this.#accounts.with(accountId, async ({ usage }) => {
      const days = [...usage.entries()].filter(([day]) => day >= fromDay && day <= toDay);
      return Object.fromEntries(
        days.sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, counters]) => [day, { ...counters }]),
      );
    });
  }
}
