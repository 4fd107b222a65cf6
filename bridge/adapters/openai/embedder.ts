// Embeddings from any OpenAI-compatible endpoint. Requests are bounded by number and size of their texts and by time. Trying
// again, and leaving alone what keeps failing, is the guards' business.
import { APIConnectionError, APIError, APIUserAbortError } from 'openai';
import type OpenAI from 'openai';
import { z } from 'zod';
import { BridgeError } from '../../core/errors.ts';
import { TextRefused } from '../../core/ports/embedder.ts';
import type { Embedder } from '../../core/ports/embedder.ts';
import { endpointClient } from './endpoint.ts';
import { retryAfterMs } from './retry-after.ts';

export interface EmbeddingEndpoint {
  baseUrl: string | null;
  apiKey: string;
  model: string;
  /** What is asked for; 512 keeps what matters of the models that can shorten. */
  dimensions: number;
  /** False for endpoints that refuse the field `dimensions`; the length must then be the model's own. */
  canShorten: boolean;
  /** Bounds one request, its answer's body included. */
  timeoutMs: number;
}

const textsPerRequest = 256;
const charactersPerRequest = 400_000;
/** Models read about 8 000 tokens, and Portuguese needs one for every three or four characters. */
const longestText = 20_000;

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

  constructor(endpoint: EmbeddingEndpoint) {
    this.#endpoint = endpoint;
    this.model = endpoint.model;
    this.dimensions = endpoint.dimensions;
    this.#client = endpointClient(endpoint);
  }

  async embed(texts: string[], signal: AbortSignal): Promise<{ vectors: Float32Array[]; tokens: number }> {
    const vectors: Float32Array[] = [];
    let tokens = 0;
    for (const batch of batchesOf(texts.map(prepared))) {
      const answer = await this.#ask(batch, signal);
      vectors.push(...this.#vectorsOf(answer, batch.length));
      tokens += answer.usage?.total_tokens ?? 0;
    }
    return { vectors, tokens };
  }

  async #ask(batch: string[], signal: AbortSignal): Promise<z.infer<typeof Answer>> {
    const { model, dimensions, canShorten, timeoutMs } = this.#endpoint;
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    try {
      const answer: unknown = await this.#client.embeddings.create(
        { model, input: batch, encoding_format: 'float', ...(canShorten ? { dimensions } : {}) },
        { signal: bounded },
      );
      return Answer.parse(answer);
    } catch (error) {
      signal.throwIfAborted();
      if (bounded.aborted) throw unanswered(error);
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
  if (error instanceof APIConnectionError || error instanceof APIUserAbortError) return unanswered(error);
  if (error instanceof APIError) {
    const headers: unknown = error.headers;
    return fromStatus(Number(error.status ?? 0), headers instanceof Headers ? headers : new Headers());
  }
  return new BridgeError('upstream_rejected', 'The embedding service answered something else than embeddings.', {
    cause: error,
  });
}

function unanswered(cause: unknown): BridgeError {
  return new BridgeError('upstream_unavailable', 'The embedding service did not answer.', { cause });
}

function fromStatus(status: number, headers: Headers): BridgeError {
  if (status === 401 || status === 403) {
    return new BridgeError('upstream_rejected', 'The embedding service refused the key.');
  }
  const said = `The embedding service answered ${status}.`;
  if (status === 400 || status === 413 || status === 422) return new TextRefused('upstream_rejected', said);
  const isLater = status === 429 || status === 408 || status >= 500;
  const waitMs = retryAfterMs(headers.get('retry-after'));
  const later = waitMs > 0 ? { retryAfterMs: waitMs } : {};
  return new BridgeError(isLater ? 'upstream_unavailable' : 'upstream_rejected', said, later);
}
