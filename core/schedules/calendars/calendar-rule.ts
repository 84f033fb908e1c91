import { z } from 'zod';
import { CalendarKey } from './definition.ts';
import { CALENDAR_RULES } from './rules.ts';

const RULE_ERROR = `Choose what becomes of a day off: ${CALENDAR_RULES.join(', ')}.`;
const NTH_ERROR =
  'Business days of the month are numbers from 1 (the first) to 23, or -1 (the last) to -23. Give each once.';

export const ScheduleCalendar = z
  .object({
    key: CalendarKey,
    /** Of the calendar; saving fills in the newest one. */
    revision: z.int().min(1).optional(),
    rule: z.enum(CALENDAR_RULES, { error: RULE_ERROR }),
    /** Under `nth`: which business days of each month. */
    nth: z
      .array(
        z.int({ error: NTH_ERROR }).refine((n) => n !== 0 && Math.abs(n) <= 23, NTH_ERROR),
        {
          error: NTH_ERROR,
        },
      )
      .max(46, NTH_ERROR)
      .refine((all) => new Set(all).size === all.length, NTH_ERROR)
      .optional(),
  })
  .refine(({ rule, nth }) => rule !== 'nth' || (nth !== undefined && nth.length > 0), {
    path: ['nth'],
    error: NTH_ERROR,
  });
export type ScheduleCalendar = z.output<typeof ScheduleCalendar>;

export const IntervalCalendar = ScheduleCalendar.refine(({ rule }) => rule === 'skip', {
  path: ['rule'],
  error:
    'The ticks of an interval can’t be moved to another day. Choose skip, or write cron lines.',
});

export const DateCalendar = ScheduleCalendar.refine(({ rule }) => rule !== 'nth', {
  path: ['rule'],
  error:
    'Single dates name no business day of the month. Choose skip, next or previous, or write cron lines.',
});
