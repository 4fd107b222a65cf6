// Inverted index over saturated term frequencies. What a term is worth (IDF) is computed from this tenant's live points
// when it is asked for, so adding a document never touches the others.
import type { SparseVector } from '../../core/ports/search-index.ts';

interface Postings {
  /** Live points that hold the term; slots of removed points stay in the arrays until the index is compacted. */
  live: number;
  length: number;
  slots: Int32Array;
  values: Float32Array;
}

export class SearchIndexLexical {
  readonly #terms = new Map<number, Postings>();

  add(slot: number, vector: SparseVector): void {
    vector.indices.forEach((term, i) => {
      const postings = this.#room(term);
      postings.slots[postings.length] = slot;
      postings.values[postings.length] = vector.values[i] ?? 0;
      postings.length += 1;
      postings.live += 1;
    });
  }

  forget(vector: SparseVector): void {
    for (const term of vector.indices) {
      const postings = this.#terms.get(term);
      if (postings) postings.live -= 1;
    }
  }

  /** One score per slot; `size` is the number of slots, `live` that of live points. */
  scores(query: SparseVector, size: number, live: number): Float32Array {
    const scores = new Float32Array(size);
    query.indices.forEach((term, i) => {
      const postings = this.#terms.get(term);
      if (!postings || postings.live === 0) return;
      const weight = (query.values[i] ?? 0) * Math.log(1 + (live - postings.live + 0.5) / (postings.live + 0.5));
      const { slots, values, length } = postings;
      for (let at = 0; at < length; at++) {
        const slot = slots[at] ?? 0;
        scores[slot] = (scores[slot] ?? 0) + weight * (values[at] ?? 0);
      }
    });
    return scores;
  }

  #room(term: number): Postings {
    const postings = this.#terms.get(term) ?? {
      live: 0,
      length: 0,
      slots: new Int32Array(4),
      values: new Float32Array(4),
    };
    this.#terms.set(term, postings);
    if (postings.length < postings.slots.length) return postings;
    postings.slots = grown(postings.slots, new Int32Array(postings.slots.length * 2));
    postings.values = grown(postings.values, new Float32Array(postings.values.length * 2));
    return postings;
  }
}

function grown<List extends Int32Array | Float32Array>(from: List, into: List): List {
  into.set(from);
  return into;
}
