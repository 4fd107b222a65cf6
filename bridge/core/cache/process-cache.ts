// The first cache level: texts in this process, bounded by bytes, the least recently used go first. The only file that
// knows the LRU package. When an entry ends is decided by whoever reads it.
import { LRUCache } from 'lru-cache';

export class ProcessCache {
  readonly #entries: LRUCache<string, string>;

  /** @param maxBytes keys and values together; one value may take at most an eighth of it. */
  constructor(maxBytes: number) {
    this.#entries = new LRUCache({
      maxSize: maxBytes,
      maxEntrySize: Math.max(1, Math.floor(maxBytes / 8)),
      // Two bytes a character is what a JavaScript text takes at most.
      sizeCalculation: (value, key) => 2 * (value.length + key.length) + 1,
    });
  }

  get(key: string): string | null {
    return this.#entries.get(key) ?? null;
  }

  set(key: string, text: string): void {
    this.#entries.set(key, text);
  }

  remove(key: string): void {
    this.#entries.delete(key);
  }

  /** Returns how many went. */
  removePrefix(prefix: string): number {
    const keys = [...this.#entries.keys()].filter((key) => key.startsWith(prefix));
    for (const key of keys) this.#entries.delete(key);
    return keys.length;
  }
}
