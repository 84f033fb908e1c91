import { readJobIdsToAudit } from '../audit-ticks/audit-ticks.sql.ts';
import { type Actor, type Scope, scopeOf } from '../auth/permissions.ts';
import { briefly } from '../briefly.ts';
import { ticksInGap } from '../gaps/gap-ticks.ts';
import { jobIdsIn } from '../jobs/job-for.ts';
import { accountFor, type LedgerCounts } from '../jobs/ledger-counts.ts';
import { countTickRuns } from '../jobs/ledger-counts.sql.ts';
import { readScheduleHistory } from '../jobs/schedule-history.sql.ts';
import { type Sql, sqlOf } from '../db.ts';
import { webPool } from '../prisma.ts';
import { edgesOf } from '../runs/buckets.ts';
import { histogramOf, type StateCounts } from '../runs/histogram.ts';
import { inSnapshot } from '../snapshot.ts';
import { readGapsIn, readNewestJobId } from './overview.sql.ts';
import { plannedTicks } from './planned-ticks.ts';
import { countRunsOf } from './counted-runs.ts';

/** The last 24 hours in quarters of an hour, by outcome, and the ticks of the next six. Instants are ISO 8601. */
export type DayStrip = {
  now: string;
  bucketMs: number;
  /** By `scheduledFor`; the last one holds now. */
  past: { at: string; counts: StateCounts; isEstimate: boolean }[];
  /** Begins with the bucket that holds now, of which the rest is counted. */
  next: { at: string; ticks: number }[];
  /** Stretches whose ticks became no runs, those with most ticks first. */
  gaps: { jobKey: string; reason: string; from: string; to: string | null; ticks: number }[];
  /** Every tick of the last 24 hours, and what became of it. */
  sum: LedgerCounts;
};

const BUCKET_MS = 15 * 60_000;
const DAY_MS = 24 * 3_600_000;
const NEXT_MS = 6 * 3_600_000;
const MOST_GAPS = 5;

export async function readDay(actor: Actor): Promise<DayStrip> {
  // Whoever has just made a job looks for its ticks.
  const newest = await readNewestJobId(sqlOf(webPool()));
  return readDayOnce(JSON.stringify([scopeOf(actor, 'run:read'), newest]));
}

const readDayOnce = briefly(
  (asked: string) =>
    inSnapshot(async (sql, now): Promise<DayStrip> => {
      const [scope] = JSON.parse(asked) as [Scope, number];
      const jobIds = await jobIdsIn(sql, scope);
      const lastMs = Math.floor(now.getTime() / BUCKET_MS) * BUCKET_MS;
      const buckets = {
        fromMs: lastMs - DAY_MS + BUCKET_MS,
        bucketMs: BUCKET_MS,
        count: DAY_MS / BUCKET_MS,
      };
      const counts = await countRunsOf(sql, jobIds, edgesOf(buckets));
      return {
        now: now.toISOString(),
        bucketMs: BUCKET_MS,
        past: histogramOf(buckets, counts).buckets,
        next: await plannedTicks(sql, now, {
          fromMs: lastMs,
          bucketMs: BUCKET_MS,
          lengthMs: NEXT_MS,
          scope,
        }),
        gaps: await largestGaps(sql, now, scope),
        sum: await sumOfDay(sql, now, scope),
      };
    }),
  { times: 50 },
);

async function largestGaps(sql: Sql, now: Date, scope: Scope): Promise<DayStrip['gaps']> {
  const gaps = await readGapsIn(sql, new Date(now.getTime() - DAY_MS), now, 500, scope);
  return gaps
    .map(({ savedSchedule, ...gap }) => ({
      jobKey: gap.jobKey,
      reason: gap.reason,
      from: gap.from.toISOString(),
      to: gap.to?.toISOString() ?? null,
      ticks: ticksInGap({ ...gap, savedSchedule }, now) ?? 0,
    }))
    .filter(({ ticks }) => ticks > 0)
    .toSorted((a, b) => b.ticks - a.ticks || (a.jobKey < b.jobKey ? -1 : 1))
    .slice(0, MOST_GAPS);
}

async function sumOfDay(sql: Sql, now: Date, scope: Scope): Promise<LedgerCounts> {
  const from = new Date(now.getTime() - DAY_MS);
  const asked = scope && (await readJobIdsToAudit(sql, null, from, now, scope));
  const histories = await readScheduleHistory(sql, asked, from, now);
  const jobIds = histories.map(({ jobId }) => jobId);
  const counts = await countTickRuns(sql, jobIds, { from, to: now }, histories);
  return accountFor(histories, counts, from, now);
}
