import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CalendarDefinition } from '#core/schedules/calendars/definition.ts';
import {
  definitionOf,
  emptyCalendar,
  keyOfName,
  typedDates,
  typedOf,
  withDates,
} from './typed-calendar.ts';

const DAY_MS = 86_400_000;
const dayArbitrary = fc
  .integer({ min: 0, max: 30_000 })
  .map((day) => new Date(day * DAY_MS).toISOString().slice(0, 10));
const datesArbitrary = fc.uniqueArray(
  fc.record({
    date: dayArbitrary,
    name: fc.constantFrom('', 'Closed', 'Works closed, all sites', 'Tag der Arbeit: frei'),
  }),
  { maxLength: 20, selector: ({ date }) => date },
);

test('a saved calendar comes out of its form as it went in', () => {
  fc.assert(
    fc.property(
      fc.record({
        workdays: datesArbitrary,
        dates: datesArbitrary,
        holidays: fc.constantFrom(null, {
          country: 'DE',
          region: 'BY-A',
          types: ['public', 'bank'],
        }),
        weekend: fc.constantFrom([6, 0], [], [5]),
      }),
      (input) => {
        const definition = CalendarDefinition.parse(input);
        const read = definitionOf(typedOf('works', 'Works', definition));
        expect(read.definition).toEqual(definition);
        expect(read.problems).toEqual({});
      },
    ),
  );
});

describe('days as they are typed', () => {
  const read = (dates: string) => definitionOf({ ...emptyCalendar(), dates });

  test('one a line with a name, or a stretch of them', () => {
    expect(
      read('2026-12-24 Closed\n\n 2027-02-28..2027-03-01  Carnival \n2027-05-01').definition.dates,
    ).toEqual([
      { date: '2026-12-24', name: 'Closed' },
      { date: '2027-02-28', name: 'Carnival' },
      { date: '2027-03-01', name: 'Carnival' },
      { date: '2027-05-01', name: '' },
    ]);
    expect(read('2026-12-24 to 2026-12-25, Closed').definition.dates).toHaveLength(2);
    expect(typedDates(read('2027-10-01..2027-10-07 National Day').definition.dates)).toBe(
      '2027-10-01..2027-10-07 National Day',
    );
  });

  test('what can’t be read is told by its line, the other lines count', () => {
    const wrong = read('2026-12-24\n24.12.2026 Closed\n2026-02-30');
    expect(wrong.problems.dates).toEqual({
      line: 2,
      text: '24.12.2026 Closed',
      why: 'unreadable',
    });
    expect(wrong.definition.dates).toEqual([{ date: '2026-12-24', name: '' }]);
    expect(read('2026-02-30').problems.dates?.why).toBe('unreadable');
    expect(read('2026-12-24..2026-12-20').problems.dates?.why).toBe('backwards');
    expect(read('2026-01-01..2030-01-01').problems.dates?.why).toBe('long');
  });

  test('a day named twice is one, in the line where it stands first', () => {
    const { definition, lines } = read('2026-12-24 Closed\n2026-12-20..2026-12-31 Holidays');
    expect(definition.dates.filter(({ date }) => date === '2026-12-24')).toEqual([
      { date: '2026-12-24', name: 'Closed' },
    ]);
    expect(lines.dates.slice(0, 2)).toEqual([1, 2]);
  });

  test('imported days join what is typed', () => {
    const joined = withDates('2026-12-24 Closed', [
      { date: '2026-12-24', name: 'Christmas Eve' },
      { date: '2026-12-25', name: 'Christmas' },
      { date: '2026-12-26', name: 'Christmas' },
    ]);
    expect(joined).toEqual({
      typed: '2026-12-24 Closed\n2026-12-25..2026-12-26 Christmas',
      added: 2,
    });
    expect(withDates('2026-12-24', [{ date: '2026-12-24', name: 'x' }]).added).toBe(0);
  });
});

test('a key is made of a name', () => {
  expect(keyOfName('Works in Köln (Süd)')).toBe('works-in-koln-sud');
  expect(keyOfName('  ')).toBe('');
  expect(keyOfName('中国')).toBe('');
  expect(keyOfName(`${'a'.repeat(63)} b`)).toBe('a'.repeat(63));
});
