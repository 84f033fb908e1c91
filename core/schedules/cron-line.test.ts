import { CronPattern } from 'croner';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCronLine } from './cron-line.ts';
import { lineArbitrary } from './fixtures/walk.ts';

function problemOf(line: string): string {
  const read = readCronLine(line);
  return read.ok ? 'no problem' : read.problem;
}

describe('a refused line is told by a sentence that names the part and the next step', () => {
  test.each([
    ['', 'The line is empty. Write 5 fields'],
    ['* * * *', 'The line "* * * *" has 4 fields. Write 5 fields'],
    ['now', 'The line "now" has 1 field. Write 5 fields'],
    ['0 0 0 1 1 * 2030', 'has 7 fields. Write 5 fields'],
    ['61 * * * *', 'The minute "61" is out of range. Use 0 to 59.'],
    ['0 24 * * *', 'The hour "24" is out of range. Use 0 to 23.'],
    ['0 0 0 * *', 'The day of month "0" is out of range. Use 1 to 31.'],
    ['0 0 * 13 *', 'The month "13" is out of range. Use 1 to 12 or JAN to DEC.'],
    ['0 0 * * 8', 'The day of week "8" is out of range. Use 0 to 7'],
    ['75 0 0 * * *', 'The second "75" is out of range. Use 0 to 59.'],
    ['0 17-9 * * *', 'The hour "17-9" runs backwards.'],
    ['5/15 * * * *', 'The minute "5/15" has a step without an end. Write 5-59/15.'],
    ['*/0 * * * *', 'The minute "*/0" has a step that is not allowed. Use a step from 1 to 60.'],
    ['0 */25 * * *', 'The hour "*/25" has a step that is not allowed. Use a step from 1 to 24.'],
    ['0 0 * FOO *', 'The month "FOO" is not known. Use 1 to 12 or JAN to DEC.'],
    ['0 0 * * MONDAY', 'The day of week "MONDAY" is not known.'],
    ['1,,2 * * * *', 'The minute "1,,2" has a comma with nothing beside it. Remove that comma.'],
    ['1e1 * * * *', 'The minute "1e1" is not understood. Use *, 0 to 59, a range'],
    ['0 0 * * MON#6', 'The day of week "MON#6" is not allowed. After # stands 1 to 5 or L'],
    ['0 0 1,LW * *', 'The day of month "1,LW" has LW in a list.'],
    ['? * * * *', 'The minute "?" is not understood.'],
    ['@reboot', 'The macro "@reboot" names no time'],
    ['@often', 'The macro "@often" is not known. Use @yearly, @annually, @monthly'],
    ['@hourly @daily', 'The macro "@hourly @daily" is not known.'],
    ['2026-01-01T00:00:00', '"2026-01-01T00:00:00" is a date, not a cron line.'],
    ['* * *\n* *', 'The line has a line break. Put each cron line on its own.'],
    [`${'0,'.repeat(128)}0 * * * *`, 'The line has 265 characters; at most 256 are allowed.'],
    ['000000000000000000000000000000000000000000000000001 * * * *', 'The minute "00000000000000'],
  ])('%s', (line, sentence) => {
    expect(problemOf(line)).toContain(sentence);
  });
});

test.each([
  ['*/15 9-17 * * MON-FRI', '*/15 9-17 * * 1-5'],
  ['0 0 * * SUN', '0 0 * * 7'],
  ['0 0 * * MON-SUN', '0 0 * * 1-7'],
  ['0 0 ? * ?', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['  0\t0  1 jan *  ', '0 0 1 1 *'],
  ['0 0 * * 5L', '0 0 * * FRI#L'],
])('%s is read like %s', (line, other) => {
  const [a, b] = [line, other].map((text) => {
    const read = readCronLine(text);
    if (!read.ok) throw new Error(read.problem);
    const { seconds, minutes, hours, dayOfMonth, month, isFixedTime } = read.line;
    return { seconds, minutes, hours, days: [dayOfMonth.values, month.values], isFixedTime };
  });
  expect(a).toEqual(b);
});

test('croner reads the same times of day out of every line that is let through', () => {
  fc.assert(
    fc.property(lineArbitrary, ({ text }) => {
      const read = readCronLine(text);
      if (!read.ok) throw new Error(read.problem);
      const croner = new CronPattern(text, undefined, { fixedTimeRule: 'no-wildcard' });
      const flags = (values: readonly number[], size: number) =>
        Array.from({ length: size }, (_, value) => (values.includes(value) ? 1 : 0));
      expect(flags(read.line.minutes, 60)).toEqual(croner.minute);
      expect(flags(read.line.hours, 24)).toEqual(croner.hour);
      expect(read.line.isFixedTime).toBe(croner.isFixedTime);
    }),
  );
});

test('whatever is typed, a line is read or refused, never thrown at', () => {
  const nearly = fc
    .array(fc.constantFrom(...'*/,-#?LW@0123456789 \tMONJAN'.split('')), { maxLength: 40 })
    .map((letters) => letters.join(''));
  fc.assert(
    fc.property(fc.oneof(nearly, fc.string(), fc.string({ unit: 'binary' })), (text) => {
      const read = readCronLine(text);
      expect(read.ok || read.problem.length > 0).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
