// What of a question decides its answer, so that an answer given to one wording may be given to another. Everything that
// turns an answer around is kept apart and must be equal: numbers, measures, sizes, negations, "before" and "after", who,
// when and where. Words are compared by stem; a single unmatched one makes it another question.
import { chatSpellings } from '../../knowledge/text/chat-spelling.ts';
import { withoutCourtesy } from '../../knowledge/text/courtesy.ts';
import { fold } from '../../knowledge/text/fold.ts';
import type { TextLanguage } from '../../knowledge/text/language.ts';
import { stemOf } from '../../knowledge/text/stem.ts';
import { isStopWord } from '../../knowledge/text/stop-words.ts';
import { tokenise } from '../../knowledge/text/tokenise.ts';
import { isOneEditAway } from '../../knowledge/text/typos.ts';
import { spelledNumbers } from '../guards/number-words.ts';
import { synonyms, weakStems } from './synonyms.ts';

export interface QuestionShape {
  /** Stems of the words that count, sorted, each once. */
  words: string[];
  /** Numbers, measures, times, codes and sizes, in the order they were written. */
  exact: string[];
  /** Small words that turn an answer around, sorted. */
  turns: string[];
}

const turning = new Map<string, string>(
  Object.entries({
    not: 'nao nem nunca jamais nenhum nenhuma ninguem sem fora exceto not never none without except sin',
    before: 'antes before',
    after: 'depois apos after despues',
    until: 'ate until hasta',
    more: 'mais acima maior more above',
    less: 'menos abaixo less below menor',
    only: 'so somente apenas only solo',
    every: 'todo toda todos todas cada qualquer every all any',
    when: 'quando when cuando',
    where: 'onde aonde where donde',
    who: 'quem who quien',
    why: 'porque why',
    much: 'quanto quanta quantos quantas much many cuanto cuanta cuantos cuantas',
    other: 'outro outra outros outras other another otro otra',
    again: 'novamente again',
    between: 'entre between',
    morning: 'manha madrugada morning',
    afternoon: 'tarde afternoon',
    night: 'noite night noche',
    still: 'ainda still todavia',
  }).flatMap(([kind, words]) => words.split(' ').map((word) => [word, kind] as const)),
);

/** One letter is a size only where it is called one or written as one. */
const namedSize = /\b(?:tam(?:anho)?|size|talla|numero|nº)\.?\s*:?\s*(pp|p|m|g{1,3}|xg{1,2}|x{0,2}l|xs|s)\b/gi;
const writtenSize = /(?<![\p{L}\p{N}])(PP|GG|GGG|XG|XGG|XL|XXL|XS|P|M|G)(?![\p{L}\p{N}])/gu;
const longEnoughForSlips = 6;

export function shapeOfQuestion(asked: string, language: TextLanguage): QuestionShape {
  const text = withoutCourtesy(asked).replace(/\b2[aª]?\s*via\b/gi, 'segunda via');
  const tokens = tokenise(text);
  const spelled = tokens.flatMap(({ kind, text: word }) =>
    kind === 'word' ? (chatSpellings.get(word) ?? [word]) : [],
  );
  const numbers = spelledNumbers(text, [language]);
  const numberWords = new Set(numbers.flatMap(({ written }) => fold(written).split(' ')));
  const sizes = [...text.matchAll(namedSize), ...writtenSizes(text)].map(
    (match) => `size:${(match[1] ?? '').toLowerCase()}`,
  );
  const plain = spelled.map(fold);
  return {
    words: unique(
      plain
        .filter((word) => !numberWords.has(word) && isTelling(word, language))
        .map((word) => meaning(word, language)),
    ),
    exact: [
      ...tokens.filter(({ kind }) => kind !== 'word').map(({ text: written }) => written),
      ...numbers.map(({ value }) => value),
      ...new Set(sizes),
    ],
    turns: unique(plain.flatMap((word) => turning.get(word) ?? [])),
  };
}

/** Both must say the same, in any order; a slip of the finger in a long word is forgiven. */
export function asksTheSame(a: QuestionShape, b: QuestionShape): boolean {
  if (a.words.length === 0 || !equalLists(a.exact.toSorted(), b.exact.toSorted()) || !equalLists(a.turns, b.turns)) {
    return false;
  }
  // What goes from one number to another is told by their order alone.
  if (a.exact.length > 1 && !equalLists(a.exact, b.exact)) return false;
  return covers(a.words, b.words) && covers(b.words, a.words);
}

function covers(words: readonly string[], others: readonly string[]): boolean {
  return others.every(
    (other) =>
      words.includes(other) ||
      (other.length >= longEnoughForSlips && words.some((word) => word[0] === other[0] && isOneEditAway(word, other))),
  );
}

function isTelling(word: string, language: TextLanguage): boolean {
  if (word.length < 2 || turning.has(word)) return false;
  return !isStopWord(word, language) && !weakStems.has(stemOf(word, language));
}

function meaning(word: string, language: TextLanguage): string {
  const stem = stemOf(word, language);
  return synonyms.get(stem) ?? stem;
}

/** In a message shouted in capitals every letter is a capital. */
function writtenSizes(text: string): RegExpMatchArray[] {
  return /\p{Ll}/u.test(text) ? [...text.matchAll(writtenSize)] : [];
}

function unique(values: string[]): string[] {
  return [...new Set(values)].sort();
}

function equalLists(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, at) => value === b[at]);
}
