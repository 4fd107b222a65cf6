// Maps that survive: named tables kept in memory and in one journal. A store changes several tables in one commit, which
// is one journal record and therefore atomic. Stores keep their own indexes up to date through the change listener, which
// also hears what is loaded at the start and what is undone after a failed write.
import type { Logger } from '../../core/ports/logger.ts';
import { Journal } from './journal.ts';
import type { Change, JournalRecord } from './journal-record.ts';
import { Table, type ChangeListener } from './table.ts';

export interface TablesOptions {
  directory: string;
  name: string;
  logger: Logger;
  /** Throws when the data folder is not ours any more. */
  assertOwned?: () => void;
  compactAfterBytes?: number;
}

export class Tables {
  readonly #tables = new Map<string, Table<unknown>>();
  readonly #options: TablesOptions;
  #journal: Journal | null = null;

  constructor(options: TablesOptions) {
    this.#options = options;
  }

  /** Declares a table; only before `open`. Tables nobody declares (a newer build made them) are kept untouched. */
  table<V>(name: string, listener?: ChangeListener<V>): Table<V> {
    const table = new Table<V>(name, listener);
    this.#tables.set(name, table as Table<unknown>);
    return table;
  }

  async open(): Promise<void> {
    const { compactAfterBytes, assertOwned } = this.#options;
    this.#journal = await Journal.open({
      directory: this.#options.directory,
      name: this.#options.name,
      logger: this.#options.logger,
      replay: (record) => this.#replay(record),
      snapshot: () => this.#snapshot(),
      assertOwned: assertOwned ?? (() => undefined),
      ...(compactAfterBytes === undefined ? {} : { compactAfterBytes }),
    });
  }

  /** Visible at once, resolves when it is on disk; undone when that fails. */
  commit(changes: Change[]): Promise<void> {
    if (changes.length === 0) return this.settled();
    const journal = this.#opened();
    const replaces = changes.some(([name, key]) => this.#tables.get(name)?.has(key) ?? false);
    const undos = changes.map((change) => this.#apply(change));
    const undoAll = (): void => {
      for (const undo of undos.toReversed()) undo();
    };
    return journal.append(changes, undoAll, replaces);
  }

  /** For answers that rest on somebody else's commit: resolves when all of them are on disk. */
  settled(): Promise<void> {
    return this.#opened().settled();
  }

  compact(): Promise<void> {
    return this.#opened().compact();
  }

  async close(): Promise<void> {
    await this.#journal?.close();
  }

  #opened(): Journal {
    if (this.#journal === null) throw new Error('the tables are not open yet');
    return this.#journal;
  }

  #replay(record: JournalRecord): void {
    for (const change of record.changes) this.#apply(change);
  }

  #apply(change: Change): () => void {
    const [name, key] = change;
    const table = this.#tables.get(name) ?? this.table<unknown>(name);
    return table.apply(key, change.length === 3 ? change[2] : undefined);
  }

  *#snapshot(): Iterable<Change[]> {
    for (const [name, table] of this.#tables) {
      for (const [key, value] of table.entries()) yield [[name, key, value]];
    }
  }
}
