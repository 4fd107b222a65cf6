// Text → what it says, the same way for documents and questions: a list of units (words by stem, numbers, measures,
// codes) with the concepts they take part in. Nothing behind this knows a language; nothing before it knows an index.
import { chatSpellings } from './chat-spelling.ts';
import type { TextLanguage } from './language.ts';
import type { Lexicon } from './lexicon.ts';
import { streamSymbol } from './phrase-book.ts';
import { stemOf } from './stem.ts';
import { isMinorWord, isStopWord } from './stop-words.ts';
import { tokenise } from './tokenise.ts';
import type { Token } from './tokenise.ts';

export interface Unit {
  kind: Token['kind'] | 'phrase';
  /** Folded, as written after spelling was resolved. */
  surface: string;
  /** Index terms; one a language asked for. Empty for a phrase of stop words that only stands for a concept. */
  terms: string[];
  concepts: string[];
  /** Names something that only the same word means ("liquidificador"). */
  isNamed: boolean;
  /** Its concepts are those of a phrase it is in: the word alone is not what was meant. */
  inPhrase: boolean;
  /** Terms that name it together with this unit ("cadeira gamer"); empty for a name of one word. */
  namedWith: string[];
  /** How much this unit matters before anything is known about how rare it is. */
  weight: number;
}

interface Piece {
  token: Token;
  unit: Unit | null;
}

const weights: Record<Token['kind'], number> = { word: 1, number: 0.4, measure: 0.8, money: 0.6, time: 0.5, code: 1.5 };
const minorWeight = 0.3;
const fillerWeight = 0.1;
const phraseWeight = 0.8;

/**
 * What a question means is the longest wording in it; a document that says "cartão presente" also speaks of presents.
 * The first language decides how short forms are read; stop words and stems of all of them count.
 */
export function analyse(
  text: string,
  languages: readonly TextLanguage[],
  lexicon: Lexicon,
  side: 'question' | 'document' = 'question',
): Unit[] {
  const [first = 'pt'] = languages;
  const pieces = tokenise(text)
    .flatMap((token) => resolveSpelling(token, first))
    .flatMap((token) => splitParts(token, languages))
    .map((token): Piece => ({ token, unit: unitOf(token, languages, lexicon) }));
  const phrases = languages.flatMap((language) => attachConcepts(pieces, language, lexicon, side));
  const units = pieces.flatMap(({ unit }) => unit ?? []);
  return [...units, ...withoutRepeats(phrases)];
}

function resolveSpelling(token: Token, language: TextLanguage): Token[] {
  const full = language === 'pt' && token.kind === 'word' ? chatSpellings.get(token.text) : undefined;
  return full ? full.map((text) => ({ kind: 'word', text, parts: [] })) : [token];
}

/** "guarda-roupa" → guarda, roupa and guardaroupa; "trocá-lo" → troca; "BT-1029" → bt1029 and 1029. */
function splitParts(token: Token, languages: readonly TextLanguage[]): Token[] {
  if (token.kind === 'measure') return [token, ...bareNumber(token.text)];
  if (token.parts.length === 0) return [token];
  if (token.kind === 'code') return [token, ...token.parts.filter((part) => /^\d{3,}$/.test(part)).map(numberToken)];
  const telling = token.parts.filter((part) => part.length > 2 && !stops(part, languages));
  const pieces = token.parts.map((text): Token => ({ kind: 'word', text, parts: [] }));
  return telling.length === token.parts.length ? [...pieces, { ...token, parts: [] }] : pieces;
}

/** "127v" is also found by who asks for 127. */
function bareNumber(measure: string): Token[] {
  const number = /^\d+(?=[a-z])/.exec(measure)?.[0];
  return number === undefined ? [] : [numberToken(number)];
}

function numberToken(text: string): Token {
  return { kind: 'number', text, parts: [] };
}

function unitOf({ kind, text }: Token, languages: readonly TextLanguage[], lexicon: Lexicon): Unit | null {
  if (kind !== 'word') {
    return {
      kind,
      surface: text,
      terms: [text],
      concepts: [],
      inPhrase: false,
      isNamed: false,
      namedWith: [],
      weight: weights[kind],
    };
  }
  if (stops(text, languages)) return null;
  const terms = [...new Set(languages.map((language) => stemOf(text, language)))];
  return {
    kind,
    surface: text,
    terms,
    concepts: [],
    inPhrase: false,
    isNamed: false,
    namedWith: [],
    weight: weightOf(text, languages, lexicon),
  };
}

function weightOf(word: string, languages: readonly TextLanguage[], lexicon: Lexicon): number {
  if (isMinorWord(word)) return minorWeight;
  return languages.some((language) => lexicon.isFiller(word, language)) ? fillerWeight : weights.word;
}

function stops(word: string, languages: readonly TextLanguage[]): boolean {
  return (word.length < 2 && /\p{L}/u.test(word)) || languages.some((language) => isStopWord(word, language));
}

/** Gives units their concepts; returns units for phrases none of whose words counts ("onde fica"). */
function attachConcepts(
  pieces: Piece[],
  language: TextLanguage,
  lexicon: Lexicon,
  side: 'question' | 'document',
): Unit[] {
  const stream = pieces
    .map((piece) => ({ piece, ...streamSymbol(piece.token, language), isLittle: isLittle(piece, language) }))
    .filter(({ symbol }) => symbol !== '');
  return lexicon.match(stream, language, side).flatMap(({ id, places }) => {
    const inside = places.flatMap((place) => stream[place]?.piece ?? []);
    const units = inside.flatMap(({ unit }) => unit ?? []);
    const isShared = lexicon.isShared(id);
    for (const unit of units) {
      if (!isShared) nameIt(unit, units);
      else if (!unit.concepts.includes(id)) unit.concepts.push(id);
      if (places.length > 1) {
        unit.weight = Math.max(unit.weight, phraseWeight);
        unit.inPhrase ||= isShared;
      }
    }
    return units.length > 0 || !isShared || places.length === 1
      ? []
      : [phraseUnit(inside.map(({ token }) => token.text).join(' '), id)];
  });
}

function isLittle({ token, unit }: Piece, language: TextLanguage): boolean {
  return unit === null && token.kind === 'word' && isStopWord(token.text, language);
}

function phraseUnit(surface: string, concept: string): Unit {
  return {
    kind: 'phrase',
    surface,
    terms: [],
    concepts: [concept],
    inPhrase: false,
    isNamed: false,
    namedWith: [],
    weight: phraseWeight,
  };
}

/** A name means itself, whatever its words mean elsewhere. */
function nameIt(unit: Unit, together: readonly Unit[]): void {
  unit.isNamed = true;
  unit.weight = Math.max(unit.weight, weights.word);
  if (together.length > 1) unit.namedWith = together.flatMap(({ terms }) => terms.slice(0, 1));
}

/** One phrase of two languages, or of two concepts, is one unit. */
function withoutRepeats(phrases: Unit[]): Unit[] {
  const bySurface = new Map<string, Unit>();
  for (const phrase of phrases) {
    const known = bySurface.get(phrase.surface);
    if (known) known.concepts = [...new Set([...known.concepts, ...phrase.concepts])];
    else bySurface.set(phrase.surface, phrase);
  }
  return [...bySurface.values()];
}
