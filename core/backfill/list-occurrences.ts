import { z } from 'zod';
import { type Actor, authorizeForSome } from '../auth/permissions.ts';
import { isJobFor } from '../jobs/job-for.ts';
import { done, type Outcome } from '../outcome.ts';
import { refuse } from '../outcome.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { inSnapshot } from '../snapshot.ts';
import { Choice } from './backfill-input.ts';
import { readBackfillJob } from './job.sql.ts';
import { lookThrough } from './occurrences.ts';
import { shownOccurrence, type ShownOccurrence } from './preview.ts';
import { reckoned } from './reckoning.ts';

export type OccurrencePage = {
  /** In the order asked for. */
  occurrences: ShownOccurrence[];
  /** Where the next page goes on, ISO 8601; null: there is none. */
  after: string | null;
};

export const ListOccurrences = Choice.omit({ rule: true, picked: true }).extend({
  /** Only those that have no success and none to come. */
  onlyWithoutSuccess: z.boolean().default(false),
  /** The `after` of the page before. */
  after: z.iso
    .datetime({ offset: true })
    .nullish()
    .transform((at) => (at ? Date.parse(at) : null)),
  limit: z.int().min(1).max(200).default(100),
});

const MOST_LOOKED_AT = 60_000;

/** A page of the occurrences of a stretch, each with what became of it: reckoned as one pages, never built whole. */
export async function listOccurrences(
  actor: Actor,
  input: z.input<typeof ListOccurrences>,
): Promise<Outcome<OccurrencePage>> {
  authorizeForSome(actor, 'run:read');
  const parsed = ListOccurrences.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { jobId, from, newestFirst, onlyWithoutSuccess, after, limit } = parsed.data;
  return inSnapshot(async (sql, now) => {
    const to = new Date(Math.min((parsed.data.to ?? now).getTime(), now.getTime()));
    const isKnown = await isJobFor(sql, actor, 'run:read', jobId);
    const job = isKnown && (await readBackfillJob(sql, jobId, from, to));
    if (!job) return refuse('not_found', 'There is no such job.');
    const look = await lookThrough(sql, job, reckoned(job, from.getTime(), to.getTime()), {
      rule: onlyWithoutSuccess ? 'without_success' : 'all',
      picked: [],
      newestFirst,
      cursorMs: after,
      limit,
      most: MOST_LOOKED_AT,
      backfillId: null,
    });
    return done({
      occurrences: look.found.map(shownOccurrence),
      after:
        look.isAtEnd || look.lookedToMs === null ? null : new Date(look.lookedToMs).toISOString(),
    });
  });
}
