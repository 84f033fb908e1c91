import { type CompiledSchedule, compileSchedule } from '../schedules/compile.ts';
import { nextFire } from '../schedules/fires.ts';
import { planTicks } from '../schedules/missed.ts';
import type { JobPlan } from './planning.sql.ts';
import type { PlanRules } from './plan-rules.ts';

/** Ticks of a job in one plan; a job with more before its horizon is planned again at once. */
const MOST_TICKS = 200;

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
  const schedule = compiledOf(rules);
  const { plan, gaps, isCutOff, ...until } = planTicks({
    schedule,
    cursor: replanFrom ?? plannedUntil,
    now,
    horizon,
    catchUp: { rule: rules.catchUp, most: rules.catchUpMost, perMinute: rules.catchUpPerMinute },
    startDeadlineMs: rules.startDeadlineMs,
    accounted: job.accounted.map(({ fromMs, toMs }) => ({
      from: new Date(fromMs),
      to: toMs === null ? null : new Date(toMs),
    })),
    maxAhead: MOST_TICKS,
  });
  // A plan that wasn't cut off has dealt with every fire up to the horizon, also where the last of them were accounted
  // for and `planTicks` stays before them: a job that is planned again would be so for ever.
  const dealtWith = isCutOff ? until.plannedUntil : earlier(horizon, plannedUntil);
  const reached = later(until.plannedUntil, dealtWith);
  return {
    jobId,
    revision,
    rules,
    from: { plannedUntil, replanFrom },
    to: {
      plannedUntil: later(plannedUntil, reached),
      replanFrom: reached < plannedUntil ? reached : null,
      nextTickAt: nextFire(schedule, reached)?.at ?? null,
    },
    ticks: plan.map(({ at, dueAt, outcome }) => ({ at, dueAt, isLate: outcome === 'late' })),
    gaps: gaps.map(({ from, to, ticks }) => ({ from, to, ticks })),
  };
}

/** A planner keeps the rules of a revision, and with them what was compiled of them. */
const compiled = new WeakMap<PlanRules, CompiledSchedule>();

function compiledOf(rules: PlanRules): CompiledSchedule {
  const known = compiled.get(rules) ?? compileSchedule(rules.schedule);
  compiled.set(rules, known);
  return known;
}

const earlier = (a: Date, b: Date) => (a < b ? a : b);
const later = (a: Date, b: Date) => (a > b ? a : b);
