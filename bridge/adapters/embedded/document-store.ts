// Knowledge documents on one journal a tenant. Beside the documents it keeps the newest changes by revision, also over a
// restart, so that an index on disk catches up without reading everything.
import type { DocumentChanges, DocumentStore } from '../../core/ports/document-store.ts';
import { parseRefKey, refKey, type DocumentRef, type StoredDocument } from '../../core/knowledge/document.ts';
import type { AccountTables } from './account-tables.ts';
import type { Change } from './journal-record.ts';
import type { Table } from './table.ts';
import type { Tables } from './tables.ts';

const documentsPerRecord = 500;
const changesKept = 1000;
const revisionRow = 'revision';

export class DocumentRows {
  readonly tables: Tables;
  readonly documents: Table<StoredDocument>;
  /** Revision → references it touched. */
  readonly changes: Table<string[]>;
  readonly counters: Table<number>;

  constructor(tables: Tables) {
    this.tables = tables;
    this.documents = tables.table<StoredDocument>('document');
    this.changes = tables.table<string[]>('document_change');
    this.counters = tables.table<number>('document_counter');
  }

  get revision(): number {
    return this.counters.get(revisionRow) ?? 0;
  }

  /** One atomic change of documents with its own revision. */
  async change(touched: string[], changes: Change[]): Promise<void> {
    const revision = this.revision + 1;
    const tooOld = String(revision - changesKept);
    await this.tables.commit([
      ...changes,
      this.counters.put(revisionRow, revision),
      this.changes.put(String(revision), touched),
      ...(this.changes.has(tooOld) ? [this.changes.drop(tooOld)] : []),
    ]);
  }
}

export class EmbeddedDocumentStore implements DocumentStore {
  readonly #accounts: AccountTables<DocumentRows>;

  constructor(accounts: AccountTables<DocumentRows>) {
    this.#accounts = accounts;
  }

  async upsert(accountId: string, documents: StoredDocument[]): Promise<void> {
    await this.#accounts.with(accountId, async (rows) => {
      for (let start = 0; start < documents.length; start += documentsPerRecord) {
        const part = documents.slice(start, start + documentsPerRecord);
        const touched = part.map(({ document }) => refKey(document));
        await rows.change(
          [...new Set(touched)],
          part.map((stored) => rows.documents.put(refKey(stored.document), stored)),
        );
      }
    });
  }

  async remove(accountId: string, refs: DocumentRef[]): Promise<number> {
    return this.#accounts.with(accountId, (rows) => removeKeys(rows, new Set(refs.map(refKey))));
  }

  async get(accountId: string, refs: DocumentRef[]): Promise<StoredDocument[]> {
    return this.#accounts.with(accountId, async (rows) => documentsOf(rows, refs.map(refKey)));
  }

  async all(accountId: string): Promise<StoredDocument[]> {
    return this.#accounts.with(accountId, async (rows) => [...rows.documents.values()]);
  }

  async removeAll(accountId: string): Promise<number> {
    return this.#accounts.with(accountId, async (rows) =>
      removeKeys(rows, new Set([...rows.documents.entries()].map(([key]) => key))),
    );
  }

  async revision(accountId: string): Promise<number> {
    return this.#accounts.with(accountId, async (rows) => rows.revision);
  }

  async changesSince(accountId: string, revision: number): Promise<DocumentChanges | null> {
    return this.#accounts.with(accountId, async (rows) => {
      const touched = new Set<string>();
      if (revision > rows.revision) return null;
      for (let step = revision + 1; step <= rows.revision; step += 1) {
        const keys = rows.changes.get(String(step));
        if (keys === undefined) return null;
        for (const key of keys) touched.add(key);
      }
      const keys = [...touched];
      return {
        revision: rows.revision,
        upserted: documentsOf(rows, keys),
        removed: keys.filter((key) => !rows.documents.has(key)).map(parseRefKey),
      };
    });
  }
}

async function removeKeys(rows: DocumentRows, keys: Set<string>): Promise<number> {
  const existing = [...keys].filter((key) => rows.documents.has(key));
  if (existing.length > 0) {
    await rows.change(
      existing,
      existing.map((key) => rows.documents.drop(key)),
    );
  } else {
    await rows.tables.settled();
  }
  return existing.length;
}

function documentsOf(rows: DocumentRows, keys: string[]): StoredDocument[] {
  return keys.map((key) => rows.documents.get(key)).filter((document) => document !== undefined);
}
