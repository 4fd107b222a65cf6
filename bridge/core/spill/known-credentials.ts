// Sealed credentials as this instance last saw them, for the time the store is away: without them no delivery could be
// verified and no answer sent. Only reading one falls back; what lists or removes asks the store or fails.
import { codeOf } from '../errors.ts';
import type { SealedStore } from '../ports/credentials.ts';

export class KnownCredentials implements SealedStore {
  readonly #store: SealedStore;
  readonly #known = new Map<string, string | null>();

  constructor(store: SealedStore) {
    this.#store = store;
  }

  async get(accountId: string, ref: string): Promise<string | null> {
    try {
      const sealed = await this.#store.get(accountId, ref);
      this.#known.set(keyOf(accountId, ref), sealed);
      return sealed;
    } catch (error) {
      const known = this.#known.get(keyOf(accountId, ref));
      if (codeOf(error) !== 'upstream_unavailable' || known === undefined) throw error;
      return known;
    }
  }

  async put(accountId: string, ref: string, sealed: string): Promise<void> {
    await this.#store.put(accountId, ref, sealed);
    this.#known.set(keyOf(accountId, ref), sealed);
  }

  async list(accountId: string): Promise<{ ref: string; sealed: string }[]> {
    const entries = await this.#store.list(accountId);
    for (const { ref, sealed } of entries) this.#known.set(keyOf(accountId, ref), sealed);
    return entries;
  }

  async remove(accountId: string, ref: string): Promise<boolean> {
    const removed = await this.#store.remove(accountId, ref);
    this.#known.set(keyOf(accountId, ref), null);
    return removed;
  }
}

/** Account ids hold no slash. */
function keyOf(accountId: string, ref: string): string {
  return `${accountId}/${ref}`;
}
