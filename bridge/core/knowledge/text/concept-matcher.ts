// Finds concepts in a stream of stems: the longest phrase that begins at each place wins and hides what is inside it
// ("cartão presente" is not a payment card). Words that only glue a phrase together are in neither side.
import { concepts } from './concepts.ts';
import { fold } from './fold.ts';
import type { TextLanguage } from './language.ts';
import { stemOf } from './stem.ts';
import { glueWords } from './stop-words.ts';
import { tokenise } from './tokenise.ts';
import type { Token } from './tokenise.ts';

export interface ConceptMatch {
  ids: string[];
  /** Half-open range in the stream. */
  from: number;
  to: number;
}

interface Phrase {
  symbols: string[];
  ids: string[];
}

type PhraseBook = Map<string, Phrase[]>;

const books: Partial<Record<TextLanguage, PhraseBook>> = {};
const markers = new Set(['#', '$', '@', '#x', '#%']);

/** What a token looks like in the stream; '' for a word that is glue. */
export function streamSymbol(token: Pick<Token, 'kind' | 'text'>, language: TextLanguage): string {
  if (token.kind === 'money') return '$';
  if (token.kind === 'time') return '@';
  if (token.kind === 'number') return '#';
  if (token.kind === 'measure') return token.text.endsWith('x') ? '#x' : token.text.endsWith('%') ? '#%' : '#';
  if (glueWords[language].has(token.text)) return '';
  return stemOf(token.text, language);
}

export function matchConcepts(stream: string[], language: TextLanguage): ConceptMatch[] {
  const book = (books[language] ??= compile(language));
  const found: ConceptMatch[] = [];
  let at = 0;
  while (at < stream.length) {
    const phrase = longestAt(book, stream, at);
    if (phrase) found.push({ ids: phrase.ids, from: at, to: at + phrase.symbols.length });
    at += phrase ? phrase.symbols.length : 1;
  }
  return found;
}

function longestAt(book: PhraseBook, stream: string[], at: number): Phrase | undefined {
  return book.get(stream[at] ?? '')?.find(({ symbols }) => symbols.every((symbol, i) => stream[at + i] === symbol));
}

function compile(language: TextLanguage): PhraseBook {
  const bySymbols = new Map<string, Phrase>();
  for (const concept of concepts) {
    for (const written of (concept[language] ?? '').split(',')) {
      const symbols = symbolsOf(written, language);
      if (symbols.length === 0) continue;
      const phrase = bySymbols.get(symbols.join(' ')) ?? { symbols, ids: [] };
      if (!phrase.ids.includes(concept.id)) phrase.ids.push(concept.id);
      bySymbols.set(symbols.join(' '), phrase);
    }
  }
  return byFirstSymbol([...bySymbols.values()]);
}

function byFirstSymbol(phrases: Phrase[]): PhraseBook {
  const book: PhraseBook = new Map();
  for (const phrase of phrases.toSorted((a, b) => b.symbols.length - a.symbols.length)) {
    const [first = ''] = phrase.symbols;
    book.set(first, [...(book.get(first) ?? []), phrase]);
  }
  return book;
}

function symbolsOf(written: string, language: TextLanguage): string[] {
  return fold(written)
    .split(/\s+/)
    .flatMap((piece) => (markers.has(piece) ? [piece] : wordSymbols(piece, language)))
    .filter((symbol) => symbol !== '');
}

function wordSymbols(piece: string, language: TextLanguage): string[] {
  return tokenise(piece).flatMap((token) =>
    (token.parts.length > 0 ? token.parts : [token.text]).map((text) =>
      streamSymbol({ kind: token.kind, text }, language),
    ),
  );
}

/** Concepts that may help when the asked one is not found, by id. */
export const nearConcepts: ReadonlyMap<string, readonly string[]> = new Map(
  concepts.map(({ id, near }) => [id, near?.split(',').map((other) => other.trim()) ?? []]),
);

/** Every single word of the lexicon, folded: known words are never "corrected". */
export function lexiconWords(language: TextLanguage): string[] {
  const all = concepts.flatMap((concept) =>
    tokenise(concept[language] ?? '').flatMap(({ kind, text, parts }) => (kind === 'word' ? [text, ...parts] : [])),
  );
  return [...new Set(all)];
}
