// Moments as callers write them: a date-time with any offset, or a date, which is noon of that day where the tenant is
// (midnight does not exist on some days, and noon is inside whatever is valid "on that day").
import { DateTime } from 'luxon';
import { z } from 'zod';

export const instant = z.union([z.iso.date(), z.iso.datetime({ offset: true })], {
  error: 'use a date (2026-03-31) or a date-time with offset (2026-03-31T09:00:00-03:00)',
});

/** Milliseconds since the epoch of a text that passed `instant`. */
export function instantMs(text: string, timezone: string): number {
  if (text.length > 10) return Date.parse(text);
  return DateTime.fromISO(`${text}T12:00`, { zone: timezone }).toMillis();
}

export const instantText = z.iso.datetime({ offset: true });

export function toText(ms: number): string {
  return new Date(ms).toISOString();
}
