import type pg from 'pg';
import type { Logger } from 'pino';
import { isTransient, type Sql, sqlOf, transaction } from '#core/db.ts';
import { errorCode } from '#core/error-code.ts';
import { announce, signalWorkers } from '#core/events/events.ts';
import { coverageOfJobs } from '#core/blackouts/planning-blackouts.sql.ts';
import { oldestCursor } from '#core/jobs/change-over.ts';
import { type GapToCover, readGapsToCover } from '#core/jobs/cover.sql.ts';
import { planCover } from '#core/jobs/plan-cover.ts';
import { planJob } from '#core/jobs/plan-job.ts';
import { compiledOf } from '#core/jobs/plan-rules.ts';
import type { Coverage } from '#core/schedules/blackouts/coverage.ts';
import {
  type JobToPlan,
  lockJobsToPlan,
  makeMonth,
  planningIsDueInMs,
} from '#core/jobs/planning.sql.ts';
import { type JobPlan, recordPlans } from '#core/jobs/record-plans.sql.ts';
import { Aside } from './aside.ts';
import type { Duty } from './duty.ts';
import { RulesByRevision } from './rules-by-revision.ts';

export type PlannerConfig = {
  pool: pg.Pool;
  logger: Logger;
  /** How far ahead ticks become rows. */
  planAheadMs: number;
  /** How often to look when no tick comes within reach and nothing wakes the planner. */
  pollMs: number;
  /** Workers that sleep find by themselves what is due later than that; a tick that is due before wakes them. */
  dueSoonMs: number;
};

// Some 40 ms of work: whoever shares the pool waits no longer than that.
const BATCH = 200;
// After an outage each job may have 1,000 missed ticks to make up for: all of a batch would outlast a statement's time.
const MOST_TICKS_A_STATEMENT = 20_000;
// A pass ends after so many batches, so that a stop of the worker waits for seconds at most.
const MOST_BATCHES = 100;
// PUNCTUAL_PLAN_AHEAD_MS is a day at most.
const LONGEST_PLAN_AHEAD_MS = 86_400_000;

/**
 * A job is planned when its next tick lies within half of the way, up to the whole of it: so a job that fires every second
 * is planned every 30 s and not every second.
 */
export const reachOf = (planAheadMs: number) => planAheadMs / 2;

/**
 * Plans the ticks of all jobs up to `planAheadMs` ahead, as rows that aren't due yet. Any number of planners may run at
 * once: each locks the jobs that it plans, and one statement writes the rows and advances the cursors (rule 1).
 */
export function createPlanner(config: PlannerConfig): Duty {
  const { pool, logger, planAheadMs, pollMs, dueSoonMs } = config;
  const reachMs = reachOf(planAheadMs);
  const rulesOf = new RulesByRevision();
  const aside = new Aside();

  return { name: 'planner', intervalMs: pollMs, runOnce };

  async function runOnce() {
    const counts = { jobs: 0, ticks: 0, gaps: 0, aside: 0 };
    for (let batches = 0; batches < MOST_BATCHES; batches++) {
      const dueInMs = await planningIsDueInMs(sqlOf(pool), { reachMs, aside: aside.revisions() });
      if (dueInMs === null || dueInMs > 0) {
        return { counts, nextInMs: Math.min(dueInMs ?? pollMs, pollMs) };
      }
      const done = await transaction(pool, planBatch);
      // All that is due is in another planner's hands. Should that one die, there is time left before the ticks are due.
      if (done.locked === 0) return { counts, nextInMs: Math.min(pollMs, reachMs / 4) };
      counts.jobs += done.jobs;
      counts.ticks += done.ticks;
      counts.gaps += done.gaps;
      counts.aside += done.aside;
    }
    return { counts, nextInMs: 0 };
  }

  async function planBatch(sql: Sql) {
    const jobs = await lockJobsToPlan(sql, { limit: BATCH, reachMs, aside: aside.revisions() });
    if (jobs.length === 0) return { jobs: 0, ticks: 0, gaps: 0, locked: 0, aside: 0 };
    const byId = new Map(jobs.map((job) => [job.jobId, job]));
    const ids = jobs.filter(({ hasGapsToCover }) => hasGapsToCover).map(({ jobId }) => jobId);
    const gaps = ids.length === 0 ? [] : await readGapsToCover(sql, ids);
    await rulesOf.load(sql, [...jobs, ...gaps]);
    // Asked once the jobs are locked: whoever changes a blackout holds those that it hits.
    const coverageOf = await coverageOfJobs(sql, [...byId.keys()], oldestCursor(jobs));
    const gapsOf = Map.groupBy(gaps, ({ jobId }) => jobId);
    const made = jobs.flatMap(
      (job) => planOrPutAside(job, coverageOf, gapsOf.get(job.jobId) ?? []) ?? [],
    );
    const plans = asManyAsOneStatementTakes(made);
    await makeMonthsOfMissedTicks(sql, plans, byId);
    const recorded = await recordOrPutAside(sql, plans, byId);
    await tellOthers(sql, plans, byId, dueSoonMs);
    const left = made.length - plans.length;
    return { ...recorded, locked: jobs.length, aside: jobs.length - left - recorded.jobs };
  }

  function planOrPutAside(
    job: JobToPlan,
    coverageOf: (jobId: number) => Coverage,
    gapsToCover: readonly GapToCover[],
  ): JobPlan | null {
    const ahead = new Date(job.now.getTime() + planAheadMs);
    // What was taken back is planned again as far as it was planned, also by a planner that looks less far ahead; but
    // not up to a cursor that somebody moved far ahead: there the mark goes on with the clock, until it comes to it.
    const farthest = new Date(job.now.getTime() + LONGEST_PLAN_AHEAD_MS);
    const isReplanned = job.replanFrom && job.plannedUntil > ahead && job.plannedUntil <= farthest;
    const horizon = isReplanned ? job.plannedUntil : ahead;
    try {
      const rules = rulesOf.get(job);
      const coverage = coverageOf(job.jobId);
      const plan = planJob({ ...job, coverage }, rules, { now: job.now, horizon });
      if (gapsToCover.length === 0) return plan;
      const gaps = gapsToCover.map((gap) => ({ ...gap, rules: rulesOf.find(gap) }));
      const state = { ...job, coverage };
      return { ...plan, cover: planCover(gaps, plan, state, compiledOf(rules), job.now) };
    } catch (error) {
      putAside(job, error);
      return null;
    }
  }

  /** All plans in one statement; when one of them is refused, each alone, so that it harms no other job. */
  async function recordOrPutAside(
    sql: Sql,
    plans: readonly JobPlan[],
    byId: ReadonlyMap<number, JobToPlan>,
  ) {
    const together = await recordUnlessRefused(sql, plans);
    if (together.ok) return together.counts;
    const counts = { jobs: 0, ticks: 0, gaps: 0 };
    for (const plan of plans) {
      const alone = await recordUnlessRefused(sql, [plan]);
      if (alone.ok) {
        counts.jobs += alone.counts.jobs;
        counts.ticks += alone.counts.ticks;
        counts.gaps += alone.counts.gaps;
      } else putAside(byId.get(plan.jobId)!, alone.error);
    }
    return counts;
  }

  function putAside(job: JobToPlan, error: unknown): void {
    aside.add(job);
    logger.error(
      { err: error, jobKey: job.key, revision: job.revision },
      'job can’t be planned; looking again in 30 s',
    );
  }
}

/** The first plans, at least one; whoever is left out comes with the next batch. */
function asManyAsOneStatementTakes(plans: readonly JobPlan[]): readonly JobPlan[] {
  let ticks = 0;
  const end = plans.findIndex((plan, index) => {
    ticks += plan.ticks.length;
    return index > 0 && ticks > MOST_TICKS_A_STATEMENT;
  });
  return end === -1 ? plans : plans.slice(0, end);
}

async function recordUnlessRefused(sql: Sql, plans: readonly JobPlan[]) {
  await sql('SAVEPOINT plans');
  try {
    const counts = await recordPlans(sql, plans);
    await sql('RELEASE SAVEPOINT plans');
    return { ok: true as const, counts };
  } catch (error) {
    if (isTransient(error) || !isRefusedByConstraint(error)) throw error;
    await sql('ROLLBACK TO SAVEPOINT plans');
    return { ok: false as const, error };
  }
}

// Class 22: a value that a column can't hold; class 23: a constraint, or a month that isn't there.
function isRefusedByConstraint(error: unknown): boolean {
  return /^2[23]/.test(errorCode(error) ?? '');
}

// The months around now are there; a tick that was missed long ago may need an older one.
async function makeMonthsOfMissedTicks(
  sql: Sql,
  plans: readonly JobPlan[],
  byId: ReadonlyMap<number, JobToPlan>,
): Promise<void> {
  const months = new Map<string, Date>();
  for (const { jobId, ticks, cover } of plans) {
    for (const { at } of cover?.released ? [...ticks, cover.released] : ticks) {
      if (at < byId.get(jobId)!.now) months.set(at.toISOString().slice(0, 7), at);
    }
  }
  for (const instant of months.values()) await makeMonth(sql, instant);
}

async function tellOthers(
  sql: Sql,
  plans: readonly JobPlan[],
  byId: ReadonlyMap<number, JobToPlan>,
  dueSoonMs: number,
): Promise<void> {
  if (plans.length === 0) return;
  await announce(
    sql,
    'job',
    plans.map(({ jobId }) => jobId),
  );
  const isDueSoon = plans.some(({ jobId, ticks, cover }) =>
    (cover?.released ? [...ticks, cover.released] : ticks).some(
      ({ dueAt }) => dueAt.getTime() - byId.get(jobId)!.now.getTime() < dueSoonMs,
    ),
  );
  if (isDueSoon) await signalWorkers(sql, 'look');
}
