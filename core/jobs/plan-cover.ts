import { latestHeld } from '../schedules/ahead.ts';
import { countFires } from '../schedules/fires.ts';
import type { CompiledSchedule } from '../schedules/compile.ts';
import { type Coverage } from '../schedules/blackouts/coverage.ts';
import { inOrder } from '../schedules/spans.ts';
import type { CoverPlan, GapToCover } from './cover.sql.ts';
import type { PlanningState } from './plan-job.ts';
import { compiledOf, type PlanRules } from './plan-rules.ts';
import type { JobPlan } from './record-plans.sql.ts';

type GapWithRules = GapToCover & {
  /** Of the gap's revision; null where this version can't plan by it. */
  rules: PlanRules | null;
};

/**
 * Names the tick that stands for gaps whose covering tick was taken back: the one that the blackouts of this moment hold
 * until their end, else the one that stands for what was missed; and where there is neither, the blackout was cut short:
 * the latest of the gaps' own ticks runs, as it would have at the end.
 */
export function planCover(
  gaps: readonly GapWithRules[],
  plan: JobPlan,
  job: Pick<PlanningState, 'accounted' | 'plannedUntil' | 'replanFrom'> & { coverage: Coverage },
  schedule: CompiledSchedule,
  now: Date,
): CoverPlan | null {
  if (gaps.length === 0) return null;
  const gapIds = gaps.map(({ id }) => id);
  const standing = heldNow(job, schedule, now) ?? plan.standIn;
  if (standing) return { gapIds, coveredBy: standing, released: null };
  const released = latestTickOf(gaps, job.coverage, now);
  return { gapIds, coveredBy: released?.at ?? null, released };
}

function heldNow(
  { accounted, plannedUntil, replanFrom, coverage }: Parameters<typeof planCover>[2],
  schedule: CompiledSchedule,
  now: Date,
): Date | null {
  if (coverage.isEmpty) return null;
  const cursorMs = (replanFrom ?? plannedUntil).getTime();
  // What was planned of this stretch before the cursor has been taken back, or is in these very gaps.
  const beginMs = coverage.stretchBegin(now.getTime(), Math.min(cursorMs + 1, now.getTime()));
  if (beginMs === null) return null;
  const spans = inOrder(
    accounted.map(({ fromMs, toMs }) => ({
      from: new Date(fromMs),
      to: toMs === null ? null : new Date(toMs),
    })),
  );
  const ms = latestHeld({ schedule, coverage }, spans, beginMs);
  return ms === null ? null : new Date(ms);
}

function latestTickOf(
  gaps: readonly GapWithRules[],
  coverage: Coverage,
  now: Date,
): CoverPlan['released'] {
  const dueMs = coverage.isEmpty ? now.getTime() : coverage.freeFrom(now.getTime());
  if (!Number.isFinite(dueMs)) return null;
  for (const { id, from, to, revision, rules } of gaps.toReversed()) {
    if (rules === null) continue;
    const schedule = compiledOf(rules);
    const ms = schedule.latest(from.getTime() - 1, to.getTime() - 1);
    if (ms === null) continue;
    return {
      gapId: id,
      ticksLeft: countFires(schedule, new Date(from.getTime() - 1), new Date(ms - 1)),
      revision,
      rules,
      at: new Date(ms),
      dueAt: new Date(dueMs),
      heldBy:
        dueMs === now.getTime() ? null : (coverage.partAt(now.getTime())?.blackout.id ?? null),
    };
  }
  return null;
}
