// Sealed credentials of a tenant, and where sealed text is kept.
export type CredentialFields = Record<string, string | string[] | Record<string, string>>;

export interface Credential {
  ref: string;
  kind: 'chatwoot' | 'odoo' | 'model' | 'mcp';
  fields: CredentialFields;
  /** The origin it was saved for, null when it has none; a changed URL asks for the credential again. */
  origin: string | null;
  updatedAtMs: number;
}

export interface CredentialSummary {
  ref: string;
  kind: Credential['kind'];
  fields: string[];
  updatedAtMs: number;
}

/** Sealed credentials of a tenant, a store of record. Values leave only through `get`, which only adapters' makers call. */
export interface CredentialVault {
  get(accountId: string, ref: string): Promise<Credential | null>;
  set(accountId: string, credential: Credential): Promise<void>;
  list(accountId: string): Promise<CredentialSummary[]>;
  remove(accountId: string, ref: string): Promise<boolean>;
  removeAll(accountId: string): Promise<number>;
}

/** Where sealed text is kept; knows nothing of keys. A store of record. */
export interface SealedStore {
  get(accountId: string, ref: string): Promise<string | null>;
  put(accountId: string, ref: string, sealed: string): Promise<void>;
  list(accountId: string): Promise<{ ref: string; sealed: string }[]>;
  remove(accountId: string, ref: string): Promise<boolean>;
}
