import { expect, test } from 'vitest';
import type { Schedule } from './schedule.ts';
import { describeSchedule, scheduleInWords } from './words.ts';

test.each([
  ['*/10 * * * * *', 'every 10 s'],
  ['* * * * * *', 'every second'],
  ['* * * * *', 'every minute'],
  ['*/15 * * * *', 'every 15 min'],
  ['0,30 * * * *', 'every 30 min'],
  ['*/15 * * * 1-5', 'every 15 min on workdays'],
  ['@hourly', 'hourly'],
  ['5 * * * *', 'hourly at :05'],
  ['0 */6 * * *', 'every 6 h'],
  ['30 2 * * *', 'daily at 02:30'],
  ['30 2,14 * * *', 'daily at 02:30 and 14:30'],
  ['15 30 2 * * *', 'daily at 02:30:15'],
  ['30 6 * * 1-5', 'workdays at 06:30'],
  ['30 6 * * MON-FRI', 'workdays at 06:30'],
  ['0 9 * * 2', 'Tuesdays at 09:00'],
  ['0 9 * * 1,3,7', 'Sundays, Mondays and Wednesdays at 09:00'],
  ['0 10 * * 6,0', 'weekends at 10:00'],
  ['0 4 1 * *', 'monthly on day 1 at 04:00'],
  ['0 4 1,15 * *', 'monthly on day 1 and 15 at 04:00'],
  ['0 4 L * *', 'on the last day of the month at 04:00'],
  ['@yearly', 'yearly on 1 January at 00:00'],
  ['*/7 * * * *', 'every 7 minutes'],
  ['*/15 9-17 * * 1-5', 'every 15 minutes, between 09:00 and 17:59, Monday through Friday'],
  ['0 0 * * 5#L', 'at 00:00, on the last Friday of the month'],
  ['0 0 13 * 5', 'at 00:00, on day 13 of the month, and on Friday'],
  ['0 0 */2 * 1', 'at 00:00, every 2 days in a month, only on Monday'],
])('%s in words', (line, words) => {
  expect(scheduleInWords({ type: 'cron', lines: [line], timeZone: 'UTC' })).toBe(words);
});

test('intervals, several lines and manual jobs in words', () => {
  const interval = (everyMs: number): Schedule => {
    return { type: 'interval', everyMs, anchor: '2026-01-01T00:00:00Z', timeZone: 'UTC' };
  };
  expect(scheduleInWords(interval(10_000))).toBe('every 10 s');
  expect(scheduleInWords(interval(5_400_000))).toBe('every 90 min');
  expect(scheduleInWords(interval(3_600_000))).toBe('every hour');
  expect(scheduleInWords(interval(172_800_000))).toBe('every 2 days');
  expect(scheduleInWords(interval(1_500))).toBe('every 1500 ms');
  expect(scheduleInWords({ type: 'manual' })).toBe('manual only');
  const lines = ['30 2 * * *', '0 9 * * 1', '@hourly'];
  expect(scheduleInWords({ type: 'cron', lines, timeZone: 'UTC' })).toBe(
    'daily at 02:30, and 2 more lines',
  );
});

test('a schedule is told in parts that another language can word', () => {
  expect(describeSchedule({ type: 'cron', lines: ['30 6 * * 1-5'], timeZone: 'UTC' })).toEqual({
    key: 'at',
    values: { times: ['06:30'], days: { kind: 'workdays' } },
  });
});
