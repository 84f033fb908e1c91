import { type Actor, authorizeForSome } from '../auth/permissions.ts';
import type { Sql } from '../db.ts';
import { JobDefinition } from '../jobs/definition.ts';
import { isJobFor } from '../jobs/job-for.ts';
import { isAfterEnd, reignsIn } from '../jobs/reigns.ts';
import { done, type Outcome, refuse, type Refused } from '../outcome.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { inSnapshot } from '../snapshot.ts';
import type { z } from 'zod';
import { Choice, Rate } from './backfill-input.ts';
import { readBackfillUnderWay } from './backfill.sql.ts';
import { countByOutcome, type OccurrenceCounts } from './count.ts';
import { type BackfillJob, readBackfillJob } from './job.sql.ts';
import { lookThrough } from './occurrences.ts';
import { estimateMs } from './pace.ts';
import { readSurroundings } from './preview.sql.ts';
import { isOccurrence, type Reckoned, reckoned } from './reckoning.ts';
import { type BackfillWarning, warningsOf } from './warnings.ts';
import type { Occurrence } from './words.ts';

/** An occurrence as it is shown; `at` is ISO 8601. */
export type ShownOccurrence = Pick<Occurrence, 'outcome' | 'runId' | 'hasSuccess' | 'isToCome'> & {
  at: string;
};

export type BackfillPreview = {
  /** As it would be run: the end is never ahead. ISO 8601. */
  from: string;
  to: string;
  counts: OccurrenceCounts;
  /** How many runs it makes. */
  runs: number;
  /** The first and the last of them, in the order of the backfill. Fewer than there are where a look found no more. */
  first: ShownOccurrence[];
  last: ShownOccurrence[];
  /** How long it takes, ms; null where nothing is known of how long its runs take. */
  takesMs: number;
  /** Half of the job's runs that succeeded took at most so long; null: none has. */
  medianMs: number | null;
  /** What they run by. */
  revision: number;
  warnings: BackfillWarning[];
};

export const PreviewBackfill = Choice.extend(Rate.shape);

const SHOWN = 10;
const MOST_LOOKED_AT = 60_000;

/** What a backfill would do, before it is begun. */
export async function previewBackfill(
  actor: Actor,
  input: z.input<typeof PreviewBackfill>,
): Promise<Outcome<BackfillPreview>> {
  authorizeForSome(actor, 'run:read');
  const parsed = PreviewBackfill.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  return inSnapshot(async (sql) => {
    const isKnown = await isJobFor(sql, actor, 'run:read', parsed.data.jobId);
    const planned = await planBackfill(sql, parsed.data, isKnown);
    if (!planned.ok) return planned;
    return done(await previewOf(sql, planned.value, parsed.data));
  });
}

/** A choice held against the job: what the use-case and its preview begin with. */
export type PlannedBackfill = {
  job: BackfillJob;
  stretches: Reckoned[];
  from: Date;
  to: Date;
  /** Epoch ms, in order. */
  picked: number[];
  counts: OccurrenceCounts;
  runs: number;
};

/** @param isKnown whether its job is there as far as whoever asks may know */
export async function planBackfill(
  sql: Sql,
  choice: Choice,
  isKnown = true,
): Promise<Outcome<PlannedBackfill>> {
  const { jobId, from, rule } = choice;
  const [clock] = await sql<{ now: Date }>('SELECT clock_timestamp() AS now');
  const to = new Date(Math.min((choice.to ?? clock!.now).getTime(), clock!.now.getTime()));
  if (from >= to) {
    const message =
      from >= clock!.now
        ? 'A backfill runs what has passed, and this stretch lies ahead. Give an earlier beginning.'
        : 'The stretch ends before it begins. Give a later end, or an earlier beginning.';
    return refuse('invalid', message, [{ path: ['from'], message }]);
  }
  const job = isKnown ? await readBackfillJob(sql, jobId, from, to) : null;
  if (job === null) return refuse('not_found', 'There is no such job.');
  if (job.isDeleted) {
    return refuse('conflict', `${job.key} was deleted: its history stays, but it runs no more.`);
  }
  const unknown = refuseUnknown(job, from, to);
  if (unknown) return unknown;
  const stretches = reckoned(job, from.getTime(), to.getTime());
  const picked =
    rule === 'pick'
      ? [...new Set(choice.picked.map((at) => at.getTime()))].toSorted((a, b) => a - b)
      : [];
  const wrong = picked.find((ms) => !isOccurrence(stretches, ms));
  if (wrong !== undefined) {
    const message = `${new Date(wrong).toISOString()} is no occurrence of ${job.key} in this stretch. Look again and pick anew.`;
    return refuse('invalid', message, [{ path: ['picked'], message }]);
  }
  const counts = await countByOutcome(sql, job, stretches, from, to);
  const runs =
    rule === 'pick' ? picked.length : rule === 'all' ? counts.occurrences : counts.withoutSuccess;
  return done({ job, stretches, from, to, picked, counts, runs });
}

/** Of an interval that counts from the end of runs nobody knows what its occurrences would have been. */
function refuseUnknown(job: BackfillJob, from: Date, to: Date): Refused | null {
  const parts = reignsIn({ ...job, deletedAt: null }, from, to).filter(({ schedule }) =>
    isAfterEnd(schedule),
  );
  const last = parts.at(-1);
  if (isAfterEnd(job.schedule)) {
    const message = `${job.key} counts from the end of its last run, so that no occurrence of the past is known but those that ran. Try again from such a run what failed.`;
    return refuse('conflict', message);
  }
  if (!last) return null;
  const message = `Until ${last.to.toISOString()} ${job.key} counted from the end of its last run, so that no occurrence is known before. Choose a stretch that begins then.`;
  return refuse('invalid', message, [{ path: ['from'], message }]);
}

async function previewOf(
  sql: Sql,
  planned: PlannedBackfill,
  choice: z.output<typeof PreviewBackfill>,
): Promise<BackfillPreview> {
  const { job, from, to, counts, runs } = planned;
  const definition = JobDefinition.safeParse(job.definition).data;
  const surroundings = await readSurroundings(sql, job.jobId, definition?.queue ?? '');
  const isExclusive = definition !== undefined && definition.overlap !== 'allow';
  const takesMs = estimateMs(runs, {
    perMinute: choice.perMinute,
    atOnce: isExclusive ? 1 : Math.min(choice.atOnce, surroundings.maxRunning),
    medianMs: surroundings.medianMs,
  });
  const other = await readBackfillUnderWay(sql, job.jobId, from, to);
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    counts,
    runs,
    first: await endOf(sql, planned, choice, choice.newestFirst),
    last: await endOf(sql, planned, choice, !choice.newestFirst),
    takesMs: takesMs ?? 0,
    medianMs: surroundings.medianMs,
    revision: job.revision,
    warnings: warningsOf({ job, definition, counts, runs, takesMs, choice, surroundings, other }),
  };
}

/** The first of those that are chosen, looked for from one end of the stretch. */
async function endOf(
  sql: Sql,
  { job, stretches, picked }: PlannedBackfill,
  { rule }: Choice,
  newestFirst: boolean,
): Promise<ShownOccurrence[]> {
  const { found } = await lookThrough(sql, job, stretches, {
    rule,
    picked,
    newestFirst,
    cursorMs: null,
    limit: SHOWN,
    most: MOST_LOOKED_AT,
    backfillId: null,
  });
  return found.map(shownOccurrence);
}

export const shownOccurrence = ({
  ms,
  outcome,
  runId,
  hasSuccess,
  isToCome,
}: Occurrence): ShownOccurrence => ({
  at: new Date(ms).toISOString(),
  outcome,
  runId,
  hasSuccess,
  isToCome,
});
