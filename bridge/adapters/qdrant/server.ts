// One Qdrant server: how it is reached, how long it may take, and its errors in our words. A server that keeps failing is
// left alone for a moment, so that a customer's search does not wait for it each time.
import { QdrantClient, QdrantClientResourceExhaustedError } from '@qdrant/js-client-rest';
import { BrokenCircuitError, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import type { CircuitBreakerPolicy } from 'cockatiel';
import { BridgeError } from '../../core/errors.ts';

export interface QdrantAddress {
  url: string;
  apiKey: string | null;
  /** For searches, which a customer waits for. */
  readTimeoutMs: number;
  writeTimeoutMs: number;
}

/** Qdrant's own port, used by its client whatever the scheme; behind https there is usually a proxy on 443. */
const usualPorts: Record<string, number> = { 'http:': 6333, 'https:': 443 };
const failuresInRow = 5;
const restMs = 5_000;

export class QdrantServer {
  readonly #reading: QdrantClient;
  readonly #writing: QdrantClient;
  readonly #breaker: CircuitBreakerPolicy;

  constructor(address: QdrantAddress) {
    this.#reading = clientFor(address, address.readTimeoutMs);
    this.#writing = clientFor(address, address.writeTimeoutMs);
    const isAway = (error: Error) => error instanceof BridgeError && error.code === 'upstream_unavailable';
    this.#breaker = circuitBreaker(handleWhen(isAway), {
      halfOpenAfter: restMs,
      breaker: new ConsecutiveBreaker(failuresInRow),
    });
  }

  async read<Result>(request: (client: QdrantClient) => Promise<Result>): Promise<Result> {
    try {
      return await this.#breaker.execute(() => translated(request(this.#reading)));
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      throw new BridgeError('upstream_unavailable', 'Qdrant keeps failing and is left alone for a moment.');
    }
  }

  async write<Result>(request: (client: QdrantClient) => Promise<Result>): Promise<Result> {
    return translated(request(this.#writing));
  }
}

function clientFor({ url, apiKey }: QdrantAddress, timeoutMs: number): QdrantClient {
  const { protocol, hostname, port, pathname } = new URL(url);
  // The parser drops a port that is the scheme's default even when it was written.
  const written = /^https?:\/\/[^/]*:(\d+)/.exec(url)?.[1];
  return new QdrantClient({
    url: `${protocol}//${hostname}`,
    port: Number(port || (written ?? usualPorts[protocol])),
    ...(pathname.length > 1 ? { prefix: pathname.replace(/\/$/, '') } : {}),
    // As a header and not as `apiKey`: with that the client writes to the console when the scheme is http.
    ...(apiKey === null ? {} : { headers: { 'api-key': apiKey } }),
    timeout: timeoutMs,
    checkCompatibility: false,
  });
}

async function translated<Result>(request: Promise<Result>): Promise<Result> {
  try {
    return await request;
  } catch (error) {
    throw toBridgeError(error);
  }
}

function toBridgeError(cause: unknown): BridgeError {
  if (cause instanceof QdrantClientResourceExhaustedError) {
    const retryAfterMs = cause.retry_after * 1000;
    return new BridgeError('upstream_unavailable', 'Qdrant is at its limit.', { cause, retryAfterMs });
  }
  const status = statusOf(cause);
  if (status === null || status >= 500) {
    return new BridgeError('upstream_unavailable', 'Qdrant does not answer.', { cause });
  }
  if (status === 404) return new BridgeError('upstream_unavailable', 'The collection is missing in Qdrant.', { cause });
  if (status === 401 || status === 403) {
    return new BridgeError('upstream_rejected', 'Qdrant refused the key: check QDRANT_API_KEY.', { cause });
  }
  return new BridgeError('upstream_rejected', `Qdrant refused the request (${status}).`, { cause });
}

export function isMissing(cause: unknown): boolean {
  return statusOf(cause) === 404;
}

export function isConflict(cause: unknown): boolean {
  return statusOf(cause) === 409;
}

function statusOf(cause: unknown): number | null {
  if (typeof cause !== 'object' || cause === null || !('status' in cause)) return null;
  return typeof cause.status === 'number' ? cause.status : null;
}
