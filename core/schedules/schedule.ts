import { z } from 'zod';
import { checkLineAlone, isUtcInstant } from './check-schedule.ts';
import { checkTimeZone } from './zone-names.ts';

const MAX_LINES = 20;
const SECOND_MS = 1_000;

const TimeZone = z
  .string({ error: 'Choose a time zone, for example UTC or Europe/Berlin.' })
  .superRefine((name, context) => {
    const message = checkTimeZone(name);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

const CronLineText = z
  .string({ error: 'A cron line is text, such as "0 9 * * 1-5".' })
  .trim()
  .superRefine((line, context) => {
    const message = checkLineAlone(line, ANY_DAY);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

const LINES_ERROR = `Give 1 to ${MAX_LINES} cron lines, such as "0 9 * * 1-5".`;
const INTERVAL_ERROR =
  'The interval is a whole number of milliseconds, at least 1,000 (1 second). Give a longer one.';
const ANCHOR_ERROR =
  'The anchor is an instant in UTC, such as 2026-01-01T00:00:00Z. Give one that the interval keeps step with.';

/** Lines are joined: the schedule fires when any of them does. */
const CronSchedule = z.object({
  type: z.literal('cron'),
  lines: z
    .array(CronLineText, { error: LINES_ERROR })
    .min(1, LINES_ERROR)
    .max(MAX_LINES, LINES_ERROR),
  timeZone: TimeZone,
});

/** Fires at the anchor and every `everyMs` before and after it: it doesn't drift. The zone is only for showing. */
const IntervalSchedule = z.object({
  type: z.literal('interval'),
  everyMs: z.int({ error: INTERVAL_ERROR }).min(SECOND_MS, INTERVAL_ERROR),
  anchor: z.string({ error: ANCHOR_ERROR }).refine(isUtcInstant, ANCHOR_ERROR),
  timeZone: TimeZone,
});

const ManualSchedule = z.object({ type: z.literal('manual') });

/** When a job runs by itself. Every message is a sentence that names the field, what is allowed and the next step. */
export const Schedule = z.discriminatedUnion(
  'type',
  [CronSchedule, IntervalSchedule, ManualSchedule],
  { error: 'Choose a kind of schedule: cron, interval or manual.' },
);
export type Schedule = z.output<typeof Schedule>;

// Whether a line's days ever come doesn't depend on the year that one begins to look in, so the schema needs no clock.
const ANY_DAY = new Date(Date.UTC(2000, 0, 1));
