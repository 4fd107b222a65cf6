// Tables of one tenant each, in a folder of their own, opened when first needed and closed when many others were used
// since: an installation with a thousand tenants starts at once and holds only the busy ones in memory.
import { join } from 'node:path';
import { BridgeError } from '../../core/errors.ts';
import type { Logger } from '../../core/ports/logger.ts';
import { domainNames } from '../../core/tenant.ts';
import { Tables } from './tables.ts';

export interface AccountTablesOptions<T> {
  /** Folder that holds one folder a tenant. */
  directory: string;
  /** Name of the journal inside the tenant's folder. */
  name: string;
  logger: Logger;
  assertOwned: () => void;
  /** Declares the tables and makes what the store works with. */
  make: (tables: Tables) => T;
  compactAfterBytes?: number;
  mostOpen?: number;
}

interface OpenAccount<T> {
  tables: Tables;
  ready: Promise<T>;
  users: number;
}

export class AccountTables<T> {
  readonly #options: AccountTablesOptions<T>;
  /** Least recently used first. */
  readonly #open = new Map<string, OpenAccount<T>>();
  readonly #closing = new Map<string, Promise<void>>();

  constructor(options: AccountTablesOptions<T>) {
    this.#options = options;
  }

  /** Runs `use` on the tenant's tables, which stay open meanwhile. */
  async with<R>(accountId: string, use: (rows: T) => Promise<R>): Promise<R> {
    if (!domainNames.test(accountId)) throw new BridgeError('bad_request', 'this is not an account id');
    await this.#closing.get(accountId);
    const account = this.#enter(accountId);
    try {
      return await use(await account.ready);
    } finally {
      account.users -= 1;
      this.#closeIdleOnes();
    }
  }

  async close(): Promise<void> {
    const accounts = [...this.#open.values()];
    this.#open.clear();
    await Promise.all([...accounts.map(({ tables }) => tables.close()), ...this.#closing.values()]);
  }

  #enter(accountId: string): OpenAccount<T> {
    const account = this.#open.get(accountId) ?? this.#openAccount(accountId);
    account.users += 1;
    this.#open.delete(accountId);
    this.#open.set(accountId, account);
    return account;
  }

  #openAccount(accountId: string): OpenAccount<T> {
    const { directory, make, ...shared } = this.#options;
    const tables = new Tables({ ...shared, directory: join(directory, accountId) });
    const rows = make(tables);
    const ready = tables.open().then(
      () => rows,
      (cause: unknown) => {
        this.#open.delete(accountId);
        throw new BridgeError('upstream_unavailable', `the data of ${accountId} cannot be read`, { cause });
      },
    );
    return { tables, ready, users: 0 };
  }

  #closeIdleOnes(): void {
    const most = this.#options.mostOpen ?? 200;
    for (const [accountId, account] of this.#open) {
      if (this.#open.size <= most) return;
      if (account.users > 0) continue;
      this.#open.delete(accountId);
      const closing = account.tables.close().finally(() => this.#closing.delete(accountId));
      this.#closing.set(accountId, closing);
    }
  }
}
