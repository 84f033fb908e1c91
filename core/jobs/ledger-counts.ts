import { z } from 'zod';
import { type Actor, authorize } from '../auth/permissions.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { inSnapshot } from '../snapshot.ts';
import { expectedTicks, ticksInGaps, unplannedTicks } from './expected-ticks.ts';
import { countTickRuns, readScheduleHistory, type TickCounts } from './ledger-counts.sql.ts';
import { fromAddress, JobId } from '../ids.ts';

/**
 * What became of every tick that the schedule should have fired in a stretch. `expected` is reckoned from the saved
 * schedules alone and the others are counted from rows, so `isEven` says whether every tick is accounted for.
 */
export type LedgerCounts = {
  from: string;
  to: string;
  expected: number;
  ran: number;
  skipped: number;
  /** By a person, before it started. */
  cancelled: number;
  paused: number;
  missed: number;
  waiting: number;
  isEven: boolean;
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
  authorize(actor, 'run:read');
  const parsed = ReadLedgerCounts.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { jobId, from } = parsed.data;
  return inSnapshot(async (sql, now) => {
    const to = new Date(Math.min((parsed.data.to ?? now).getTime(), now.getTime()));
    const histories = await readScheduleHistory(sql, [jobId], from, to);
    const counts = await countTickRuns(sql, [jobId], from, to);
    if (histories.length === 0) return refuse('not_found', 'There is no such job.');
    return done(accountFor(histories, counts, from, to));
  });
}

/** Adds up the ticks of jobs; `counts` belong to the jobs of `histories`. */
export function accountFor(
  histories: Parameters<typeof expectedTicks>[0],
  counts: readonly TickCounts[],
  from: Date,
  to: Date,
): LedgerCounts {
  const sum = (key: Exclude<keyof TickCounts, 'jobId'>) =>
    counts.reduce((total, job) => total + job[key], 0);
  const expected = expectedTicks(histories, from, to);
  const { paused, missed } = ticksInGaps(histories, from, to);
  const ran = sum('ran');
  const skipped = sum('skipped');
  const cancelled = sum('cancelled');
  const waiting = sum('waiting') + unplannedTicks(histories, from, to);
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    expected,
    ran,
    skipped,
    cancelled,
    paused,
    missed,
    waiting,
    isEven: expected === ran + skipped + cancelled + paused + missed + waiting,
  };
}
