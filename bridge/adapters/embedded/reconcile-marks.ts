// How far tenants were compared, on the journal of the conversations.
import type { ReconcileMark, ReconcileMarks } from '../../core/ports/reconcile-marks.ts';
import type { Table } from './table.ts';
import type { Tables } from './tables.ts';

export class EmbeddedReconcileMarks implements ReconcileMarks {
  readonly #tables: Tables;
  readonly #marks: Table<ReconcileMark>;

  constructor(tables: Tables) {
    this.#tables = tables;
    this.#marks = tables.table<ReconcileMark>('reconcile_marks');
  }

  async get(accountId: string): Promise<ReconcileMark | null> {
    return this.#marks.get(accountId) ?? null;
  }

  async set(accountId: string, mark: ReconcileMark): Promise<void> {
    await this.#tables.commit([this.#marks.put(accountId, mark)]);
  }
}
