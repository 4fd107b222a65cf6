// What customers mean, in the words they use: concepts with their everyday wordings, compiled once for a tenant's domain.
// The words themselves are data (YAML in the tenants folder); this file knows how a wording is matched, never what it says.
import { createHash } from 'node:crypto';
import type { TextLanguage } from './language.ts';
import { PhraseBook } from './phrase-book.ts';
import type { StreamWord } from './phrase-book.ts';
import { stemOf } from './stem.ts';
import { tokenise } from './tokenise.ts';

export interface Concept {
  id: string;
  /** Broader concepts: a sofa bed is a sofa. What speaks of one speaks a little of the other. */
  is: readonly string[];
  /** Different concepts that help when nothing better is found. */
  near: readonly string[];
  /** Words with nothing in common but their weight: one stands for itself alone, never for another. */
  literal: boolean;
  /** Words and phrases by language; the notation is described in phrase-book.ts. */
  wordings: Partial<Record<TextLanguage, readonly string[]>>;
}

export interface LexiconData {
  concepts: readonly Concept[];
  /** Everyday words that say little about what somebody wants ("marido", "comprei"). */
  filler: readonly string[];
}

export interface ConceptMatch {
  id: string;
  /** Places in the stream, ascending. */
  places: readonly number[];
}

const grandparentShare = 0.5;
const longestEnding = 4;

export class Lexicon {
  /** Changes with the content: what was read through another lexicon must be read again. */
  readonly version: string;
  readonly #concepts: ReadonlyMap<string, Concept>;
  readonly #data: LexiconData;
  readonly #books = new Map<TextLanguage, PhraseBook>();
  readonly #fillers = new Map<TextLanguage, ReadonlySet<string>>();
  readonly #words = new Map<TextLanguage, ReadonlyMap<string, number>>();
  readonly #ancestors = new Map<string, ReadonlyMap<string, number>>();

  constructor(data: LexiconData) {
    this.#data = data;
    this.#concepts = new Map(data.concepts.map((concept) => [concept.id, concept]));
    this.version = createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 8);
  }

  get size(): number {
    return this.#concepts.size;
  }

  match(stream: readonly StreamWord[], language: TextLanguage, side: 'question' | 'document'): ConceptMatch[] {
    return this.#bookOf(language).match(stream, side);
  }

  /** Broader concepts with the share they keep: 1 for the parents, half of it a step further. */
  ancestorsOf(id: string): ReadonlyMap<string, number> {
    const known = this.#ancestors.get(id);
    if (known) return known;
    const found = new Map<string, number>();
    let share = 1;
    let level = this.#concepts.get(id)?.is ?? [];
    while (level.length > 0 && share > grandparentShare / 4) {
      for (const parent of level) if (parent !== id && !found.has(parent)) found.set(parent, share);
      level = level.flatMap((parent) => this.#concepts.get(parent)?.is ?? []);
      share *= grandparentShare;
    }
    this.#ancestors.set(id, found);
    return found;
  }

  /** Whether two texts that speak of it mean the same thing. */
  isShared(id: string): boolean {
    return this.#concepts.get(id)?.literal !== true;
  }

  nearTo(id: string): readonly string[] {
    return this.#concepts.get(id)?.near ?? [];
  }

  /** Whether a folded word carries no subject of its own. */
  isFiller(word: string, language: TextLanguage): boolean {
    const stem = stemOf(word, language);
    // A stem much shorter than its word is often shared by chance: modeladora and modelo.
    return word.length - stem.length <= longestEnding && this.#fillersOf(language).has(stem);
  }

  /** Every single word of the lexicon, folded: known words are never "corrected". */
  wordsOf(language: TextLanguage): ReadonlyMap<string, number> {
    const known = this.#words.get(language);
    if (known) return known;
    const texts = [...this.#data.filler, ...this.#data.concepts.flatMap(({ wordings }) => wordings[language] ?? [])];
    const words = texts.flatMap((text) =>
      tokenise(text.replaceAll('|', ' ')).flatMap(({ kind, text: word, parts }) =>
        kind === 'word' ? [word, ...parts] : [],
      ),
    );
    const counted = new Map(words.map((word) => [word, 1]));
    this.#words.set(language, counted);
    return counted;
  }

  #fillersOf(language: TextLanguage): ReadonlySet<string> {
    const known = this.#fillers.get(language);
    if (known) return known;
    const words = this.#data.filler.flatMap((text) => tokenise(text).map((token) => token.text));
    const stems = new Set(words.map((word) => stemOf(word, language)));
    this.#fillers.set(language, stems);
    return stems;
  }

  #bookOf(language: TextLanguage): PhraseBook {
    const book = this.#books.get(language) ?? new PhraseBook(language, this.#data.concepts);
    this.#books.set(language, book);
    return book;
  }
}

export const emptyLexicon = new Lexicon({ concepts: [], filler: [] });
