import { z } from 'zod';
import { readJobIdsToAudit, readJobsToAudit } from '../audit-ticks/audit-ticks.sql.ts';
import { type Actor, type Scope, scopeOf } from '../auth/permissions.ts';
import type { Sql } from '../db.ts';
import { fromAddress, JobId } from '../ids.ts';
import { jobsFor } from '../jobs/job-for.ts';
import { countTickRuns } from '../jobs/ledger-counts.sql.ts';
import { readScheduleHistory } from '../jobs/schedule-history.sql.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { briefly } from '../briefly.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { edgesOfPeriods } from '../schedules/periods-of-zone.ts';
import { type Period, PERIODS } from '../schedules/periods.ts';
import { checkTimeZone } from '../schedules/zone-names.ts';
import { inSnapshot } from '../snapshot.ts';
import { type JobPeriod, type PeriodSum, PeriodSums } from './sum-periods.ts';

/** What became of ticks, by hour, day or month. Instants are ISO 8601. */
export type LedgerSums = {
  by: Period;
  from: string;
  to: string;
  /** The newest first; the first one may end now. */
  periods: (PeriodSum & { from: string; to: string })[];
  sum: PeriodSum;
  /** Jobs that don't add up, those with most ticks astray first; at most 20 of `unevenCount`. */
  uneven: {
    key: string;
    isDeleted: boolean;
    from: string;
    to: string;
    missing: number;
    tooMany: number;
  }[];
  unevenCount: number;
  /** How many jobs were counted. */
  jobs: number;
};

/** Without a beginning: so many of them, the present one among them. */
const USUAL: Readonly<Record<Period, number>> = { hour: 24, day: 14, month: 12 };
/** At most so many: a week of hours, two months of days, three years of months. */
const MOST: Readonly<Record<Period, number>> = { hour: 168, day: 62, month: 36 };
const ABOUT_MS: Readonly<Record<Period, number>> = {
  hour: 3_600_000,
  day: 86_400_000,
  month: 30 * 86_400_000,
};
const JOBS_AT_ONCE = 200;
const MOST_UNEVEN = 20;

const INSTANT_ERROR =
  'Give an instant between the years 1970 and 9999, such as 2026-03-09T00:00:00Z.';
const Instant = z.coerce
  .date({ error: INSTANT_ERROR })
  .min(new Date(0), INSTANT_ERROR)
  .max(new Date('9999-12-31T23:59:59Z'), INSTANT_ERROR);

export const ReadLedgerSums = z.object({
  /** Without it all jobs. */
  jobId: fromAddress(JobId).optional(),
  by: z.enum(PERIODS, { error: 'Choose hour, day or month.' }).default('day'),
  from: Instant.optional(),
  /** Now, where it isn't given or lies ahead. */
  to: Instant.optional(),
  /** Whose hours, days and months. */
  timeZone: z
    .string()
    .default('UTC')
    .refine((name) => checkTimeZone(name) === null, 'Give a time zone such as Europe/Berlin.'),
});

type Asked = {
  jobId: number | null;
  by: Period;
  fromMs: number | null;
  toMs: number | null;
  timeZone: string;
  /** Of which jobs. */
  scope: Scope;
};

/**
 * Adds up the ticks of a job, or of all, by period. Expected are what the revisions fired, reckoned; runs are counted in
 * indexes by job and period, gaps by their counts (one that reaches over an edge by its schedule). Nothing is counted
 * before a job's history is kept.
 */
export async function readLedgerSums(
  actor: Actor,
  input: z.input<typeof ReadLedgerSums>,
): Promise<Outcome<LedgerSums>> {
  const scope = scopeOf(actor, 'run:read');
  const parsed = ReadLedgerSums.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { jobId = null, by, from, to, timeZone } = parsed.data;
  if (from && to && from >= to) {
    return refuse('invalid', 'The stretch ends before it begins. Give a later end.');
  }
  const asked: Asked = {
    jobId,
    by,
    fromMs: from?.getTime() ?? null,
    toMs: to?.getTime() ?? null,
    timeZone,
    scope,
  };
  return jobId === null ? readAllOnce(JSON.stringify(asked)) : readSums(asked);
}

// Who looks at all jobs of a scope looks at the same numbers, and they change by and by.
const readAllOnce = briefly((asked: string) => readSums(JSON.parse(asked) as Asked), {
  mostMs: 60_000,
});

async function readSums(asked: Asked): Promise<Outcome<LedgerSums>> {
  return inSnapshot(async (sql, now) => {
    if (asked.fromMs !== null && asked.fromMs >= now.getTime()) {
      const message = 'Give a stretch in the past: what lies ahead hasn’t been accounted for yet.';
      return refuse('invalid', message);
    }
    const edges = edgesFor(asked, now);
    const [from, to] = [edges[0]!, edges.at(-1)!];
    const jobIds =
      asked.jobId === null
        ? await readJobIdsToAudit(sql, null, from, to, asked.scope)
        : await jobsFor(sql, asked.scope, [asked.jobId]);
    const sums = new PeriodSums(edges.length - 1);
    const jobs = new Map<number, { key: string; isDeleted: boolean }>();
    for (let at = 0; at < jobIds.length; at += JOBS_AT_ONCE) {
      const batch = await readJobsToAudit(sql, jobIds.slice(at, at + JOBS_AT_ONCE));
      for (const job of batch) jobs.set(job.jobId, job);
      await addJobs(sql, batch, edges, sums);
    }
    if (asked.jobId !== null && jobs.size === 0) {
      return refuse('not_found', 'There is no such job.');
    }
    return done(viewOf(asked.by, edges, sums, jobs));
  });
}

/** Where periods begin, and where the last one ends: now at most. */
function edgesFor({ by, fromMs, toMs, timeZone }: Asked, now: Date): Date[] {
  const to = new Date(Math.min(toMs ?? now.getTime(), now.getTime()));
  const from = new Date(fromMs ?? to.getTime() - (USUAL[by] - 1) * ABOUT_MS[by]);
  const earliest = new Date(Math.max(from.getTime(), to.getTime() - MOST[by] * ABOUT_MS[by]));
  const begun = earliest < to ? earliest : new Date(to.getTime() - 1);
  const edges = edgesOfPeriods(timeZone, by, begun, to).filter((edge) => edge < to);
  return [...edges.slice(-MOST[by]), to];
}

async function addJobs(
  sql: Sql,
  jobs: Awaited<ReturnType<typeof readJobsToAudit>>,
  edges: readonly Date[],
  sums: PeriodSums,
): Promise<void> {
  const ids = jobs.map(({ jobId }) => jobId);
  const histories = await readScheduleHistory(sql, ids, edges[0]!, edges.at(-1)!);
  const historyOf = new Map(histories.map((history) => [history.jobId, history]));
  const asked = jobs.flatMap(({ jobId, keptFrom }) => {
    const history = historyOf.get(jobId);
    const bornAt = history?.revisions[0]?.savedAt ?? keptFrom;
    return history ? periodsOf(jobId, later(keptFrom, bornAt), history.deletedAt, edges) : [];
  });
  const counts = await countTickRuns(
    sql,
    asked.map(({ jobId }) => jobId),
    asked,
    histories,
  );
  for (const count of counts) {
    const period = asked[count.place]!;
    sums.add(period, historyOf.get(period.jobId)!, count);
  }
}

function periodsOf(
  jobId: number,
  since: Date,
  until: Date | null,
  edges: readonly Date[],
): JobPeriod[] {
  return edges.slice(0, -1).flatMap((edge, period) => {
    const [from, to] = [later(edge, since), edges[period + 1]!];
    return from < to && !(until && until < from) ? [{ jobId, period, from, to }] : [];
  });
}

function viewOf(
  by: Period,
  edges: readonly Date[],
  sums: PeriodSums,
  jobs: ReadonlyMap<number, { key: string; isDeleted: boolean }>,
): LedgerSums {
  const { uneven } = sums;
  return {
    by,
    from: edges[0]!.toISOString(),
    to: edges.at(-1)!.toISOString(),
    periods: sums.sums
      .map((sum, period) => ({
        from: edges[period]!.toISOString(),
        to: edges[period + 1]!.toISOString(),
        ...sum,
      }))
      .toReversed(),
    sum: { ...sums.total, unevenJobs: uneven.length },
    uneven: uneven.slice(0, MOST_UNEVEN).map(({ jobId, from, to, ...astray }) => ({
      key: jobs.get(jobId)?.key ?? '',
      isDeleted: jobs.get(jobId)?.isDeleted ?? false,
      from: from.toISOString(),
      to: to.toISOString(),
      ...astray,
    })),
    unevenCount: uneven.length,
    jobs: jobs.size,
  };
}

const later = (a: Date, b: Date) => (a > b ? a : b);
