import { describe, expect, test } from 'vitest';
import { compileSchedule } from '../schedules/compile.ts';
import { Schedule } from '../schedules/schedule.ts';
import { type Facts, HOUR_MS, MINUTE_MS, type Start } from './facts.ts';
import { warningsOf } from './warnings.ts';

const nowMs = Date.parse('2027-03-01T00:00:00Z');
const cron = (line: string, more: object = {}) => ({
  type: 'cron',
  lines: [line],
  timeZone: 'UTC',
  ...more,
});

function found(schedule: object, facts: Partial<Facts> = {}) {
  return warningsOf({
    nowMs,
    aheadMs: 24 * HOUR_MS,
    schedule: compileSchedule(Schedule.parse(schedule)),
    overlap: 'skip',
    keptDays: 90,
    took: { usualMs: 5_000, longMs: 10_000, isAssumed: false },
    queue: { name: 'default', slots: 2 },
    others: [],
    known: null,
    trialRevision: null,
    ...facts,
  });
}

/** So many jobs that start at once, each with a run of `usualMs`. */
const crowd = (atMs: number, jobs: number, usualMs = 1_000): Start[] =>
  Array.from({ length: jobs }, (_, n) => ({
    atMs,
    key: `job-${n}`,
    fires: 1,
    usualMs,
    isExclusive: true,
  }));

describe('before saving one is told', () => {
  test('nothing of a job that fits', () => {
    expect(found(cron('0 2 * * *'))).toEqual([]);
    expect(found({ type: 'manual' })).toEqual([]);
  });

  test('that saving ends a trial', () => {
    expect(found(cron('0 2 * * *'), { trialRevision: 8 })).toEqual([
      { key: 'ends_trial', revision: 8 },
    ]);
  });

  test('that it never fires again', () => {
    const dates = { type: 'dates', at: ['2020-01-01T00:00:00Z'], timeZone: 'UTC' };
    expect(found(dates)).toEqual([{ key: 'never_fires' }]);
    expect(found(cron('0 2 * * *', { endsAt: '2027-02-01T00:00:00Z' }))).toEqual([
      { key: 'never_fires' },
    ]);
  });

  test('that an interval from the end of runs has come to its end, and no other', () => {
    const fromEnd = { type: 'interval', from: 'end', everyMs: 60_000, timeZone: 'UTC' } as const;
    expect(found(fromEnd)).toEqual([]);
    expect(found({ ...fromEnd, endsAt: '2027-02-01T00:00:00Z' })).toEqual([{ key: 'never_fires' }]);
    const took = { usualMs: 1_000, longMs: 2_000, isAssumed: true };
    expect(found({ ...fromEnd, everyMs: 1_000 }, { took, keptDays: 90 })).toEqual([
      { key: 'many_rows', rowsADay: 43_200, keptDays: 90, rows: 3_888_000 },
    ]);
  });

  test('that it runs on 29 February alone', () => {
    expect(found(cron('0 2 29 2 *'))).toEqual([
      { key: 'only_leap_day', at: '2028-02-29T02:00:00.000Z' },
    ]);
    expect(found(cron('0 2 28,29 2 *'))).toEqual([]);
  });

  test('on which days its hour isn’t there, and what becomes of it', () => {
    const berlin = cron('30 2 * * *', { timeZone: 'Europe/Berlin' });
    expect(found(berlin)).toEqual([
      {
        key: 'missing_hour',
        rule: 'end',
        wall: '02:30',
        days: ['2027-03-28', '2028-03-26', '2029-03-25'],
      },
    ]);
    expect(found({ ...berlin, dst: { missing: 'skip', repeated: 'first' } })).toMatchObject([
      { key: 'missing_hour', rule: 'skip' },
    ]);
    expect(found({ ...berlin, lines: ['30 3 * * *'] })).toEqual([]);
    expect(found({ ...berlin, lines: ['*/15 * * * *'] })).toEqual([]);
    // Sundays alone are hit each year, Mondays never.
    expect(found({ ...berlin, lines: ['30 2 * * 1'] })).toEqual([]);
  });

  test('that its runs take longer than it waits between ticks', () => {
    const slow = { took: { usualMs: 400_000, longMs: 720_000, isAssumed: false } };
    expect(found(cron('*/10 * * * *'), slow)).toEqual([
      {
        key: 'slower_than_interval',
        longMs: 720_000,
        everyMs: 600_000,
        overlap: 'skip',
        enoughMs: 900_000,
      },
    ]);
    expect(found(cron('*/15 * * * *'), slow)).toEqual([]);
    // Of two ticks close together one is enough.
    expect(found(cron('0,5 2 * * *'), slow)).toMatchObject([{ everyMs: 300_000 }]);
    const guessed = { took: { ...slow.took, isAssumed: true } };
    expect(found(cron('*/10 * * * *'), guessed)).toEqual([]);
  });

  test('whom it meets in its minute, and which minute is free', () => {
    const at = nowMs + 2 * HOUR_MS;
    const others = [...crowd(at, 3), ...crowd(at + MINUTE_MS, 2), ...crowd(at + 3 * MINUTE_MS, 1)];
    expect(found(cron('0 2 * * *'), { others })).toEqual([
      {
        key: 'collides',
        queue: 'default',
        slots: 2,
        at: '2027-03-01T02:00:00.000Z',
        jobs: 3,
        named: ['job-0', 'job-1', 'job-2'],
        minute: 2,
        jobsThen: 0,
      },
    ]);
    expect(found(cron('2 2 * * *'), { others })).toEqual([]);
    expect(found(cron('0 2 * * *'), { others, queue: { name: 'default', slots: 4 } })).toEqual([]);
    // By the schedule's own clock, where that isn't at UTC's minutes.
    const kolkata = cron('30 7 * * *', { timeZone: 'Asia/Kolkata' });
    expect(found(kolkata, { others })).toMatchObject([{ key: 'collides', minute: 32 }]);
  });

  test('that an hour would need more time than the queue has, and which hour has room', () => {
    const at = nowMs + 2 * HOUR_MS;
    const others = [
      ...crowd(at + 10 * MINUTE_MS, 2, 2 * HOUR_MS),
      ...Array.from({ length: 24 }, (_, hour) => ({
        atMs: nowMs + hour * HOUR_MS,
        key: 'hourly',
        fires: 1,
        usualMs: hour === 5 ? 0 : 1_000,
        isExclusive: true,
      })),
    ];
    const took = { usualMs: HOUR_MS / 2, longMs: HOUR_MS / 2, isAssumed: false };
    expect(found(cron('30 2 * * *'), { others, took })).toMatchObject([
      {
        key: 'over_capacity',
        at: '2027-03-01T02:00:00.000Z',
        neededMs: 2.5 * HOUR_MS + 1_000,
        haveMs: 2 * HOUR_MS,
        ownMs: HOUR_MS / 2,
        roomAt: '2027-03-01T05:00:00.000Z',
      },
    ]);
    expect(found(cron('30 5 * * *'), { others, took })).toEqual([]);
    // One that is skipped while it runs takes one slot, however often it fires.
    const often = cron('*/10 6 * * *');
    const alone = { others, took: { ...took, isAssumed: true } };
    expect(found(often, alone)).toEqual([]);
    expect(found(often, { ...alone, overlap: 'allow' })).toMatchObject([{ key: 'over_capacity' }]);
  });

  test('how many rows it makes', () => {
    const often = {
      type: 'interval',
      everyMs: 1_000,
      anchor: '2027-01-01T00:00:00Z',
      timeZone: 'UTC',
    };
    const took = { usualMs: 100, longMs: 200, isAssumed: false };
    expect(found(often, { took })).toEqual([
      { key: 'many_rows', rowsADay: 86_400, keptDays: 90, rows: 7_776_000 },
    ]);
    expect(found(often, { took, keptDays: 2 })).toEqual([]);
  });
});
