// The audit log in Redis, one list a tenant, bounded to the newest entries.
import type { AuditEntry, AuditLog } from '../../core/ports/audit-log.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { RedisConnection } from './connection.ts';
import { readAllStored } from './stored-json.ts';

const entriesKept = 10_000;
const entriesPerPage = 500;

interface StoredEntry {
  version: 1;
  entry: AuditEntry;
}

export class RedisAuditLog implements AuditLog {
  readonly #redis: RedisConnection;
  readonly #logger: Logger;

  constructor(redis: RedisConnection, logger: Logger) {
    this.#redis = redis;
    this.#logger = logger;
  }

  async add(entry: AuditEntry): Promise<void> {
    const key = auditKey(entry.account_id);
    const stored: StoredEntry = { version: 1, entry };
    await this.#redis.transaction((commands) => {
      commands.lpush(key, JSON.stringify(stored)).ltrim(key, 0, entriesKept - 1);
    });
  }

  async list(accountId: string, sinceMs: number | null, limit: number): Promise<AuditEntry[]> {
    const found: AuditEntry[] = [];
    for (let start = 0; start < entriesKept && found.length < limit; start += entriesPerPage) {
      const page = await this.#page(accountId, start);
      found.push(...page.filter(({ at }) => sinceMs === null || Date.parse(at) >= sinceMs));
      if (page.length < entriesPerPage) break;
    }
    return found.slice(0, limit);
  }

  async #page(accountId: string, start: number): Promise<AuditEntry[]> {
    const key = auditKey(accountId);
    const texts = await this.#redis.run((client) => client.lrange(key, start, start + entriesPerPage - 1));
    return readAllStored<StoredEntry>(texts, key, this.#logger).map(({ entry }) => entry);
  }
}

function auditKey(accountId: string): string {
  return `ui:audit:${accountId}`;
}
