import { setImmediate as breathe } from 'node:timers/promises';
import { coverageOfJobs } from '../blackouts/planning-blackouts.sql.ts';
import { briefly } from '../briefly.ts';
import type { Sql } from '../db.ts';
import { withKnownTick } from '../schedules/compile.ts';
import { savedFires } from '../schedules/saved-schedule.ts';
import { inSnapshot } from '../snapshot.ts';
import { tookOf } from './durations.ts';
import { forecastSteps, type Reckoning } from './forecast.ts';
import {
  type JobAhead,
  readForecastVersion,
  readJobsAhead,
  readPauseOfAll,
  readQueuesAhead,
  readRunsNow,
  readWorkersAhead,
} from './forecast.sql.ts';
import type { ForecastInput, ForecastJob } from './model.ts';
import { gridOf, type StretchName } from './stretches.ts';

/** A forecast as of a moment, with what it leaves out. */
export type ForecastNow = Reckoning & {
  nowMs: number;
  /** Everything is paused: what comes is told as if that ended now, or then where it has an end. */
  pausedAll: { untilMs: number | null } | null;
  /** Jobs whose pause has no end: nothing of them is ahead. */
  pausedJobs: number;
  /** Jobs whose schedule this version can't read. */
  unreadableJobs: number;
  /** Jobs that never succeeded, whose durations are those of others. */
  assumedJobs: number;
};

const MOST_RUNS_NOW = 10_000;
const KEPT_MS = 60_000;
/** Of the largest installations one takes 100 MB. */
const MOST_KEPT = 2;

/**
 * The forecast of a stretch, reckoned anew when a job, a pause, a queue or the workers have changed, else kept for a minute,
 * and for another while the next is reckoned. It is reckoned in steps, so that the process answers others meanwhile.
 */
export async function forecastNow(
  sql: Sql,
  stretch: StretchName,
  offsetMinutes: number,
): Promise<ForecastNow> {
  const version = await readForecastVersion(sql);
  return reckonOnce(JSON.stringify([stretch, offsetMinutes, version]));
}

const reckonOnce = briefly(
  (asked: string) => {
    const [stretch, offsetMinutes] = JSON.parse(asked) as [StretchName, number];
    return reckonNow(stretch, offsetMinutes);
  },
  { times: Infinity, mostMs: KEPT_MS, mostKept: MOST_KEPT },
);

async function reckonNow(stretch: StretchName, offsetMinutes: number): Promise<ForecastNow> {
  const { input, ...leftOut } = await inSnapshot((sql, now) =>
    readInput(sql, now, stretch, offsetMinutes),
  );
  const reckoning = await inTurns(forecastSteps(input));
  return { ...reckoning, ...leftOut, nowMs: input.nowMs };
}

const TURN_MS = 25;

/** Goes through the steps of something long, and lets others have their turn now and then. */
export async function inTurns<Value>(steps: Generator<void, Value>): Promise<Value> {
  let since = performance.now();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (performance.now() - since < TURN_MS) continue;
    await breathe();
    since = performance.now();
  }
}

async function readInput(sql: Sql, now: Date, stretch: StretchName, offsetMinutes: number) {
  const nowMs = now.getTime();
  const rows = await readJobsAhead(sql);
  const took = await tookOf(sql, rows, nowMs);
  const isUnpaused = (row: JobAhead) => !row.isPaused || row.pauseUntil !== null;
  const coverageOf = await coverageOfJobs(
    sql,
    rows.map(({ id }) => id),
    now,
  );
  const pauseOfAll = await readPauseOfAll(sql);
  const allUntilMs = pauseOfAll?.until?.getTime() ?? null;
  const jobs: ForecastJob[] = [];
  let unreadableJobs = 0;
  for (const row of rows.filter(isUnpaused)) {
    const schedule = savedFires(row.savedSchedule);
    if (schedule === null) {
      unreadableJobs += 1;
      continue;
    }
    jobs.push({
      id: row.id,
      key: row.key,
      revision: row.revision,
      queue: row.queue,
      kind: row.kind,
      runsOn: row.runsOn ?? {},
      priority: row.priority ?? 0,
      overlap: row.overlap ?? 'skip',
      maxParallel: row.maxParallel,
      schedule: withKnownTick(schedule, row.knownTickAt?.getTime() ?? null),
      pausedUntilMs: latest(row.pauseUntil?.getTime() ?? null, allUntilMs),
      coverage: coverageOf(row.id),
      took: took.get(row.id)!,
    });
  }
  const input: ForecastInput = {
    nowMs,
    grid: gridOf(stretch, nowMs, offsetMinutes),
    jobs,
    queues: await readQueuesAhead(sql),
    workers: await readWorkersAhead(sql),
    runs: await readRunsNow(sql, MOST_RUNS_NOW),
  };
  return {
    input,
    pausedAll: pauseOfAll && { untilMs: allUntilMs },
    pausedJobs: rows.filter((row) => !isUnpaused(row)).length,
    unreadableJobs,
    assumedJobs: jobs.filter((job) => job.took.isAssumed).length,
  };
}

function latest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
