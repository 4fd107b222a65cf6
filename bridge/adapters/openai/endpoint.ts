// What every call to an OpenAI-compatible endpoint shares: whose key goes where, how long it may take, and what each
// failure means. The package's defaults (ten minutes, two retries, keys from the environment) are never used.
import OpenAI, { APIConnectionError, APIError } from 'openai';
import { BridgeError } from '../../core/errors.ts';
import { retryAfterMs } from './retry-after.ts';

export interface Endpoint {
  /** Null = OpenAI itself. */
  baseUrl: string | null;
  apiKey: string;
}

/** One model there; `timeoutMs` bounds one call, its answer's body included. */
export interface ModelAtEndpoint extends Endpoint {
  model: string;
  timeoutMs: number;
}

const openAiUrl = 'https://api.openai.com/v1';

export function endpointClient({ apiKey, baseUrl }: Endpoint): OpenAI {
  return new OpenAI({
    apiKey,
    // All said here, or the package takes it from the environment: one tenant's key must not go to another's address.
    baseURL: baseUrl ?? openAiUrl,
    organization: null,
    project: null,
    logLevel: 'off',
    maxRetries: 0,
  });
}

/**
 * One call that ends by `timeoutMs`, its answer's body included: the package's own timeout ends with the headers, and a
 * body that stalls would go on for ever. Rejects with `upstream_unavailable`, `upstream_rejected` or `model_misbehaved`.
 */
export async function askEndpoint<T>(
  signal: AbortSignal,
  timeoutMs: number,
  call: (bounded: AbortSignal) => PromiseLike<T>,
): Promise<T> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    return await call(bounded);
  } catch (error) {
    throw bounded.aborted ? unanswered(error) : asBridgeError(error);
  }
}

/** The package leaves the type of its headers open. */
function headerOf(error: { headers?: unknown }, name: string): string | null {
  return error.headers instanceof Headers ? error.headers.get(name) : null;
}

/** Provider texts may quote the customer, so only the status is passed on. */
function asBridgeError(error: unknown): unknown {
  if (error instanceof APIConnectionError || isBrokenTransfer(error)) return unanswered(error);
  if (error instanceof APIError) {
    const status = Number(error.status ?? 0);
    const waitMs = retryAfterMs(headerOf(error, 'retry-after'));
    const retry = waitMs > 0 ? { retryAfterMs: waitMs } : {};
    const later = status === 429 || status >= 500;
    return new BridgeError(
      later ? 'upstream_unavailable' : 'upstream_rejected',
      `The model endpoint answered ${status}`,
      retry,
    );
  }
  return error instanceof SyntaxError
    ? new BridgeError('model_misbehaved', 'The model endpoint answered no JSON', { cause: error })
    : error;
}

function unanswered(cause: unknown): BridgeError {
  return new BridgeError('upstream_unavailable', 'The model endpoint did not answer', { cause });
}

/** A connection that ends inside the body is the platform's error, not the package's. */
function isBrokenTransfer(error: unknown): boolean {
  return error instanceof TypeError && /terminated|fetch failed/.test(error.message);
}
