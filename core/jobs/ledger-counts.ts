import { z } from 'zod';
import { type Actor, authorizeForSome } from '../auth/permissions.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { type KeptHistory, readKeptHistory } from '../history/kept-from.sql.ts';
import { inSnapshot } from '../snapshot.ts';
import { bucketsOf, type OutcomeCounts, outcomesTogether, sumOf } from '../runs/outcomes.ts';
import { expectedTicks, ticksInGaps, unplannedTicks } from './expected-ticks.ts';
import { countTickRuns, type TickCounts } from './ledger-counts.sql.ts';
import { readScheduleHistory } from './schedule-history.sql.ts';
import { isJobFor } from './job-for.ts';
import { fromAddress, JobId } from '../ids.ts';

/**
 * What became of every tick that the schedule should have fired in a stretch. `expected` is reckoned from the saved
 * schedules alone and the others are counted from rows, so `isEven` says whether every tick is accounted for. Ticks that
 * count from the end of runs are expected where they stand.
 */
export type LedgerCounts = {
  from: string;
  to: string;
  expected: number;
  ran: number;
  /** By a rule; those that a person cancelled before they started are `cancelled`. */
  skipped: number;
  cancelled: number;
  covered: number;
  /** The kinds of gaps. */
  paused: number;
  missed: number;
  /** Left out by blackouts, or held by them without a run that stood for them. */
  blackout: number;
  held: number;
  waiting: number;
  isEven: boolean;
  /** Where more was asked for than is kept: the sums begin where the job's history does, `from`. */
  before?: HistoryBefore;
};

/** What became of a job's history before it is kept. Months as `2026-03`. */
export type HistoryBefore = Pick<KeptHistory, 'archived' | 'restored' | 'gone'> & {
  /** Its own rule took something. */
  isPruned: boolean;
};

// What both Postgres and ISO 8601 with a year of four digits hold.
const INSTANT_ERROR = 'Give an instant between the years 1 and 9999, such as 2026-03-09T00:00:00Z.';
const Instant = z.coerce
  .date({ error: INSTANT_ERROR })
  .min(new Date('0001-01-01T00:00:00Z'), INSTANT_ERROR)
  .max(new Date('9999-12-31T23:59:59Z'), INSTANT_ERROR);

export const ReadLedgerCounts = z.object({
  jobId: fromAddress(JobId),
  from: Instant,
  to: Instant.optional(),
});

/** Ticks in [from, to), at most up to now. */
export async function ledgerCounts(
  actor: Actor,
  input: z.input<typeof ReadLedgerCounts>,
): Promise<Outcome<LedgerCounts>> {
  authorizeForSome(actor, 'run:read');
  const parsed = ReadLedgerCounts.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { jobId, from } = parsed.data;
  return inSnapshot(async (sql, now) => {
    if (!(await isJobFor(sql, actor, 'run:read', jobId))) return noSuchJob();
    const to = new Date(Math.min((parsed.data.to ?? now).getTime(), now.getTime()));
    const kept = await readKeptHistory(sql, jobId);
    if (!kept) return noSuchJob();
    const isMore = kept.bornAt < kept.keptFrom && from < kept.keptFrom;
    const first = isMore && kept.keptFrom < to ? kept.keptFrom : isMore ? to : from;
    const histories = await readScheduleHistory(sql, [jobId], first, to);
    const counts = await countTickRuns(sql, [jobId], { from: first, to }, histories);
    if (histories.length === 0) return noSuchJob();
    const sums = accountFor(histories, counts, first, to);
    return done(isMore ? { ...sums, before: beforeOf(kept) } : sums);
  });
}

const beforeOf = ({ archived, restored, gone, prunedTo }: KeptHistory): HistoryBefore => ({
  archived,
  restored,
  gone,
  isPruned: prunedTo !== null,
});

const noSuchJob = () => refuse('not_found', 'There is no such job.');

/** Adds up the ticks of jobs; `counts` belong to the jobs of `histories`. */
export function accountFor(
  histories: Parameters<typeof expectedTicks>[0],
  counts: readonly TickCounts[],
  from: Date,
  to: Date,
): LedgerCounts {
  const { expected, outcomes } = outcomesFor(histories, counts, from, to);
  const buckets = bucketsOf(outcomes);
  const cancelled = outcomes['cancelled, not started'] ?? 0;
  const missed = outcomes['gap: missed'] ?? 0;
  const blackout = (outcomes['gap: blackout'] ?? 0) + (outcomes['gap: held'] ?? 0);
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    expected,
    ...buckets,
    // Told apart on the way to a person; the sums are by bucket.
    skipped: buckets.skipped - cancelled,
    cancelled,
    paused: buckets.gap - missed - blackout,
    missed,
    blackout,
    isEven: expected === sumOf(buckets),
  };
}

/** The same by outcome. */
export function outcomesFor(
  histories: Parameters<typeof expectedTicks>[0],
  counts: readonly TickCounts[],
  from: Date,
  to: Date,
): { expected: number; outcomes: OutcomeCounts } {
  const outcomes = counts.reduce<OutcomeCounts>(
    (sums, job) => outcomesTogether(sums, job.outcomes),
    ticksInGaps(histories, from, to),
  );
  outcomes.unplanned = unplannedTicks(histories, from, to);
  const afterEnd = counts.reduce((sum, job) => sum + job.afterEnd, 0);
  return { expected: expectedTicks(histories, from, to) + afterEnd, outcomes };
}
