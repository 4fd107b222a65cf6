// The documents of a tenant, the store of record behind every index.
import type { DocumentRef, StoredDocument } from '../knowledge/document.ts';

export interface DocumentChanges {
  /** The revision these changes lead to. */
  revision: number;
  upserted: StoredDocument[];
  removed: DocumentRef[];
}

/** Documents of a tenant, a store of record; trimmed only by `remove`. What `upsert` acknowledged survives a kill. */
export interface DocumentStore {
  upsert(accountId: string, documents: StoredDocument[]): Promise<void>;
  /** Returns how many existed. */
  remove(accountId: string, refs: DocumentRef[]): Promise<number>;
  get(accountId: string, refs: DocumentRef[]): Promise<StoredDocument[]>;
  all(accountId: string): Promise<StoredDocument[]>;
  removeAll(accountId: string): Promise<number>;
  /** Grows with every change; 0 for a tenant without documents. Compared on every turn. */
  revision(accountId: string): Promise<number>;
  /** What changed after `revision`, or null when that is too long ago (the caller reads everything again). */
  changesSince(accountId: string, revision: number): Promise<DocumentChanges | null>;
}
