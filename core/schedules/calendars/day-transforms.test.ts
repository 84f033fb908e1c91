import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyOf } from '../day-rules.ts';
import { cronDays, type DayRule } from '../days.ts';
import { businessDaysOf, dateOf, dayOf } from './business-days.ts';
import type { ScheduleCalendar } from './calendar-rule.ts';
import { CalendarDefinition } from './definition.ts';
import { daysUnder } from './day-transforms.ts';

const FIRST = dayOf('2026-01-01');
const LAST = dayOf('2026-12-31');

const everyDay = { dayOfMonth: '*', month: '*', weekday: '*', year: '*', needsBoth: false };
const rules: fc.Arbitrary<DayRule> = fc.oneof(
  fc.constant(cronDays(everyDay)),
  fc.integer({ min: 1, max: 31 }).map((day) => cronDays({ ...everyDay, dayOfMonth: `${day}` })),
  fc.constant(cronDays({ ...everyDay, dayOfMonth: 'L' })),
  fc.constantFrom('0', '1', '5', '6,0', '1-5').map((weekday) => cronDays({ ...everyDay, weekday })),
  fc
    .tuple(fc.integer({ min: 1, max: 28 }), fc.constantFrom('1', '3'))
    .map(([day, weekday]) =>
      anyOf([
        cronDays({ ...everyDay, dayOfMonth: `${day}` }),
        cronDays({ ...everyDay, weekday, month: '5' }),
      ]),
    ),
);

const dates = (maxLength: number) =>
  fc
    .array(fc.integer({ min: FIRST - 40, max: LAST + 40 }), { maxLength })
    .map((days) => days.map((day) => ({ date: dateOf(day), name: '' })));

/** Also ones that close whole weeks, and weeks of seven weekend days. */
const calendars = fc
  .record({
    weekend: fc.constantFrom<number[][]>([6, 0], [5, 6], [], [0], [0, 1, 2, 3, 4, 5, 6]),
    dates: dates(60),
    closed: fc.tuple(fc.integer({ min: FIRST, max: LAST }), fc.integer({ min: 0, max: 50 })),
    workdays: dates(12),
  })
  .map(({ weekend, dates: off, closed: [from, days], workdays }) => {
    const stretch = Array.from({ length: days }, (_, n) => ({ date: dateOf(from + n), name: '' }));
    return businessDaysOf(
      CalendarDefinition.parse({ weekend, dates: [...off, ...stretch], workdays }),
    );
  });

const calendarRules: fc.Arbitrary<ScheduleCalendar> = fc.oneof(
  fc
    .constantFrom('skip' as const, 'next' as const, 'previous' as const)
    .map((rule) => ({ key: 'any', rule })),
  fc
    .uniqueArray(
      fc.integer({ min: -23, max: 23 }).filter((n) => n !== 0),
      { minLength: 1, maxLength: 4 },
    )
    .map((nth) => ({ key: 'any', rule: 'nth' as const, nth })),
);

test('the days under a calendar are what going through every day gives, forwards and backwards', () => {
  fc.assert(
    fc.property(
      rules,
      calendars,
      calendarRules,
      fc.integer({ min: FIRST + 120, max: LAST - 120 }),
      (days, business, calendar, from) => {
        const under = daysUnder(calendar, business)(days);
        const named: number[] = [];
        for (let day = FIRST - 100; day <= LAST + 100; day++)
          if (days.next(day) === day) named.push(day);
        const expected = new Set(named.flatMap((day) => byWalking(day, calendar, business) ?? []));
        if (calendar.rule === 'nth') {
          for (const day of expected) if (!named.includes(day)) expected.delete(day);
        }
        const sorted = [...expected].toSorted((a, b) => a - b);
        const isNear = (day: number | null | undefined) =>
          day === null || day === undefined || day > LAST || day < FIRST ? 'far' : day;
        const near = Array.from({ length: 40 }, (_, n) => from + n);
        // In both directions: what one question found out must not mislead another.
        const asked = [FIRST - 90, LAST + 90, ...near, ...near.toReversed(), FIRST - 90, LAST + 90];
        expect(asked.map((day) => [isNear(under.next(day)), isNear(under.previous(day))])).toEqual(
          asked.map((day) => [
            isNear(sorted.find((one) => one >= day)),
            isNear(sorted.findLast((one) => one <= day)),
          ]),
        );
      },
    ),
    { numRuns: 50 },
  );
}, 60_000);

function byWalking(
  day: number,
  { rule, nth = [] }: ScheduleCalendar,
  business: ReturnType<typeof businessDaysOf>,
): number[] | null {
  const worked = (one: number) => business.isBusinessDay(one);
  if (rule === 'skip') return worked(day) ? [day] : null;
  if (rule === 'nth') {
    const date = new Date(day * 86_400_000);
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
    const inMonth: number[] = [];
    for (let n = 1; n <= new Date(Date.UTC(year, month + 1, 0)).getUTCDate(); n++) {
      const one = Date.UTC(year, month, n) / 86_400_000;
      if (worked(one)) inMonth.push(one);
    }
    return nth.flatMap((n) => inMonth.at(n > 0 ? n - 1 : n) ?? []).filter((one) => one === day);
  }
  const step = rule === 'next' ? 1 : -1;
  for (let one = day; Math.abs(one - day) <= 500; one += step) if (worked(one)) return [one];
  return null;
}

test('where no business day comes, the search ends and says never', () => {
  const none = businessDaysOf(CalendarDefinition.parse({ weekend: [0, 1, 2, 3, 4, 5, 6] }));
  const began = performance.now();
  for (const calendar of [
    { key: 'none', rule: 'skip' as const },
    { key: 'none', rule: 'next' as const },
    { key: 'none', rule: 'previous' as const },
    { key: 'none', rule: 'nth' as const, nth: [1] },
  ]) {
    const under = daysUnder(calendar, none)(cronDays(everyDay));
    expect(under.next(FIRST)).toBeNull();
    expect(under.previous(FIRST)).toBeNull();
  }
  const weekdays = businessDaysOf(CalendarDefinition.parse({}));
  const sundays = daysUnder(
    { key: 'none', rule: 'skip' },
    weekdays,
  )(cronDays({ ...everyDay, weekday: '0' }));
  expect(sundays.next(FIRST)).toBeNull();
  expect(performance.now() - began).toBeLessThan(2_000);
});
