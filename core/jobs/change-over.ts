import { coverageOfJobs } from '../blackouts/planning-blackouts.sql.ts';
import type { Sql } from '../db.ts';
import type { Coverage } from '../schedules/blackouts/coverage.ts';
import { cutGapsAhead } from './cover.sql.ts';
import {
  accountedAfterMark,
  deleteTicksFrom,
  firstInstantAhead,
  type LockedJob,
  lockTicksAhead,
  restartPlanningFrom,
} from './change-over.sql.ts';
import { planJob, type PlanningState } from './plan-job.ts';
import { makeMonth, readPlanRules } from './planning.sql.ts';
import { type JobPlan, recordPlans } from './record-plans.sql.ts';
import { parsePlanRules } from './plan-rules.ts';

/** The instant from which on something may still have to be planned. */
export function oldestCursor(
  jobs: readonly { plannedUntil: Date; replanFrom: Date | null }[],
): Date {
  return new Date(
    Math.min(...jobs.map(({ replanFrom, plannedUntil }) => (replanFrom ?? plannedUntil).getTime())),
  );
}

/**
 * Ends the planning of locked jobs as it stands, before a change of theirs (edit, pause, resume, deletion): every fire
 * before the returned instant is a run or stands in a gap, by the revision and the pause that held until then; every
 * fire from it on is open again, its row taken back. The caller then writes the change and calls `switchOpenGaps`.
 */
export async function takeTicksBack(
  sql: Sql,
  jobs: readonly LockedJob[],
  { isEverythingPaused }: { isEverythingPaused: boolean },
): Promise<Date> {
  const ids = jobs.map(({ id }) => id);
  await lockTicksAhead(sql, ids);
  // Read after the locks: a tick that a worker took until now lies before it, and no other one is taken any more.
  const from = await firstInstantAhead(sql);
  const unpaused = jobs.filter((job) => !isEverythingPaused && job.pausedAt === null);
  await settleBefore(sql, unpaused, from);
  await deleteTicksFrom(sql, ids, from);
  await cutGapsAhead(sql, ids, from);
  await restartPlanningFrom(sql, ids, from);
  return from;
}

/** Plans what no planner came to: the fires before `from` belong to the revision that is about to be replaced. */
async function settleBefore(sql: Sql, jobs: readonly LockedJob[], from: Date): Promise<void> {
  const owing = jobs.filter((job) => mayOweTicksBefore(job, from));
  if (owing.length === 0) return;
  const last = new Date(from.getTime() - 1);
  const byId = new Map(owing.map((job) => [job.id, job]));
  const revisions = owing.map(({ id, revision }) => ({ jobId: id, revision }));
  const standing = Map.groupBy(
    await accountedAfterMark(sql, [...byId.keys()]),
    ({ jobId }) => jobId,
  );
  // As they were until now: who changes blackouts takes the ticks back first.
  const coverageOf = await coverageOfJobs(sql, [...byId.keys()], oldestCursor(owing));
  const plans = (await readPlanRules(sql, revisions)).map(({ jobId, saved }) => {
    const accounted = standing.get(jobId) ?? [];
    return settle({ ...byId.get(jobId)!, accounted }, () => coverageOf(jobId), saved, last);
  });
  for (const { ticks } of plans) for (const { at } of ticks) await makeMonth(sql, at);
  await recordPlans(sql, plans);
}

function settle(
  job: LockedJob & Pick<PlanningState, 'accounted'>,
  coverage: () => Coverage,
  savedRules: unknown,
  last: Date,
): JobPlan {
  const { id: jobId, revision, plannedUntil, replanFrom } = job;
  try {
    const state = { ...job, jobId, coverage: coverage() };
    return planJob(state, parsePlanRules(savedRules), { now: last, horizon: last });
  } catch {
    // No planner can plan it either and says so in its log; it must be possible to mend, pause or delete it.
    const firstOpen = new Date((replanFrom ?? plannedUntil).getTime() + 1);
    return {
      jobId,
      revision,
      rules: null,
      from: { plannedUntil, replanFrom },
      to: {
        plannedUntil: last > plannedUntil ? last : plannedUntil,
        replanFrom: null,
        nextTickAt: job.nextTickAt,
      },
      ticks: [],
      gaps: [
        {
          from: firstOpen,
          to: new Date(last.getTime() + 1),
          ticks: null,
          reason: 'missed',
          blackoutId: null,
          coveredBy: null,
        },
      ],
      standIn: null,
      cover: null,
    };
  }
}

function mayOweTicksBefore(job: LockedJob, from: Date): boolean {
  if (!job.hasSchedule) return false;
  return (job.replanFrom ?? job.nextTickAt ?? from) < from;
}
