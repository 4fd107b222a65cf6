// The language a question is read in. A short question ("do you take insurance?") gives a detector little: here the little
// words decide, because whoever writes "you" or "puedo" does not write Portuguese. Wrong only costs a reading too many.
import { languageOf, languages } from '../../language.ts';
import { fold } from './fold.ts';
import { textLanguage } from './language.ts';
import type { TextLanguage } from './language.ts';
import { isStopWord } from './stop-words.ts';

export function askedLanguage(text: string, tenantLanguage: string): TextLanguage {
  const own = textLanguage(tenantLanguage);
  const clear = languageOf(text, tenantLanguage);
  if (clear !== own) return clear;
  const words = fold(text).match(/\p{L}{2,}/gu) ?? [];
  const onlyIn = (one: TextLanguage, other: TextLanguage) =>
    words.filter((word) => isStopWord(word, one) && !isStopWord(word, other)).length;
  return languages.find((other) => other !== own && onlyIn(other, own) > onlyIn(own, other)) ?? own;
}
