import { type Coverage, NO_BLACKOUTS } from '../schedules/blackouts/coverage.ts';
import { nextFire } from '../schedules/fires.ts';
import { countsFromEnd } from '../schedules/from-end.ts';
import { planTicks } from '../schedules/missed.ts';
import { compiledOf, type PlanRules } from './plan-rules.ts';
import type { JobPlan } from './record-plans.sql.ts';

/** Ticks of a job in one plan; a job with more before its horizon is planned again at once. */
const MOST_TICKS = 200;

export type PlanningState = {
  jobId: number;
  revision: number;
  plannedUntil: Date;
  replanFrom: Date | null;
  /** What is known of the next one, where ticks count from the end of a run. */
  nextTickAt?: Date | null;
  /** Stretches that rows or gaps account for, [from, to) in epoch ms. */
  accounted: readonly { fromMs: number; toMs: number | null }[];
  /** What the blackouts cover that hit it now. */
  coverage?: Coverage;
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
  const { jobId, revision, plannedUntil, replanFrom, coverage = NO_BLACKOUTS } = job;
  const schedule = compiledOf(rules);
  const { plan, gaps, isCutOff, standIn, ...until } = planTicks({
    schedule,
    coverage,
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
      // Of ticks that count from the end of a run the schedule knows nothing: what stands there stays.
      nextTickAt: countsFromEnd(rules.schedule)
        ? (job.nextTickAt ?? null)
        : (nextFire(schedule, reached)?.at ?? null),
    },
    ticks: plan.map(({ outcome, ...tick }) => ({ ...tick, isLate: outcome === 'late' })),
    gaps: [...gaps],
    standIn,
    cover: null,
  };
}

const earlier = (a: Date, b: Date) => (a < b ? a : b);
const later = (a: Date, b: Date) => (a > b ? a : b);
