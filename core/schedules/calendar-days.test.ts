import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { businessDaysOf, dateOf, type BusinessDays } from './calendars/business-days.ts';
import type { ScheduleCalendar } from './calendars/calendar-rule.ts';
import { CalendarDefinition } from './calendars/definition.ts';
import { KnownCalendars } from './calendars/known.ts';
import { compileSchedule, type CompiledSchedule } from './compile.ts';
import { zoneArbitrary } from './fixtures/walk.ts';
import type { FromEnd } from './from-end.ts';
import { firesLeftOut } from './left-out.ts';
import { Schedule } from './schedule.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type Plain = Exclude<Extract<Schedule, { type: 'interval' | 'dates' }>, FromEnd>;
type Rule = ScheduleCalendar['rule'];

function walk(schedule: CompiledSchedule, afterMs: number, untilMs: number): number[] {
  const found: number[] = [];
  for (let fire = schedule.next(afterMs); fire !== null && fire.ms <= untilMs;) {
    found.push(fire.ms);
    fire = schedule.next(fire.ms);
  }
  return found;
}

/** What the wall clock shows, read off Intl, as if it stood in UTC. */
function clockOf(ms: number, timeZone: string): { date: string; wallMs: number } {
  const parts = formatIn(timeZone).format(ms).split(/\D+/).map(Number);
  const [month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0] = parts;
  const wallMs =
    Date.UTC(year, month - 1, day, hour, minute, second) + (((ms % 1_000) + 1_000) % 1_000);
  return { date: new Date(wallMs).toISOString().slice(0, 10), wallMs };
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, made);
  return made;
}

/** Where the clock shows a time first, by looking at every quarter of an hour; else as if it had not jumped. */
function instantByLooking(wallMs: number, timeZone: string): number {
  for (let offset = 15 * HOUR_MS; offset >= -13 * HOUR_MS; offset -= HOUR_MS / 4) {
    if (clockOf(wallMs - offset, timeZone).wallMs === wallMs) return wallMs - offset;
  }
  const dayBefore = wallMs - DAY_MS;
  return dayBefore - (clockOf(dayBefore, timeZone).wallMs - dayBefore) + DAY_MS;
}

const calendarArbitrary = fc.record({
  weekend: fc.constantFrom<number[][]>([6, 0], [5], [], [0, 1, 2, 3, 4, 5, 6]),
  off: fc.array(fc.integer({ min: -12, max: 12 }), { maxLength: 12 }),
  worked: fc.array(fc.integer({ min: -12, max: 12 }), { maxLength: 6 }),
});

const plainArbitrary: fc.Arbitrary<{ plain: Plain; nearMs: number }> = zoneArbitrary.chain(
  ({ timeZone, nearMs }) =>
    fc
      .oneof(
        fc.integer({ min: 17 * 60_000, max: 80 * HOUR_MS }).map((everyMs): Plain => ({
          type: 'interval',
          everyMs,
          anchor: '2025-01-01T00:00:00.123Z',
          timeZone,
        })),
        fc
          .array(fc.integer({ min: -6 * 24 * 4, max: 6 * 24 * 4 }), { minLength: 1, maxLength: 40 })
          .map((quarters): Plain => ({
            type: 'dates',
            at: quarters.map((n) => new Date(nearMs + n * (HOUR_MS / 4)).toISOString()),
            timeZone,
          })),
      )
      .map((plain) => ({ plain, nearMs })),
);

let made = 0;

function underCalendar(
  plain: Plain,
  rule: Rule,
  business: BusinessDays,
): { schedule: Plain; calendars: KnownCalendars } {
  const key = `made-${(made += 1)}`;
  const calendars = new KnownCalendars();
  calendars.add(key, 1, business);
  return { schedule: { ...plain, calendar: { key, revision: 1, rule } }, calendars };
}

function businessOf(
  nearMs: number,
  { weekend, off, worked }: { weekend: number[]; off: number[]; worked: number[] },
): BusinessDays {
  const near = Math.floor(nearMs / DAY_MS);
  const named = (days: number[]) => days.map((day) => ({ date: dateOf(near + day) }));
  return businessDaysOf(
    CalendarDefinition.parse({ weekend, dates: named(off), workdays: named(worked) }),
  );
}

const isWorked = (business: BusinessDays, date: string) =>
  business.isBusinessDay(Date.parse(date) / DAY_MS);

test('an interval or dates under a calendar fire as an oracle says that reads each fire’s day off a clock', () => {
  fc.assert(
    fc.property(
      plainArbitrary,
      calendarArbitrary,
      fc.constantFrom<Rule[]>('skip', 'next', 'previous'),
      fc.integer({ min: -7 * DAY_MS, max: 7 * DAY_MS }),
      fc.integer({ min: 0, max: 8 * DAY_MS }),
      ({ plain, nearMs }, made, wanted, from, lasting) => {
        const rule = plain.type === 'interval' ? 'skip' : wanted;
        const business = businessOf(nearMs, made);
        const { schedule, calendars } = underCalendar(plain, rule, business);
        const under = compileSchedule(schedule, calendars);
        const all = new Set<number>();
        for (const ms of walk(compileSchedule(plain), nearMs - 25 * DAY_MS, nearMs + 25 * DAY_MS)) {
          const { date, wallMs } = clockOf(ms, plain.timeZone);
          let day = Date.parse(date) / DAY_MS;
          if (business.isBusinessDay(day)) all.add(ms);
          if (rule === 'skip' || business.isBusinessDay(day)) continue;
          const step = rule === 'next' ? 1 : -1;
          const first = day;
          while (!business.isBusinessDay(day) && Math.abs(day - first) < 60) day += step;
          if (!business.isBusinessDay(day)) continue;
          all.add(instantByLooking(wallMs + (day - first) * DAY_MS, plain.timeZone));
        }
        const afterMs = nearMs + from;
        const untilMs = afterMs + lasting;
        const expected = [...all]
          .filter((ms) => ms > afterMs && ms <= untilMs)
          .toSorted((a, b) => a - b);
        expect(walk(under, afterMs, untilMs)).toEqual(expected);
        expect(under.count(afterMs, untilMs)).toBe(expected.length);
        expect(under.latest(afterMs, untilMs)).toBe(expected.at(-1) ?? null);
      },
    ),
    { numRuns: 400 },
  );
}, 60_000);

test('what is left out and what fires are together what the schedule names', () => {
  fc.assert(
    fc.property(plainArbitrary, calendarArbitrary, ({ plain, nearMs }, made) => {
      const business = businessOf(nearMs, made);
      const { schedule, calendars } = underCalendar(plain, 'skip', business);
      const range = {
        after: new Date(nearMs - 8 * DAY_MS),
        until: new Date(nearMs + 8 * DAY_MS),
      };
      const named = walk(compileSchedule(plain), range.after.getTime(), range.until.getTime());
      const left = [...firesLeftOut(schedule, { ...range, limit: 1_000 }, calendars)];
      const kept = compileSchedule(schedule, calendars).count(
        range.after.getTime(),
        range.until.getTime(),
      );
      expect(left.reduce((sum, { count }) => sum + count, 0) + kept).toBe(named.length);
      const off = named.filter((ms) => !isWorked(business, clockOf(ms, plain.timeZone).date));
      const days = new Set(off.map((ms) => clockOf(ms, plain.timeZone).date));
      expect(left.map(({ at }) => clockOf(at.getTime(), plain.timeZone).date)).toEqual([...days]);
    }),
    { numRuns: 200 },
  );
}, 60_000);

describe('a short interval under a calendar', () => {
  const business = businessDaysOf(CalendarDefinition.parse({}));
  const everySecond: Plain = {
    type: 'interval',
    everyMs: 1_000,
    anchor: '2026-01-01T00:00:00Z',
    timeZone: 'Europe/Berlin',
  };

  test('is counted by the day: ten years of seconds', () => {
    const { schedule, calendars } = underCalendar(everySecond, 'skip', business);
    const compiled = compileSchedule(schedule, calendars);
    const began = performance.now();
    const fires = compiled.count(Date.UTC(2026, 0, 1), Date.UTC(2036, 0, 1));
    expect(performance.now() - began).toBeLessThan(500);
    // Every change of the clock comes on a Sunday, which is off: 2,608 weekdays of 86,400 s, from 01:00 on a Thursday
    // up to 01:00 on a Tuesday.
    expect(fires).toBe(2_608 * 86_400);
  });

  test('finds its way over a closed year, and says when it never fires', () => {
    const closed = businessDaysOf(
      CalendarDefinition.parse({
        dates: Array.from({ length: 365 }, (_, n) => ({
          date: dateOf(Date.UTC(2026, 0, 1) / DAY_MS + n),
        })),
      }),
    );
    const { schedule, calendars } = underCalendar(everySecond, 'skip', closed);
    const compiled = compileSchedule(schedule, calendars);
    const first = Date.parse('2027-01-01T00:00:00+01:00');
    expect(compiled.next(Date.UTC(2026, 1, 1))?.ms).toBe(first);
    expect(compiled.latest(0, Date.UTC(2026, 5, 1))).toBe(Date.parse('2025-12-31T23:59:59+01:00'));
    const never = businessDaysOf(CalendarDefinition.parse({ weekend: [0, 1, 2, 3, 4, 5, 6] }));
    const none = underCalendar(everySecond, 'skip', never);
    const ended = compileSchedule(none.schedule, none.calendars);
    expect(ended.next(0)).toBeNull();
    expect(ended.latest(0, Date.UTC(2026, 5, 1))).toBeNull();
    expect(ended.count(0, Date.UTC(2026, 5, 1))).toBe(0);
  });
});

test('a date that was moved says from which day, and why; where one stands already there is one fire', () => {
  const business = businessDaysOf(
    CalendarDefinition.parse({ dates: [{ date: '2026-12-25', name: 'Christmas Day' }] }),
  );
  const dates: Plain = {
    type: 'dates',
    at: ['2026-12-25T09:00:00Z', '2026-12-26T08:00:00Z', '2026-12-28T08:00:00Z'],
    timeZone: 'UTC',
  };
  const { schedule, calendars } = underCalendar(dates, 'next', business);
  const compiled = compileSchedule(schedule, calendars);
  const first = compiled.next(Date.UTC(2026, 11, 1));
  expect(first).toEqual({ ms: Date.parse('2026-12-28T08:00:00Z'), marks: [] });
  expect(compiled.next(first!.ms)).toEqual({
    ms: Date.parse('2026-12-28T09:00:00Z'),
    marks: [{ kind: 'moved_by_calendar', from: '2026-12-25', because: 'Christmas Day' }],
  });
  expect(compiled.count(0, Date.UTC(2027, 0, 1))).toBe(2);
});

test('an interval can only skip, and dates name no business day of the month', () => {
  const interval = {
    type: 'interval',
    everyMs: 60_000,
    anchor: '2026-01-01T00:00:00Z',
    timeZone: 'UTC',
  };
  const dates = { type: 'dates', at: ['2026-12-25T09:00:00Z'], timeZone: 'UTC' };
  const wrong = (schedule: object, calendar: object) =>
    Schedule.safeParse({ ...schedule, calendar: { key: 'works', ...calendar } }).error?.issues.map(
      ({ path }) => path.join('.'),
    );
  expect(wrong(interval, { rule: 'skip' })).toBeUndefined();
  expect(wrong(interval, { rule: 'next' })).toEqual(['calendar.rule']);
  expect(wrong(interval, { rule: 'nth', nth: [1] })).toEqual(['calendar.rule']);
  expect(wrong(dates, { rule: 'previous' })).toBeUndefined();
  expect(wrong(dates, { rule: 'nth', nth: [1] })).toEqual(['calendar.rule']);
});
