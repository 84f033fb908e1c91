import { expect, test } from 'vitest';
import { describeSchedule } from './description.ts';
import type { Dialect } from './dialects/dialect.ts';
import { readLine } from './dialects/read-lines.ts';
import { notationOf } from './line-notation.ts';
import { lineWordsIn } from './line-words.ts';

test.each<[Dialect, string, string]>([
  ['quartz', '0 0 9 ? * 6#3', '0 9 * * 5#3'],
  ['quartz', '0 5/15 22-2 ? NOV-FEB FRI-MON', '5-50/15 0,1,2,22,23 * 1,2,11,12 0,1,5,6'],
  ['quartz', '0 0 9 2W,16,L-1 * ?', '0 9 2W,16,L-1 * *'],
  ['quartz', '30 0 9 ? * L 2026-2028', '30 0 9 * * 6 2026-2028'],
  ['systemd', 'Mon..Fri *-*-* 09:00', '0 9 * * 1-5'],
  ['systemd', 'Mon *-05~07/1', '0 0 L,L-1,L-2,L-3,L-4,L-5,L-6 5 +1'],
  ['systemd', '*:0/10:00', '*/10 * * * *'],
  ['systemd', '2026-12-24 18:00', '0 0 18 24 12 * 2026'],
  ['croner', '0 0 13 * +FRI', '0 0 13 * +5'],
  ['unix', '@weekly', '0 0 * * 0'],
])('%s %s became %s', (dialect, text, notation) => {
  const read = readLine(text, dialect);
  expect(read.ok && notationOf(read.became)).toBe(notation);
});

test.each<[Dialect, string, string]>([
  ['quartz', '0 15 10 ? * 6L', 'at 10:15, on the last Friday of the month'],
  ['quartz', '0 0 9 L-3 5 ?', 'at 09:00, 3 days before the last day of the month, only in May'],
  [
    'quartz',
    '0 0 9 ? 5 2#1 2026-2030',
    'at 09:00, on the first Monday of the month, only in May, 2026 through 2030',
  ],
  ['systemd', 'Fri *-*-13 09:00', 'at 09:00, on day 13 of the month, only on Friday'],
])('%s %s is told by what it became', async (dialect, line, words) => {
  const { key, values } = describeSchedule({
    type: 'cron',
    lines: [line],
    dialect,
    timeZone: 'UTC',
  });
  const english = await lineWordsIn('en');
  expect(key === 'line' && english(values.line)).toBe(words);
});

test('a weekday has one name in every dialect', () => {
  for (const [dialect, line] of [
    ['unix', '0 9 * * 1'],
    ['quartz', '0 0 9 ? * 2'],
    ['systemd', 'Mon 09:00'],
  ] as const) {
    expect(describeSchedule({ type: 'cron', lines: [line], dialect, timeZone: 'UTC' })).toEqual({
      key: 'at',
      values: { times: ['09:00'], days: { kind: 'weekdays', weekdays: [1] } },
    });
  }
});
