import fc from 'fast-check';
import { expect, test } from 'vitest';
import { businessDaysOf, dateOf, dayOf, type BusinessDays } from './calendars/business-days.ts';
import type { ScheduleCalendar } from './calendars/calendar-rule.ts';
import { CalendarDefinition } from './calendars/definition.ts';
import { KnownCalendars } from './calendars/known.ts';
import { CATCH_UP_RULES, type CatchUp } from './catch-up.ts';
import { compileSchedule } from './compile.ts';
import { MISSING_TIME_RULES, REPEATED_TIME_RULES } from './dst-rule.ts';
import { firesByClock, namesDay, walkClock } from './fixtures/clock-oracle.ts';
import { lineArbitrary, type MadeLine, zoneArbitrary } from './fixtures/walk.ts';
import { jitterOffsetMs } from './jitter.ts';
import { MISSED_AFTER_MS, planTicks } from './missed.ts';

/** More of them: `SCHEDULE_CASES=1000000 npm exec -- vitest run --project unit core/schedules/whole-model`. */
const CASES = Number(process.env['SCHEDULE_CASES'] ?? 10_000);

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Around a change of the clock; one that jumps over a date needs as much. */
const AROUND_MS = 30 * HOUR_MS;

const clocks = new Map<string, ReturnType<typeof walkClock>>();

function clockAt({ timeZone, nearMs }: { timeZone: string; nearMs: number }) {
  const key = `${timeZone} ${nearMs}`;
  let clock = clocks.get(key);
  if (!clock) {
    clock = walkClock(timeZone, nearMs - AROUND_MS, nearMs + AROUND_MS);
    clocks.set(key, clock);
  }
  return clock;
}

const ruleArbitrary: fc.Arbitrary<Pick<ScheduleCalendar, 'rule' | 'nth'> | null> = fc.oneof(
  fc.constant(null),
  fc.constantFrom('skip' as const, 'next' as const, 'previous' as const).map((rule) => ({ rule })),
  fc
    .uniqueArray(
      fc.integer({ min: -23, max: 23 }).filter((n) => n !== 0),
      { minLength: 1, maxLength: 6 },
    )
    .map((nth) => ({ rule: 'nth' as const, nth })),
);

/** Days off and made-up workdays, counted from the day around which the clock is walked. */
const calendarArbitrary = fc.record({
  rule: ruleArbitrary,
  weekend: fc.constantFrom<number[][]>([6, 0], [5, 6], [], [0]),
  off: fc.uniqueArray(fc.integer({ min: -6, max: 6 }), { maxLength: 6 }),
  worked: fc.uniqueArray(fc.integer({ min: -6, max: 6 }), { maxLength: 3 }),
});

const caseArbitrary = fc.record({
  line: lineArbitrary,
  place: zoneArbitrary,
  dst: fc.record({
    missing: fc.constantFrom(...MISSING_TIME_RULES),
    repeated: fc.constantFrom(...REPEATED_TIME_RULES),
  }),
  calendar: calendarArbitrary,
  jitterMs: fc.constantFrom(0, 0, 700, 90_000, 2 * HOUR_MS),
  jitterSeed: fc.constantFrom('nightly-copy', 'report', 'a', ''),
  // When the planner stopped, when it looks again, and how far it looks then.
  cursor: fc.double({ min: 0, max: 1, noNaN: true }),
  away: fc.double({ min: 0, max: 1, noNaN: true }),
  aheadMs: fc.constantFrom(0, 60_000, 3 * HOUR_MS),
  catchUp: fc.record({
    rule: fc.constantFrom(...CATCH_UP_RULES),
    most: fc.integer({ min: 1, max: 12 }),
    perMinute: fc.constantFrom(1, 60, 600),
  }),
  startDeadlineMs: fc.constantFrom(null, HOUR_MS, DAY_MS),
});

let made = 0;

test(
  `${CASES} schedules with a zone, a rule for its changes, a calendar, a jitter and a catch-up rule are planned as an oracle says that walks the clock`,
  { timeout: 0 },
  () => {
    fc.assert(
      fc.property(caseArbitrary, (given) => {
        const { line, place, dst, calendar, jitterMs, jitterSeed, catchUp } = given;
        const clock = clockAt(place);
        const business = businessDaysAround(place.nearMs, calendar);
        const days = daysByWalking(line, calendar.rule, business);
        const jitter = { jitterMs, jitterSeed };
        const offsetMs = jitterOffsetMs(jitter);
        expect(offsetMs).toBeGreaterThanOrEqual(0);
        expect(offsetMs).toBeLessThan(Math.max(1, jitterMs));
        const all = firesByClock(line, clock, dst, ({ day }) => days.has(day)).map(
          ({ ms }) => ms + offsetMs,
        );

        const calendars = new KnownCalendars();
        const key = `made-${made++}`;
        calendars.add(key, 1, business);
        const schedule = compileSchedule(
          {
            type: 'cron',
            lines: [line.text],
            timeZone: place.timeZone,
            dst,
            ...(calendar.rule && { calendar: { key, revision: 1, ...calendar.rule } }),
            ...jitter,
          },
          calendars,
        );
        // Within what was walked, however much later the jitter comes.
        const beginMs = clock.fromMs + offsetMs;
        const roomMs = clock.toMs - beginMs - given.aheadMs;
        const cursorMs = beginMs + Math.floor(given.cursor * roomMs);
        const nowMs = cursorMs + Math.floor(given.away * (beginMs + roomMs - cursorMs));
        const plan = planTicks({
          schedule,
          cursor: new Date(cursorMs),
          now: new Date(nowMs),
          horizon: new Date(nowMs + given.aheadMs),
          catchUp,
          startDeadlineMs: given.startDeadlineMs,
          accounted: [],
          maxAhead: 100_000,
        });
        const expected = planByHand(all, { cursorMs, nowMs, ...given });
        expect(
          plan.plan.map(({ at, dueAt, outcome }) => [at.getTime(), dueAt.getTime(), outcome]),
        ).toEqual(expected.runs);
        const inGaps = plan.gaps.flatMap(({ from, to, ticks, reason }) => {
          const held = all.filter((ms) => ms >= from.getTime() && ms < to.getTime());
          expect([reason, held.length]).toEqual(['missed', ticks]);
          return held;
        });
        expect(inGaps).toEqual(expected.missed);
        // Rule 1 and the sum: each fire up to the horizon is one run or stands in one gap.
        const upTo = all.filter((ms) => ms > cursorMs && ms <= nowMs + given.aheadMs);
        const accounted = [...plan.plan.map(({ at }) => at.getTime()), ...inGaps];
        expect(accounted.toSorted((a, b) => a - b)).toEqual(upTo);
      }),
      { numRuns: CASES },
    );
  },
);

function businessDaysAround(
  nearMs: number,
  { weekend, off, worked }: { weekend: number[]; off: number[]; worked: number[] },
): BusinessDays {
  const near = Math.floor(nearMs / DAY_MS);
  const named = (days: number[]) => days.map((day) => ({ date: dateOf(near + day) }));
  return businessDaysOf(
    CalendarDefinition.parse({ weekend, dates: named(off), workdays: named(worked) }),
  );
}

/** The days on which the line fires under the calendar's rule, going through every day of some years. */
function daysByWalking(
  line: MadeLine,
  calendar: Pick<ScheduleCalendar, 'rule' | 'nth'> | null,
  business: BusinessDays,
): { has: (day: number) => boolean } {
  const names = (day: number) => {
    const date = new Date(day * DAY_MS);
    return namesDay(line, { dayOfMonth: date.getUTCDate(), weekday: date.getUTCDay() });
  };
  const isWorked = (day: number) => business.isBusinessDay(day);
  if (calendar === null) return { has: names };
  switch (calendar.rule) {
    case 'skip':
      return { has: (day) => names(day) && isWorked(day) };
    case 'nth':
      return {
        has: (day) =>
          names(day) &&
          isWorked(day) &&
          placesInMonth(day, isWorked).some((n) => calendar.nth!.includes(n)),
      };
    // A day is fired on for itself, or for days off that lie right before or after it.
    case 'next':
      return { has: (day) => isWorked(day) && namesAny(day, -1, names, isWorked) };
    case 'previous':
      return { has: (day) => isWorked(day) && namesAny(day, 1, names, isWorked) };
  }
}

function namesAny(
  day: number,
  step: 1 | -1,
  names: (day: number) => boolean,
  isWorked: (day: number) => boolean,
): boolean {
  if (names(day)) return true;
  for (let one = day + step; !isWorked(one); one += step) if (names(one)) return true;
  return false;
}

/** The how-manieth business day of its month a day is, from the first one and from the last. */
function placesInMonth(day: number, isWorked: (day: number) => boolean): number[] {
  const date = dateOf(day);
  const [year = 0, month = 0] = date.split('-').map(Number);
  const first = dayOf(`${date.slice(0, 7)}-01`);
  const last = Math.floor(Date.UTC(year, month, 0) / DAY_MS);
  const count = (from: number, to: number) => {
    let worked = 0;
    for (let one = from; one <= to; one++) if (isWorked(one)) worked++;
    return worked;
  };
  return [count(first, day), -count(day, last)];
}

type Planned = [atMs: number, dueMs: number, outcome: 'run' | 'late'];

/** What is to become of the fires, said as plainly as it can be. */
function planByHand(
  all: readonly number[],
  given: {
    cursorMs: number;
    nowMs: number;
    aheadMs: number;
    catchUp: CatchUp;
    startDeadlineMs: number | null;
  },
): { runs: Planned[]; missed: number[] } {
  const { cursorMs, nowMs, aheadMs, catchUp, startDeadlineMs } = given;
  const outcome = (ms: number) =>
    startDeadlineMs !== null && nowMs - ms > startDeadlineMs ? 'late' : 'run';
  const asItIs = (ms: number): Planned => [ms, ms, outcome(ms)];
  const passed = all.filter((ms) => ms > cursorMs && ms <= nowMs);
  const coming = all.filter((ms) => ms > nowMs && ms <= nowMs + aheadMs);
  const wasAway = passed.length > 0 && passed[0]! < nowMs - MISSED_AFTER_MS;
  if (!wasAway) return { runs: [...passed, ...coming].map(asItIs), missed: [] };
  const most = { none: 0, latest: 1, all: catchUp.most }[catchUp.rule];
  const madeUp = most === 0 ? [] : passed.slice(-most);
  const spread = madeUp.map((ms, n): Planned => [
    ms,
    Math.floor(nowMs + (n * MINUTE_MS) / catchUp.perMinute),
    outcome(ms),
  ]);
  return {
    runs: [...spread, ...coming.map(asItIs)],
    missed: passed.slice(0, passed.length - madeUp.length),
  };
}
