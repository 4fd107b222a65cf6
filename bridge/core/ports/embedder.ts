// From texts to vectors, and where vectors are kept.
import { BridgeError } from '../errors.ts';

/** The service works, and refuses what one of these texts holds: the others can be had without it. */
export class TextRefused extends BridgeError {}

export interface EmbeddingModel {
  /** Changes whenever vectors are not comparable any more (model or dimensions). */
  readonly model: string;
  readonly dimensions: number;
}

export interface Embedder extends EmbeddingModel {
  /** Asking costs time and money: questions are then remembered, and asked for together. */
  readonly isRemote: boolean;
  /** Unit-length vectors in the order of the texts. Rejects with `TextRefused` when one of them spoils the request. */
  embed(texts: string[], signal: AbortSignal): Promise<{ vectors: Float32Array[]; tokens: number }>;
}

/** Vectors by the hash of what they were made from, shared by tenants (a hash tells nothing). Losing it costs time only. */
export interface VectorCache {
  /** In the order of the keys, null where nothing is kept. */
  get(model: EmbeddingModel, textHashes: string[]): Promise<(Float32Array | null)[]>;
  put(model: EmbeddingModel, vectors: { textHash: string; vector: Float32Array }[]): Promise<void>;
}
