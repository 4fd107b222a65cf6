// Tenants saved through the API.
export interface StoredTenant {
  version: 1;
  accountId: string;
  domain: string;
  /** Grows by one with every change. */
  revision: number;
  /** The tenant's own part of the configuration, before inheritance, as it was sent. */
  config: unknown;
}

/** Tenants saved through `tenant.upsert`, a store of record; trimmed only by `remove`. */
export interface TenantStore {
  list(): Promise<StoredTenant[]>;
  get(accountId: string): Promise<StoredTenant | null>;
  /** Rejects with `conflict` when `expectedRevision` is given and differs (0 = must not exist yet). */
  put(tenant: Omit<StoredTenant, 'revision' | 'version'>, expectedRevision: number | null): Promise<StoredTenant>;
  remove(accountId: string): Promise<boolean>;
  /** Calls back when another instance (or this one) changed a tenant. Best effort: revisions are compared per turn. */
  onChange(listener: (accountId: string) => void): void;
}
