import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OVERLAP_RULES } from '../jobs/definition.ts';
import { Coverage, NO_BLACKOUTS } from '../schedules/blackouts/coverage.ts';
import { compileSchedule } from '../schedules/compile.ts';
import type { Schedule } from '../schedules/schedule.ts';
import { forecastOf } from './forecast.ts';
import type { Reckoned } from './reckoned.ts';
import type { ForecastInput, ForecastJob } from './model.ts';
import { simulate } from './simulate.ts';
import { startsAhead } from './starts-ahead.ts';

const NOW_MS = Date.UTC(2027, 2, 27, 12, 0, 0);
const MINUTE_MS = 60_000;

const every = (seconds: number, offsetSeconds = 0): Schedule => ({
  type: 'interval',
  everyMs: seconds * 1_000,
  anchor: new Date(offsetSeconds * 1_000).toISOString(),
  timeZone: 'UTC',
});

const cron = (line: string, timeZone = 'UTC'): Schedule => ({
  type: 'cron',
  lines: [line],
  timeZone,
});

let made = 0;
function jobOf(schedule: Schedule, given: Partial<ForecastJob> = {}): ForecastJob {
  made += 1;
  return {
    id: made,
    key: `job-${made}`,
    revision: 1,
    queue: 'default',
    kind: 'script',
    runsOn: {},
    priority: 0,
    overlap: 'skip',
    maxParallel: null,
    schedule: compileSchedule(schedule),
    pausedUntilMs: null,
    coverage: NO_BLACKOUTS,
    took: { usualMs: 30_000, longMs: 60_000, isAssumed: false },
    ...given,
  };
}

function inputOf(jobs: ForecastJob[], given: Partial<ForecastInput> = {}): ForecastInput {
  return {
    nowMs: NOW_MS,
    grid: { fromMs: NOW_MS, bucketMs: MINUTE_MS, count: 60 },
    jobs,
    queues: [{ name: 'default', maxRunning: 5 }],
    workers: [{ id: 1, slots: 10, queues: [], kinds: [], labels: {} }],
    runs: [],
    ...given,
  };
}

/** The starts of one job, in order. */
function ofJob({ input, starts, usual }: Reckoned, job: ForecastJob) {
  const place = input.jobs.indexOf(job);
  return [...starts.atMs.keys()]
    .filter((start) => starts.job[start] === place)
    .map((start) => ({
      atMs: starts.atMs[start]!,
      waitMs: usual.beganMs[start]! - starts.atMs[start]!,
      endedMs: usual.endedMs[start]!,
    }));
}

test('jobs that meet wait for a slot, by priority and then by due time', () => {
  const jobs = [
    jobOf(cron('30 12 * * *'), { priority: -1 }),
    jobOf(cron('30 12 * * *')),
    jobOf(cron('30 12 * * *'), { priority: 2 }),
    jobOf(cron('30 12 * * *')),
  ];
  const forecast = forecastOf(inputOf(jobs, { queues: [{ name: 'default', maxRunning: 1 }] }));
  const [all, queue] = forecast.queues;
  expect(queue).toMatchObject({ name: 'default', slots: 1 });
  expect(queue!.load[30]).toBe(4);
  expect(all!.starts.reduce((sum, starts) => sum + starts, 0)).toBe(4);
  // The first that comes takes the free slot; then it goes by priority.
  const [low, first, urgent, second] = jobs.map((job) => ofJob(forecast.reckoned, job)[0]!.waitMs);
  expect([low, urgent, first, second]).toEqual([0, 30_000, 60_000, 90_000]);
  expect(forecast.worst).toMatchObject([
    { queue: 'default', starts: 4, jobs: 4, waiting: 3, waitMs: 90_000, longWaitMs: 180_000 },
  ]);
});

test('what runs now and what waits takes its slots', () => {
  const job = jobOf(cron('1 12 * * *'));
  const [running, waiting] = [jobOf(cron('0 0 1 1 *')), jobOf(cron('0 0 1 1 *'))];
  const took = { usualMs: 90_000, longMs: 90_000, isAssumed: false };
  const forecast = forecastOf(
    inputOf([job, { ...running, took }, { ...waiting, took }], {
      queues: [{ name: 'default', maxRunning: 1 }],
      runs: [
        { jobId: running.id, workerId: 1, sinceMs: NOW_MS - 30_000 },
        { jobId: waiting.id, workerId: null, sinceMs: NOW_MS - 1_000 },
      ],
    }),
  );
  // 60 s of the one, 90 s of the other, from now on; it is due after 60 s.
  expect(ofJob(forecast.reckoned, job)[0]!.waitMs).toBe(90_000);
});

test('queues share the slots of workers, and only those that serve them', () => {
  const jobs = [
    jobOf(cron('5 12 * * *'), { queue: 'a' }),
    jobOf(cron('5 12 * * *'), { queue: 'b' }),
    jobOf(cron('5 12 * * *'), { queue: 'b', runsOn: { gpu: 'yes' } }),
  ];
  const { reckoned, queues } = forecastOf(
    inputOf(jobs, {
      queues: [
        { name: 'a', maxRunning: 5 },
        { name: 'b', maxRunning: 5 },
      ],
      workers: [{ id: 1, slots: 1, queues: [], kinds: [], labels: {} }],
    }),
  );
  // No worker has the label: for that one only the queue's limit holds.
  expect(jobs.map((job) => ofJob(reckoned, job)[0]!.waitMs)).toEqual([0, 30_000, 0]);
  expect(queues.map(({ name, slots }) => [name, slots])).toEqual([
    [null, 1],
    ['a', 1],
    ['b', 1],
  ]);
});

test('a pause holds until it ends, and a job that overtakes itself leaves fires out', () => {
  const paused = jobOf(every(60), { pausedUntilMs: NOW_MS + 30 * MINUTE_MS });
  const slow = jobOf(every(60, 30), { took: { usualMs: 90_000, longMs: 90_000, isAssumed: true } });
  const { reckoned, queues } = forecastOf(inputOf([paused, slow]));
  expect(ofJob(reckoned, paused).map(({ atMs }) => atMs)[0]).toBe(NOW_MS + 30 * MINUTE_MS);
  expect(queues[1]!.overlapped.reduce((sum, count) => sum + count, 0)).toBe(30);
});

test('a blackout leaves fires out, or holds the latest of them until it ends', () => {
  const at = (minute: number) => new Date(NOW_MS + minute * MINUTE_MS).toISOString();
  const blackout = (effect: 'skip' | 'hold') =>
    new Coverage([
      {
        id: 1,
        name: 'freeze',
        createdBy: 'Test',
        effect,
        times: { type: 'once', from: at(10), to: at(20) },
        idleUntil: null,
      },
    ]);
  const took = { usualMs: 1_000, longMs: 1_000, isAssumed: false };
  const skips = jobOf(every(60), { coverage: blackout('skip'), took });
  const holds = jobOf(every(120, 60), { coverage: blackout('hold'), took });
  const dense = jobOf(every(1), { coverage: blackout('skip'), took, queue: 'dense' });
  const queues = ['default', 'dense'].map((name) => ({ name, maxRunning: 5 }));
  const { reckoned } = forecastOf(inputOf([skips, holds], { queues }));
  const minutesOf = (job: ForecastJob) =>
    ofJob(reckoned, job).map(({ atMs }) => (atMs - NOW_MS) / MINUTE_MS);
  expect(minutesOf(skips)).toEqual([
    ...Array.from({ length: 9 }, (_, n) => n + 1),
    ...Array.from({ length: 40 }, (_, n) => n + 20),
  ]);
  expect(minutesOf(holds).slice(3, 8)).toEqual([7, 9, 20, 21, 23]);
  const weeks = { fromMs: NOW_MS, bucketMs: 60 * MINUTE_MS, count: 28 * 24 };
  const counted = forecastOf(inputOf([dense], { queues, grid: weeks }));
  expect(counted.countedJobs).toBe(1);
  expect(counted.queues[1]!.starts.slice(0, 2)).toEqual([3_599 - 600, 3_600]);
});

test('the jitter of jobs is in it', () => {
  const jobs = Array.from({ length: 20 }, (_, n) =>
    jobOf({
      ...cron('30 12 * * *'),
      jitterMs: 20 * MINUTE_MS,
      jitterSeed: `seed ${n}`,
    } as Schedule),
  );
  const [all] = forecastOf(inputOf(jobs)).queues;
  expect(Math.max(...all!.load)).toBeLessThan(8);
  expect(all!.starts.slice(0, 30).some(Boolean)).toBe(false);
});

test('a job that fires every second for four weeks is counted, and its load is the same', () => {
  const day = { fromMs: NOW_MS, bucketMs: 60 * MINUTE_MS, count: 28 * 24 };
  const took = { usualMs: 400, longMs: 900, isAssumed: false };
  const forecast = forecastOf(inputOf([jobOf(every(1), { took })], { grid: day }));
  expect(forecast.countedJobs).toBe(1);
  expect(forecast.reckoned.starts.atMs.length).toBeLessThan(3_000);
  // The one of the last instant lies beyond.
  expect(forecast.queues[1]!.starts.slice(1, 4)).toEqual([3_600, 3_600, 3_600]);
  expect(Math.max(...forecast.queues[1]!.load)).toBe(1);
});

test('where the clock jumps, the forecast has as many fires as the schedule', () => {
  // Berlin goes from 02:00 to 03:00 in the night to 28 March 2027.
  const job = jobOf(cron('30 * * * *', 'Europe/Berlin'));
  const grid = { fromMs: NOW_MS, bucketMs: 60 * MINUTE_MS, count: 24 };
  expect(forecastOf(inputOf([job], { grid })).queues[1]!.starts).toEqual(Array(24).fill(1));
});

const anyJob = fc.record({
  everyS: fc.integer({ min: 5, max: 300 }),
  offsetS: fc.integer({ min: 0, max: 300 }),
  usualS: fc.integer({ min: 1, max: 120 }),
  overlap: fc.constantFrom(...OVERLAP_RULES),
  queue: fc.constantFrom('a', 'b'),
  priority: fc.integer({ min: -2, max: 2 }),
});
const anyWorld = fc.record({
  jobs: fc.array(anyJob, { minLength: 1, maxLength: 12 }),
  limits: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
  slots: fc.integer({ min: 1, max: 5 }),
});

function worldOf({
  jobs,
  limits,
  slots,
}: typeof anyWorld extends fc.Arbitrary<infer W> ? W : never) {
  return inputOf(
    jobs.map(({ everyS, offsetS, usualS, ...job }) =>
      jobOf(every(everyS, offsetS), {
        ...job,
        took: { usualMs: usualS * 1_000, longMs: usualS * 2_000, isAssumed: false },
      }),
    ),
    {
      grid: { fromMs: NOW_MS, bucketMs: 10_000, count: 60 },
      queues: [
        { name: 'a', maxRunning: limits[0] },
        { name: 'b', maxRunning: limits[1] },
      ],
      workers: [{ id: 1, slots, queues: [], kinds: [], labels: {} }],
    },
  );
}

test('no limit is ever broken, no slot idle while somebody waits who may have it, and none overtakes another', () => {
  fc.assert(
    fc.property(anyWorld, (given) => {
      const input = worldOf(given);
      const { starts, usual } = forecastOf(input).reckoned;
      const runs = [...starts.atMs.keys()].map((start) => ({
        start,
        job: input.jobs[starts.job[start]!]!,
        dueMs: starts.atMs[start]!,
        beganMs: usual.beganMs[start]!,
        endedMs: usual.endedMs[start]!,
      }));
      const ran = runs.filter(({ beganMs }) => !Number.isNaN(beganMs));
      for (const at of ran.map(({ beganMs }) => beganMs)) {
        const on = ran.filter(({ beganMs, endedMs }) => beganMs <= at && at < endedMs);
        const inQueue = (name: string) => on.filter(({ job }) => job.queue === name).length;
        expect(on.length).toBeLessThanOrEqual(given.slots);
        expect(inQueue('a')).toBeLessThanOrEqual(given.limits[0]);
        expect(inQueue('b')).toBeLessThanOrEqual(given.limits[1]);
        for (const job of input.jobs) {
          if (job.overlap === 'allow') continue;
          expect(on.filter((run) => run.job === job).length).toBeLessThanOrEqual(1);
        }
        const waits = ran.filter(({ dueMs, beganMs }) => dueMs <= at && at < beganMs);
        for (const { job } of waits) {
          const ownIsOn = job.overlap !== 'allow' && on.some((run) => run.job === job);
          const limit = given.limits[job.queue === 'a' ? 0 : 1];
          const hasRoom = on.length < given.slots && inQueue(job.queue) < limit;
          expect(hasRoom && !ownIsOn).toBe(false);
        }
      }
      for (const one of ran) {
        expect(one.beganMs).toBeGreaterThanOrEqual(one.dueMs);
        const overtaken = ran.find(
          (other) =>
            other.job.queue === one.job.queue &&
            other.job.priority === one.job.priority &&
            other.job.overlap === 'allow' &&
            one.job.overlap === 'allow' &&
            other.dueMs < one.dueMs &&
            other.beganMs > one.beganMs,
        );
        expect(overtaken).toBeUndefined();
      }
    }),
    { numRuns: 150 },
  );
});

test('the load of a bucket is the most that a look at every second finds', () => {
  fc.assert(
    fc.property(anyWorld, (given) => {
      const input = worldOf(given);
      const { queues } = forecastOf(input);
      const starts = drained(startsAhead(input));
      const free = drained(simulate(input, starts, { took: 'usual', isLimited: false }));
      const { fromMs, bucketMs, count } = input.grid;
      for (const queue of queues) {
        const most = Array.from({ length: count }, () => 0);
        for (let atMs = fromMs; atMs < fromMs + bucketMs * count; atMs += 1_000) {
          const on = [...starts.atMs.keys()].filter(
            (start) =>
              (queue.name === null || input.jobs[starts.job[start]!]!.queue === queue.name) &&
              free.beganMs[start]! <= atMs &&
              atMs < free.endedMs[start]!,
          ).length;
          const bucket = Math.floor((atMs - fromMs) / bucketMs);
          most[bucket] = Math.max(most[bucket]!, on);
        }
        expect(queue.load).toEqual(most);
      }
    }),
    { numRuns: 100 },
  );
});

function drained<Value>(steps: Generator<void, Value>): Value {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
