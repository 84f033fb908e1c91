import { z } from 'zod';
import { JobId } from '../ids.ts';
import { GivenParameters } from '../runs/requests.ts';
import { MOST_PICKED } from './backfill-limits.ts';
import { BACKFILL_RULES } from './words.ts';

const INSTANT_ERROR = 'Give an instant such as 2026-03-09T00:00:00Z.';
const EARLIEST = new Date('1970-01-01T00:00:00Z');
const LATEST = new Date('9999-12-31T23:59:59Z');

const Instant = z
  .union([z.iso.datetime({ offset: true }), z.date()], { error: INSTANT_ERROR })
  .transform((instant) => new Date(instant))
  .pipe(
    z
      .date({ error: INSTANT_ERROR })
      .min(EARLIEST, 'Give an instant from 1970 on.')
      .max(LATEST, 'Give an instant before the year 10000.'),
  );

const PER_MINUTE_ERROR = 'Give 1 to 6,000 runs a minute, as a whole number.';
const AT_ONCE_ERROR = 'Give 1 to 100 runs at once, as a whole number.';

const PerMinute = z
  .int({ error: PER_MINUTE_ERROR })
  .min(1, PER_MINUTE_ERROR)
  .max(6_000, PER_MINUTE_ERROR);
const AtOnce = z.int({ error: AT_ONCE_ERROR }).min(1, AT_ONCE_ERROR).max(100, AT_ONCE_ERROR);

/** Which occurrences: in [from, to), and by which rule. */
export const Choice = z.object({
  jobId: JobId,
  from: Instant,
  /** Exclusive; now, where it isn't given or lies ahead. */
  to: Instant.optional(),
  rule: z.enum(BACKFILL_RULES).default('without_success'),
  /** Under `pick`. */
  picked: z
    .array(Instant)
    .max(MOST_PICKED, {
      error: () => `Pick at most ${MOST_PICKED.toLocaleString('en')} occurrences.`,
    })
    .default([]),
  newestFirst: z.boolean().default(false),
});
export type Choice = z.output<typeof Choice>;

/** How fast: so many a minute, and at most so many at once. */
export const Rate = z.object({ perMinute: PerMinute.default(60), atOnce: AtOnce.default(1) });
export type Rate = z.output<typeof Rate>;

export const StartBackfill = Choice.extend({
  ...Rate.shape,
  /** Its runs stand behind the job's other runs, which are a step more urgent. */
  givesWay: z.boolean().default(true),
  /** By name; what isn't given has its default. */
  parameters: GivenParameters.default({}),
  reason: z.string().trim().max(500, 'A reason has at most 500 characters.').default(''),
});
export type StartBackfillInput = z.input<typeof StartBackfill>;
