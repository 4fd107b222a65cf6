// The indexes of this process, one per embedding model and text version. A changed model or lexicon thereby gets an
// index of its own and never meets points of another.
import type { EmbeddingModel } from '../ports/embedder.ts';
import type { SearchIndex } from '../ports/search-index.ts';
import type { KnowledgeDeps } from './knowledge-deps.ts';
import { textVersion } from './sparse.ts';
import type { Lexicon } from './text/lexicon.ts';

export class Indexes {
  readonly #makeIndex: KnowledgeDeps['makeIndex'];
  readonly #indexes = new Map<string, SearchIndex>();

  constructor(makeIndex: KnowledgeDeps['makeIndex']) {
    this.#makeIndex = makeIndex;
  }

  for({ model, dimensions }: EmbeddingModel, lexicon: Lexicon): SearchIndex {
    const name = `${model}+text-${textVersion(lexicon)}`;
    const index = this.#indexes.get(name) ?? this.#makeIndex({ model: name, dimensions });
    this.#indexes.set(name, index);
    return index;
  }

  async drop(accountId: string): Promise<void> {
    await Promise.all([...this.#indexes.values()].map((index) => index.drop(accountId)));
  }
}
