// The audit log on the tenant's history journal, bounded to the newest entries.
import type { AuditEntry, AuditLog } from '../../core/ports/audit-log.ts';
import type { AccountTables } from './account-tables.ts';
import type { HistoryRows } from './history.ts';

const entriesKept = 10_000;

export class EmbeddedAuditLog implements AuditLog {
  readonly #accounts: AccountTables<HistoryRows>;

  constructor(accounts: AccountTables<HistoryRows>) {
    this.#accounts = accounts;
  }

  async add(entry: AuditEntry): Promise<void> {
    await this.#accounts.with(entry.account_id, async ({ tables, audit }) => {
      await tables.commit([audit.add(entry), ...audit.drop(oldestKeys(audit.entries(), audit.size + 1 - entriesKept))]);
    });
  }

  async list(accountId: string, sinceMs: number | null, limit: number): Promise<AuditEntry[]> {
    return this.#accounts.with(accountId, async ({ audit }) =>
      audit
        .newestFirst()
        .filter(({ at }) => sinceMs === null || Date.parse(at) >= sinceMs)
        .slice(0, limit),
    );
  }
}

function oldestKeys(entries: Iterable<[string, unknown]>, count: number): string[] {
  const keys: string[] = [];
  for (const [key] of entries) {
    if (keys.length >= count) break;
    keys.push(key);
  }
  return keys;
}
