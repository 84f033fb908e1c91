import { describe, expect, test } from 'vitest';
import { nextFiresOfLine } from '../line-preview.ts';
import type { Dialect } from './dialect.ts';
import { readLine, readLines } from './read-lines.ts';

function problemOf(text: string, dialect: Dialect): string {
  const read = readLine(text, dialect);
  return read.ok ? 'no problem' : read.problem;
}

function firesOf(expression: string, dialect: Dialect, from: string, count = 3): string[] {
  const answer = nextFiresOfLine({ expression, dialect, from: new Date(from), count });
  return answer.ok ? answer.fires.map(({ ms }) => new Date(ms).toISOString()) : [answer.problem];
}

test('5/15 means what its dialect says', () => {
  const from = '2026-01-01T00:00:00Z';
  const everyQuarter = [
    '2026-01-01T00:05:00.000Z',
    '2026-01-01T00:20:00.000Z',
    '2026-01-01T00:35:00.000Z',
    '2026-01-01T00:50:00.000Z',
  ];
  expect(firesOf('0 5/15 * * * ?', 'quartz', from, 4)).toEqual(everyQuarter);
  expect(firesOf('*:5/15', 'systemd', from, 4)).toEqual(everyQuarter);
  const refused = 'The minute "5/15" has a step without an end. Write 5-59/15.';
  expect(problemOf('5/15 * * * *', 'unix')).toBe(refused);
  expect(problemOf('5/15 * * * *', 'croner')).toBe(refused);
});

test('a day field that begins with a star narrows the other one for cronie, and not for croner', () => {
  const from = '2024-01-01T00:00:00Z';
  expect(firesOf('0 0 */2 * MON', 'unix', from, 1)).toEqual(['2024-01-15T00:00:00.000Z']);
  expect(firesOf('0 0 */2 * MON', 'croner', from, 1)).toEqual(['2024-01-03T00:00:00.000Z']);
});

describe('a line that can’t be taken is refused with a sentence that names the part', () => {
  test.each<[Dialect, string, string]>([
    ['unix', '@reboot', 'The macro "@reboot" names no time'],
    ['unix', '@every 1h30m', 'is an interval. Choose the schedule "interval"'],
    ['unix', '5~10 * * * *', 'has "~", a time drawn by lot'],
    ['unix', '0 9 * * * Europe/Berlim', 'Did you mean "Europe/Berlin"?'],
    ['unix', '0 9 * * MON/2', 'The day of week "MON/2" has a step without an end.'],
    ['unix', '0 9 * * Foo', 'The day of week "Foo" is not known.'],
    ['unix', 'TZ=Nowhere 0 9 * * *', 'The time zone "Nowhere" is not known.'],
    ['croner', '0 0 0 1 1 * */2', 'The year "*/2" has a step without a beginning.'],
    ['croner', '0 0 0 1 1 * 10000', 'The year "10000" is out of range. Use 1 to 9999.'],
    ['croner', '* * * * * * * *', 'has 8 fields. Write 5 fields'],
    ['quartz', '0 0 9 * *', 'has 5 fields. Write 6 fields'],
    ['quartz', '0 0 9 1 * 2', 'the day of week "2" are both given, which Quartz refuses'],
    ['quartz', '0 0 9 ? * ?', 'are both "?"'],
    ['quartz', '? 0 9 * * ?', 'The second "?" is for the day fields only.'],
    ['quartz', '0 0 9 ? * 0', 'The day of week "0" is out of range. Use 1 to 7 (1 is Sunday)'],
    ['quartz', '0 0 9 ? * 6#6', 'The day of week "6#6" is not allowed. After # stands 1 to 5'],
    ['quartz', '0 0 9 ? * 2#1,3', 'The day of week "2#1,3" is not understood. # stands alone'],
    ['quartz', '0 0 9 ? * FRI,L', 'has L beside other days, which Quartz refuses'],
    ['quartz', '0 0 9 L-31 * ?', 'The day of month "L-31" is too far from the month’s end.'],
    ['quartz', '0 0/60 9 * * ?', 'The minute "0/60" has a step that is not allowed.'],
    ['quartz', '0 0 9 ? * MON-FRI/2', 'has a step after a name, which Quartz leaves out'],
    ['quartz', '0 0 9 * * ? 2030-2028', 'The year "2030-2028" runs backwards.'],
    ['quartz', '0 0 9 * * ? 2100', 'The year "2100" is out of range. Use 1970 to 2099.'],
    ['systemd', '*-*-* 09:00:00.5', 'The second "00.5" has a fraction.'],
    ['systemd', '*:*/5', 'The minute "*/5" has a star that doesn’t stand alone. Write 0/5.'],
    ['systemd', '20/4:00', 'The hour "20/4" never repeats'],
    ['systemd', 'Sat..Mon 09:00', 'The weekdays "Sat..Mon" run backwards'],
    ['systemd', 'Foo 09:00', 'The weekday "Foo" is not known.'],
    ['systemd', '*-*~29', 'The day from the month’s end "29" is out of range. Use 1 to 28.'],
    ['systemd', '09:00 Mars/Base', 'The time zone "Mars/Base" is not known.'],
    ['systemd', 'every day', 'The weekday "every" is not known.'],
    ['systemd', '2026-01-01 00:00 00:00', 'is not a calendar event.'],
    ['systemd', '9', 'The date "9" is not understood.'],
  ])('%s: %s', (dialect, line, sentence) => {
    expect(problemOf(line, dialect)).toContain(sentence);
  });
});

test('a crontab line may name its zone in front or at the end', () => {
  for (const line of [
    'TZ=Asia/Tokyo 0 9 * * *',
    'CRON_TZ=Asia/Tokyo 0 9 * * *',
    '0 9 * * * Asia/Tokyo',
    '0 9 * * * Japan',
  ]) {
    expect(firesOf(line, 'unix', '2026-01-01T00:00:00Z', 1)).toEqual(['2026-01-02T00:00:00.000Z']);
  }
});

test('lines of one schedule share a zone, whichever of them names it', () => {
  expect(readLines(['09:00 Europe/Berlin', '10:00 Europe/Berlin'], 'systemd')).toMatchObject({
    ok: true,
    timeZone: 'Europe/Berlin',
  });
  expect(readLines(['09:00 Europe/Berlin', '10:00'], 'systemd')).toEqual({
    ok: false,
    problem:
      'The lines stand in different time zones: Europe/Berlin and that of the schedule. Name one zone for all, or make a job of each.',
  });
});

test('days from the month’s end are found backwards as well as forwards', () => {
  for (const [text, dialect] of [
    ['0 0 9 L-3W * ?', 'quartz'],
    ['0 0 9 L-30,15W,3 2,3 ? 2024-2030/2', 'quartz'],
    ['Mon *-02,05~07/1', 'systemd'],
    ['0 0 9 ? NOV-FEB FRI-MON', 'quartz'],
  ] as const) {
    const read = readLine(text, dialect);
    expect(read.ok).toBe(true);
    if (!read.ok) return;
    const { days } = read.line;
    const forwards: number[] = [];
    let day = days.next(18_262);
    for (; day !== null && forwards.length < 30; day = days.next(day + 1)) forwards.push(day);
    const backwards: number[] = [];
    day = forwards.at(-1) ?? null;
    for (; day !== null && day >= 18_262; day = days.previous(day - 1)) backwards.unshift(day);
    expect(forwards.length).toBeGreaterThan(5);
    expect(backwards).toEqual(forwards);
  }
});
