// Whether the company is open, when it opens next and how that is said. A company that gave no hours counts as open:
// nobody may be told that a shop is closed without the shop having said so.
import { DateTime } from 'luxon';
import type { Language } from '../language.ts';
import type { TenantConfig } from '../tenant.ts';
import { momentWords } from './moment-words.ts';
import { openingRanges, type OpeningRange } from './opening-ranges.ts';

/** Open for longer than this without a break is open always. */
const aroundTheClockMs = 14 * 24 * 60 * 60 * 1000;

export function isOpen(config: TenantConfig, atMs: number): boolean {
  return !givesHours(config) || presentRange(config, atMs) !== null;
}

/** When it closes (a break counts), or null when it is closed now or gave no hours. */
export function closesAt(config: TenantConfig, atMs: number): number | null {
  return presentRange(config, atMs)?.toMs ?? null;
}

/** The next instant after `atMs` at which it opens; null when it gave no hours or does not open for two months. */
export function nextOpening(config: TenantConfig, atMs: number): number | null {
  for (const { fromMs } of openingRanges(config, atMs)) if (fromMs > atMs) return fromMs;
  return null;
}

/**
 * A future moment seen from `nowMs`, without a preposition before it, so that it fits after "a partir de", "from":
 * "hoje às 13h", "amanhã às 9h", "segunda-feira às 9h", "3 de fevereiro às 9h".
 */
export function describeMoment(config: TenantConfig, momentMs: number, nowMs: number, language: Language): string {
  const words = momentWords[language];
  const { day, time } = placed(config, momentMs, nowMs, language);
  return words.at(day, time);
}

/** What is true now: "hoje até as 18h" while open, the next opening while closed; null when there is nothing to say. */
export function describeHours(config: TenantConfig, nowMs: number, language: Language): string | null {
  const closing = closesAt(config, nowMs);
  const opening = nextOpening(config, nowMs);
  if (closing === null) return opening === null ? null : describeMoment(config, opening, nowMs, language);
  const words = momentWords[language];
  if (closing - nowMs > aroundTheClockMs) return words.always;
  // Midnight belongs to the evening before it.
  const { day, time, isLaterDay } = placed(config, closing, nowMs, language, closing - 1);
  return isLaterDay ? words.untilLater(day, time) : words.untilToday(time);
}

function placed(config: TenantConfig, momentMs: number, nowMs: number, language: Language, dayOfMs = momentMs) {
  const words = momentWords[language];
  const moment = DateTime.fromMillis(momentMs, { zone: config.timezone });
  const day = DateTime.fromMillis(dayOfMs, { zone: config.timezone }).startOf('day');
  const today = DateTime.fromMillis(nowMs, { zone: config.timezone }).startOf('day');
  const days = Math.round(day.diff(today, 'days').days);
  return { day: words.day(days, day), time: { hour: moment.hour, minute: moment.minute }, isLaterDay: days > 0 };
}

function presentRange(config: TenantConfig, atMs: number): OpeningRange | null {
  for (const range of openingRanges(config, atMs)) {
    if (range.fromMs > atMs) return null;
    if (atMs < range.toMs) return range;
  }
  return null;
}

function givesHours(config: TenantConfig): boolean {
  return (config.company_metadata.business_hours?.weekly.length ?? 0) > 0;
}
