import type { Coverage } from '../schedules/blackouts/coverage.ts';
import { countsFromEnd, type FromEnd, tickAfterEnd } from '../schedules/from-end.ts';
import type { JobAfterEnd } from './after-end.sql.ts';
import type { PlanRules } from './plan-rules.ts';
import type { JobPlan } from './record-plans.sql.ts';

/**
 * Plans the next tick of a job whose ticks count from the end of its last run, and that has none that lives: as a row
 * where it comes within `reachMs`, else as what is known of the next one. Null where that is known already, or where
 * none comes.
 */
export function planAfterEnd(
  job: JobAfterEnd,
  rules: PlanRules,
  { coverage, reachMs }: { coverage: Coverage; reachMs: number },
): JobPlan | null {
  const { jobId, revision, plannedUntil, replanFrom, nextTickAt, now } = job;
  const { schedule } = rules;
  if (!countsFromEnd(schedule))
    throw new Error('This schedule doesn’t count from the end of runs.');
  const atMs = nextTickMs(job, schedule, coverage);
  const isDue = atMs !== null && atMs <= now.getTime() + reachMs;
  const at = atMs === null ? null : new Date(atMs);
  // A tick that is a row says for itself when it comes.
  const next = isDue ? null : at;
  if (!isDue && next?.getTime() === nextTickAt?.getTime()) return null;
  return {
    jobId,
    revision,
    rules,
    from: { plannedUntil, replanFrom },
    to: {
      // What was taken back isn't planned again by a schedule that knows no instants.
      plannedUntil: isDue && at! > plannedUntil ? at! : plannedUntil,
      replanFrom: null,
      nextTickAt: next,
    },
    ticks: isDue ? [{ at: at!, dueAt: at!, promisedAt: at!, isLate: false, heldBy: null }] : [],
    gaps: [],
    standIn: null,
    cover: null,
  };
}

/** In epoch ms; null where no tick comes. */
export function nextTickMs(
  { lastEndAt, now, takenMs }: JobAfterEnd,
  schedule: FromEnd,
  coverage: Coverage,
): number | null {
  return tickAfterEnd(schedule, {
    lastEndMs: lastEndAt?.getTime() ?? null,
    nowMs: now.getTime(),
    coverage,
    takenMs,
  });
}
