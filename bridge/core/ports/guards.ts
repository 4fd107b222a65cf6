// What stands between us and the systems that may be slow or away: how often to ask again, when to stop asking, and how many
// may ask at once.
export type GuardedDependency = 'model' | 'embeddings' | 'odoo';

export interface GuardedCall {
  dependency: GuardedDependency;
  /**
   * What fails or works as one: the address and, as it counts by itself there, the credential. Never shown to callers.
   */
  endpoint: string;
  /** Where it is, for the log. */
  host: string;
  /** Whose calls are bounded together; '' when the caller is no tenant. */
  accountId: string;
}

/** Endpoints that keep failing and are not asked for a moment. */
export interface RestingEndpoints {
  dependency: GuardedDependency;
  count: number;
  sinceMs: number;
}

export interface Guards {
  /**
   * Runs a call that may be repeated. `upstream_unavailable` is tried again after a pause inside the caller's time, never
   * beside a try that still runs; an endpoint that keeps failing rejects at once with `upstream_unavailable`, and so does
   * a call for which there is no place.
   */
  run<T>(call: GuardedCall, work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T>;
  resting(): RestingEndpoints[];
}
