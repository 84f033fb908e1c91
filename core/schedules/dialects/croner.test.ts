import { Cron } from 'croner';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextFiresOfLine } from '../line-preview.ts';

function field(min: number, max: number, marks: readonly string[] = []): fc.Arbitrary<string> {
  const value = fc.integer({ min, max });
  const range = fc
    .tuple(value, value, fc.integer({ min: 1, max: max - min }), fc.boolean())
    .map(([a, b, step, hasStep]) => {
      const text = `${Math.min(a, b)}-${Math.max(a, b)}`;
      return hasStep ? `${text}/${step}` : text;
    });
  const item = fc.oneof(value.map(String), range, fc.constantFrom('1', ...marks));
  return fc.oneof(
    fc.constantFrom('*', '?'),
    fc.integer({ min: 1, max: max - min }).map((step) => `*/${step}`),
    item,
    fc.tuple(item, item).map((items) => items.join()),
  );
}

const lineArbitrary = fc
  .record({
    second: field(0, 59),
    minute: field(0, 59),
    hour: field(0, 23),
    dayOfMonth: field(1, 31, ['L', '15W', '1W', '31W']),
    month: field(1, 12, ['JAN', 'feb-MAR']),
    weekday: field(0, 7, ['MON', 'FRI#2', '5#L', 'SUN-MON', '1-5#1', 'SAT-SUN']),
    isJoinedByAnd: fc.boolean(),
    year: fc.constantFrom('*', '2026', '2026-2030', '2024-2040/3', '2027,2031'),
    length: fc.constantFrom(5, 6, 7),
  })
  .map(({ isJoinedByAnd, length, ...fields }) => {
    const weekday = `${isJoinedByAnd ? '+' : ''}${fields.weekday}`;
    const parts = [fields.minute, fields.hour, fields.dayOfMonth, fields.month, weekday];
    if (length > 5) parts.unshift(fields.second);
    if (length > 6) parts.push(fields.year);
    return parts.join(' ');
  });

// Croner drops a fixed time where a gap ends on the next day (docs/schedules/differences.md): no such zone here.
const placeArbitrary = fc.constantFrom(
  ['UTC', '2026-01-01T00:00:00Z'],
  ['Europe/Berlin', '2026-03-28T20:00:00Z'],
  ['Europe/Berlin', '2026-10-24T20:00:00Z'],
  ['America/New_York', '2026-03-07T20:00:00Z'],
  ['America/New_York', '2026-10-31T20:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T02:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T02:00:00Z'],
);

test('a line in croner’s dialect fires exactly when croner says', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(lineArbitrary, placeArbitrary, (expression, [timeZone = '', near = '']) => {
      const from = new Date(near);
      const theirs = new Cron(expression, { timezone: timeZone, paused: true }).nextRuns(4, from);
      const ours = nextFiresOfLine({ expression, dialect: 'croner', timeZone, from, count: 4 });
      expect(ours.ok && ours.fires.map(({ ms }) => new Date(ms))).toEqual(theirs);
    }),
    { numRuns: 1_000 },
  );
});
