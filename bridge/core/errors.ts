// The one error family of the bridge. The code is the contract: every surface (HTTP, JSON-RPC, queue) maps it once, in
// entry/error-map.ts, and nobody reads messages. Unless its comment says otherwise, a call of a port that cannot be served
// rejects with `upstream_unavailable` and has changed nothing the caller can see. Messages are written for the person who can mend the cause.

export const errorCodes = [
  'bad_signature',
  'method_not_found',
  'rate_limited',
  'too_large',
  'conflict',
  'unauthorized',
  'forbidden',
  'unknown_tenant',
  'bad_request',
  'upstream_unavailable',
  'upstream_rejected',
  'model_misbehaved',
  'run_limit',
  'busy',
  'internal',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** One wrong field: `path` in dotted form from the root of what was sent, and what to do about it. */
export interface FieldProblem {
  path: string;
  message: string;
}

export interface BridgeErrorOptions {
  cause?: unknown;
  /** When the other side said when to come back, in milliseconds from now. */
  retryAfterMs?: number;
  problems?: FieldProblem[];
}

export class BridgeError extends Error {
  readonly code: ErrorCode;
  readonly retryAfterMs: number | undefined;
  readonly problems: FieldProblem[];

  constructor(code: ErrorCode, message: string, options: BridgeErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'BridgeError';
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
    this.problems = options.problems ?? [];
  }
}

/** The code of whatever was thrown; what is not ours is our bug. */
export function codeOf(error: unknown): ErrorCode {
  return error instanceof BridgeError ? error.code : 'internal';
}
