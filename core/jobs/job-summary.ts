import { ticksInGap } from '../gaps/gap-ticks.ts';
import { type Durations, durationsOf } from '../runs/durations.ts';
import { type OutcomeBar, outcomeBars } from '../runs/outcome-bar.ts';
import type { RunState } from '../runs/states.ts';
import { durationOf, failedAttempts } from '../runs/summary.ts';
import { describeSchedule, type ScheduleDescription } from '../schedules/description.ts';
import { savedSchedule, scheduleIn } from '../schedules/saved-schedule.ts';
import type { JobFacts } from './job-facts.sql.ts';
import type { NextStart } from './next-starts.ts';
import type { RecentGap, RecentRun } from './job-history.sql.ts';
import { isAfterEnd } from './reigns.ts';
import { StandingAnswer } from './resume-answer.ts';
import { type FailingStreak, failingStreak, isBad, type JobState } from './job-state.ts';

/** A job as lists show it. Instants are ISO 8601 in UTC. */
export type JobSummary = {
  id: number;
  key: string;
  state: JobState;
  kind: string;
  queue: string;
  owner: string;
  labels: Record<string, string>;
  isSample: boolean;
  revision: number;
  schedule: ScheduleSummary | null;
  /** When its next tick starts a run, after a blackout that it falls in. Null: by hand only, or paused. */
  nextTickAt: string | null;
  /** That blackout, and the tick. */
  nextInBlackout: { name: string; tickAt: string } | null;
  /** The latest run that succeeded, failed, timed out or was lost. */
  lastRun: {
    id: number;
    state: RunState;
    at: string;
    finishedAt: string | null;
    durationMs: number | null;
    cause: string | null;
  } | null;
  /** Also while it is paused. */
  failing: FailingStreak | null;
  running: { runs: number; runId: number; since: string } | null;
  overdue: { since: string; runId: number | null } | null;
  paused: {
    since: string;
    by: string;
    reason: string;
    /** Null: nobody knows, such as where they count from the end of runs. */
    ticks: number | null;
    /** Null: until somebody resumes it. */
    until: string | null;
    /** What runs then of the pause's ticks. */
    answer: StandingAnswer | null;
  } | null;
  /** Oldest first. */
  bars: OutcomeBar[];
} & Durations;

export type ScheduleSummary = {
  description: ScheduleDescription;
  timeZone: string | null;
  isManual: boolean;
};

/** How many runs are looked at for a summary. */
export const RECENT_RUNS = 60;
export const BARS_IN_ROW = 30;

export type JobHistory = {
  definition: unknown;
  /** Newest first, at most RECENT_RUNS. */
  runs: readonly RecentRun[];
  gaps: readonly RecentGap[];
  nextStart: NextStart | null;
};

export function jobSummary(
  facts: JobFacts,
  { definition, runs, gaps, nextStart }: JobHistory,
  now: Date,
  mostBars = BARS_IN_ROW,
): JobSummary {
  const counted = gaps.map((gap) => ({ ...gap, ticks: ticksInGap(gap, now) ?? 1 }));
  const isUncountable = isAfterEnd(scheduleIn(definition));
  const openPause = counted.find(({ to, reason }) => to === null && reason === 'paused');
  return {
    id: facts.id,
    key: facts.key,
    state: facts.state,
    kind: facts.kind,
    queue: facts.queue,
    owner: facts.owner,
    labels: facts.labels,
    isSample: facts.isSample,
    revision: facts.revision,
    schedule: scheduleSummary(definition),
    nextTickAt: (nextStart ? nextStart.startsAt : facts.nextTickAt)?.toISOString() ?? null,
    nextInBlackout: nextStart && {
      name: nextStart.blackout,
      tickAt: nextStart.tickAt.toISOString(),
    },
    lastRun: lastRun(facts),
    failing:
      facts.lastState !== null && isBad(facts.lastState)
        ? failingStreak(runs, runs.length < RECENT_RUNS)
        : null,
    running:
      facts.runningRunId !== null && facts.runningSince
        ? {
            runs: facts.running,
            runId: facts.runningRunId,
            since: facts.runningSince.toISOString(),
          }
        : null,
    overdue: facts.overdueSince && {
      since: facts.overdueSince.toISOString(),
      runId: facts.overdueRunId,
    },
    paused: facts.pausedAt && {
      since: facts.pausedAt.toISOString(),
      by: facts.pausedBy ?? '',
      reason: facts.pauseReason ?? '',
      ticks: isUncountable ? null : (openPause?.ticks ?? null),
      until: facts.pauseUntil?.toISOString() ?? null,
      answer: StandingAnswer.safeParse(facts.resumeAnswer).data ?? null,
    },
    bars: outcomeBars(
      runs.map((run) => ({
        ...run,
        durationMs: durationOf(run),
        failedAttempts: failedAttempts(run),
      })),
      counted,
      mostBars,
    ),
    ...durationsOf(
      runs.flatMap((run) => (run.state === 'succeeded' ? (durationOf(run) ?? []) : [])),
    ),
  };
}

function lastRun(facts: JobFacts): JobSummary['lastRun'] {
  if (facts.lastRunId === null || facts.lastState === null || facts.lastAt === null) return null;
  const { lastStartedAt: startedAt, lastFinishedAt: finishedAt } = facts;
  return {
    id: facts.lastRunId,
    state: facts.lastState,
    at: facts.lastAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    durationMs: durationOf({ startedAt, finishedAt }),
    cause: facts.lastCause,
  };
}

/** Null when this version of Punctual can't read the schedule any more. */
export function scheduleSummary(definition: unknown): ScheduleSummary | null {
  const schedule = savedSchedule(scheduleIn(definition));
  if (!schedule) return null;
  return {
    description: describeSchedule(schedule),
    timeZone: schedule.type === 'manual' ? null : schedule.timeZone,
    isManual: schedule.type === 'manual',
  };
}
