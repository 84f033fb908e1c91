import { z } from 'zod';
import { HOLIDAY_TYPES } from './rules.ts';

const MAX_DATES = 5_000;

/** A calendar's name in addresses and files, as a job's key is. */
export const CalendarKey = z
  .string({ error: 'Choose a calendar by its key.' })
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/,
    'Use 1 to 64 lower-case letters, digits and hyphens, beginning and ending with a letter or digit.',
  );

const DATE_ERROR = 'A date is a day such as 2026-12-24. Give one that exists.';
const DAY = z.string({ error: DATE_ERROR }).refine(isDay, DATE_ERROR);
const NAME_ERROR = 'The name of a date has at most 200 characters.';

const dates = (what: string) => {
  // Worded when it is told, as Intl is slow to begin.
  const error = () => `Give at most ${MAX_DATES.toLocaleString('en')} ${what}.`;
  return z
    .array(
      z.object({
        date: DAY,
        name: z.string({ error: NAME_ERROR }).trim().max(200, NAME_ERROR).default(''),
      }),
      { error },
    )
    .max(MAX_DATES, { error })
    .default([]);
};

const COUNTRY_ERROR =
  'A country is a code of two letters, such as DE or CN. Give one, or no holidays.';
const REGION_ERROR =
  'A region is a code such as BY, or BY-A for a part of it. Give one, or leave it out.';
const TYPES_ERROR = `Choose at least one type of holiday: ${HOLIDAY_TYPES.join(', ')}.`;
const WEEKEND_ERROR = 'Weekend days are numbers from 0 (Sunday) to 6 (Saturday). Give each once.';

/** Which days are business days. What stands further up wins: a make-up workday is one on any weekend or holiday. */
export const CalendarDefinition = z.object({
  /** Days that are worked although the rest says otherwise. */
  workdays: dates('make-up workdays'),
  /** Days off, beside the holidays. */
  dates: dates('dates'),
  /** Of a country and region, reckoned for each year; half days aren't days off. */
  holidays: z
    .object({
      country: z.string({ error: COUNTRY_ERROR }).regex(/^[A-Z]{2}$/, COUNTRY_ERROR),
      region: z
        .string({ error: REGION_ERROR })
        .regex(/^[A-Z0-9]{1,8}(-[A-Z0-9]{1,8})?$/, REGION_ERROR)
        .nullable()
        .default(null),
      types: z
        .array(z.enum(HOLIDAY_TYPES, { error: TYPES_ERROR }), { error: TYPES_ERROR })
        .min(1, TYPES_ERROR)
        .max(HOLIDAY_TYPES.length, TYPES_ERROR)
        .default(['public']),
    })
    .nullable()
    .default(null),
  /** Days of the week that are off. */
  weekend: z
    .array(z.int({ error: WEEKEND_ERROR }).min(0, WEEKEND_ERROR).max(6, WEEKEND_ERROR), {
      error: WEEKEND_ERROR,
    })
    .max(7, WEEKEND_ERROR)
    .refine((days) => new Set(days).size === days.length, WEEKEND_ERROR)
    .default([6, 0]),
});
export type CalendarDefinition = z.output<typeof CalendarDefinition>;

function isDay(text: string): boolean {
  if (!/^(19[7-9]|[2-9]\d\d)\d-\d\d-\d\d$/.test(text)) return false;
  const ms = Date.parse(text);
  // Date.parse reads 30 February as 1 March.
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === text;
}
