import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextFire } from './fixtures/of-schedule.ts';
import { checkCronLine } from './check-schedule.ts';
import { Schedule } from './schedule.ts';

const NOW = new Date('2026-05-01T00:00:00Z');

function problems(input: unknown): [string, string][] {
  const parsed = Schedule.safeParse(input);
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => [path.join('.'), message]);
}

test('each kind of schedule is taken as it stands', () => {
  for (const schedule of [
    { type: 'cron', lines: ['0 9 * * 1-5', '@daily'], timeZone: 'Europe/Berlin' },
    { type: 'interval', everyMs: 1_000, anchor: '2026-01-01T00:00:00.000Z', timeZone: 'UTC' },
    { type: 'manual' },
  ]) {
    expect(Schedule.parse(schedule)).toEqual(schedule);
  }
});

describe('a schedule that is refused says what is wrong at its field', () => {
  test('all fields at once', () => {
    const input = {
      type: 'cron',
      lines: ['0 9 * * *', '61 * * * *', '0 0 30 2 *'],
      timeZone: 'Europe/Berlim',
    };
    expect(problems(input)).toEqual([
      ['timeZone', 'The time zone "Europe/Berlim" is not known. Did you mean "Europe/Berlin"?'],
      ['lines.1', 'The minute "61" is out of range. Use 0 to 59.'],
      [
        'lines.2',
        'The line "0 0 30 2 *" never fires: the days that it names don’t exist, like 30 February. Change the day of month or the month.',
      ],
    ]);
  });

  test.each([
    [{ type: 'cron', lines: [], timeZone: 'UTC' }, 'lines', 'Give 1 to 20 cron lines'],
    [{ type: 'cron', lines: Array(21).fill('@daily'), timeZone: 'UTC' }, 'lines', 'Give 1 to 20'],
    [{ type: 'cron', lines: '0 9 * * *', timeZone: 'UTC' }, 'lines', 'Give 1 to 20 cron lines'],
    [{ type: 'cron', lines: [5], timeZone: 'UTC' }, 'lines.0', 'A cron line is text'],
    [{ type: 'cron', lines: ['@daily'] }, 'timeZone', 'Choose a time zone'],
    [{ type: 'cron', lines: ['@daily'], timeZone: '' }, 'timeZone', 'Choose a time zone'],
    [{ type: 'weekly' }, 'type', 'Choose a kind of schedule: cron, interval, dates or manual.'],
    [{}, 'type', 'Choose a kind of schedule'],
    [null, '', 'Choose a kind of schedule'],
  ])('%j', (input, path, message) => {
    const [first] = problems(input);
    expect(first?.[0]).toBe(path);
    expect(first?.[1]).toContain(message);
  });

  test.each([
    ['everyMs', 999, 'at least 1,000'],
    ['everyMs', 1_000.5, 'whole number'],
    ['everyMs', '60000', 'whole number'],
    ['everyMs', Number.MAX_VALUE, 'whole number'],
    ['anchor', 'soon', 'The anchor is an instant in UTC'],
    ['anchor', '2026-02-30T00:00:00Z', 'The anchor is an instant in UTC'],
    ['anchor', '2026-01-01T00:00:00+02:00', 'The anchor is an instant in UTC'],
    ['anchor', undefined, 'The anchor is an instant in UTC'],
  ])('an interval whose %s is %s', (field, value, message) => {
    const good = {
      type: 'interval',
      everyMs: 60_000,
      anchor: '2026-01-01T00:00:00Z',
      timeZone: 'UTC',
    };
    const [first] = problems({ ...good, [field]: value });
    expect(first?.[0]).toBe(field);
    expect(first?.[1]).toContain(message);
  });
});

test('a line is checked with its zone, cheaply', () => {
  expect(checkCronLine('0 9 * * *', 'Europe/Berlin', NOW)).toBeNull();
  expect(checkCronLine('0 9 * * *', 'Mars/Phobos', NOW)).toContain('is not known');
  for (const line of ['0 0 31 4,6,9,11 *', '0 0 30W 2 *', '0 0 */31 * 1#5', '0 0 31 2 */7']) {
    expect(checkCronLine(line, 'UTC', NOW)).toContain('never fires');
  }
  expect(checkCronLine('0 0 29 2 */2', 'UTC', NOW)).toBeNull();
  expect(checkCronLine('0 0 31 2 1', 'UTC', NOW)).toBeNull();
});

test('whatever is sent, a schedule is taken or refused, and what is taken fires', () => {
  const anything = fc.oneof(
    fc.anything(),
    fc.record({ type: fc.constantFrom('cron', 'interval', 'manual'), lines: fc.anything() }),
    fc.record({
      type: fc.constant('cron'),
      lines: fc.array(fc.string(), { maxLength: 3 }),
      timeZone: fc.oneof(fc.constant('UTC'), fc.string()),
    }),
    fc.record({
      type: fc.constant('interval'),
      everyMs: fc.oneof(fc.double(), fc.maxSafeInteger()),
      anchor: fc.constantFrom('2026-01-01T00:00:00Z', '0000-01-01T00:00:00Z'),
      timeZone: fc.constant('UTC'),
    }),
  );
  fc.assert(
    fc.property(anything, (input) => {
      const parsed = Schedule.safeParse(input);
      if (!parsed.success) return;
      expect(() => nextFire(parsed.data, NOW)).not.toThrow();
    }),
    { numRuns: 1_000 },
  );
});
