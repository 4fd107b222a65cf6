// Who decided and touched what.
export interface AuditEntry {
  at: string;
  account_id: string;
  actor: string;
  action: string;
  detail: Record<string, string | number | boolean | null>;
}

/** What was decided and who touched data; bounded to the newest 10 000 entries a tenant. */
export interface AuditLog {
  add(entry: AuditEntry): Promise<void>;
  /** Newest first. */
  list(accountId: string, sinceMs: number | null, limit: number): Promise<AuditEntry[]>;
}
