// Instants as people read them: in their language, in the time of the business they are about.
import type { Compared } from './compared.ts';
import type { Words } from './words.ts';

export function localTime(at: string, timezone: string, words: Words): string {
  const format = { dateStyle: 'short', timeStyle: 'medium', timeZone: timezone } as const;
  return new Intl.DateTimeFormat(words.lang, format).format(new Date(at));
}

/** A day that was counted by the business's own clock stays that day. */
export function localDate(day: string, words: Words): string {
  return new Intl.DateTimeFormat(words.lang, { dateStyle: 'short', timeZone: 'UTC' }).format(
    new Date(`${day}T12:00:00Z`),
  );
}

export function comparedText(one: Compared, timezone: string, words: Words): string {
  if (one.state === 'at') return localTime(one.at, timezone, words);
  return one.state === 'never' ? words.neverCompared : words.unknown;
}

export function agoText(at: string, now: string, words: Words): string {
  const seconds = Math.max(0, Math.round((Date.parse(now) - Date.parse(at)) / 1000));
  const format = new Intl.RelativeTimeFormat(words.lang, { style: 'short' });
  return seconds < 120 ? format.format(-seconds, 'second') : format.format(-Math.round(seconds / 60), 'minute');
}
