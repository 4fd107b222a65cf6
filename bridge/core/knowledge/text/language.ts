// The language of a text that is indexed: what it says it is in, else what core/language.ts makes of it.
import { languageOf, languages } from '../../language.ts';
import type { Language } from '../../language.ts';

export type TextLanguage = Language;

/** `pt_BR`, `en-GB`, `es` … → the language; Portuguese for everything else. */
export function textLanguage(tag: string | undefined): TextLanguage {
  const start = (tag ?? '').slice(0, 2).toLowerCase();
  return languages.find((language) => language === start) ?? 'pt';
}

/** The language of a text that does not say: Portuguese unless another one is clear. */
export function languageOfText(text: string): TextLanguage {
  return languageOf(text, 'pt');
}
