// Sealed credentials on the journal. The text is opaque here; whoever seals it knows the keys.
import type { SealedStore } from '../../core/ports/credentials.ts';
import type { Table } from './table.ts';
import type { Tables } from './tables.ts';

export class EmbeddedSealedStore implements SealedStore {
  readonly #tables: Tables;
  readonly #sealed: Table<string>;

  constructor(tables: Tables) {
    this.#tables = tables;
    this.#sealed = tables.table<string>('sealed');
  }

  async get(accountId: string, ref: string): Promise<string | null> {
    return this.#sealed.get(rowKey(accountId, ref)) ?? null;
  }

  async put(accountId: string, ref: string, sealed: string): Promise<void> {
    await this.#tables.commit([this.#sealed.put(rowKey(accountId, ref), sealed)]);
  }

  async list(accountId: string): Promise<{ ref: string; sealed: string }[]> {
    const prefix = rowKey(accountId, '');
    return [...this.#sealed.entries()]
      .filter(([row]) => row.startsWith(prefix))
      .map(([row, sealed]) => ({ ref: row.slice(prefix.length), sealed }));
  }

  async remove(accountId: string, ref: string): Promise<boolean> {
    const row = rowKey(accountId, ref);
    const existed = this.#sealed.has(row);
    await this.#tables.commit(existed ? [this.#sealed.drop(row)] : []);
    return existed;
  }
}

/** Account ids hold no slash. */
function rowKey(accountId: string, ref: string): string {
  return `${accountId}/${ref}`;
}
