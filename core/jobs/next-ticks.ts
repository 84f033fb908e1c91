import { z } from 'zod';
import { type Actor, authorizeForSome } from '../auth/permissions.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { knowCalendars } from '../calendars/know-calendars.ts';
import { databaseNow } from '../database-now.ts';
import { sqlOf } from '../db.ts';
import { prisma, webPool } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { coverageToShow } from '../blackouts/planning-blackouts.sql.ts';
import type { Coverage } from '../schedules/blackouts/coverage.ts';
import { nextStartAfter, tickInBlackout } from '../schedules/blackouts/tick-in-blackout.ts';
import { type CompiledSchedule, compileSchedule, withKnownTick } from '../schedules/compile.ts';
import { type FireMark, fires } from '../schedules/fires.ts';
import type { Schedule } from '../schedules/schedule.ts';
import { zoneChanges } from '../schedules/zones.ts';
import { isJobFor } from './job-for.ts';
import { readKnownTick } from './after-end.sql.ts';
import { readJobBars, type JobBars } from './ledger.ts';
import { fromAddress, JobId } from '../ids.ts';
import { savedSchedule, scheduleIn } from '../schedules/saved-schedule.ts';

/** A tick to come, ISO 8601, with what is unusual about it. */
export type NextTick = {
  at: string;
  mark: FireMark | null;
  /** It falls in a blackout, and becomes no run; or one at `runsAt`, when that is over. */
  blackout: { name: string; runsAt: string | null } | null;
};

/** The clocks change: offsets from UTC in minutes before and after. */
export type ClockChange = { at: string; offsetBefore: number; offsetAfter: number };

export type NextTicks = {
  /**
   * In order. While the job is paused these are the ticks that would be. Of those that count from the end of runs one at
   * most is known.
   */
  ticks: NextTick[];
  /** Null where it has no schedule. */
  timeZone: string | null;
  /** The changes of the clock among these ticks. */
  clockChanges: ClockChange[];
  /** Where the first of them falls in a blackout: when a run starts all the same; null: none within sight. */
  startsAt: string | null;
};

export const ReadNextTicks = z.object({
  jobId: fromAddress(JobId),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export async function readNextTicks(
  actor: Actor,
  input: z.input<typeof ReadNextTicks>,
): Promise<Outcome<NextTicks>> {
  authorizeForSome(actor, 'job:read');
  const parsed = ReadNextTicks.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const current = await currentSchedule(actor, parsed.data.jobId);
  if (current === null) return noSuchJob();
  const now = await databaseNow(sqlOf(webPool()));
  const coverage = await coverageOf(parsed.data.jobId, now);
  return done(nextTicks(current, coverage, now, parsed.data.limit));
}

export type JobChart = JobBars & { next: NextTicks };

export const ReadJobChart = z.object({
  jobId: fromAddress(JobId),
  past: z.coerce.number().int().min(1).max(200).default(60),
  ahead: z.coerce.number().int().min(0).max(50).default(14),
});

/** What a job's chart shows: the newest ticks, and those to come. */
export async function readJobChart(
  actor: Actor,
  input: z.input<typeof ReadJobChart>,
): Promise<Outcome<JobChart>> {
  authorizeForSome(actor, 'job:read');
  const parsed = ReadJobChart.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { jobId, past, ahead } = parsed.data;
  const current = await currentSchedule(actor, jobId);
  if (current === null) return noSuchJob();
  const bars = await readJobBars(actor, { jobId, hasSchedule: current.hasTicks, limit: past });
  const now = await databaseNow(sqlOf(webPool()));
  const coverage = await coverageOf(jobId, now);
  return done({ ...bars, next: nextTicks(current, coverage, now, ahead) });
}

async function coverageOf(jobId: number, now: Date): Promise<Coverage> {
  return coverageToShow(sqlOf(webPool()), jobId, now);
}

function nextTicks(
  { schedule, knownTickAt }: CurrentSchedule,
  coverage: Coverage,
  now: Date,
  limit: number,
): NextTicks {
  if (schedule.type === 'manual')
    return { ticks: [], timeZone: null, clockChanges: [], startsAt: null };
  const compiled = withKnownTick(compileSchedule(schedule), knownTickAt?.getTime() ?? null);
  const next = [...fires(compiled, { after: now, limit })];
  const until = next.at(-1)?.at ?? now;
  return {
    ticks: next.map(({ at, marks }) => ({
      at: at.toISOString(),
      mark: marks[0] ?? null,
      blackout: blackoutOver(compiled, coverage, at.getTime()),
    })),
    timeZone: schedule.timeZone,
    startsAt: startOf(compiled, coverage, next[0]?.at),
    clockChanges: zoneChanges(schedule.timeZone, now, 20)
      .filter(({ at }) => at <= until)
      .map(({ at, offsetBeforeMinutes, offsetAfterMinutes }) => ({
        at: at.toISOString(),
        offsetBefore: offsetBeforeMinutes,
        offsetAfter: offsetAfterMinutes,
      })),
  };
}

function startOf(
  schedule: CompiledSchedule,
  coverage: Coverage,
  first: Date | undefined,
): string | null {
  if (!first || coverage.isEmpty || coverage.partAt(first.getTime()) === null) return null;
  const ms = nextStartAfter(schedule, coverage, first.getTime());
  return ms === null ? null : new Date(ms).toISOString();
}

function blackoutOver(
  schedule: CompiledSchedule,
  coverage: Coverage,
  ms: number,
): NextTick['blackout'] {
  const found = tickInBlackout(schedule, coverage, ms);
  if (found === null) return null;
  const { runsAtMs, blackout } = found;
  return {
    name: blackout.name,
    runsAt: runsAtMs === null ? null : new Date(runsAtMs).toISOString(),
  };
}

type CurrentSchedule = {
  schedule: Schedule;
  hasTicks: boolean;
  /** Where ticks count from the end of runs. */
  knownTickAt: Date | null;
};

/**
 * The schedule of the job's current revision; null where the actor may know of no such job. One that is deleted, or whose
 * schedule can't be read, has no ticks to come: its history is shown all the same.
 */
async function currentSchedule(actor: Actor, jobId: number): Promise<CurrentSchedule | null> {
  if (!(await isJobFor(sqlOf(webPool()), actor, 'job:read', jobId))) return null;
  const job = await prisma().job.findUnique({ where: { id: jobId } });
  if (!job) return null;
  const revision = await prisma().revision.findUnique({
    where: { jobId_number: { jobId, number: job.revision } },
    select: { definition: true },
  });
  const saved = savedSchedule(scheduleIn(revision?.definition));
  await knowCalendars(sqlOf(webPool()), [saved]);
  return {
    schedule: job.deletedAt === null && saved ? saved : { type: 'manual' },
    hasTicks: job.hasSchedule,
    knownTickAt: job.countsFromEnd ? await readKnownTick(sqlOf(webPool()), jobId) : null,
  };
}

const noSuchJob = () => refuse('not_found', 'There is no such job.');
