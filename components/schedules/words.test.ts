import { createFormatter, createTranslator, type Locale } from 'next-intl';
import { expect, test } from 'vitest';
import { describeSchedule } from '#core/schedules/description.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import messages from '../../messages/en/schedules.json';
import { createMoreWords } from './more-words.ts';
import { createScheduleWords } from './words.ts';

const format = createFormatter({ locale: 'en' });
const t = createTranslator({ locale: 'en', messages });
const listed = (items: readonly string[]) => format.list(items);
const tell = createScheduleWords(t, 'en', listed);
const more = { line: (line: string) => `the line ${line}`, ...createMoreWords(t, 'en', listed) };
const inWords = (schedule: Schedule): string => tell(describeSchedule(schedule), more);
const cron = (...lines: string[]): Extract<Schedule, { type: 'cron' }> => ({
  type: 'cron',
  lines,
  timeZone: 'UTC',
});
const interval = (everyMs: number): Schedule => {
  return { type: 'interval', everyMs, anchor: '2026-01-01T00:00:00Z', timeZone: 'UTC' };
};

test.each([
  ['*/10 * * * * *', 'every 10 s'],
  ['* * * * * *', 'every second'],
  ['* * * * *', 'every minute'],
  ['*/15 * * * *', 'every 15 min'],
  ['0,30 * * * *', 'every 30 min'],
  ['*/15 * * * 1-5', 'every 15 min on workdays'],
  ['*/5 * * * 1', 'every 5 min on Mondays'],
  ['*/5 * * * 6,0', 'every 5 min on weekends'],
  ['*/5 * 1 * *', 'every 5 min on day 1 of the month'],
  ['*/5 * 1,15 * *', 'every 5 min on days 1 and 15 of the month'],
  ['*/5 * L * *', 'every 5 min on the last day of the month'],
  ['*/5 * 29 2 *', 'every 5 min on 29 February'],
  ['@hourly', 'hourly'],
  ['5 * * * *', 'hourly at :05'],
  ['0 * * * 1-5', 'hourly on workdays'],
  ['0 */6 * * *', 'every 6 h'],
  ['30 2 * * *', 'daily at 02:30'],
  ['30 2,14 * * *', 'daily at 02:30 and 14:30'],
  ['0 6,14,22 * * *', 'daily at 06:00, 14:00, and 22:00'],
  ['15 30 2 * * *', 'daily at 02:30:15'],
  ['30 6 * * 1-5', 'workdays at 06:30'],
  ['0 9 * * 2', 'Tuesdays at 09:00'],
  ['0 9 * * 1,3,7', 'Mondays, Wednesdays, and Sundays at 09:00'],
  ['0 10 * * 6,0', 'weekends at 10:00'],
  ['0 4 1 * *', 'monthly on day 1 at 04:00'],
  ['0 4 1,15 * *', 'monthly on days 1 and 15 at 04:00'],
  ['0 4 L * *', 'on the last day of the month at 04:00'],
  ['@yearly', 'yearly on 1 January at 00:00'],
  ['*/7 * * * *', 'the line */7 * * * *'],
])('%s in words', (line, words) => {
  expect(inWords(cron(line))).toBe(words);
});

test.each([
  [10_000, 'every 10 s'],
  [5_400_000, 'every 90 min'],
  [3_600_000, 'every hour'],
  [86_400_000, 'every day'],
  [172_800_000, 'every 2 days'],
  [1_500, 'every 1,500 ms'],
])('an interval of %i ms in words', (everyMs, words) => {
  expect(inWords(interval(everyMs))).toBe(words);
});

test.each([
  [10_000, '10 s after each run’s end'],
  [600_000, '10 min after each run’s end'],
  [86_400_000, '1 day after each run’s end'],
])('an interval of %i ms from the end of the last run in words', (everyMs, words) => {
  const schedule = { type: 'interval', from: 'end', everyMs, timeZone: 'UTC' } as const;
  expect(inWords(schedule)).toBe(words);
  expect(inWords({ ...schedule, endsAt: '2027-01-01T00:00:00Z' })).toBe(
    `${words}, until 1 Jan 2027`,
  );
});

test('several lines and manual jobs in words', () => {
  expect(inWords({ type: 'manual' })).toBe('manual only');
  expect(inWords(cron('30 2 * * *', '@hourly'))).toBe('daily at 02:30, and 1 more line');
  expect(inWords(cron('*/7 * * * *', '0 9 * * 1', '@hourly'))).toBe(
    'the line */7 * * * *, and 2 more lines',
  );
});

test.each([
  ['0 0 12 L-3 * ?', '3 days before the last day of the month at 12:00'],
  ['0 0 12 L-1 * ?', 'on the day before the last of the month at 12:00'],
  [
    '0 0 12 L-3W * ?',
    'on the weekday nearest the day 3 days before the last of the month at 12:00',
  ],
  ['0 0 12 LW * ?', 'on the last weekday of the month at 12:00'],
  ['0 0 12 15W * ?', 'on the weekday nearest day 15 of the month at 12:00'],
  ['0 0 12 L-3,15 * ?', 'on day 15 and 3 days before the last day of the month at 12:00'],
  ['0 0/5 * LW * ?', 'every 5 min on the last weekday of the month'],
  [
    '0 0/7 12 L-3W 1-3 ?',
    'the line */7 12 * 1-3 *, on the weekday nearest the day 3 days before the last of the month',
  ],
  ['0 0 12 1,L 2 ?', 'the line 0 12 * 2 *, on day 1 and on the last day of the month'],
  ['0 0 12 L-3 2 ?', 'the line 0 12 L-3 2 *'],
])('Quartz’s %s in words', (line, words) => {
  expect(inWords({ type: 'cron', lines: [line], dialect: 'quartz', timeZone: 'UTC' })).toBe(words);
});

test('a calendar, bounds and jitter in short words', () => {
  const daily = { ...cron('0 9 * * *'), timeZone: 'Europe/Berlin' };
  const under = (rule: 'skip' | 'next' | 'previous' | 'nth', nth?: number[]) =>
    inWords({ ...daily, calendar: { key: 'works', revision: 1, rule, ...(nth && { nth }) } });
  expect(under('skip')).toBe('daily at 09:00, business days only (works)');
  expect(under('next')).toBe('daily at 09:00, moved to the next business day (works)');
  expect(under('previous')).toBe('daily at 09:00, moved to the last business day before (works)');
  expect(under('nth', [1, -1, 2, -3])).toBe(
    'daily at 09:00, only on the 1st, the last, the 2nd, and the 3rd from the end business day of the month (works)',
  );
  expect(
    inWords({
      ...daily,
      startsAt: '2026-11-30T23:30:00Z',
      endsAt: '2026-12-31T22:59:59Z',
      maxFires: 3,
      jitterMs: 600_000,
    }),
  ).toBe('daily at 09:00, from 1 Dec 2026, until 31 Dec 2026, 3 times at most, spread over 10 min');
  expect(
    inWords({ type: 'dates', at: ['2026-12-24T09:00:00Z'], timeZone: 'UTC', maxFires: 1 }),
  ).toBe('on one date, once');
});

test('another language has its own order, days and dates', () => {
  // The console doesn't speak it yet.
  const locale = 'zh-CN' as string as Locale;
  const chinese = {
    ...messages,
    every: { ...messages.every, minute: '每 {count} 分钟' },
    onDays: '{days}{often}',
    on: { ...messages.on, weekdays: '每{weekdays}' },
    at: '{days} {times}',
    days: { ...messages.days, date: '每年{date}' },
    weekday: '{weekday}',
  };
  const list = createFormatter({ locale });
  const tellInChinese = createScheduleWords(
    createTranslator({ locale, messages: chinese }),
    locale,
    (items) => list.list(items),
  );
  const said = (line: string) =>
    tellInChinese(describeSchedule(cron(line)), { ...more, line: (text) => text });
  expect(said('*/5 * * * 0,1')).toBe('每星期一和星期日每 5 分钟');
  expect(said('0 4 29 2 *')).toBe('每年2月29日 04:00');
});
