import { MISSED_AFTER_MS, planTicks } from '../schedules/missed.ts';
import type { JobPlan } from './planning.sql.ts';
import type { PlanRules } from './plan-rules.ts';

export type PlanningState = {
  jobId: number;
  revision: number;
  plannedUntil: Date;
  replanFrom: Date | null;
  /** Stretches that rows or gaps account for, [from, to) in epoch ms. */
  accounted: readonly { fromMs: number; toMs: number | null }[];
};

/**
 * Plans one job from its cursor up to `horizon`: from `replanFrom`, where ticks were taken back, else from
 * `plannedUntil`. The cursor never moves back; what is not reached in this plan stays marked for the next.
 * @throws Error when the schedule can't be reckoned
 */
export function planJob(
  job: PlanningState,
  rules: PlanRules,
  { now, horizon }: { now: Date; horizon: Date },
): JobPlan {
  const { jobId, revision, plannedUntil, replanFrom } = job;
  const { plan, gaps, ...reached } = planTicks({
    schedule: rules.schedule,
    cursor: replanFrom ?? plannedUntil,
    now,
    horizon,
    catchUp: rules.catchUp,
    startDeadlineMs: rules.startDeadlineMs,
    accounted: job.accounted.map(({ fromMs, toMs }) => ({
      from: new Date(fromMs),
      to: toMs === null ? null : new Date(toMs),
    })),
  });
  const isBehind = reached.nextTickAt !== null && reached.nextTickAt <= plannedUntil;
  return {
    jobId,
    revision,
    rules,
    from: { plannedUntil, replanFrom },
    to: {
      plannedUntil: new Date(Math.max(plannedUntil.getTime(), reached.plannedUntil.getTime())),
      // Nothing fires between the two: there is nothing left to plan again.
      replanFrom: isBehind ? reached.plannedUntil : null,
      nextTickAt: reached.nextTickAt,
    },
    ticks: plan.map(({ at, outcome }) => ({
      at,
      dueAt: at.getTime() < now.getTime() - MISSED_AFTER_MS ? now : at,
      isLate: outcome === 'late',
    })),
    gaps: gaps.map(({ from, to, ticks }) => ({ from, to, ticks })),
  };
}
