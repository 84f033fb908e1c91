import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NO_BLACKOUTS } from '../schedules/blackouts/coverage.ts';
import { compileSchedule } from '../schedules/compile.ts';
import { countFires, fires } from '../schedules/fires.ts';
import type { Schedule } from '../schedules/schedule.ts';
import { forecastOf } from './forecast.ts';
import type { ForecastInput, ForecastJob } from './model.ts';
import { movesOf } from './moves.ts';
import { meetingOf, spreadMinute } from './spread.ts';

const NOW_MS = Date.UTC(2027, 2, 1, 7, 30, 0);
const MIDNIGHT_MS = Date.UTC(2027, 2, 2);
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const cron = (line: string, timeZone = 'UTC'): Schedule => ({
  type: 'cron',
  lines: [line],
  timeZone,
});

const jobOf = (n: number, schedule: Schedule, given: Partial<ForecastJob> = {}): ForecastJob => ({
  id: n,
  key: `job-${String(n).padStart(3, '0')}`,
  revision: 3,
  queue: 'default',
  kind: 'script',
  runsOn: {},
  priority: 0,
  overlap: 'skip',
  maxParallel: null,
  schedule: compileSchedule(schedule),
  pausedUntilMs: null,
  coverage: NO_BLACKOUTS,
  took: { usualMs: 20_000, longMs: 60_000, isAssumed: false },
  ...given,
});

const inputOf = (jobs: ForecastJob[], maxRunning = 10): ForecastInput => ({
  nowMs: NOW_MS,
  grid: { fromMs: NOW_MS, bucketMs: 5 * MINUTE_MS, count: 288 },
  jobs,
  queues: [{ name: 'default', maxRunning }],
  workers: [],
  runs: [],
});

const edited = (input: ForecastInput, edits: readonly { jobId: number; schedule: Schedule }[]) => ({
  ...input,
  jobs: input.jobs.map((job) => {
    const edit = edits.find(({ jobId }) => jobId === job.id);
    return edit ? { ...job, schedule: compileSchedule(edit.schedule) } : job;
  }),
});

test('a peak of 42 at midnight is spread over the hour, as far as half of the slots', () => {
  const jobs = Array.from({ length: 42 }, (_, n) => jobOf(n + 1, cron('0 0 * * *')));
  const input = inputOf(jobs);
  const before = forecastOf(input).reckoned;
  const spread = spreadMinute(before, 'default', MIDNIGHT_MS, 10);
  expect(spread.target).toBe(5);
  expect(spread.edits).toHaveLength(37);
  expect(spread.left).toHaveLength(5);
  expect(spread.left.every(({ why }) => why === 'fits')).toBe(true);
  expect(spread.edits.every(({ how }) => how === 'minute')).toBe(true);
  const ids = new Set(jobs.map(({ id }) => id));
  const after = forecastOf(edited(input, spread.edits)).reckoned;
  expect(meetingOf(before, 'default', ids)).toMatchObject({ peak: 42, waitMs: 80_000 });
  expect(meetingOf(after, 'default', ids)).toMatchObject({ peak: 5, waitMs: 0 });
  // The same comes of the same.
  expect(spreadMinute(before, 'default', MIDNIGHT_MS, 10)).toEqual(spread);
});

test('who matters most stays, and a job that is at work in other minutes keeps clear of them', () => {
  const input = inputOf(
    [
      jobOf(1, cron('0 * * * *')),
      jobOf(2, cron('0 * * * *'), { priority: 2 }),
      jobOf(3, cron('30 * * * *')),
      jobOf(4, cron('1-29 * * * *')),
    ],
    2,
  );
  const spread = spreadMinute(forecastOf(input).reckoned, 'default', NOW_MS + 30 * MINUTE_MS, 2);
  expect(spread.left).toEqual([{ jobId: 2, key: 'job-002', why: 'fits' }]);
  expect(spread.edits).toMatchObject([
    { jobId: 1, revision: 3, schedule: { lines: ['31 * * * *'] } },
  ]);
});

test('what can’t be moved stays, with the reason', () => {
  const later = new Date(MIDNIGHT_MS + DAY_MS).toISOString();
  const at = new Date(MIDNIGHT_MS).toISOString();
  const input = inputOf(
    [
      jobOf(1, { type: 'dates', at: [at], timeZone: 'UTC' }),
      jobOf(2, { ...cron('0 0 * * *'), endsAt: later } as Schedule),
      jobOf(3, cron('* * * * *')),
      jobOf(4, { ...cron('0 0 1-31 * 1-5,6,0'), jitterMs: 1_000, jitterSeed: 'a' } as Schedule),
      jobOf(5, { ...cron('0,30 0 * * *'), jitterMs: 1_000, jitterSeed: 'a' } as Schedule),
    ],
    1,
  );
  const spread = spreadMinute(forecastOf(input).reckoned, 'default', MIDNIGHT_MS, 1);
  expect(Object.fromEntries(spread.left.map(({ jobId, why }) => [jobId, why]))).toEqual({
    1: 'dates',
    2: 'bounded',
    3: 'dense',
    5: 'has_jitter',
  });
  expect(spread.edits.map(({ jobId }) => jobId)).toEqual([4]);
});

test('steps, intervals and all other lines have their own way to move', () => {
  const howOf = (schedule: Schedule) => {
    const found = movesOf(schedule, { seed: 'job', apartMs: 10 * MINUTE_MS });
    return 'moves' in found
      ? found.moves.map(({ how, schedule: moved }) =>
          moved.type === 'cron'
            ? `${how} ${moved.lines.join()} ${moved.jitterMs ?? ''}`.trim()
            : how,
        )
      : found.none;
  };
  expect(howOf(cron('*/5 * * * *')).slice(0, 2)).toEqual([
    'step 1-59/5 * * * *',
    'step 2-59/5 * * * *',
  ]);
  expect(howOf(cron('2-59/4 * * * *'))).toEqual([
    'step */4 * * * *',
    'step 1-59/4 * * * *',
    'step 3-59/4 * * * *',
  ]);
  expect(howOf(cron('@daily'))[0]).toBe('minute 1 0 * * *');
  expect(howOf(cron('*/7 * * * *'))).toEqual(['jitter */7 * * * * 300000']);
  expect(
    howOf({
      type: 'interval',
      everyMs: 5 * MINUTE_MS,
      anchor: '2027-01-01T00:00:00Z',
      timeZone: 'UTC',
    }),
  ).toEqual(['anchor', 'anchor', 'anchor', 'anchor']);
});

test('a moved schedule fires as often as before, each time later by what the move says', () => {
  const lines = [
    '0 * * * *',
    '17 3 * * *',
    '*/15 * * * *',
    '7-59/20 6-18 * * 1-5',
    '@hourly',
    '10,50 4 * * *',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...lines), fc.nat(100), (line, n) => {
      const schedule = cron(line);
      const found = movesOf(schedule, { seed: 'some-job', apartMs: 40 * MINUTE_MS });
      if (!('moves' in found)) throw new Error(found.none);
      const move = found.moves[n % found.moves.length]!;
      const range = { after: new Date(NOW_MS), until: new Date(NOW_MS + 3 * DAY_MS) };
      const moved = compileSchedule(move.schedule);
      const expected = [...fires(compileSchedule(schedule), range)].map(
        ({ at }) => at.getTime() + move.shiftMs,
      );
      const actual = [
        ...fires(moved, {
          after: new Date(NOW_MS + move.shiftMs),
          until: new Date(NOW_MS + 3 * DAY_MS + move.shiftMs),
        }),
      ].map(({ at }) => at.getTime());
      expect(actual).toEqual(expected);
      const week = [new Date(NOW_MS - 7 * DAY_MS), new Date(NOW_MS - DAY_MS)] as const;
      expect(countFires(moved, ...week)).toBeGreaterThanOrEqual(
        countFires(compileSchedule(schedule), ...week) - 1,
      );
    }),
  );
});
