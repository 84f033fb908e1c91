import { isDeepStrictEqual } from 'node:util';
import { JobDefinition } from '../jobs/definition.ts';
import { type JobColumns, jobColumns } from '../jobs/job-columns.ts';
import { type CompiledSchedule, compileSchedule } from '../schedules/compile.ts';
import { nextFire } from '../schedules/fires.ts';
import { countsFromEnd } from '../schedules/from-end.ts';
import type { JobToHeal } from './heal.sql.ts';
import type { StretchToCheck } from './lost-ticks.ts';

/** What a part of a job's row says, and what it has to say. */
export type Damage = { part: string; is: unknown; shouldBe: unknown };

export type Diagnosis = {
  damages: Damage[];
  /** What the row is to say. */
  healed: JobColumns & { revision: number; replanFrom: Date | null; nextTickAt: Date | null };
  /** Its gap isn't the one that its pause, or that it isn't paused, asks for. */
  isGapWrong: boolean;
  /** Where ticks may have been lost. */
  toCheck: StretchToCheck;
};

// A planner comes to what lies within its reach by itself, and corrects it; a minute is the usual plan-ahead.
const PLANNERS_REACH_MS = 60_000;
/** A round through all jobs takes an hour at most, so that each tick is looked at twice. */
const LOOK_BACK_MS = 2 * 3_600_000;

/**
 * What is wrong with a job's row, by the newest of its revisions; null for one that this version can't read, which is the
 * planner's to tell. The calendar of its schedule has to be known.
 */
export function diagnose(
  job: JobToHeal & {
    /** What the next tick should be that counts from the end of a run, where its row says another one. */
    wrongNextTick?: Date | null;
  },
): Diagnosis | null {
  const definition = JobDefinition.safeParse(job.definition).data;
  if (!definition) return null;
  let schedule: CompiledSchedule;
  try {
    schedule = compileSchedule(definition.schedule);
  } catch {
    return null;
  }
  // Its key may have been given to another meanwhile: that one is a person's to put right.
  const columns = { ...jobColumns(definition), key: job.columns.key };
  const replanFrom =
    job.replanFrom !== null && job.replanFrom > job.plannedUntil ? null : job.replanFrom;
  const healed = {
    ...columns,
    revision: job.newestRevision,
    replanFrom,
    nextTickAt: nextTickOf(job, schedule, replanFrom),
  };
  const is = {
    ...job.columns,
    revision: job.revision,
    replanFrom: job.replanFrom,
    nextTickAt: job.nextTickAt,
  };
  const parts = Object.keys(healed) as (keyof typeof healed)[];
  return {
    healed,
    damages: [
      ...parts
        .filter((part) => !isDeepStrictEqual(is[part], healed[part]))
        .map((part) => ({ part, is: is[part], shouldBe: healed[part] })),
      ...(job.farTick ? [{ part: 'tickAhead', is: job.farTick, shouldBe: null }] : []),
    ],
    isGapWrong: isGapWrong(job, healed),
    toCheck: {
      jobId: job.jobId,
      isPlanned: !job.isPaused && !job.isEverythingPaused,
      ...stretchToCheck(job, schedule),
    },
  };
}

/** What stands too late, or nowhere, is planned too late; what stands early is a planner's to look at, and soon. */
function nextTickOf(
  job: Parameters<typeof diagnose>[0],
  schedule: CompiledSchedule,
  replanFrom: Date | null,
): Date | null {
  const { nextTickAt: is, now } = job;
  const soonMs = now.getTime() + PLANNERS_REACH_MS;
  const isLookedAt = replanFrom !== null && replanFrom.getTime() <= soonMs;
  // What counts from the end of a run is reckoned with its runs (wrong-next-ticks.ts).
  if (countsFromEnd(schedule.schedule))
    return job.wrongNextTick === undefined ? is : job.wrongNextTick;
  if (isLookedAt || job.isPaused || job.isEverythingPaused) return is;
  const shouldBe = nextFire(schedule, replanFrom ?? job.plannedUntil)?.at ?? null;
  const isEarly = is !== null && (shouldBe === null || is < shouldBe);
  return isEarly && is.getTime() <= soonMs ? is : shouldBe;
}

function isGapWrong(
  { isPaused, isEverythingPaused, openGap }: JobToHeal,
  { hasSchedule, revision }: { hasSchedule: boolean; revision: number },
): boolean {
  if (!hasSchedule || !(isPaused || isEverythingPaused)) return openGap !== null;
  const reason = isPaused ? 'paused' : 'paused_all';
  return openGap === null || openGap.reason !== reason || openGap.revision !== revision;
}

/** What has passed lately, and the next fire where the cursor says that it is planned. */
function stretchToCheck({ plannedUntil, now }: JobToHeal, schedule: CompiledSchedule) {
  const from = new Date(now.getTime() - LOOK_BACK_MS);
  const ahead = nextFire(schedule, now)?.at;
  const to = ahead && ahead <= plannedUntil ? new Date(ahead.getTime() + 1) : now;
  return { from, to };
}
