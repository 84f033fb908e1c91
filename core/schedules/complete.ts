import { countsFromEnd } from './from-end.ts';
import type { Schedule } from './schedule.ts';

/**
 * A schedule as it is saved: with all that decides when it fires. A number of fires is counted from a start, and the
 * place in a jitter is the job's own; both stay what they were when the job is saved again.
 * @param before the schedule of the revision before, where there is one
 */
export function completeSchedule(
  schedule: Schedule,
  { key, now, before }: { key: string; now: Date; before: Schedule | null },
): Schedule {
  if (schedule.type === 'manual' || countsFromEnd(schedule)) return schedule;
  const was = before === null || before.type === 'manual' ? null : before;
  const { startsAt, maxFires, jitterMs = 0, jitterSeed } = schedule;
  const needsStart = maxFires !== undefined && startsAt === undefined;
  const needsSeed = jitterMs > 0 && jitterSeed === undefined;
  return {
    ...schedule,
    ...(needsStart && {
      startsAt: (was?.maxFires === undefined ? undefined : was.startsAt) ?? now.toISOString(),
    }),
    ...(needsSeed && { jitterSeed: was?.jitterSeed ?? key }),
  };
}

/** The schedule for another job: what saving filled in for this one is left out. */
export function withoutOwnParts(schedule: Schedule): Schedule {
  if (schedule.type === 'manual' || countsFromEnd(schedule)) return schedule;
  const { jitterSeed: _, ...others } = schedule;
  if (others.maxFires === undefined) return others;
  const { startsAt: _start, ...rest } = others;
  return rest;
}
