// What is kept to be looked at later, one journal a tenant: audit entries, usage counters and turn traces. They share a
// journal because they are written together at the end of a turn and read rarely.
import type { AuditEntry } from '../../core/ports/audit-log.ts';
import type { TurnTrace } from '../../core/ports/turn-traces.ts';
import type { Change } from './journal-record.ts';
import type { Table } from './table.ts';
import type { Tables } from './tables.ts';

export class HistoryRows {
  readonly tables: Tables;
  readonly audit: NumberedRows<AuditEntry>;
  readonly traces: NumberedRows<TurnTrace>;
  /** Day → counters. */
  readonly usage: Table<Record<string, number>>;

  constructor(tables: Tables) {
    this.tables = tables;
    this.audit = new NumberedRows(tables, 'audit');
    this.traces = new NumberedRows(tables, 'trace');
    this.usage = tables.table<Record<string, number>>('usage');
  }
}

/** Rows in the order of adding, the oldest of which can be dropped. */
export class NumberedRows<V> {
  readonly #rows: Table<V>;
  #last = 0;

  constructor(tables: Tables, name: string) {
    this.#rows = tables.table<V>(name, (key) => {
      this.#last = Math.max(this.#last, Number(key));
    });
  }

  add(value: V): Change {
    this.#last += 1;
    return this.#rows.put(String(this.#last), value);
  }

  drop(keys: string[]): Change[] {
    return keys.map((key) => this.#rows.drop(key));
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Oldest first. */
  entries(): Iterable<[string, V]> {
    return this.#rows.entries();
  }

  newestFirst(): V[] {
    return [...this.#rows.values()].reverse();
  }
}
