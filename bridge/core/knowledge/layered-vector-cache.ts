// A near cache before a far one: what this instance's disk has is not asked for elsewhere, and what elsewhere had is kept
// here. The far one may be away; then it simply knows nothing.
import type { EmbeddingModel, VectorCache } from '../ports/embedder.ts';

export class LayeredVectorCache implements VectorCache {
  readonly #near: VectorCache;
  readonly #far: VectorCache;

  constructor(near: VectorCache, far: VectorCache) {
    this.#near = near;
    this.#far = far;
  }

  async get(model: EmbeddingModel, textHashes: string[]): Promise<(Float32Array | null)[]> {
    const near = await this.#near.get(model, textHashes);
    const missing = textHashes.filter((_, i) => !near[i]);
    if (missing.length === 0) return near;
    const far = await this.#far.get(model, missing).catch((): null[] => []);
    const found = new Map(missing.flatMap((textHash, i) => (far[i] ? [[textHash, far[i]]] : [])));
    const learnt = [...found].map(([textHash, vector]) => ({ textHash, vector }));
    if (learnt.length > 0) await this.#near.put(model, learnt);
    return textHashes.map((textHash, i) => near[i] ?? found.get(textHash) ?? null);
  }

  async put(model: EmbeddingModel, vectors: { textHash: string; vector: Float32Array }[]): Promise<void> {
    await Promise.all([this.#near.put(model, vectors), this.#far.put(model, vectors).catch(() => undefined)]);
  }
}
