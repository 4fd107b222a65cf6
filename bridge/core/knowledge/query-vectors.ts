// Vectors of what customers ask. A question is embedded once for everybody: remembered by the hash of its text (a hash
// tells nothing, so tenants share it), and questions that come in the same moment go to the service in one request.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { cacheKey, sharedAccount } from '../cache/keys.ts';
import type { TwoLevelCache } from '../cache/two-level-cache.ts';
import { BridgeError } from '../errors.ts';
import type { Embedder } from '../ports/embedder.ts';
import { withoutCourtesy } from './text/courtesy.ts';
import { decodeVector, encodeVector } from './vector-text.ts';

/** Long enough for questions of one moment to meet, too short for a customer to notice. In milliseconds. */
const gatherMs = 4;
const textsPerRequest = 64;
/** A customer waits for this; the words alone answer most searches. */
const timeoutMs = 2_000;

export interface QueryVector {
  vector: Float32Array;
  /** What this question caused: 0 when its vector was there, its share by length when several were asked together. */
  tokens: number;
}

interface Waiting {
  text: string;
  resolve: (made: QueryVector) => void;
  reject: (error: unknown) => void;
}

export class QueryVectors {
  readonly #cache: TwoLevelCache;
  readonly #gathering = new Map<Embedder, Waiting[]>();

  constructor(cache: TwoLevelCache) {
    this.#cache = cache;
  }

  /** Rejects with what the embedder rejects with. */
  async of(embedder: Embedder, text: string, signal: AbortSignal): Promise<QueryVector> {
    const normal = withoutCourtesy(text.normalize('NFC').trim().replace(/\s+/g, ' '));
    if (!embedder.isRemote) return embedOne(embedder, normal, signal);
    let tokens = 0;
    const encoded = await this.#cache.remember(
      keyOf(embedder, normal),
      z.string(),
      { tier: 'configuration' },
      async () => {
        const made = await this.#together(embedder, normal);
        tokens = made.tokens;
        return encodeVector(made.vector);
      },
    );
    signal.throwIfAborted();
    const vector = decodeVector(encoded, embedder.dimensions);
    if (!vector) {
      throw new BridgeError('upstream_rejected', 'The embedding service answered a vector of another length.');
    }
    return { vector, tokens };
  }

  #together(embedder: Embedder, text: string): Promise<QueryVector> {
    return new Promise((resolve, reject) => {
      const waiting = this.#gathering.get(embedder);
      if (waiting) return void waiting.push({ text, resolve, reject });
      this.#gathering.set(embedder, [{ text, resolve, reject }]);
      setTimeout(() => void this.#send(embedder), gatherMs);
    });
  }

  async #send(embedder: Embedder): Promise<void> {
    const waiting = this.#gathering.get(embedder) ?? [];
    this.#gathering.delete(embedder);
    for (let at = 0; at < waiting.length; at += textsPerRequest) {
      await sendBatch(embedder, waiting.slice(at, at + textsPerRequest));
    }
  }
}

async function sendBatch(embedder: Embedder, batch: Waiting[]): Promise<void> {
  try {
    const { vectors, tokens } = await embedder.embed(
      batch.map(({ text }) => text),
      AbortSignal.timeout(timeoutMs),
    );
    const characters = batch.reduce((sum, { text }) => sum + text.length, 0);
    for (const [at, { text, resolve, reject }] of batch.entries()) {
      const vector = vectors[at];
      if (vector) resolve({ vector, tokens: Math.round((tokens * text.length) / Math.max(1, characters)) });
      else reject(new BridgeError('upstream_rejected', 'The embedding service answered too few vectors.'));
    }
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}

async function embedOne(embedder: Embedder, text: string, signal: AbortSignal): Promise<QueryVector> {
  const { vectors, tokens } = await embedder.embed([text], signal);
  const [vector] = vectors;
  if (!vector) throw new BridgeError('upstream_rejected', 'The embedding service answered no vector.');
  return { vector, tokens };
}

function keyOf({ model, dimensions }: Embedder, text: string): string {
  return cacheKey({
    accountId: sharedAccount,
    module: 'embeddings',
    resourceType: `${model}/${dimensions}`,
    resourceId: createHash('sha256').update(text).digest('hex'),
    action: 'query',
  });
}
