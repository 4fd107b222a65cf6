// Finds the wordings of concepts in a stream of stems. A wording is words in their order: `a|b` is either of two, `...`
// lets up to five other words stand between, `#` is any number (`#x`, `#%` with that sign), `$` a price, `@` a clock time.
// Little words may always stand between. In a question a wording inside a longer one is hidden: "cartão presente" asks for
// no payment card.
import { fold } from './fold.ts';
import type { TextLanguage } from './language.ts';
import type { Concept, ConceptMatch } from './lexicon.ts';
import { stemOf } from './stem.ts';
import { glueWords, stopWordsOf } from './stop-words.ts';
import { joinMeasures, tokenise } from './tokenise.ts';
import type { Token } from './tokenise.ts';

export interface StreamWord {
  /** The stem, or the number, measure … as it was written. */
  symbol: string;
  /** What stands for any such thing in a wording; '' for a word. */
  marker: string;
  /** A word that may stand between the words of a wording: it says nothing by itself. */
  isLittle: boolean;
}

interface Slot {
  symbols: ReadonlySet<string>;
  /** Other words may stand before it. */
  afterGap: boolean;
}

interface Phrase {
  slots: readonly Slot[];
  ids: Set<string>;
}

const markers = new Set(['#', '$', '@', '#x', '#%']);
const widestGap = 5;
const mostLittleWords = 2;

/** What a token looks like in the stream; an empty symbol for a word that only glues others together. */
export function streamSymbol(
  token: Pick<Token, 'kind' | 'text'>,
  language: TextLanguage,
): Pick<StreamWord, 'symbol' | 'marker'> {
  const { kind, text } = token;
  if (kind === 'word') return { symbol: glueWords[language].has(text) ? '' : stemOf(text, language), marker: '' };
  return { symbol: text, marker: markerOf(kind, text) };
}

function markerOf(kind: Token['kind'], text: string): string {
  if (kind === 'money') return '$';
  if (kind === 'time') return '@';
  if (kind === 'code') return '';
  return text.endsWith('x') ? '#x' : text.endsWith('%') ? '#%' : '#';
}

export class PhraseBook {
  readonly #byFirst = new Map<string, Phrase[]>();

  constructor(language: TextLanguage, concepts: readonly Concept[]) {
    const phrases = new Map<string, Phrase>();
    for (const { id, wordings } of concepts) {
      for (const slots of (wordings[language] ?? []).flatMap((wording) => slotsOf(wording, language))) {
        const key = slots.map(({ symbols, afterGap }) => (afterGap ? '…' : ' ') + [...symbols].join('|')).join('');
        const phrase = phrases.get(key) ?? { slots, ids: new Set() };
        phrases.set(key, phrase);
        phrase.ids.add(id);
      }
    }
    for (const phrase of phrases.values()) this.#file(phrase);
  }

  match(stream: readonly StreamWord[], side: 'question' | 'document'): ConceptMatch[] {
    const found: { ids: Set<string>; places: number[] }[] = [];
    for (let at = 0; at < stream.length; at++) {
      for (const { slots, ids } of this.#startingWith(stream[at])) {
        const places = placesOf(slots, stream, at);
        if (places) found.push({ ids, places });
      }
    }
    return (side === 'question' ? withoutHidden(found) : found).flatMap(({ ids, places }) =>
      [...ids].map((id) => ({ id, places })),
    );
  }

  #startingWith(word: StreamWord | undefined): readonly Phrase[] {
    if (!word) return [];
    const exact = this.#byFirst.get(word.symbol) ?? [];
    return word.marker === '' ? exact : [...exact, ...(this.#byFirst.get(word.marker) ?? [])];
  }

  #file(phrase: Phrase): void {
    for (const symbol of phrase.slots[0]?.symbols ?? []) {
      const filed = this.#byFirst.get(symbol);
      if (filed) filed.push(phrase);
      else this.#byFirst.set(symbol, [phrase]);
    }
  }
}

function placesOf(slots: readonly Slot[], stream: readonly StreamWord[], first: number): number[] | null {
  const places = [first];
  for (let i = 1; i < slots.length; i++) {
    const slot = slots[i];
    const place = slot ? placeOf(slot, stream, (places.at(-1) ?? first) + 1) : -1;
    if (place < 0) return null;
    places.push(place);
  }
  return places;
}

function placeOf({ symbols, afterGap }: Slot, stream: readonly StreamWord[], from: number): number {
  const furthest = from + (afterGap ? widestGap : mostLittleWords);
  for (let at = from; at <= furthest; at++) {
    const word = stream[at];
    if (!word) return -1;
    if (symbols.has(word.symbol) || (word.marker !== '' && symbols.has(word.marker))) return at;
    if (!afterGap && !word.isLittle) return -1;
  }
  return -1;
}

/** Longest first; one whose words all belong to a longer one goes. */
function withoutHidden<Found extends { places: readonly number[] }>(found: Found[]): Found[] {
  const kept: Found[] = [];
  for (const one of found.toSorted((a, b) => b.places.length - a.places.length)) {
    const isHidden = kept.some(
      ({ places }) => places.length > one.places.length && one.places.every((place) => places.includes(place)),
    );
    if (!isHidden) kept.push(one);
  }
  return kept;
}

/** A wording → its words; several when alternatives have different lengths ("sofá-cama|futon"). */
function slotsOf(wording: string, language: TextLanguage): Slot[][] {
  let variants: Slot[][] = [[]];
  let afterGap = false;
  for (const piece of joinMeasures(fold(wording)).split(/\s+/).filter(Boolean)) {
    if (piece === '...' || piece === '…') {
      afterGap = true;
      continue;
    }
    const options = optionsOf(piece, language);
    if (options.length === 0) continue;
    const gap = afterGap;
    variants = variants.flatMap((slots) => options.map((option) => [...slots, ...withGap(option, gap)]));
    afterGap = false;
  }
  return variants.filter((slots) => slots.length > 1 || (slots.length === 1 && isWhole(wording, slots, language)));
}

/** "trocar pra" and "tem aí" without their little words would be "trocar" and "tem": another meaning, or none. */
function isWhole(wording: string, slots: readonly Slot[], language: TextLanguage): boolean {
  const written = fold(wording).trim().split(/\s+/);
  if (written.length === 1) return true;
  if (glueWords[language].has(written.at(-1) ?? '')) return false;
  return slots.some(({ symbols }) => [...symbols].some((symbol) => !stopStems(language).has(symbol)));
}

const stemsOfStopWords = new Map<TextLanguage, ReadonlySet<string>>();

function stopStems(language: TextLanguage): ReadonlySet<string> {
  const known = stemsOfStopWords.get(language) ?? new Set(stopWordsOf(language).map((word) => stemOf(word, language)));
  stemsOfStopWords.set(language, known);
  return known;
}

/** Single words share one slot; a hyphenated alternative takes one slot for each of its words. */
function optionsOf(piece: string, language: TextLanguage): ReadonlySet<string>[][] {
  const sequences = piece
    .split('|')
    .map((written) => symbolsOf(written, language))
    .filter((symbols) => symbols.length > 0);
  const single = new Set(sequences.filter(({ length }) => length === 1).flat());
  const longer = sequences
    .filter(({ length }) => length > 1)
    .map((symbols) => symbols.map((symbol) => new Set([symbol])));
  return [...(single.size > 0 ? [[single]] : []), ...longer];
}

function withGap(option: readonly ReadonlySet<string>[], gap: boolean): Slot[] {
  return option.map((symbols, i) => ({ symbols, afterGap: i === 0 && gap }));
}

function symbolsOf(written: string, language: TextLanguage): string[] {
  if (markers.has(written)) return [written];
  return tokenise(written)
    .flatMap((token) =>
      (token.parts.length > 0 ? token.parts : [token.text]).map((text) => ({ kind: token.kind, text })),
    )
    .map((token) => streamSymbol(token, language).symbol)
    .filter((symbol) => symbol !== '');
}
