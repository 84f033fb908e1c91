import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readIcs } from './read-ics.ts';

const SPAN = { from: '2026-01-01', to: '2030-12-31' };

function file(...events: string[][]): string {
  const lines = events.flatMap((event) => ['BEGIN:VEVENT', 'UID:1', ...event, 'END:VEVENT']);
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Test//EN',
    ...lines,
    'END:VCALENDAR',
    '',
  ].join('\r\n');
}

function dates(...events: string[][]): string[] {
  const read = readIcs(file(...events), SPAN);
  if (!read.ok) throw new Error(read.problem);
  return read.dates.map(({ date }) => date);
}

describe('events of whole days', () => {
  test('become days with their names, several days each on its own', () => {
    const text = file(
      [
        'DTSTART;VALUE=DATE:20261224',
        'DTEND;VALUE=DATE:20261227',
        'SUMMARY:Works closed\\, all sites',
      ],
      ['DTSTART;VALUE=DATE:20260501', 'SUMMARY:Inventory'],
      ['DTSTART;VALUE=DATE:20260601', 'DURATION:P2D', 'SUMMARY:Move'],
      ['DTSTART:20260701T090000Z', 'DTEND:20260701T100000Z', 'SUMMARY:Meeting'],
      ['DTSTART;VALUE=DATE:20260801', 'STATUS:CANCELLED', 'SUMMARY:Not any more'],
    );
    expect(readIcs(text, SPAN)).toEqual({
      ok: true,
      dates: [
        { date: '2026-05-01', name: 'Inventory' },
        { date: '2026-06-01', name: 'Move' },
        { date: '2026-06-02', name: 'Move' },
        { date: '2026-12-24', name: 'Works closed, all sites' },
        { date: '2026-12-25', name: 'Works closed, all sites' },
        { date: '2026-12-26', name: 'Works closed, all sites' },
      ],
      leftOut: 0,
      leftOutNames: [],
      atTimes: 1,
    });
  });

  test('that repeat in a way that isn’t read are left out by name', () => {
    const text = file(
      ['DTSTART;VALUE=DATE:20260501', 'SUMMARY:Inventory'],
      ['DTSTART;VALUE=DATE:20260501', 'RRULE:FREQ=YEARLY;BYYEARDAY=100', 'SUMMARY:Day\\n 100'],
      ['DTSTART;VALUE=DATE:20260501', 'RRULE:FREQ=YEARLY;BYYEARDAY=100'],
    );
    expect(readIcs(text, SPAN)).toMatchObject({
      dates: [{ date: '2026-05-01' }],
      leftOut: 2,
      leftOutNames: ['Day 100'],
    });
  });

  test('repeat as they say, within the span', () => {
    expect(dates(['DTSTART;VALUE=DATE:20200214', 'RRULE:FREQ=YEARLY'])).toEqual(
      ['2026', '2027', '2028', '2029', '2030'].map((year) => `${year}-02-14`),
    );
    // The fourth Thursday of November, without one year and with a day of its own.
    expect(
      dates([
        'DTSTART;VALUE=DATE:20251127',
        'RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;UNTIL=20281231',
        'EXDATE;VALUE=DATE:20271125',
        'RDATE;VALUE=DATE:20271224',
      ]),
    ).toEqual(['2026-11-26', '2027-12-24', '2028-11-23']);
    expect(dates(['DTSTART;VALUE=DATE:20260131', 'RRULE:FREQ=MONTHLY;COUNT=3'])).toEqual([
      '2026-01-31',
      '2026-03-31',
      '2026-05-31',
    ]);
    expect(
      dates(['DTSTART;VALUE=DATE:20260105', 'RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=4']),
    ).toEqual(['2026-01-05', '2026-01-09', '2026-01-19', '2026-01-23']);
  });
});

describe('a hostile file', () => {
  test.each([
    ['FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30'],
    ['FREQ=DAILY;INTERVAL=7;BYDAY=TU'],
    ['FREQ=DAILY;INTERVAL=146097;BYMONTH=2'],
    ['FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30'],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'],
    ['FREQ=YEARLY;BYYEARDAY=400'],
    ['FREQ=YEARLY;BYWEEKNO=99'],
    ['FREQ=SECONDLY'],
    ['FREQ=HOURLY;BYHOUR=25'],
    ['FREQ=YEARLY;BYMONTH=13'],
    ['FREQ=MONTHLY;BYDAY=9MO'],
    ['FREQ=NEVERLY'],
    ['COUNT=-1'],
  ])('%s ends, and takes no time', (rule) => {
    const began = performance.now();
    readIcs(
      file(['DTSTART;VALUE=DATE:20260105', `RRULE:${rule}`], ['DTSTART;VALUE=DATE:20260106']),
      SPAN,
    );
    expect(performance.now() - began).toBeLessThan(500);
  });

  test('is refused with a sentence', () => {
    const problem = (text: string) => {
      const read = readIcs(text, SPAN);
      return read.ok ? null : read.problem;
    };
    expect(problem('x'.repeat(1_000_001))).toContain('at most 1,000,000');
    expect(problem('')).toContain('no calendar');
    expect(problem('<html>')).toContain('no calendar');
    expect(problem(file())).toContain('no event of whole days');
    expect(problem('BEGIN:VCARD\r\nEND:VCARD\r\n')).toContain('no calendar');
    const daily = ['DTSTART;VALUE=DATE:00010101', 'RRULE:FREQ=DAILY'];
    const began = performance.now();
    expect(problem(file(daily, daily, daily))).toContain('repeat too often');
    expect(problem(file(['DTSTART;VALUE=DATE:20260101', 'DTEND;VALUE=DATE:99991231']))).toContain(
      'no event',
    );
    expect(problem('BEGIN:VCALENDAR\r\n'.repeat(50_000))).toBeTruthy();
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  test('whatever the parts of a rule are, reading ends', () => {
    const numbers = (min: number, max: number) =>
      fc
        .array(fc.integer({ min, max }), { minLength: 1, maxLength: 3 })
        .map((list) => list.join(','));
    const weekday = fc
      .tuple(fc.option(fc.integer({ min: -6, max: 6 })), fc.constantFrom('MO', 'WE', 'SU'))
      .map(([nth, name]) => `${nth ?? ''}${name}`);
    const rules = fc
      .record(
        {
          FREQ: fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'),
          INTERVAL: fc.integer({ min: 0, max: 2_000 }),
          BYMONTH: numbers(1, 12),
          BYMONTHDAY: numbers(-31, 31),
          BYDAY: weekday,
          COUNT: fc.integer({ min: 1, max: 1_000_000 }),
        },
        { requiredKeys: ['FREQ'] },
      )
      .map((parts) =>
        Object.entries(parts)
          .map(([part, value]) => `${part}=${value}`)
          .join(';'),
      );
    fc.assert(
      fc.property(rules, fc.constantFrom('20260105', '20240229', '19000131'), (rule, start) => {
        const began = performance.now();
        readIcs(file([`DTSTART;VALUE=DATE:${start}`, `RRULE:${rule}`]), SPAN);
        return performance.now() - began < 5_000;
      }),
      { numRuns: 300 },
    );
  });
});
