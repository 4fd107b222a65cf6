// `POST /rpc`: what HTTP adds to JSON-RPC. The bearer, the rate and the size are judged before anything is parsed; a
// stranger may make one kind of call, the exchange of a pairing code, and learns nothing by trying others.
import { Router } from 'express';
import type { Request, Response } from 'express';
import { bearerOf } from '../core/access/tokens.ts';
import { BridgeError, codeOf } from '../core/errors.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Caller } from '../core/rpc/caller.ts';
import type { Dispatcher } from '../core/rpc/dispatch.ts';
import type { Authenticate } from './bearer.ts';
import { toHttp, toMissingPath, toRpcError } from './error-map.ts';
import { RateLimiter } from './rate-limiter.ts';
import type { RateLimit } from './rate-limiter.ts';
import { readBody } from './read-body.ts';

export interface RpcRouteDeps {
  dispatcher: Dispatcher;
  authenticate: Authenticate;
  clock: Clock;
  limits?: Partial<RpcLimits>;
}

export interface RpcLimits {
  /** Of each token. */
  caller: RateLimit;
  /** Of each address without a right token. */
  stranger: RateLimit;
  /** A call that takes longer is given up. */
  timeoutMs: number;
}

const usualLimits: RpcLimits = {
  caller: { burst: 200, perSecond: 50 },
  stranger: { burst: 20, perSecond: 1 },
  timeoutMs: 120_000,
};
const maxBodyBytes = 5 * 1024 * 1024;
const maxStrangerBytes = 16 * 1024;

interface Admission {
  caller: Caller;
  refusal: BridgeError | null;
}

export function createRpcRoute(deps: RpcRouteDeps): Router {
  const limits = { ...usualLimits, ...deps.limits };
  const callers = new RateLimiter(limits.caller, deps.clock);
  const strangers = new RateLimiter(limits.stranger, deps.clock);
  const router = Router();
  router.post('/rpc', async (request, response) => {
    try {
      const admission = await admit(deps, strangers, request);
      if (admission.caller.kind !== 'anonymous') callers.take(bucketOf(admission.caller));
      await answer(deps, request, response, admission, limits.timeoutMs);
    } catch (error) {
      refuse(response, error);
    }
  });
  router.all('/rpc', (_request, response) => {
    const fault = toMissingPath('wrong_method');
    response.status(fault.status).setHeader('Allow', 'POST').json(fault.body);
  });
  return router;
}

/** A right bearer that may not be served now is told so in JSON-RPC, call by call; everything else is HTTP's to refuse. */
async function admit({ authenticate }: RpcRouteDeps, strangers: RateLimiter, request: Request): Promise<Admission> {
  const stranger: Caller = { kind: 'anonymous' };
  try {
    const bearer = bearerOf(request.headers.authorization);
    if (bearer !== null) {
      return { caller: await authenticate(bearer, request.get('X-Database-UUID') ?? null), refusal: null };
    }
  } catch (error) {
    strangers.take(request.ip ?? '');
    if (codeOf(error) === 'unauthorized') throw error;
    return { caller: stranger, refusal: asRefusal(error) };
  }
  strangers.take(request.ip ?? '');
  return { caller: stranger, refusal: null };
}

function asRefusal(error: unknown): BridgeError {
  return error instanceof BridgeError ? error : new BridgeError('internal', 'authentication failed', { cause: error });
}

function bucketOf(caller: Caller): string {
  return caller.kind === 'tenant' ? caller.tokenId : caller.kind;
}

async function answer(
  { dispatcher }: RpcRouteDeps,
  request: Request,
  response: Response,
  { caller, refusal }: Admission,
  timeoutMs: number,
): Promise<void> {
  const isStranger = caller.kind === 'anonymous' && !refusal;
  const text = decode(await readBody(request, isStranger ? maxStrangerBytes : maxBodyBytes));
  if (isStranger && !dispatcher.isForAnybody(text)) throw unauthorized();
  const requestId = String(response.getHeader('X-Request-Id') ?? '');
  const signal = AbortSignal.any([hangUp(response), AbortSignal.timeout(timeoutMs)]);
  const { body, malformed } = await dispatcher.handle(text, {
    caller,
    refusal,
    ip: request.ip ?? '',
    requestId,
    signal,
  });
  if (body === null) response.status(204).end();
  else response.status(malformed ? 400 : 200).json(body);
}

/** What is no UTF-8 is no JSON either; the empty text makes the parser say so. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return '';
  }
}

function hangUp(response: Response): AbortSignal {
  const controller = new AbortController();
  response.on('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

function refuse(response: Response, error: unknown): void {
  if (response.headersSent || response.destroyed) return;
  const fault = toHttp(error);
  if (fault.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  if (fault.retryAfterSeconds !== null) response.setHeader('Retry-After', String(fault.retryAfterSeconds));
  response.status(fault.status).json({ jsonrpc: '2.0', id: null, error: toRpcError(error) });
}

function unauthorized(): BridgeError {
  return new BridgeError('unauthorized', 'Send a valid token: Authorization: Bearer …');
}
