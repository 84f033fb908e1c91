import { z } from 'zod';
import { type Actor, authorize } from '../auth/permissions.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { Year } from './calendar-input.ts';
import { type NamedDate, readIcs } from '../schedules/calendars/read-ics.ts';

export const ImportDates = z
  .object({
    /** A calendar file (.ics). */
    text: z.string({ error: 'Give a calendar file (.ics).' }),
    fromYear: Year,
    toYear: Year,
  })
  .refine(({ fromYear, toYear }) => fromYear <= toYear && toYear - fromYear < 20, {
    path: ['toYear'],
    error: 'Give at most 20 years, the first one first.',
  });

export type ImportedDates = {
  dates: NamedDate[];
  /** Events that repeat in a way that isn't read, or are cut off. */
  leftOut: number;
  /** The names of the first ten of them, where they have one. */
  leftOutNames: string[];
  /** Events at a time of day, which close no day. */
  atTimes: number;
};

/** Reads the days of a calendar file, to look at before they are saved in a calendar. Changes nothing. */
export function importDates(
  actor: Actor,
  input: z.input<typeof ImportDates>,
): Outcome<ImportedDates> {
  authorize(actor, 'calendar:write');
  const parsed = ImportDates.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { text, fromYear, toYear } = parsed.data;
  const read = readIcs(text, { from: `${fromYear}-01-01`, to: `${toYear}-12-31` });
  if (!read.ok) return refuse('invalid', read.problem, [{ path: ['text'], message: read.problem }]);
  const { dates, leftOut, leftOutNames, atTimes } = read;
  return done({ dates, leftOut, leftOutNames, atTimes });
}
