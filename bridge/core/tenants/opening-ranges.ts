// A company's week as ranges of instants. Wall times become instants day by day in the company's own time zone, so that
// a day with 23 or 25 hours, or one that starts at 01:00, is as long as it really is.
import { DateTime } from 'luxon';
import type { TenantConfig } from '../tenant.ts';
import type { OpeningTime } from './opening-times.ts';

/** Half-open, in epoch milliseconds. */
export interface OpeningRange {
  fromMs: number;
  toMs: number;
}

type Minutes = number;
const dayMinutes: Minutes = 24 * 60;
/** How far ahead an opening is looked for: longer than any holiday of a whole company. */
const horizonDays = 62;

/**
 * Ranges in which the company is open, in order, from the day before `atMs` on. Ranges that touch are one range, so that
 * a shop open around the clock does not "close" at midnight. A holiday has no opening; a night begun the day before ends
 * as usual.
 */
export function* openingRanges(config: TenantConfig, atMs: number): Generator<OpeningRange> {
  let waiting: OpeningRange | null = null;
  for (const range of rangesByDay(config, atMs)) {
    if (waiting !== null && range.fromMs <= waiting.toMs) {
      waiting = { fromMs: waiting.fromMs, toMs: Math.max(waiting.toMs, range.toMs) };
      continue;
    }
    if (waiting !== null) yield waiting;
    waiting = range;
  }
  if (waiting !== null) yield waiting;
}

function* rangesByDay(config: TenantConfig, atMs: number): Generator<OpeningRange> {
  const { weekly = [], holidays = [] } = config.company_metadata.business_hours ?? {};
  if (weekly.length === 0) return;
  const closed = new Set(holidays.map((holiday) => holiday.date));
  const today = DateTime.fromMillis(atMs, { zone: config.timezone }).startOf('day');
  for (let offset = -1; offset <= horizonDays; offset += 1) {
    const day = today.plus({ days: offset });
    if (!closed.has(day.toFormat('yyyy-MM-dd'))) yield* rangesOf(day, weekly);
  }
}

function rangesOf(day: DateTime, weekly: readonly OpeningTime[]): OpeningRange[] {
  const hours = weekly.filter((opening) => opening.days.includes(day.weekday - 1)).flatMap((opening) => spans(opening));
  const ranges = hours.map(([from, to]) => ({ fromMs: instant(day, from), toMs: instant(day, to) }));
  return ranges.filter(({ fromMs, toMs }) => fromMs < toMs).sort((one, other) => one.fromMs - other.fromMs);
}

/** Minutes since the day's start; a close before the open belongs to the next day. */
function spans({ open, close, break: pause }: OpeningTime): [Minutes, Minutes][] {
  const from = minutes(open);
  const to = minutes(close) < from ? minutes(close) + dayMinutes : minutes(close);
  if (pause === undefined) return [[from, to]];
  const [pauseFrom, pauseTo] = pause.map((time) => (minutes(time) < from ? minutes(time) + dayMinutes : minutes(time)));
  if (pauseFrom === undefined || pauseTo === undefined || pauseFrom >= pauseTo || pauseTo > to) return [[from, to]];
  return [
    [from, pauseFrom],
    [pauseTo, to],
  ];
}

function instant(day: DateTime, minute: Minutes): number {
  const date = day.plus({ days: Math.floor(minute / dayMinutes) });
  const left = minute % dayMinutes;
  return date.set({ hour: Math.floor(left / 60), minute: left % 60 }).toMillis();
}

function minutes(time: string): Minutes {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}
