import { z } from 'zod';
import { Key } from '../jobs/definition.ts';
import { isUnstorable } from '../storable.ts';

const Instant = z
  .union([z.iso.datetime({ offset: true }), z.date()], {
    error: 'Give an instant such as 2026-03-09T00:00:00Z.',
  })
  .transform((instant) => new Date(instant))
  .nullish()
  .transform((instant) => instant ?? null);

/** Some text, or nothing. */
const text = (most: number) =>
  z
    .string()
    .trim()
    .max(most, `Search for at most ${most} characters.`)
    .refine((given) => !isUnstorable(given), 'No entry holds such a character. Search for another.')
    .nullish()
    .transform((given) => given || null);

/** Which entries are meant; what isn't given doesn't narrow. */
export const TrailFilters = z.object({
  /** Name of the person, key or part of Punctual, as entries say it. */
  who: text(200),
  /** `job.pause`; or with a point at its end all of that noun: `job.` */
  action: text(100),
  /** `queue:reports`, `installation`. */
  subject: text(300),
  /** Key of a job, with its runs. */
  job: Key.nullish().transform((key) => key ?? null),
  /** `to` is exclusive. */
  from: Instant,
  to: Instant,
  /** In what it is about, the reason, and what was before and after, in any case. */
  text: text(200),
});
export type TrailFilters = z.output<typeof TrailFilters>;

const NOT_WHOLE = 'This address isn’t whole. Go to the first page.';

/** `o4711`: entries older than that one; `n4711`: newer ones, the nearest page of them. */
const Cursor = z
  .string()
  .regex(/^[on]\d{1,15}$/, NOT_WHOLE)
  .transform((text) => ({
    direction: text.startsWith('o') ? ('older' as const) : ('newer' as const),
    id: Number(text.slice(1)),
  }))
  .nullish()
  .transform((cursor) => cursor ?? null);
export type TrailCursor = z.output<typeof Cursor>;

export const ListTrail = TrailFilters.extend({
  cursor: Cursor,
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
