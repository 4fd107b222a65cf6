// Vectors between instances: the same cache interface over the second cache level, under the account that tenants share.
// Only hashes are keys, so nothing can be read out of it.
import { cacheKey, sharedAccount } from '../cache/keys.ts';
import { ttlSeconds } from '../cache/tiers.ts';
import type { CacheStore } from '../ports/cache-store.ts';
import type { EmbeddingModel, VectorCache } from '../ports/embedder.ts';

export class SharedVectorCache implements VectorCache {
  readonly #store: CacheStore;

  constructor(store: CacheStore) {
    this.#store = store;
  }

  async get(model: EmbeddingModel, textHashes: string[]): Promise<(Float32Array | null)[]> {
    const found = await Promise.all(textHashes.map((textHash) => this.#store.get(keyOf(model, textHash))));
    return found.map((text) => (text === null ? null : decode(text, model.dimensions)));
  }

  async put(model: EmbeddingModel, vectors: { textHash: string; vector: Float32Array }[]): Promise<void> {
    const ttl = ttlSeconds('configuration', Number.MAX_SAFE_INTEGER);
    await Promise.all(
      vectors.map(({ textHash, vector }) => this.#store.set(keyOf(model, textHash), encode(vector), ttl)),
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

/** Little-endian 32-bit floats in base64. */
function encode(vector: Float32Array): string {
  let bytes = '';
  for (const byte of new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength)) {
    bytes += String.fromCharCode(byte);
  }
  return btoa(bytes);
}

function decode(text: string, dimensions: number): Float32Array | null {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return bytes.length === dimensions * 4 ? new Float32Array(bytes.buffer) : null;
}
