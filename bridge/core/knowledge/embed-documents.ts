// Documents → vectors: what was embedded before comes from the cache, the rest from the embedding service in batches. A
// service that is away stops the work and keeps what is done; nothing is embedded twice. One text that the service refuses
// costs itself its vector, not the others theirs.
import { BridgeError, codeOf } from '../errors.ts';
import { TextRefused } from '../ports/embedder.ts';
import type { Embedder, VectorCache } from '../ports/embedder.ts';
import type { Logger } from '../ports/logger.ts';
import { searchText } from './document.ts';
import type { StoredDocument } from './document.ts';

const batchSize = 128;
/** So many refusals, and not one vector: it is not the texts. */
const refusalsOfEndpoint = 3;

export interface Embedded {
  /** By text hash. */
  vectors: Map<string, Float32Array>;
  /** Why the rest is missing; `lasting` when trying again will not help by itself. */
  failure: { message: string; lasting: boolean } | null;
  /** What the service said to texts it refuses, by text hash: they alone stay without a vector. */
  refused: Map<string, string>;
  /** What the service counted for the texts it was given. */
  tokens: number;
}

export async function embedDocuments(
  { vectors: cache, logger }: { vectors: VectorCache; logger: Logger },
  embedder: Embedder,
  documents: readonly StoredDocument[],
  signal: AbortSignal,
): Promise<Embedded> {
  const texts = new Map(documents.map((stored) => [stored.textHash, searchText(stored.document)]));
  const vectors = await cachedVectors(cache, embedder, [...texts.keys()], logger);
  const missing = [...texts].filter(([textHash]) => !vectors.has(textHash));
  const refused = new Map<string, string>();
  const job: Job = { cache, embedder, signal, logger, refused, made: 0, tokens: 0 };
  for (let at = 0; at < missing.length; at += batchSize) {
    const batch = missing.slice(at, at + batchSize);
    try {
      const made = await embedOrSplit(job, batch);
      for (const { textHash, vector } of made) vectors.set(textHash, vector);
    } catch (error) {
      return { vectors, failure: failureOf(error), refused, tokens: job.tokens };
    }
  }
  return { vectors, failure: null, refused, tokens: job.tokens };
}

/** A cache that cannot be read is an empty one. */
export async function cachedVectors(
  cache: VectorCache,
  model: Pick<Embedder, 'model' | 'dimensions'>,
  textHashes: string[],
  logger: Logger,
): Promise<Map<string, Float32Array>> {
  try {
    const found = await cache.get(model, textHashes);
    return new Map(textHashes.flatMap((textHash, i) => (found[i] ? [[textHash, found[i]]] : [])));
  } catch (error) {
    logger.warn({ err: error, code: codeOf(error) }, 'vector cache cannot be read');
    return new Map();
  }
}

interface Job {
  cache: VectorCache;
  embedder: Embedder;
  signal: AbortSignal;
  logger: Logger;
  refused: Map<string, string>;
  /** Vectors had so far. */
  made: number;
  tokens: number;
}

type Made = { textHash: string; vector: Float32Array }[];

/** Halves a refused batch until the text that spoils it stands alone. */
async function embedOrSplit(job: Job, batch: [string, string][]): Promise<Made> {
  try {
    const made = await embedBatch(job, batch);
    job.made += made.length;
    return made;
  } catch (error) {
    if (!(error instanceof TextRefused)) throw error;
    const [first] = batch;
    if (batch.length > 1 || !first) {
      const middle = Math.ceil(batch.length / 2);
      return [...(await embedOrSplit(job, batch.slice(0, middle))), ...(await embedOrSplit(job, batch.slice(middle)))];
    }
    job.refused.set(first[0], error.message);
    if (job.made === 0 && job.refused.size >= refusalsOfEndpoint) throw error;
    return [];
  }
}

async function embedBatch(job: Job, batch: [string, string][]): Promise<Made> {
  const { cache, embedder, signal, logger } = job;
  const { vectors, tokens } = await embedder.embed(
    batch.map(([, text]) => text),
    signal,
  );
  job.tokens += tokens;
  if (vectors.length !== batch.length) {
    throw new BridgeError(
      'upstream_rejected',
      'The embedding service answered another number of vectors than it was asked for.',
    );
  }
  const made = batch.flatMap(([textHash], i) => (vectors[i] ? [{ textHash, vector: vectors[i] }] : []));
  await cache.put(embedder, made).catch((error: unknown) => {
    logger.warn({ err: error, code: codeOf(error) }, 'vectors cannot be kept');
  });
  return made;
}

function failureOf(error: unknown): { message: string; lasting: boolean } {
  const message = error instanceof Error ? error.message : String(error);
  return { message, lasting: codeOf(error) === 'upstream_rejected' };
}
