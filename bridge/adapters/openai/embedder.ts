// Embeddings from any OpenAI-compatible endpoint. Batches are bounded by number and size, timeouts and retries are always
// set (the package's defaults are ten minutes and two retries), and an endpoint that keeps failing is left alone for a
// moment, because a customer's search waits for it.
import OpenAI, { APIConnectionError, APIError, APIUserAbortError } from 'openai';
import { BrokenCircuitError, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import type { CircuitBreakerPolicy } from 'cockatiel';
import { z } from 'zod';
import { BridgeError } from '../../core/errors.ts';
import type { Embedder } from '../../core/ports/embedder.ts';

export interface EmbeddingEndpoint {
  baseUrl: string | null;
  apiKey: string;
  model: string;
  /** What is asked for; 512 keeps what matters of the models that can shorten. */
  dimensions: number;
  /** False for endpoints that refuse the field `dimensions`; the length must then be the model's own. */
  canShorten: boolean;
  /** Bounds one request; there is one retry. */
  timeoutMs: number;
}

const textsPerRequest = 256;
const charactersPerRequest = 400_000;
/** Models read about 8 000 tokens, and Portuguese needs one for every three or four characters. */
const longestText = 20_000;
const retries = 1;
const failuresInRow = 5;
const restMs = 10_000;

const Answer = z.object({
  data: z.array(z.object({ index: z.number().int().min(0), embedding: z.array(z.number()) })),
  usage: z.object({ total_tokens: z.number() }).optional(),
});

export class OpenAiEmbedder implements Embedder {
  readonly isRemote = true;
  readonly model: string;
  readonly dimensions: number;
  readonly #endpoint: EmbeddingEndpoint;
  readonly #client: OpenAI;
  readonly #breaker: CircuitBreakerPolicy;

  constructor(endpoint: EmbeddingEndpoint) {
    this.#endpoint = endpoint;
    this.model = endpoint.model;
    this.dimensions = endpoint.dimensions;
    this.#client = new OpenAI({
      apiKey: endpoint.apiKey,
      ...(endpoint.baseUrl === null ? {} : { baseURL: endpoint.baseUrl }),
      timeout: endpoint.timeoutMs,
      maxRetries: retries,
    });
    const isAway = (error: Error) => error instanceof BridgeError && error.code === 'upstream_unavailable';
    this.#breaker = circuitBreaker(handleWhen(isAway), {
      halfOpenAfter: restMs,
      breaker: new ConsecutiveBreaker(failuresInRow),
    });
  }

  async embed(texts: string[], signal: AbortSignal): Promise<{ vectors: Float32Array[]; tokens: number }> {
    const vectors: Float32Array[] = [];
    let tokens = 0;
    for (const batch of batchesOf(texts.map(prepared))) {
      const answer = await this.#guarded(batch, signal);
      vectors.push(...this.#vectorsOf(answer, batch.length));
      tokens += answer.usage?.total_tokens ?? 0;
    }
    return { vectors, tokens };
  }

  async #guarded(batch: string[], signal: AbortSignal): Promise<z.infer<typeof Answer>> {
    try {
      return await this.#breaker.execute(() => this.#ask(batch, signal));
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      throw new BridgeError(
        'upstream_unavailable',
        'The embedding service keeps failing and is left alone for a moment.',
      );
    }
  }

  async #ask(batch: string[], signal: AbortSignal): Promise<z.infer<typeof Answer>> {
    const { model, dimensions, canShorten } = this.#endpoint;
    try {
      const answer: unknown = await this.#client.embeddings.create(
        { model, input: batch, encoding_format: 'float', ...(canShorten ? { dimensions } : {}) },
        // One signal a request: the client never takes its listener off a signal it was given.
        { signal: AbortSignal.any([signal]) },
      );
      return Answer.parse(answer);
    } catch (error) {
      signal.throwIfAborted();
      throw toBridgeError(error);
    }
  }

  #vectorsOf({ data }: z.infer<typeof Answer>, expected: number): Float32Array[] {
    const sorted = data.toSorted((a, b) => a.index - b.index);
    const isWhole = sorted.length === expected && sorted.every(({ index }, i) => index === i);
    if (!isWhole) {
      throw new BridgeError('upstream_rejected', 'The embedding service answered for other texts than asked.');
    }
    return sorted.map(({ embedding }) => {
      if (embedding.length === this.dimensions) return toUnitLength(embedding);
      const fix = `${this.model} gives ${embedding.length} numbers, not ${this.dimensions}`;
      throw new BridgeError('upstream_rejected', `The embedding model has another length: ${fix}.`);
    });
  }
}

/** Endpoints refuse empty input, and what is beyond the model's reach changes nothing. */
function prepared(text: string): string {
  const cut = text.slice(0, longestText).trim();
  return cut === '' ? '-' : cut;
}

function batchesOf(texts: string[]): string[][] {
  const batches: string[][] = [];
  let size = 0;
  for (const text of texts) {
    const batch = batches.at(-1);
    if (batch && batch.length < textsPerRequest && size + text.length <= charactersPerRequest) {
      batch.push(text);
      size += text.length;
    } else {
      batches.push([text]);
      size = text.length;
    }
  }
  return batches;
}

function toUnitLength(values: number[]): Float32Array {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => (length === 0 ? 0 : value / length));
}

/** Provider texts may quote what was sent, so only the status is passed on. */
function toBridgeError(error: unknown): BridgeError {
  if (error instanceof BridgeError) return error;
  if (error instanceof APIConnectionError || error instanceof APIUserAbortError) {
    return new BridgeError('upstream_unavailable', 'The embedding service did not answer.', { cause: error });
  }
  if (error instanceof APIError) {
    const headers: unknown = error.headers;
    return fromStatus(Number(error.status ?? 0), headers instanceof Headers ? headers : new Headers(), error);
  }
  return new BridgeError('upstream_rejected', 'The embedding service answered something else than embeddings.', {
    cause: error,
  });
}

function fromStatus(status: number, headers: Headers, cause: Error): BridgeError {
  if (status === 401 || status === 403) {
    return new BridgeError('upstream_rejected', 'The embedding service refused the key.', { cause });
  }
  const isLater = status === 429 || status === 408 || status >= 500;
  const seconds = Number(headers.get('retry-after') ?? 0);
  return new BridgeError(
    isLater ? 'upstream_unavailable' : 'upstream_rejected',
    `The embedding service answered ${status}.`,
    { cause, ...(seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}) },
  );
}
