// Vectors between instances: the same cache interface over the second cache level, under the account that tenants share.
// Only hashes are keys, so nothing can be read out of it.
import { cacheKey, sharedAccount } from '../cache/keys.ts';
import { ttlSeconds } from '../cache/tiers.ts';
import type { CacheStore } from '../ports/cache-store.ts';
import type { EmbeddingModel, VectorCache } from '../ports/embedder.ts';
import { decodeVector, encodeVector } from './vector-text.ts';

export class SharedVectorCache implements VectorCache {
  readonly #store: CacheStore;

  constructor(store: CacheStore) {
    this.#store = store;
  }

  async get(model: EmbeddingModel, textHashes: string[]): Promise<(Float32Array | null)[]> {
    const found = await Promise.all(textHashes.map((textHash) => this.#store.get(keyOf(model, textHash))));
    return found.map((text) => (text === null ? null : decodeVector(text, model.dimensions)));
  }

  async put(model: EmbeddingModel, vectors: { textHash: string; vector: Float32Array }[]): Promise<void> {
    const ttl = ttlSeconds('configuration', Number.MAX_SAFE_INTEGER);
    await Promise.all(
      vectors.map(({ textHash, vector }) => this.#store.set(keyOf(model, textHash), encodeVector(vector), ttl)),
    );
  }
}

function keyOf({ model, dimensions }: EmbeddingModel, textHash: string): string {
  return cacheKey({
    accountId: sharedAccount,
    module: 'embeddings',
    resourceType: `${model}/${dimensions}`,
    resourceId: textHash,
    action: 'vector',
  });
}
