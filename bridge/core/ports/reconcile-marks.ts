// How far each tenant's conversations were compared with the other side.
export interface ReconcileMark {
  version: 1;
  /** Everything up to here was looked at by a run that came to its end. */
  comparedUpToMs: number;
  /** Since when each inbox is ours to answer: what came before it was listed here is nobody's backlog. */
  inboxesSinceMs: Record<string, number>;
}

/** A store of record, one small entry a tenant. */
export interface ReconcileMarks {
  get(accountId: string): Promise<ReconcileMark | null>;
  set(accountId: string, mark: ReconcileMark): Promise<void>;
}
