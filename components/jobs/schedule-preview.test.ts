import { describe, expect, test } from 'vitest';
import { Schedule } from '#core/schedules/schedule.ts';
import {
  clockEffects,
  describeLine,
  isReadable,
  previewTicks,
  zoneOffset,
} from './schedule-preview.ts';

const now = new Date('2027-03-23T01:40:12Z');
const berlin = (...lines: string[]): Schedule => ({
  type: 'cron',
  lines,
  timeZone: 'Europe/Berlin',
});
const show = (schedule: Schedule, saved: Schedule | null, count = 6) =>
  previewTicks(schedule, saved, now, count)?.rows.map((row) => {
    const at = new Date(row.atMs).toISOString().slice(5, 16);
    return row.kind === 'clocks' ? `clocks ${at}` : `${row.sign} ${at}`;
  });

describe('the preview of a schedule', () => {
  test('shows what was added and removed against what is saved', () => {
    expect(show(berlin('30 2 * * *', '0 14 * * 1-5'), berlin('30 2 * * *'), 4)).toEqual([
      'added 03-23T13:00',
      'same 03-24T01:30',
      'added 03-24T13:00',
      'same 03-25T01:30',
    ]);
    expect(show(berlin('0 14 * * *'), berlin('30 2 * * *', '0 14 * * *'), 2)).toEqual([
      'same 03-23T13:00',
      'removed 03-24T01:30',
      'same 03-24T13:00',
    ]);
  });

  test('puts the change of the clock before the tick that it moves', () => {
    const preview = previewTicks(berlin('30 2 * * *'), null, now, 5);
    expect(preview?.rows.slice(-2)).toMatchObject([
      { kind: 'clocks', offsetBefore: 60, offsetAfter: 120 },
      { kind: 'tick', marks: [{ kind: 'moved_by_dst', wallTime: '02:30' }] },
    ]);
    expect(preview?.rows.at(-1)?.atMs).toBe(preview?.rows.at(-2)?.atMs);
  });

  test('is none while the schedule can’t be read, and empty for one that has no ticks', () => {
    expect(previewTicks(berlin('30 2 * *'), null, now, 5)).toBeNull();
    expect(previewTicks({ type: 'manual' }, berlin('30 2 * * *'), now, 5)?.rows).toEqual([]);
  });

  test('stays short when what is saved fires each second', () => {
    const rows = show(berlin('30 2 * * *'), berlin('* * * * * *'), 3);
    expect(rows?.filter((row) => row.startsWith('removed'))).toHaveLength(10);
  });
});

test('the next changes of the clock say what they do to the ticks', () => {
  expect(clockEffects(berlin('30 2 * * *'), now)).toMatchObject([
    { moved: ['02:30'], repeated: 0 },
    { moved: [], repeated: 0 },
  ]);
  expect(clockEffects(berlin('*/20 * * * *'), now)).toMatchObject([
    { moved: [], repeated: 0 },
    { moved: [], repeated: 3 },
  ]);
  expect(clockEffects({ ...berlin('30 2 * * *'), timeZone: 'UTC' } as Schedule, now)).toEqual([]);
});

test('a line is described only while it can be saved', () => {
  expect(describeLine(' 30 2 * * * ', 'Europe/Berlin', now)).toEqual({
    key: 'at',
    values: { times: ['02:30'], days: { kind: 'every_day' } },
  });
  expect(describeLine('30 2 30 2 *', 'Europe/Berlin', now)).toBeNull();
});

test('a zone is told by its offset and next change', () => {
  expect(zoneOffset('Europe/Berlin', now)).toEqual({
    minutes: 60,
    change: { atMs: Date.parse('2027-03-28T01:00:00Z'), minutes: 120 },
  });
  expect(zoneOffset('Asia/Kolkata', now)).toEqual({ minutes: 330, change: undefined });
  expect(zoneOffset('Mars/Olympus', now)).toBeNull();
});

test('what can be previewed is what the schema takes', () => {
  const anchor = '2026-01-01T00:00:00Z';
  const tried: Schedule[] = [
    berlin('30 2 * * *'),
    berlin('30 2 * * *', '61 * * * *'),
    berlin('30 2 30 2 *'),
    berlin(),
    { ...berlin('30 2 * * *'), timeZone: 'Europe/Berln' } as Schedule,
    { type: 'manual' },
    { type: 'interval', everyMs: 1_000, anchor, timeZone: 'UTC' },
    { type: 'interval', everyMs: 999, anchor, timeZone: 'UTC' },
    { type: 'interval', everyMs: Number.NaN, anchor, timeZone: 'UTC' },
    { type: 'interval', everyMs: 1_000, anchor: '2026-02-30T00:00:00Z', timeZone: 'UTC' },
    { type: 'interval', everyMs: 1_000, anchor, timeZone: 'Nowhere' },
  ];
  for (const schedule of tried) {
    expect(isReadable(schedule, now)).toBe(Schedule.safeParse(schedule).success);
  }
});
