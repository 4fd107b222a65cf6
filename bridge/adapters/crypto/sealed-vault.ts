// Credentials, sealed before they reach any store. The store never sees a key, and the vault never logs: what goes wrong
// is thrown with the tenant and the name of the entry, never with a value.
import { BridgeError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Credential, CredentialSummary, CredentialVault, SealedStore } from '../../core/ports/credentials.ts';
import { headerOf, openSealed, seal, type MasterKeys } from './envelope.ts';

export interface ResealReport {
  resealed: number;
  /** Sealed with the present key already. */
  current: number;
  /** Names of entries that neither key opens; they stay as they are. */
  unreadable: string[];
}

export class SealedVault implements CredentialVault {
  readonly #store: SealedStore;
  readonly #keys: MasterKeys;
  readonly #clock: Clock;

  constructor(parts: { store: SealedStore; keys: MasterKeys; clock: Clock }) {
    this.#store = parts.store;
    this.#keys = parts.keys;
    this.#clock = parts.clock;
  }

  /** Rejects with `internal` when the entry is there but no configured key opens it. */
  async get(accountId: string, ref: string): Promise<Credential | null> {
    const sealed = await this.#store.get(accountId, ref);
    return sealed === null ? null : openSealed(this.#keys, { accountId, ref }, sealed);
  }

  /** Replaces the entry; its time of change is now. */
  async set(accountId: string, credential: Credential): Promise<void> {
    const { ref } = credential;
    const sealed = seal(this.#keys, { accountId, ref }, { ...credential, updatedAtMs: this.#clock.now() });
    await this.#store.put(accountId, ref, sealed);
  }

  /** Works without any key, so that lost entries can be seen and replaced. */
  async list(accountId: string): Promise<CredentialSummary[]> {
    const entries = await this.#store.list(accountId);
    return entries.map(({ ref, sealed }) => {
      const { kind, fields, updated_at_ms: updatedAtMs } = headerOf({ accountId, ref }, sealed);
      return { ref, kind, fields, updatedAtMs };
    });
  }

  async remove(accountId: string, ref: string): Promise<boolean> {
    return this.#store.remove(accountId, ref);
  }

  async removeAll(accountId: string): Promise<number> {
    const entries = await this.#store.list(accountId);
    const removed = await Promise.all(entries.map(({ ref }) => this.#store.remove(accountId, ref)));
    return removed.filter(Boolean).length;
  }

  /** Seals everything of this tenant with the present key. Doing it again changes nothing. */
  async reseal(accountId: string): Promise<ResealReport> {
    const report: ResealReport = { resealed: 0, current: 0, unreadable: [] };
    for (const { ref, sealed } of await this.#store.list(accountId)) {
      const place = { accountId, ref };
      if (headerOf(place, sealed).key === this.#keys.current.id) report.current += 1;
      else if (await this.#resealOne(place, sealed)) report.resealed += 1;
      else report.unreadable.push(ref);
    }
    return report;
  }

  async #resealOne(place: { accountId: string; ref: string }, sealed: string): Promise<boolean> {
    let credential: Credential;
    try {
      credential = openSealed(this.#keys, place, sealed);
    } catch (error) {
      if (error instanceof BridgeError) return false;
      throw error;
    }
    await this.#store.put(place.accountId, place.ref, seal(this.#keys, place, credential));
    return true;
  }
}
