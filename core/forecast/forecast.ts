import { slotsOf } from './fitting.ts';
import { loadByQueue } from './load.ts';
import type { ForecastInput } from './model.ts';
import type { Reckoned } from './reckoned.ts';
import { simulate } from './simulate.ts';
import { startsAhead } from './starts-ahead.ts';
import { worstMinutes, type WorstMinute } from './worst-minutes.ts';

/** A queue, or all of them, by bucket of the grid. */
export type QueueLoad = {
  /** Null: all queues together. */
  name: string | null;
  /** The queue's own limit; for all queues the sum of theirs. */
  maxRunning: number;
  /** Of workers that serve it; 0: none does now. */
  workerSlots: number;
  /** How many can run at once: the lesser of both. */
  slots: number;
  /** How many fires. */
  starts: number[];
  /** Runs at once if each began when it is due, with usual and with long durations: the most in the bucket. */
  load: number[];
  longLoad: number[];
  /** The longest that one which is due in the bucket waits for a slot, ms. */
  waitMs: number[];
  longWaitMs: number[];
  /** Fires that would be left out, since the job's run before them still runs or waits. */
  overlapped: number[];
};

export type Forecast = {
  /** All queues first, then those in which something starts, by name. */
  queues: QueueLoad[];
  worst: WorstMinute[];
  /** How many jobs fire so often that they were counted by the bucket. */
  countedJobs: number;
};

export type Reckoning = Forecast & { reckoned: Reckoned };

/**
 * All fires ahead of all jobs, put through their queues and workers with usual and with long durations. Pure; bounded by a
 * million fires reckoned one by one, beyond which the densest jobs are counted by the bucket.
 *
 * Measured on a 2-core machine that had other work to do: docs/forecast.md.
 */
export function forecastOf(input: ForecastInput): Reckoning {
  const steps = forecastSteps(input);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** The same in steps of some ms, between which others may have their turn. */
export function* forecastSteps(input: ForecastInput): Generator<void, Reckoning> {
  const starts = yield* startsAhead(input);
  const usual = yield* simulate(input, starts, { took: 'usual', isLimited: true });
  const long = yield* simulate(input, starts, { took: 'long', isLimited: true });
  const reckoned = { input, starts, usual, long };
  const queues = yield* queuesOf(reckoned);
  yield;
  return {
    queues,
    worst: worstMinutes(reckoned),
    countedJobs: starts.countedJobs,
    reckoned,
  };
}

function* queuesOf(reckoned: Reckoned): Generator<void, QueueLoad[]> {
  const { input, starts } = reckoned;
  const { queues, workers, grid } = input;
  function* free(took: 'usual' | 'long') {
    const simulated = yield* simulate(input, starts, { took, isLimited: false });
    yield;
    return loadByQueue(input, starts, simulated, took);
  }
  const load = yield* free('usual');
  const longLoad = yield* free('long');
  const loads = queues.map((queue, place): QueueLoad => ({
    name: queue.name,
    maxRunning: queue.maxRunning,
    ...slotsOf(queue, workers),
    ...emptyBuckets(grid.count),
    load: [...load[place]!],
    longLoad: [...longLoad[place]!],
  }));
  addStarts(reckoned, loads);
  const used = loads.filter((queue) => queue.starts.some(Boolean) || queue.load.some(Boolean));
  return [allOf(used, input, [...load.at(-1)!], [...longLoad.at(-1)!]), ...byName(used)];
}

const byName = (loads: readonly QueueLoad[]) =>
  loads.toSorted((a, b) => (a.name ?? '').localeCompare(b.name ?? '', 'en'));

function emptyBuckets(count: number) {
  const zeros = () => Array.from({ length: count }, () => 0);
  return { starts: zeros(), waitMs: zeros(), longWaitMs: zeros(), overlapped: zeros() };
}

function addStarts({ input, starts, usual, long }: Reckoned, loads: readonly QueueLoad[]): void {
  const { grid, queues, jobs } = input;
  const queueAt = new Map(queues.map(({ name }, place) => [name, place]));
  const loadOf = jobs.map(({ queue }) => loads[queueAt.get(queue) ?? 0]!);
  for (let start = 0; start < starts.atMs.length; start++) {
    const atMs = starts.atMs[start]!;
    const bucket = Math.max(0, Math.floor((atMs - grid.fromMs) / grid.bucketMs));
    const load = loadOf[starts.job[start]!]!;
    load.starts[bucket]! += starts.fires[start]!;
    const [began, longBegan] = [usual.beganMs[start]!, long.beganMs[start]!];
    if (Number.isNaN(began)) load.overlapped[bucket]! += starts.fires[start]!;
    else load.waitMs[bucket] = Math.max(load.waitMs[bucket]!, began - atMs);
    if (!Number.isNaN(longBegan)) {
      load.longWaitMs[bucket] = Math.max(load.longWaitMs[bucket]!, longBegan - atMs);
    }
  }
}

function allOf(
  loads: readonly QueueLoad[],
  { workers, grid }: ForecastInput,
  load: number[],
  longLoad: number[],
): QueueLoad {
  const maxRunning = loads.reduce((sum, queue) => sum + queue.maxRunning, 0);
  const workerSlots = workers.reduce((sum, { slots }) => sum + slots, 0);
  const all: QueueLoad = {
    name: null,
    maxRunning,
    workerSlots,
    slots: workerSlots === 0 ? maxRunning : Math.min(maxRunning, workerSlots),
    ...emptyBuckets(grid.count),
    load,
    longLoad,
  };
  for (const queue of loads) {
    for (let bucket = 0; bucket < grid.count; bucket++) {
      all.starts[bucket]! += queue.starts[bucket]!;
      all.overlapped[bucket]! += queue.overlapped[bucket]!;
      all.waitMs[bucket] = Math.max(all.waitMs[bucket]!, queue.waitMs[bucket]!);
      all.longWaitMs[bucket] = Math.max(all.longWaitMs[bucket]!, queue.longWaitMs[bucket]!);
    }
  }
  return all;
}
