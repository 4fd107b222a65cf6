// Facts never come from the model: every number in a draft must stand in what the tools returned, in the tenant's own
// configuration or in the customer's words. Dates, prices, deadlines, percentages and hours are all numbers here.
import type { Language } from '../../language.ts';
import { monthNumbers, monthsBesideDays, spelledNumbers } from './number-words.ts';
import type { WrittenNumber } from './number-words.ts';

/** Numbers of the draft that no evidence holds, as they are written in the draft. */
export function ungroundedNumbers(draft: string, evidence: readonly string[], language: Language): string[] {
  const known = new Set(
    evidence.flatMap((text) => [...digitsIn(text), ...wordsOfEvidence(text, language)].map(({ value }) => value)),
  );
  // The numbers of a list count its own points.
  const said = draft.replace(/^\s*\d{1,2}(?:[.)]\s|\ufe0f?\u20e3)/gm, '');
  const stated = [...digitsIn(said), ...monthsBesideDays(said), ...spelledNumbers(said, [language])];
  return stated.filter(({ value }) => !known.has(value)).map(({ written }) => written);
}

/** What is said in words counts in every language a source may be written in; "dos" is a number in Spanish alone. */
function wordsOfEvidence(text: string, language: Language): WrittenNumber[] {
  return [...monthNumbers(text), ...spelledNumbers(text, language === 'es' ? ['pt', 'en', 'es'] : ['pt', 'en'])];
}

/** Normal form: no thousands separators, a dot before decimals, no trailing zeros: `R$ 1.299,90` and `1299.9` are equal. */
export function digitsIn(text: string): WrittenNumber[] {
  const found: WrittenNumber[] = [];
  for (const { 0: written } of withPlainHours(text).matchAll(/\d+(?:[.,:/-]\d+)*/g)) {
    for (const value of valuesOf(written)) found.push({ written, value });
  }
  return found;
}

/** One way to write an hour: "18h30", "6:30 pm" and "6h30 da tarde" are 18:30; "9h" and "9 am" are 9. */
function withPlainHours(text: string): string {
  return text
    .replace(/\b(\d{1,2})\s?h(?:oras?)?\s?(\d{2})\b/gi, '$1:$2')
    .replace(
      /\b(\d{1,2})(:\d{2})?\s?(?:h(?:oras?)?\s)?(?:(a\.?m\b|da manhã|de la mañana)|p\.?m\b|da tarde|da noite|de la tarde|de la noche)/gi,
      (_all, hour: string, minutes: string | undefined, morning: string | undefined) =>
        `${(Number(hour) % 12) + (morning === undefined ? 12 : 0)}${minutes ?? ''}`,
    );
}

/** Hours, dates and phone numbers are compared piece by piece; a full hour has no minutes to prove. */
function valuesOf(written: string): string[] {
  if (/^\d{1,2}:00$/.test(written)) return valuesOf(written.slice(0, -3));
  if (/[:/-]/.test(written)) return written.split(/[:/-]/).flatMap(valuesOf);
  return [normalForm(written)];
}

function normalForm(written: string): string {
  if (/^\d{1,3}(?:\.\d{3})+(?:,\d+)?$/.test(written)) return plain(written.replaceAll('.', '').replace(',', '.'));
  if (/^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(written)) return plain(written.replaceAll(',', ''));
  return plain(written.replaceAll(',', '.'));
}

/** Text and not a number: order numbers may be longer than a number is exact. */
function plain(number: string): string {
  const [whole = '', ...decimals] = number.split('.');
  const fraction = decimals.join('.').replace(/0+$/, '');
  const digits = whole.replace(/^0+(?=\d)/, '');
  return fraction === '' ? digits : `${digits}.${fraction}`;
}
