import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileSchedule } from '../compile.ts';
import { fires } from '../fires.ts';
import { lineArbitrary, zoneArbitrary } from '../fixtures/walk.ts';
import type { Schedule } from '../schedule.ts';
import { businessDaysOf, dateOf } from './business-days.ts';
import { CalendarDefinition } from './definition.ts';
import { affectedDays, editDifference } from './edit-difference.ts';
import { KnownCalendars } from './known.ts';

const DAY_MS = 86_400_000;

const daysArbitrary = fc.record({
  weekend: fc.constantFrom<number[][]>([6, 0], [5], []),
  off: fc.array(fc.integer({ min: -8, max: 40 }), { maxLength: 8 }),
  worked: fc.array(fc.integer({ min: -8, max: 40 }), { maxLength: 4 }),
});

test('an edit’s difference is that of the two lists of fires, and lies on the affected days alone', () => {
  fc.assert(
    fc.property(
      fc.array(lineArbitrary, { minLength: 1, maxLength: 2 }),
      zoneArbitrary,
      daysArbitrary,
      daysArbitrary,
      fc.constantFrom('skip' as const, 'next' as const, 'previous' as const, 'nth' as const),
      fc.constantFrom(0, 45_000, 5 * 3_600_000),
      (lines, { timeZone, nearMs }, before, after, rule, jitterMs) => {
        const near = Math.floor(nearMs / DAY_MS);
        const named = (days: number[]) => days.map((day) => ({ date: dateOf(near + day) }));
        const [old, edited] = [before, after].map(({ weekend, off, worked }) =>
          businessDaysOf(
            CalendarDefinition.parse({ weekend, dates: named(off), workdays: named(worked) }),
          ),
        ) as [ReturnType<typeof businessDaysOf>, ReturnType<typeof businessDaysOf>];
        const calendars = new KnownCalendars();
        calendars.add('works', 1, old);
        calendars.add('works', 2, edited);
        const under = (revision: number) => {
          const schedule: Schedule = {
            type: 'cron',
            lines: lines.map(({ text }) => text),
            timeZone,
            calendar: { key: 'works', revision, rule, nth: [1, 3, -1] },
            jitterMs,
            jitterSeed: 'x',
          };
          return compileSchedule(schedule, calendars);
        };
        const range = { after: new Date(nearMs), until: new Date(nearMs + 30 * DAY_MS) };
        const listed = (revision: number) =>
          new Set([...fires(under(revision), range)].map(({ at }) => at.getTime()));
        const [was, will] = [listed(1), listed(2)];
        const affected = affectedDays(old, edited, { from: near, until: near + 30 });
        const days = rule === 'nth' ? affected.ofMonths : affected.moved;
        const found = editDifference(under(1), under(2), range, (day) => days.has(day));
        const gone = [...was].filter((ms) => !will.has(ms));
        const come = [...will].filter((ms) => !was.has(ms));
        expect([found.vanish, found.fresh]).toEqual([gone.length, come.length]);
        expect(found.first.map(({ atMs }) => atMs)).toEqual(
          [...gone, ...come].toSorted((a, b) => a - b).slice(0, 5),
        );
      },
    ),
    { numRuns: 200 },
  );
}, 60_000);

test('a quarter of a year of seconds is compared at once', () => {
  const calendars = new KnownCalendars();
  const old = businessDaysOf(CalendarDefinition.parse({}));
  const edited = businessDaysOf(CalendarDefinition.parse({ dates: [{ date: '2026-12-24' }] }));
  calendars.add('works', 1, old);
  calendars.add('works', 2, edited);
  const under = (revision: number) =>
    compileSchedule(
      {
        type: 'interval',
        everyMs: 1_000,
        anchor: '2026-01-01T00:00:00Z',
        timeZone: 'Europe/Berlin',
        calendar: { key: 'works', revision, rule: 'skip' },
      },
      calendars,
    );
  const range = {
    after: new Date('2026-11-21T00:00:00Z'),
    until: new Date('2027-02-19T00:00:00Z'),
  };
  const began = performance.now();
  const found = editDifference(under(1), under(2), range, () => true);
  expect(performance.now() - began).toBeLessThan(200);
  expect(found).toMatchObject({ vanish: 86_400, fresh: 0 });
  expect(found.first[0]).toEqual({ atMs: Date.parse('2026-12-23T23:00:00Z'), sign: 'vanishes' });
});
