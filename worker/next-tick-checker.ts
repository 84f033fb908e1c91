import type pg from 'pg';
import { once, sqlOf } from '#core/db.ts';
import { correctNextTicks, readWaitingJobs, type WaitingJob } from '#core/jobs/next-ticks.sql.ts';
import { parsePlanRules } from '#core/jobs/plan-rules.ts';
import { readPlanRules } from '#core/jobs/planning.sql.ts';
import { compileSchedule } from '#core/schedules/compile.ts';
import { nextFire } from '#core/schedules/fires.ts';
import type { Duty } from './duty.ts';

export type NextTickCheckerConfig = { pool: pg.Pool; intervalMs?: number };

const BATCH = 500;

/**
 * Reckons the next tick of every job anew: when the worker starts, since the rules of time zones come with the program
 * and may have changed with it, and once a day. A next tick that stands too late would be planned too late; one that
 * stands too early only costs a look.
 */
export function createNextTickChecker({
  pool,
  intervalMs = 86_400_000,
}: NextTickCheckerConfig): Duty {
  const sql = sqlOf(pool);
  return { name: 'next-tick-checker', intervalMs, runOnce };

  async function runOnce() {
    let corrected = 0;
    for (let afterId = 0; ;) {
      const jobs = await readWaitingJobs(sql, { afterId, limit: BATCH });
      const wrong = await withWrongNextTick(jobs);
      if (wrong.length > 0) corrected += await once(() => correctNextTicks(sql, wrong));
      const last = jobs.at(-1);
      if (!last || jobs.length < BATCH) return { counts: { corrected } };
      afterId = last.jobId;
    }
  }

  async function withWrongNextTick(jobs: readonly WaitingJob[]): Promise<WaitingJob[]> {
    const byId = new Map(jobs.map((job) => [job.jobId, job]));
    const wrong: WaitingJob[] = [];
    for (const { jobId, saved } of await readPlanRules(sql, jobs)) {
      const job = byId.get(jobId)!;
      const nextTickAt = reckon(saved, job.plannedUntil);
      if (nextTickAt !== undefined && nextTickAt?.getTime() !== job.nextTickAt?.getTime()) {
        wrong.push({ ...job, nextTickAt });
      }
    }
    return wrong;
  }
}

/** Undefined for a schedule that this version can't reckon, which is the planner's to tell. */
function reckon(savedRules: unknown, after: Date): Date | null | undefined {
  try {
    const schedule = compileSchedule(parsePlanRules(savedRules).schedule);
    return nextFire(schedule, after)?.at ?? null;
  } catch {
    return undefined;
  }
}
