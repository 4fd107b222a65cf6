// The one table from an error's code to what each surface says and does: HTTP status, JSON-RPC number, fate of a queued
// turn. No other file knows these numbers. It stands at the edge because core must not care who is asking.
import { BridgeError, codeOf } from '../core/errors.ts';
import type { ErrorCode, FieldProblem } from '../core/errors.ts';
import type { RpcError, RpcStage } from '../core/rpc/protocol.ts';

type QueueFate = 'retry' | 'retry_once' | 'later' | 'hand_over' | 'fail';

interface Row {
  http: number;
  /** What the webhook route answers. Never 503: Chatwoot throws the bot out of the conversation for it. */
  webhook: 400 | 401 | 413 | 500;
  rpc: number;
  queue: QueueFate;
}

const table: Record<ErrorCode, Row> = {
  bad_signature: { http: 401, webhook: 401, rpc: -32001, queue: 'fail' },
  method_not_found: { http: 200, webhook: 500, rpc: -32601, queue: 'fail' },
  rate_limited: { http: 429, webhook: 500, rpc: -32015, queue: 'later' },
  too_large: { http: 413, webhook: 413, rpc: -32016, queue: 'fail' },
  conflict: { http: 409, webhook: 500, rpc: -32017, queue: 'fail' },
  unauthorized: { http: 401, webhook: 401, rpc: -32001, queue: 'fail' },
  forbidden: { http: 403, webhook: 401, rpc: -32003, queue: 'fail' },
  unknown_tenant: { http: 404, webhook: 401, rpc: -32002, queue: 'fail' },
  bad_request: { http: 400, webhook: 400, rpc: -32602, queue: 'fail' },
  upstream_unavailable: { http: 503, webhook: 500, rpc: -32010, queue: 'retry' },
  upstream_rejected: { http: 502, webhook: 500, rpc: -32011, queue: 'hand_over' },
  model_misbehaved: { http: 502, webhook: 500, rpc: -32012, queue: 'retry_once' },
  run_limit: { http: 504, webhook: 500, rpc: -32013, queue: 'hand_over' },
  busy: { http: 409, webhook: 500, rpc: -32014, queue: 'later' },
  internal: { http: 500, webhook: 500, rpc: -32603, queue: 'fail' },
};

/** JSON-RPC tells three kinds of `bad_request` apart by where they were found out. */
const badRequestNumbers: Record<RpcStage, number> = { parse: -32700, request: -32600, call: -32602 };

const internalMessage = 'The bridge made a mistake. It has been logged; nothing is wrong with the request.';

export interface HttpFault {
  status: number;
  body: { error: { code: string; message: string; problems?: FieldProblem[] } };
  retryAfterSeconds: number | null;
}

/** What a plain HTTP surface (everything but the webhook and results of `/rpc`) answers. */
export function toHttp(error: unknown): HttpFault {
  const code = codeOf(error);
  const { message, problems, retryAfterMs } = describe(error);
  return {
    status: table[code].http,
    body: { error: { code, message, ...(problems.length > 0 ? { problems } : {}) } },
    retryAfterSeconds: retryAfterMs === undefined ? null : Math.ceil(retryAfterMs / 1000),
  };
}

/** No such path, or not with this method: nobody's error code, only HTTP's. */
export function toMissingPath(kind: 'no_such_path' | 'wrong_method'): HttpFault {
  const message = kind === 'no_such_path' ? 'There is nothing at this path.' : 'This path does not take this method.';
  return {
    status: kind === 'no_such_path' ? 404 : 405,
    body: { error: { code: kind, message } },
    retryAfterSeconds: null,
  };
}

/** The webhook answers less than it knows: one and the same 401 whatever was wrong with the caller's right to call. */
export function toWebhook(error: unknown): { status: Row['webhook']; error: string } {
  const status = table[codeOf(error)].webhook;
  const words = { 400: 'not JSON', 401: 'unauthorized', 413: 'too large', 500: 'not stored' } as const;
  return { status, error: words[status] };
}

export function toRpcError(error: unknown, stage: RpcStage = 'call'): RpcError {
  const code = codeOf(error);
  const { message, problems, retryAfterMs } = describe(error);
  const number = code === 'bad_request' ? badRequestNumbers[stage] : table[code].rpc;
  if (problems.length > 0) return { code: number, message, data: { problems } };
  if (retryAfterMs !== undefined) return { code: number, message, data: { retry_after_ms: retryAfterMs } };
  return { code: number, message };
}

/** What becomes of a turn that failed. `handOver` = a person gets the conversation, with a text to the customer. */
export type QueueDecision =
  { kind: 'again'; delayMs: number; attempt: number } | { kind: 'end'; handOver: boolean; alert: boolean };

export interface RetryRules {
  /** Tries of a turn altogether, the first one included. */
  maxAttempts: number;
  firstDelayMs: number;
  maxDelayMs: number;
  /** Wait for a busy conversation or a limit; does not count as a try. */
  laterMs: number;
  /** Uniform in [0, 1), so that turns which failed together do not come back together. */
  random: () => number;
}

/**
 * `attempt` counts failed tries before this one, 0 at first. Our own bug ends the turn, calls an operator and hands the
 * conversation over, because a customer is never left in silence.
 */
export function toQueueDecision(error: unknown, attempt: number, rules: RetryRules): QueueDecision {
  const code = codeOf(error);
  const fate = table[code].queue;
  const retryAfterMs = describe(error).retryAfterMs;
  if (fate === 'later') return { kind: 'again', delayMs: later(rules, retryAfterMs), attempt };
  if (mayRetry(fate, attempt, rules)) {
    return { kind: 'again', delayMs: backoff(rules, attempt, retryAfterMs), attempt: attempt + 1 };
  }
  return { kind: 'end', handOver: fate !== 'fail' || code === 'internal', alert: code === 'internal' };
}

function mayRetry(fate: QueueFate, attempt: number, rules: RetryRules): boolean {
  if (fate === 'retry') return attempt + 1 < rules.maxAttempts;
  return fate === 'retry_once' && attempt === 0;
}

/** Around `laterMs`; never earlier than the other side asked for, and not all at that very instant. */
function later(rules: RetryRules, retryAfterMs = 0): number {
  return Math.round(Math.max(retryAfterMs, rules.laterMs / 2) + rules.laterMs * rules.random());
}

/** Exponential with its upper half random; never earlier than the other side asked for. */
function backoff(rules: RetryRules, attempt: number, retryAfterMs = 0): number {
  const fullMs = Math.min(rules.maxDelayMs, rules.firstDelayMs * 2 ** Math.min(attempt, 30));
  return Math.round(Math.max(retryAfterMs, fullMs / 2) + (fullMs / 2) * rules.random());
}

function describe(error: unknown): { message: string; problems: FieldProblem[]; retryAfterMs: number | undefined } {
  if (!(error instanceof BridgeError) || error.code === 'internal') {
    return { message: internalMessage, problems: [], retryAfterMs: undefined };
  }
  return { message: error.message, problems: error.problems, retryAfterMs: error.retryAfterMs };
}
