import { z } from 'zod';
import { Key } from '../jobs/definition.ts';
import { KeysetParameter } from '../keyset.ts';
import { RUN_STATES, TRIGGERS } from './states.ts';
import { BackfillId, fromAddress, WorkerId } from '../ids.ts';
import { isUnstorable } from '../storable.ts';

/** One or several values, as a list, repeated or with commas: `state=failed,lost`. */
function several<Item extends z.ZodType>(item: Item) {
  return z.preprocess(
    (given) => (typeof given === 'string' ? given.split(',').filter(Boolean) : given),
    z.array(item).max(50).default([]),
  );
}

const Instant = z
  .union([z.iso.datetime({ offset: true }), z.date()], {
    error: 'Give an instant such as 2026-03-09T00:00:00Z.',
  })
  .transform((instant) => new Date(instant));

/** Which runs a list, its histogram and an action on all that match mean; empty: all. */
export const RunFilters = z.object({
  states: several(z.enum(RUN_STATES)),
  jobKey: Key.nullish().transform((key) => key ?? null),
  queue: Key.nullish().transform((queue) => queue ?? null),
  workerId: fromAddress(WorkerId)
    .nullish()
    .transform((id) => id ?? null),
  triggers: several(z.enum(TRIGGERS)),
  /** The runs that a backfill made. */
  backfillId: fromAddress(BackfillId)
    .nullish()
    .transform((id) => id ?? null),
  /** Bounds of `scheduledFor`; `to` is exclusive. */
  from: Instant.nullish().transform((instant) => instant ?? null),
  to: Instant.nullish().transform((instant) => instant ?? null),
  /** In the cause, in any case. */
  text: z
    .string()
    .trim()
    .max(200, 'Search for at most 200 characters.')
    .refine((text) => !isUnstorable(text), 'No cause holds such a character. Search for another.')
    .nullish()
    .transform((text) => text || null),
});
export type RunFilters = z.output<typeof RunFilters>;

export const ListRuns = RunFilters.extend({
  cursor: KeysetParameter.nullish().transform((cursor) => cursor ?? null),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const RunHistogram = RunFilters.extend({
  buckets: z.coerce.number().int().min(1).max(200).default(60),
  /** The reader's, so that buckets of hours and days begin where theirs do. */
  utcOffsetMinutes: z.coerce.number().int().min(-1_000).max(1_000).default(0),
});
