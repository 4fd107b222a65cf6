// A tenant's documents as search needs them: analysed, counted, at one revision of the document store. It is this
// process's copy, built when the tenant is first searched; the store stays the truth.
import type { DocumentRef, StoredDocument } from './document.ts';
import { refKey } from './document.ts';
import { analyseDocument } from './sparse.ts';
import type { AnalysedDocument } from './sparse.ts';
import type { TextLanguage } from './text/language.ts';
import type { Lexicon } from './text/lexicon.ts';

export interface CorpusEntry {
  stored: StoredDocument;
  analysed: AnalysedDocument;
}

export class TenantCorpus {
  readonly lexicon: Lexicon;
  readonly #tenantLanguage: string;
  readonly #entries = new Map<string, CorpusEntry>();
  readonly #documentCounts = new Map<number, number>();
  readonly #words = new Map<string, number>();
  readonly #languages = new Map<TextLanguage, number>();

  constructor(tenantLanguage: string, lexicon: Lexicon) {
    this.lexicon = lexicon;
    this.#tenantLanguage = tenantLanguage;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** How many documents each written word is in. */
  get words(): ReadonlyMap<string, number> {
    return this.#words;
  }

  get languages(): TextLanguage[] {
    return [...this.#languages.keys()];
  }

  get(ref: DocumentRef): CorpusEntry | undefined {
    return this.#entries.get(refKey(ref));
  }

  entries(): IterableIterator<CorpusEntry> {
    return this.#entries.values();
  }

  set(stored: StoredDocument): CorpusEntry {
    const key = refKey(stored.document);
    const before = this.#entries.get(key);
    if (before?.stored.textHash === stored.textHash) {
      const entry = { stored, analysed: before.analysed };
      this.#entries.set(key, entry);
      return entry;
    }
    if (before) this.#count(before, -1);
    const entry = { stored, analysed: analyseDocument(stored.document, this.#tenantLanguage, this.lexicon) };
    this.#entries.set(key, entry);
    this.#count(entry, 1);
    return entry;
  }

  delete(ref: DocumentRef): void {
    const entry = this.#entries.get(refKey(ref));
    if (!entry) return;
    this.#count(entry, -1);
    this.#entries.delete(refKey(ref));
  }

  /** How telling a term is: the more documents hold it, the less. Terms nobody wrote tell the most. */
  rarity(hash: number): number {
    const count = this.#documentCounts.get(hash) ?? 0;
    return Math.log(1 + (this.size - count + 0.5) / (count + 0.5));
  }

  holds(hash: number): boolean {
    return this.#documentCounts.has(hash);
  }

  #count({ analysed }: CorpusEntry, by: 1 | -1): void {
    for (const hash of analysed.sparse.indices) bump(this.#documentCounts, hash, by);
    for (const word of analysed.words) bump(this.#words, word, by);
    bump(this.#languages, analysed.language, by);
  }
}

function bump<Key>(counts: Map<Key, number>, key: Key, by: number): void {
  const next = (counts.get(key) ?? 0) + by;
  if (next > 0) counts.set(key, next);
  else counts.delete(key);
}
