// The language a document or a tenant says it is in. What language a message is in is decided once, in core/language.ts.
import { languages } from '../../language.ts';
import type { Language } from '../../language.ts';

export type TextLanguage = Language;

/** `pt_BR`, `en-GB`, `es` … → the language; Portuguese for everything else. */
export function textLanguage(tag: string | undefined): TextLanguage {
  const start = (tag ?? '').slice(0, 2).toLowerCase();
  return languages.find((language) => language === start) ?? 'pt';
}
