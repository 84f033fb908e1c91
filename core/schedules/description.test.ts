import { expect, test } from 'vitest';
import { type DayRule, describeSchedule, type ScheduleDescription } from './description.ts';
import type { Schedule } from './schedule.ts';

const DAILY: DayRule = { kind: 'every_day' };
const every = (
  count: number,
  unit: 'second' | 'minute' | 'hour',
  days: DayRule = DAILY,
): ScheduleDescription => ({ key: 'every', values: { count, unit, days } });
const at = (times: string[], days: DayRule = DAILY): ScheduleDescription => ({
  key: 'at',
  values: { times, days },
});
const hourlyAt = (minute: number): ScheduleDescription => ({
  key: 'hourly_at',
  values: { minute, days: DAILY },
});

test.each<[string, ScheduleDescription]>([
  ['*/10 * * * * *', every(10, 'second')],
  ['* * * * * *', every(1, 'second')],
  ['* * * * *', every(1, 'minute')],
  ['*/15 * * * *', every(15, 'minute')],
  ['0,30 * * * *', every(30, 'minute')],
  ['*/15 * * * 1-5', every(15, 'minute', { kind: 'workdays' })],
  ['@hourly', hourlyAt(0)],
  ['5 * * * *', hourlyAt(5)],
  ['0 */6 * * *', every(6, 'hour')],
  ['30 2 * * *', at(['02:30'])],
  ['30 2,14 * * *', at(['02:30', '14:30'])],
  ['15 30 2 * * *', at(['02:30:15'])],
  ['30 6 * * MON-FRI', at(['06:30'], { kind: 'workdays' })],
  ['0 9 * * 1,3,7', at(['09:00'], { kind: 'weekdays', weekdays: [0, 1, 3] })],
  ['0 10 * * 6,0', at(['10:00'], { kind: 'weekends' })],
  ['0 4 1,15 * *', at(['04:00'], { kind: 'month_days', days: [1, 15] })],
  ['0 4 L * *', at(['04:00'], { kind: 'month_end' })],
  ['@yearly', at(['00:00'], { kind: 'date', day: 1, month: 1 })],
])('%s is told in parts that another language can word', (line, description) => {
  expect(describeSchedule({ type: 'cron', lines: [line], timeZone: 'UTC' })).toEqual(description);
});

test.each(['*/7 * * * *', '*/15 9-17 * * 1-5', '0 0 * * 5#L', '0 0 13 * 5', '0 0 */2 * 1'])(
  '%s has no short form',
  (line) => {
    expect(describeSchedule({ type: 'cron', lines: [line], timeZone: 'UTC' })).toEqual({
      key: 'line',
      values: { line },
    });
  },
);

test.each([
  [10_000, 10, 'second'],
  [5_400_000, 90, 'minute'],
  [3_600_000, 1, 'hour'],
  [172_800_000, 2, 'day'],
  [1_500, 1_500, 'millisecond'],
])(
  'an interval of %i ms is told in the largest unit that it is whole in',
  (everyMs, count, unit) => {
    const anchor = '2026-01-01T00:00:00Z';
    const interval: Schedule = { type: 'interval', everyMs, anchor, timeZone: 'UTC' };
    expect(describeSchedule(interval)).toEqual({
      key: 'every',
      values: { count, unit, days: DAILY },
    });
  },
);

test('days from the month’s end and weekdays near a day are told as places of the month', () => {
  const quartz = (line: string) =>
    describeSchedule({ type: 'cron', lines: [line], dialect: 'quartz', timeZone: 'UTC' });
  const places = [
    { from: 'end', days: 3, isWeekdayNear: true },
    { from: 'start', days: 16, isWeekdayNear: false },
  ];
  expect(quartz('0 0 9 L-3W * ?')).toMatchObject({
    key: 'at',
    values: { days: { kind: 'month_places', places: [places[0]] } },
  });
  const inMay = quartz('0 0 9 16,L-3W 5 ?');
  expect(inMay).toMatchObject({ key: 'line_on', values: { line: '0 9 * 5 *' } });
  expect(inMay.values).toMatchObject({ places: expect.arrayContaining(places) as unknown });
});

test('several lines are told by the first and how many more there are', () => {
  const lines = ['30 2 * * *', '0 9 * * 1', '@hourly'];
  expect(describeSchedule({ type: 'cron', lines, timeZone: 'UTC' })).toEqual({
    key: 'several',
    values: { first: at(['02:30']), more: 2 },
  });
  expect(describeSchedule({ type: 'manual' })).toEqual({ key: 'manual', values: {} });
});
