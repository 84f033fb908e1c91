import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { businessDaysOf } from './calendars/business-days.ts';
import { CalendarDefinition } from './calendars/definition.ts';
import { KnownCalendars } from './calendars/known.ts';
import { compileSchedule } from './compile.ts';
import type { FireDifference } from './fire-counts.ts';
import { differenceOfFires } from './fire-difference.ts';
import { fires } from './fires.ts';
import { lineArbitrary, zoneArbitrary } from './fixtures/walk.ts';
import { Schedule } from './schedule.ts';

const DAY_MS = 86_400_000;

const calendars = new KnownCalendars();
calendars.add(
  'works',
  1,
  businessDaysOf(CalendarDefinition.parse({ dates: [{ date: '2027-03-25', name: 'Inventory' }] })),
);
const compiled = (schedule: object) => compileSchedule(Schedule.parse(schedule), calendars);
const cron = (lines: string[], more: object = {}) => ({
  type: 'cron',
  lines,
  timeZone: 'Europe/Berlin',
  ...more,
});
const second = {
  type: 'interval',
  everyMs: 1_000,
  anchor: '2027-01-01T00:00:00Z',
  timeZone: 'UTC',
};

const after = new Date('2027-03-23T01:40:12Z');

function difference(saved: object, edited: object, days: number, limit = 50): FireDifference {
  const until = new Date(after.getTime() + days * DAY_MS);
  return differenceOfFires(compiled(saved), compiled(edited), { after, until, columns: 24, limit });
}

const told = ({ changed }: FireDifference) =>
  changed.map(({ atMs, fate }) => `${fate} ${new Date(atMs).toISOString().slice(5, 16)}`);

describe('the difference that an edit makes', () => {
  test('says of every fire whether it stays, vanishes or is new', () => {
    const found = difference(
      cron(['30 2 * * *', '0 9 * * *']),
      cron(['30 2 * * *', '0 10 * * *']),
      2,
    );
    expect(found).toMatchObject({ saved: 4, edited: 4, kept: 2, isCut: false });
    expect(told(found)).toEqual([
      'vanishes 03-23T08:00',
      'new 03-23T09:00',
      'vanishes 03-24T08:00',
      'new 03-24T09:00',
    ]);
  });

  test('finds a first change that lies behind any number of fires', () => {
    const found = difference(
      cron(['* * * * * *']),
      cron(['* * * * * *'], { endsAt: '2027-03-29T11:59:59Z' }),
      30,
      3,
    );
    expect(told(found)).toEqual([
      'vanishes 03-29T12:00',
      'vanishes 03-29T12:00',
      'vanishes 03-29T12:00',
    ]);
    expect(found.isCut).toBe(true);
  });

  test('counts exactly what is too much to go through, where both stand on one clock', () => {
    const found = difference(cron(['* * * * * *']), cron(['*/10 * * * * *', '5 * * * * *']), 30);
    expect(found.saved).toBe(30 * 86_400);
    expect(found.edited).toBe(30 * 60 * 24 * 7);
    expect(found.kept).toBe(found.edited);
    expect(found.changed).toHaveLength(50);
  });

  test('says so where nobody can count what two have in common', () => {
    const found = difference(second, cron(['*/10 * * * * *']), 30);
    expect(found.kept).toBeNull();
    expect(found).toMatchObject({ saved: 30 * 86_400, edited: 30 * 8_640, isCut: true });
  });

  test('sees bounds, dates, spreading and calendars', () => {
    const daily = cron(['0 9 * * *']);
    expect(difference(daily, { ...daily, startsAt: '2027-03-25T00:00:00Z' }, 4)).toMatchObject({
      saved: 4,
      kept: 2,
      edited: 2,
    });
    const dates = { type: 'dates', at: ['2027-03-24T08:00:00Z'], timeZone: 'UTC' };
    expect(difference(daily, dates, 4)).toMatchObject({ saved: 4, kept: 1, edited: 1 });
    const spread = { ...daily, jitterMs: 3_600_000, jitterSeed: 'nightly' };
    expect(difference(daily, spread, 4)).toMatchObject({ saved: 4, kept: 0, edited: 4 });
    const working = { ...daily, calendar: { key: 'works', revision: 1, rule: 'skip' } };
    expect(told(difference(daily, working, 4))).toEqual(['vanishes 03-25T08:00']);
    expect(difference(working, working, 4)).toMatchObject({ saved: 3, kept: 3, edited: 3 });
    expect(difference({ type: 'manual' }, daily, 4)).toMatchObject({ saved: 0, edited: 4 });
  });

  test('takes milliseconds for a month of seconds', () => {
    const startMs = performance.now();
    difference(second, { ...second, everyMs: 7_000 }, 31);
    difference(cron(['* * * * * *']), cron(['*/7 * * * * *']), 31);
    expect(performance.now() - startMs).toBeLessThan(2_000);
  });
});

describe('the difference of any two schedules', () => {
  const schedule = fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .record({
          lines: fc.array(lineArbitrary, { minLength: 1, maxLength: 2 }),
          startsInMs: fc.option(fc.integer({ min: -DAY_MS, max: 2 * DAY_MS }), { freq: 4 }),
          endsInMs: fc.option(fc.integer({ min: 2 * DAY_MS, max: 4 * DAY_MS }), { freq: 4 }),
          jitterMs: fc.option(fc.constantFrom(60_000, 3_600_000), { freq: 4 }),
          isOnUtc: fc.boolean(),
        })
        .map(
          ({ lines, startsInMs, endsInMs, jitterMs, isOnUtc }) =>
            (timeZone: string, fromMs: number) => ({
              type: 'cron',
              lines: lines.map(({ text }) => text),
              timeZone: isOnUtc ? 'UTC' : timeZone,
              ...(startsInMs !== null && { startsAt: new Date(fromMs + startsInMs).toISOString() }),
              ...(endsInMs !== null && { endsAt: new Date(fromMs + endsInMs).toISOString() }),
              ...(jitterMs !== null && { jitterMs, jitterSeed: 'x' }),
            }),
        ),
    },
    fc.constantFrom(60_000, 420_000, 3_600_000).map((everyMs) => () => ({
      type: 'interval',
      everyMs,
      anchor: '2020-01-01T00:00:00Z',
      timeZone: 'UTC',
    })),
  );

  test('is what sets of their fires say, however it was counted', () => {
    fc.assert(
      fc.property(
        schedule,
        schedule,
        zoneArbitrary,
        fc.integer({ min: 1, max: 40 }),
        (one, other, { timeZone, nearMs }, columns) => {
          const fromMs = nearMs - DAY_MS;
          const parsed = [one, other].map(
            (make) => Schedule.safeParse(make(timeZone, fromMs)).data,
          );
          fc.pre(parsed.every((read) => read !== undefined));
          const [saved, edited] = parsed.map((read) => compileSchedule(read));
          const stretch = { after: new Date(fromMs), until: new Date(fromMs + 3 * DAY_MS) };
          const found = differenceOfFires(saved!, edited!, { ...stretch, columns, limit: 200 });
          const before = new Set([...fires(saved!, stretch)].map(({ at }) => at.getTime()));
          const next = new Set([...fires(edited!, stretch)].map(({ at }) => at.getTime()));
          expect(found.saved).toBe(before.size);
          expect(found.edited).toBe(next.size);
          expect(found.kept).toBe([...before].filter((ms) => next.has(ms)).length);
          const changed = [...new Set([...before, ...next])]
            .filter((ms) => before.has(ms) !== next.has(ms))
            .toSorted((a, b) => a - b);
          expect(found.changed.map(({ atMs }) => atMs)).toEqual(
            changed.slice(0, found.changed.length),
          );
          expect(found.isCut).toBe(changed.length > found.changed.length);
          for (const { atMs, fate } of found.changed) {
            expect(fate).toBe(before.has(atMs) ? 'vanishes' : 'new');
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});
