// Access tokens, by their hash only, and pairing codes.
export const tokenScopes = ['odoo', 'mcp', 'read'] as const;

export type TokenScope = (typeof tokenScopes)[number];

export interface StoredToken {
  version: 1;
  id: string;
  accountId: string;
  name: string;
  /** SHA-256 of the token, hex: tokens are random and long, so a plain hash suffices. */
  hash: string;
  scopes: TokenScope[];
  /** The Odoo database it was paired with, null when it was made by hand. */
  databaseUuid: string | null;
  createdAtMs: number;
  lastUsedAtMs: number | null;
}

export interface PairingCode {
  version: 1;
  hash: string;
  /** The existing account it may pair, null for a new one. */
  accountId: string | null;
  expiresAtMs: number;
}

/** Token hashes and pairing codes, a store of record; used and expired codes are removed when seen. */
export interface TokenStore {
  add(token: StoredToken): Promise<void>;
  findByHash(hash: string): Promise<StoredToken | null>;
  list(accountId: string): Promise<StoredToken[]>;
  revoke(accountId: string, id: string): Promise<boolean>;
  removeAll(accountId: string): Promise<number>;
  touch(id: string, atMs: number): Promise<void>;
  addPairing(code: PairingCode): Promise<void>;
  /** Takes the code out in one atomic step: of two callers only one gets it. */
  takePairing(hash: string): Promise<PairingCode | null>;
}
