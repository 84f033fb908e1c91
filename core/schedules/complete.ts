import { countsFromEnd } from './from-end.ts';
import type { Schedule } from './schedule-shape.ts';

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

/**
 * A completed schedule whose number of fires is counted from another instant, or from whenever it is completed again
 * (null), where saving filled the start in (as `filled`): it counts from where its revision begins.
 */
export function withFilledStart(schedule: Schedule, filled: Date, start: Date | null): Schedule {
  if (schedule.type === 'manual' || schedule.maxFires === undefined) return schedule;
  const { startsAt, ...others } = schedule;
  if (startsAt !== filled.toISOString()) return schedule;
  return start === null ? others : { ...others, startsAt: start.toISOString() };
}

/** The schedule for another job: what saving filled in for this one is left out. */
export function withoutOwnParts(schedule: Schedule): Schedule {
  if (schedule.type === 'manual' || countsFromEnd(schedule)) return schedule;
  const { jitterSeed: _, ...others } = schedule;
  if (others.maxFires === undefined) return others;
  const { startsAt: _start, ...rest } = others;
  return rest;
}
