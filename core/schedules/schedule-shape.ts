import { z } from 'zod';
import { DateCalendar, IntervalCalendar, ScheduleCalendar } from './calendars/calendar-rule.ts';
import { DIALECTS } from './dialects/dialect.ts';
import { MISSING_TIME_RULES, REPEATED_TIME_RULES } from './dst-rule.ts';
import { isUtcInstant } from './utc-instant.ts';
import { checkTimeZone } from './zone-names.ts';

export const MAX_LINES = 20;
const MAX_DATES = 1_000;
const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

const TimeZone = z
  .string({ error: 'Choose a time zone, for example UTC or Europe/Berlin.' })
  .superRefine((name, context) => {
    const message = checkTimeZone(name);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

const instant = (error: string) => z.string({ error }).refine(isUtcInstant, error);
const instantSince1970 = (error: string) =>
  z.string({ error }).refine((text) => isUtcInstant(text) && text >= '1970', error);

const LINES_ERROR = `Give 1 to ${MAX_LINES} cron lines, such as "0 9 * * 1-5".`;
const INTERVAL_ERROR =
  'The interval is a whole number of milliseconds, at least 1,000 (1 second). Give a longer one.';
const ANCHOR_ERROR =
  'The anchor is an instant in UTC, such as 2026-01-01T00:00:00Z. Give one that the interval keeps step with.';
// Worded when it is told: the first number that Intl writes takes 20 ms, at the start of every process.
const DATES_ERROR = () =>
  `Give 1 to ${MAX_DATES.toLocaleString('en')} dates, each an instant in UTC such as 2026-01-01T09:00:00Z.`;
const STARTS_ERROR =
  'The start is an instant in UTC from 1970 on, such as 2026-01-01T00:00:00Z. Give one, or leave it out to start at once.';
const ENDS_ERROR =
  'The end is an instant in UTC from 1970 on, such as 2026-12-31T23:59:59Z. Give one, or leave it out to go on without an end.';
const MAX_FIRES_ERROR =
  'The number of fires is a whole number from 1 to 1,000,000. Give one, or leave it out to go on without an end.';
const JITTER_ERROR =
  'The jitter is a whole number of milliseconds from 0 to 86,400,000 (a day). Give a window in that range.';
const SEED_ERROR = 'The seed of the jitter is a text of at most 100 characters.';

/** What any schedule but a manual one can say beside its times. */
const LIMITS = {
  /** First instant at which it may fire. */
  startsAt: instantSince1970(STARTS_ERROR).optional(),
  /** Last instant at which it may fire. */
  endsAt: instantSince1970(ENDS_ERROR).optional(),
  /** Ends with so many fires from the start on, which saving fills in. */
  maxFires: z
    .int({ error: MAX_FIRES_ERROR })
    .min(1, MAX_FIRES_ERROR)
    .max(1_000_000, MAX_FIRES_ERROR)
    .optional(),
  /** Every fire comes up to so much later, each job at its own place in this window. */
  jitterMs: z
    .int({ error: JITTER_ERROR })
    .min(0, JITTER_ERROR)
    .max(DAY_MS, JITTER_ERROR)
    .optional(),
  /** What the place in the window is reckoned from; saving fills in the job's key. */
  jitterSeed: z.string({ error: SEED_ERROR }).max(100, SEED_ERROR).optional(),
};

/** Lines are joined: the schedule fires when any of them does. */
export const CronShape = z.object({
  type: z.literal('cron'),
  lines: z
    .array(z.string({ error: 'A cron line is text, such as "0 9 * * 1-5".' }).trim(), {
      error: LINES_ERROR,
    })
    .min(1, LINES_ERROR)
    .max(MAX_LINES, LINES_ERROR),
  /** Without one: a crontab's. */
  dialect: z.enum(DIALECTS, { error: `Choose a dialect: ${DIALECTS.join(', ')}.` }).optional(),
  timeZone: TimeZone,
  /** What becomes of fixed times in the missing and in the repeated hour. */
  dst: z
    .object({
      missing: z.enum(MISSING_TIME_RULES, {
        error: `Choose what becomes of a missing time: ${MISSING_TIME_RULES.join(', ')}.`,
      }),
      repeated: z.enum(REPEATED_TIME_RULES, {
        error: `Choose when a repeated time runs: ${REPEATED_TIME_RULES.join(', ')}.`,
      }),
    })
    .optional(),
  /** What becomes of its days that are no business days. */
  calendar: ScheduleCalendar.optional(),
  ...LIMITS,
});

const EveryMs = z.int({ error: INTERVAL_ERROR }).min(SECOND_MS, INTERVAL_ERROR);

/**
 * Fires at the anchor and every `everyMs` before and after it: it doesn't drift. The zone is only for showing, and for
 * the days of its calendar.
 */
const AnchoredInterval = z.object({
  type: z.literal('interval'),
  from: z.literal('anchor').optional(),
  everyMs: EveryMs,
  anchor: instant(ANCHOR_ERROR),
  timeZone: TimeZone,
  calendar: IntervalCalendar.optional(),
  ...LIMITS,
});

const notFromEnd = (field: string, why: string) =>
  z
    .never({
      error: `An interval that counts from the end of the last run takes no ${field}: ${why}. Leave it out, or count from an anchor.`,
    })
    .optional();

/**
 * Fires `everyMs` after the last run has ended, whatever its end, and at once where there was none. Which instants those
 * are depends on the runs, so that nothing but the next one is known (from-end.ts). The zone is only for showing.
 */
const IntervalFromEnd = z.object({
  type: z.literal('interval'),
  from: z.literal('end'),
  everyMs: EveryMs,
  timeZone: TimeZone,
  startsAt: LIMITS.startsAt,
  endsAt: LIMITS.endsAt,
  anchor: notFromEnd('anchor', 'each tick keeps step with a run'),
  calendar: notFromEnd('calendar', 'its ticks lie wherever its runs end'),
  maxFires: notFromEnd('number of fires', 'nobody can count them ahead'),
  jitterMs: notFromEnd('jitter', 'its runs spread by themselves'),
  jitterSeed: notFromEnd('jitter', 'its runs spread by themselves'),
});

export const IntervalShape = z.discriminatedUnion('from', [AnchoredInterval, IntervalFromEnd], {
  error:
    'An interval counts from an anchor, or from the end of the last run: choose anchor or end.',
});

/** Fires at each of these instants. The zone is only for showing, and for the days of its calendar. */
export const DatesShape = z.object({
  type: z.literal('dates'),
  at: z
    .array(
      instantSince1970(
        'A date is an instant in UTC from 1970 on, such as 2026-01-01T09:00:00Z. Give it so.',
      ),
      {
        error: DATES_ERROR,
      },
    )
    .min(1, { error: DATES_ERROR })
    .max(MAX_DATES, { error: DATES_ERROR }),
  timeZone: TimeZone,
  calendar: DateCalendar.optional(),
  ...LIMITS,
});

export const ManualShape = z.object({ type: z.literal('manual') });

/**
 * What a schedule says, before anybody looks whether it ever fires: the schema (schedule.ts) does that with what this type
 * is known to.
 */
export type Schedule = z.output<
  typeof CronShape | typeof IntervalShape | typeof DatesShape | typeof ManualShape
>;
