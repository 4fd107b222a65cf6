// The revision of a tenant's documents as this instance last saw it: while the store is away, the index it built then goes
// on answering. Everything else of the documents asks the store or fails.
import { codeOf } from '../errors.ts';
import type { DocumentStore } from '../ports/document-store.ts';

export function withKnownRevisions(store: DocumentStore): DocumentStore {
  const known = new Map<string, number>();
  const revision = async (accountId: string): Promise<number> => {
    try {
      const present = await store.revision(accountId);
      known.set(accountId, present);
      return present;
    } catch (error) {
      const last = known.get(accountId);
      if (codeOf(error) !== 'upstream_unavailable' || last === undefined) throw error;
      return last;
    }
  };
  return {
    upsert: (accountId, documents) => store.upsert(accountId, documents),
    remove: (accountId, refs) => store.remove(accountId, refs),
    get: (accountId, refs) => store.get(accountId, refs),
    all: (accountId) => store.all(accountId),
    removeAll: (accountId) => store.removeAll(accountId),
    revision,
    changesSince: (accountId, since) => store.changesSince(accountId, since),
  };
}
