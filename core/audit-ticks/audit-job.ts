import type { Sql } from '../db.ts';
import { ticksInGaps } from '../jobs/expected-ticks.ts';
import type { TickCounts } from '../jobs/ledger-counts.sql.ts';
import type { ScheduleHistory } from '../jobs/schedule-history.sql.ts';
import { type BucketCounts, bucketsOf, outcomesTogether, sumOf } from '../runs/outcomes.ts';
import { savedFires } from '../schedules/saved-schedule.ts';
import { type JobToAudit, readTickInstants } from './audit-ticks.sql.ts';
import { compareStretch } from './compare.ts';
import { type Finding, Findings } from './findings.ts';
import { reignsOf, type Stretch, stretchesOf, ticksIn } from './stretches.ts';

/** What the audit of one job says. Instants are ISO 8601. */
export type AuditedJob = {
  jobId: number;
  key: string;
  isDeleted: boolean;
  /** Where the audit of this job begins: later than asked for where its history isn't kept so long. */
  from: string;
  to: string;
  /** By the schedules alone. */
  expected: number;
  /** By the ledger alone. */
  buckets: BucketCounts;
  isEven: boolean;
  /** The first of them. */
  findings: Finding[];
  /** How many there are in all. */
  findingCount: number;
};

/** All that is known of a job in [fromMs, toMs), as of one moment. */
export type JobFacts = {
  job: JobToAudit;
  fromMs: number;
  toMs: number;
  history: ScheduleHistory;
  counts: TickCounts | undefined;
  /** Runs that count as a gap's. */
  ofOpenGaps: ReadonlySet<number>;
};

/** So many ticks outside of gaps are looked at together. */
export const MOST_AT_ONCE = 50_000;
/** A ledger with faults may have more runs than fires. */
const MOST_RUNS = 4 * MOST_AT_ONCE;

/** How many ticks have to be compared one by one: those outside of gaps. */
export function ticksOutsideOfGaps(facts: JobFacts): number {
  return ticksOf(stretchesIn(facts).filter(({ gap }) => gap === null));
}

/** Holds a job's ledger against its schedule, in windows, so that it takes the same memory however many ticks there are. */
export async function auditJob(
  sql: Sql,
  facts: JobFacts,
  /** Where they are known already. */
  runs: readonly number[] | undefined,
): Promise<AuditedJob> {
  const { job, history, fromMs, toMs } = facts;
  const stretches = stretchesIn(facts);
  const findings = new Findings();
  // As if the ticks were spread evenly; where they aren't, a window ends earlier.
  const windows = Math.ceil(ticksOutsideOfGaps(facts) / MOST_AT_ONCE);
  const spanMs = Math.ceil((toMs - fromMs) / Math.max(1, windows));
  let unplanned = 0;
  for (let atMs = fromMs; atMs < toMs;) {
    const window = runs
      ? { runs, toMs }
      : await readWindow(sql, job.jobId, atMs, Math.min(toMs, atMs + spanMs));
    const own = window.runs.filter((ms) => !facts.ofOpenGaps.has(ms));
    unplanned += compareWindow(facts, clipped(stretches, atMs, window.toMs), own, findings);
    atMs = window.toMs;
  }
  tellGaps(history, stretches, findings);
  tellUnreadable(stretches, findings);
  return resultOf(facts, stretches, unplanned, findings);
}

function resultOf(
  { job, history, counts, fromMs, toMs }: JobFacts,
  stretches: readonly Stretch[],
  unplanned: number,
  found: Findings,
): AuditedJob {
  const [from, to] = [new Date(fromMs), new Date(toMs)];
  const rows = outcomesTogether(counts?.outcomes ?? {}, ticksInGaps([history], from, to));
  const buckets = bucketsOf({ ...rows, unplanned });
  const expected = ticksOf(stretches) + (counts?.afterEnd ?? 0);
  const { findings, count } = found.all();
  return {
    jobId: job.jobId,
    key: job.key,
    isDeleted: job.isDeleted,
    from: from.toISOString(),
    to: to.toISOString(),
    expected,
    buckets,
    isEven: expected === sumOf(buckets) && count === 0,
    findings,
    findingCount: count,
  };
}

function stretchesIn({ history, fromMs, toMs }: JobFacts): Stretch[] {
  return stretchesOf(reignsOf(history, fromMs, toMs), history.gaps, fromMs, toMs);
}

function ticksOf(stretches: readonly Stretch[]): number {
  return stretches.reduce(
    (sum, { reign, fromMs, toMs }) => sum + ticksIn(reign?.timing ?? null, fromMs, toMs),
    0,
  );
}

/** The runs from `fromMs` up to `toMs`, or up to where there are as many as may be looked at together. */
async function readWindow(
  sql: Sql,
  jobId: number,
  fromMs: number,
  toMs: number,
): Promise<{ runs: number[]; toMs: number }> {
  const runs = (await readTickInstants(sql, [{ jobId, fromMs, toMs }], MOST_RUNS)).get(jobId) ?? [];
  if (runs.length < MOST_RUNS || toMs - fromMs <= 1) return { runs, toMs };
  return readWindow(sql, jobId, fromMs, fromMs + Math.floor((toMs - fromMs) / 2));
}

function clipped(stretches: readonly Stretch[], fromMs: number, toMs: number): Stretch[] {
  return stretches
    .map((stretch) => ({
      ...stretch,
      fromMs: Math.max(fromMs, stretch.fromMs),
      toMs: Math.min(toMs, stretch.toMs),
    }))
    .filter((stretch) => stretch.fromMs < stretch.toMs);
}

function compareWindow(
  { job, history }: JobFacts,
  stretches: readonly Stretch[],
  runs: readonly number[],
  findings: Findings,
): number {
  const { deletedAt, replanFrom, plannedUntil } = history;
  const cursor = (replanFrom ?? plannedUntil).getTime();
  // While a job is paused, or when it is deleted, nothing waits for a planner.
  const cursorMs = job.isPlanned && deletedAt === null ? cursor : Number.POSITIVE_INFINITY;
  let unplanned = 0;
  let at = 0;
  for (const stretch of stretches) {
    let end = at;
    while (end < runs.length && runs[end]! < stretch.toMs) end++;
    unplanned += compareStretch(stretch, runs.slice(at, end), cursorMs, findings);
    at = end;
  }
  return unplanned;
}

function tellGaps(
  { gaps }: ScheduleHistory,
  stretches: readonly Stretch[],
  findings: Findings,
): void {
  for (const { from, to, ticks, reason, schedule } of gaps) {
    if (to === null || ticks === null) continue;
    const timing = savedFires(schedule);
    if (timing === null) continue;
    const is = ticksIn(timing, from.getTime(), to.getTime());
    if (is === ticks) continue;
    findings.add({ ...named({ reason, from, to }), kind: 'gap_count', says: ticks, is });
  }
  for (const { gap, reign, fromMs, toMs } of stretches) {
    if (gap === null || gap.revision === reign?.revision) continue;
    const ticks = ticksIn(reign?.timing ?? savedFires(gap.schedule), fromMs, toMs);
    if (ticks === 0) continue;
    const is = reign?.revision ?? 0;
    findings.add({ ...named(gap), kind: 'gap_revision', says: gap.revision, is, ticks });
  }
}

function named({ reason, from, to }: Pick<NonNullable<Stretch['gap']>, 'reason' | 'from' | 'to'>) {
  return { gap: reason, from: from.toISOString(), to: to?.toISOString() ?? null };
}

function tellUnreadable(stretches: readonly Stretch[], findings: Findings): void {
  const revisions = stretches.flatMap(({ reign }) =>
    reign !== null && reign.timing === null ? [reign.revision] : [],
  );
  for (const revision of new Set(revisions)) findings.add({ kind: 'unreadable', revision });
}
