import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wallOfInstant } from '../wall-instant.ts';
import { BlackoutTimes } from './blackout-times.ts';
import { type Blackout, Coverage } from './coverage.ts';
import { windowsOf } from './windows.ts';

const HOUR = 3_600_000;
const at = (text: string) => Date.parse(text);
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 16);

const weekly = (weekdays: number[], from: string, to: string, timeZone = 'UTC') => ({
  type: 'weekly' as const,
  weekdays,
  from,
  to,
  timeZone,
});
const once = (from: string, to: string) => ({ type: 'once' as const, from, to });

function blackout(
  id: number,
  times: BlackoutTimes,
  over: Partial<Pick<Blackout, 'effect' | 'idleUntil'>> = {},
): Blackout {
  return { id, name: `b${id}`, createdBy: 'Test', effect: 'skip', idleUntil: null, times, ...over };
}

function windows(times: BlackoutTimes, from: string, to: string): string[] {
  return [...windowsOf(times, at(from), at(to))].map(
    ({ fromMs, toMs }) => `${iso(fromMs)} ${iso(toMs)}`,
  );
}

describe('windows of every week', () => {
  test('begin on their days, and end on the next where the end isn’t later', () => {
    // 4 May 2026 is a Monday.
    const nights = weekly([1, 7], '22:00', '06:00');
    expect(windows(nights, '2026-05-04T00:00Z', '2026-05-11T12:00Z')).toEqual([
      '2026-05-03T22:00 2026-05-04T06:00',
      '2026-05-04T22:00 2026-05-05T06:00',
      '2026-05-10T22:00 2026-05-11T06:00',
    ]);
    expect(
      windows(weekly([1], '00:00', '00:00'), '2026-05-04T00:00Z', '2026-05-05T00:00Z'),
    ).toEqual(['2026-05-04T00:00 2026-05-05T00:00']);
  });

  test('follow the clock on the wall, and are never shorter than it shows', () => {
    const berlin = (from: string, to: string) => weekly([6, 7], from, to, 'Europe/Berlin');
    // 29 March 2026: 02:00 becomes 03:00 at 01:00 UTC.
    expect(windows(berlin('01:30', '04:00'), '2026-03-29T00:00Z', '2026-03-29T12:00Z')).toEqual([
      '2026-03-29T00:30 2026-03-29T02:00',
    ]);
    expect(windows(berlin('02:30', '02:45'), '2026-03-29T00:00Z', '2026-03-29T12:00Z')).toEqual([]);
    expect(windows(berlin('02:30', '04:00'), '2026-03-29T00:00Z', '2026-03-29T12:00Z')).toEqual([
      '2026-03-29T01:00 2026-03-29T02:00',
    ]);
    // 25 October 2026: 03:00 becomes 02:00 at 01:00 UTC.
    expect(windows(berlin('02:30', '02:45'), '2026-10-25T00:00Z', '2026-10-25T12:00Z')).toEqual([
      '2026-10-25T00:30 2026-10-25T01:45',
    ]);
  });

  test('whatever the zone, each window is where the clock shows it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata'),
        fc.integer({ min: 0, max: 1_439 }),
        fc.integer({ min: 0, max: 1_439 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        fc.integer({ min: 0, max: 365 * 24 * 60 }),
        (timeZone, from, to, weekdays, minute) => {
          const times = weekly(weekdays, time(from), time(to), timeZone);
          const ms = Date.UTC(2026, 0, 1) + minute * 60_000;
          const isCovered = [...windowsOf(times, ms, ms + 1)].length > 0;
          // Beside a change of the clock the wall says both; there the window is the longer one.
          const isPlain = offset(ms - 4 * HOUR, timeZone) === offset(ms + 4 * HOUR, timeZone);
          const longAgo = offset(ms - 26 * HOUR, timeZone) === offset(ms, timeZone);
          if (isPlain && longAgo) expect(isCovered).toBe(coversWall(times, ms));
          else if (coversWall(times, ms)) expect(isCovered).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

const time = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
const offset = (ms: number, timeZone: string) => at(`${wallOfInstant(ms, timeZone)}Z`) - ms;

/** What a person says who looks at the calendar and the clock on the wall. */
function coversWall({ weekdays, from, to, timeZone }: ReturnType<typeof weekly>, ms: number) {
  const wall = wallOfInstant(ms, timeZone);
  const clock = wall.slice(11, 16);
  const weekday = new Date(`${wall.slice(0, 10)}T00:00Z`).getUTCDay() || 7;
  const yesterday = weekday === 1 ? 7 : weekday - 1;
  if (to > from) return weekdays.includes(weekday) && clock >= from && clock < to;
  return (
    (weekdays.includes(weekday) && clock >= from) || (weekdays.includes(yesterday) && clock < to)
  );
}

describe('what several blackouts cover', () => {
  test('windows that touch or overlap are one stretch, and skipping goes before holding', () => {
    const coverage = new Coverage([
      blackout(1, once('2026-05-04T10:00Z', '2026-05-04T12:00Z'), { effect: 'hold' }),
      blackout(2, once('2026-05-04T11:00Z', '2026-05-04T11:30Z')),
      blackout(3, once('2026-05-04T12:00Z', '2026-05-04T13:00Z'), { effect: 'hold' }),
    ]);
    expect(
      coverage
        .parts(at('2026-05-04T10:30Z'), at('2026-05-05T00:00Z'))
        .map(({ fromMs, toMs, blackout: { id } }) => `${iso(fromMs)} ${iso(toMs)} ${id}`),
    ).toEqual([
      '2026-05-04T10:30 2026-05-04T11:00 1',
      '2026-05-04T11:00 2026-05-04T11:30 2',
      '2026-05-04T11:30 2026-05-04T12:00 1',
      '2026-05-04T12:00 2026-05-04T13:00 3',
    ]);
    expect(iso(coverage.freeFrom(at('2026-05-04T10:00Z')))).toBe('2026-05-04T13:00');
    expect(iso(coverage.freeFrom(at('2026-05-04T13:00Z')))).toBe('2026-05-04T13:00');
    expect(coverage.stretchBegin(at('2026-05-04T12:30Z'), at('2026-05-04T00:00Z'))).toBe(
      at('2026-05-04T10:00Z'),
    );
    expect(coverage.stretchBegin(at('2026-05-04T13:00Z'), at('2026-05-04T00:00Z'))).toBeNull();
  });

  test('a window that was ended early covers nothing up to its end, and comes again', () => {
    const idleUntil = new Date('2026-05-04T06:00Z');
    const nights = new Coverage([
      blackout(1, weekly([1, 2, 3, 4, 5, 6, 7], '22:00', '06:00'), { idleUntil }),
    ]);
    expect(nights.partAt(at('2026-05-04T02:00Z'))).toBeNull();
    expect(nights.partAt(at('2026-05-04T22:00Z'))?.blackout.id).toBe(1);
  });

  test('windows without a break have no end', () => {
    const always = new Coverage([blackout(1, weekly([1, 2, 3, 4, 5, 6, 7], '06:00', '06:00'))]);
    expect(always.freeFrom(at('2026-05-04T02:00Z'))).toBe(Number.POSITIVE_INFINITY);
    const weekdays = new Coverage([blackout(1, weekly([1, 2, 3, 4, 5], '00:00', '00:00'))]);
    expect(iso(weekdays.freeFrom(at('2026-05-04T02:00Z')))).toBe('2026-05-09T00:00');
  });
});

test('times that can’t be meant are refused with a sentence', () => {
  const problem = (times: unknown) => BlackoutTimes.safeParse(times).error?.issues[0]?.message;
  expect(problem(once('2026-05-04T10:00:00Z', '2026-05-04T10:00:00Z'))).toContain(
    'before it begins',
  );
  expect(problem(once('2026-05-04T10:00:00Z', '2028-05-04T10:00:00Z'))).toContain('366 days');
  expect(problem(weekly([], '10:00', '11:00'))).toContain('at least one day');
  expect(problem(weekly([1], '24:00', '11:00'))).toContain('00:00 to 23:59');
  expect(problem(weekly([1], '10:00', '11:00', 'Mars/Base'))).toContain('Mars');
  expect(problem({ type: 'monthly' })).toContain('once or every week');
  expect(problem(weekly([7, 1, 1], '10:00', '11:00'))).toBeUndefined();
});
