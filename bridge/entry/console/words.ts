// What the operator's page says in the language of who reads it: the page's own words, and what a turn's codes mean.
import { turnWords } from './turn-words.ts';
import type { TurnWords } from './turn-words.ts';
import { englishPage } from './words-english.ts';
import type { PageWords } from './words-english.ts';
import { portuguesePage } from './words-portuguese.ts';

export type Words = PageWords & { turn: TurnWords };

const english: Words = { ...englishPage, turn: turnWords.en };
const portuguese: Words = { ...portuguesePage, turn: turnWords['pt-BR'] };

/** @param preferred the best of the offered languages, as negotiated from Accept-Language */
export function wordsFor(preferred: string | false): Words {
  return preferred === 'en' ? english : portuguese;
}

export const offeredLanguages = ['pt-BR', 'pt', 'en'];
