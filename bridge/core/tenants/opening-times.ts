// When a company is open, as the tenant file says it, in today's form and in the owner's earlier one.
import { z } from 'zod';

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'use HH:MM, for example "09:00"');
const weekdays = z.array(z.number().int().min(0).max(6)).min(1);

const openingTime = z.strictObject({
  days: weekdays,
  open: clockTime,
  close: clockTime,
  break: z.tuple([clockTime, clockTime]).optional(),
});
export type OpeningTime = z.infer<typeof openingTime>;

/** The owner's earlier form: one range for all named days, `lunch_break_start`/`lunch_break_end` beside it. */
export const earlierHours = z.strictObject({
  days: weekdays,
  start_time: clockTime,
  end_time: clockTime,
  has_lunch_break: z.boolean().optional(),
  lunch_break_start: clockTime.optional(),
  lunch_break_end: clockTime.optional(),
  holidays: z.array(z.unknown()).optional(),
});

export function fromEarlierHours(value: unknown): unknown {
  const earlier = earlierHours.safeParse(value);
  if (!earlier.success) return value;
  const { days, start_time, end_time, has_lunch_break, lunch_break_start, lunch_break_end, holidays } = earlier.data;
  const lunch =
    has_lunch_break !== false && lunch_break_start && lunch_break_end
      ? [lunch_break_start, lunch_break_end]
      : undefined;
  const weekly = [{ days, open: start_time, close: end_time, ...(lunch ? { break: lunch } : {}) }];
  return { weekly, ...(holidays ? { holidays } : {}) };
}

export const businessHours = z.preprocess(
  fromEarlierHours,
  z.strictObject({
    weekly: z.array(openingTime).default([]),
    holidays: z.array(z.strictObject({ date: z.iso.date(), name: z.string().max(100).default('') })).default([]),
  }),
);
