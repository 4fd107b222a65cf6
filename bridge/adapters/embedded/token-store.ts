// Token hashes and pairing codes on the journal. A pairing code is taken out and forgotten in one step, so that of two
// callers only one gets it.
import type { Clock } from '../../core/ports/clock.ts';
import type { PairingCode, StoredToken, TokenStore } from '../../core/ports/token-store.ts';
import type { Table } from './table.ts';
import type { Tables } from './tables.ts';

export class EmbeddedTokenStore implements TokenStore {
  readonly #tables: Tables;
  readonly #clock: Clock;
  readonly #tokens: Table<StoredToken>;
  readonly #pairings: Table<PairingCode>;
  readonly #idsByHash = new Map<string, string>();

  constructor(tables: Tables, clock: Clock) {
    this.#tables = tables;
    this.#clock = clock;
    this.#pairings = tables.table<PairingCode>('pairing');
    this.#tokens = tables.table<StoredToken>('token', (id, before, after) => {
      if (before !== undefined) this.#idsByHash.delete(before.hash);
      if (after !== undefined) this.#idsByHash.set(after.hash, id);
    });
  }

  async add(token: StoredToken): Promise<void> {
    await this.#tables.commit([this.#tokens.put(token.id, token)]);
  }

  async findByHash(hash: string): Promise<StoredToken | null> {
    const id = this.#idsByHash.get(hash);
    return id === undefined ? null : (this.#tokens.get(id) ?? null);
  }

  async list(accountId: string): Promise<StoredToken[]> {
    return this.#of(accountId);
  }

  async revoke(accountId: string, id: string): Promise<boolean> {
    const existed = this.#tokens.get(id)?.accountId === accountId;
    await this.#tables.commit(existed ? [this.#tokens.drop(id)] : []);
    return existed;
  }

  async removeAll(accountId: string): Promise<number> {
    const tokens = this.#of(accountId);
    await this.#tables.commit(tokens.map(({ id }) => this.#tokens.drop(id)));
    return tokens.length;
  }

  async touch(id: string, atMs: number): Promise<void> {
    const token = this.#tokens.get(id);
    if (token === undefined || (token.lastUsedAtMs ?? 0) >= atMs) return;
    await this.#tables.commit([this.#tokens.put(id, { ...token, lastUsedAtMs: atMs })]);
  }

  async addPairing(code: PairingCode): Promise<void> {
    const nowMs = this.#clock.now();
    const expired = [...this.#pairings.values()].filter(({ expiresAtMs }) => expiresAtMs <= nowMs);
    await this.#tables.commit([
      ...expired.map(({ hash }) => this.#pairings.drop(hash)),
      this.#pairings.put(code.hash, code),
    ]);
  }

  async takePairing(hash: string): Promise<PairingCode | null> {
    const code = this.#pairings.get(hash);
    if (code === undefined) return null;
    await this.#tables.commit([this.#pairings.drop(hash)]);
    return code.expiresAtMs > this.#clock.now() ? code : null;
  }

  #of(accountId: string): StoredToken[] {
    return [...this.#tokens.values()].filter((token) => token.accountId === accountId);
  }
}
