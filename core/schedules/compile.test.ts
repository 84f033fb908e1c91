import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { businessDaysOf, dateOf } from './calendars/business-days.ts';
import { CalendarDefinition } from './calendars/definition.ts';
import { KnownCalendars } from './calendars/known.ts';
import { compileSchedule, type CompiledSchedule } from './compile.ts';
import { completeSchedule, withoutOwnParts } from './complete.ts';
import { lineArbitrary, zoneArbitrary } from './fixtures/walk.ts';
import type { FromEnd } from './from-end.ts';
import { jitterOffsetMs } from './jitter.ts';
import { Schedule } from './schedule.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type Timed = Exclude<Schedule, { type: 'manual' } | FromEnd>;

function walk(schedule: CompiledSchedule, afterMs: number, untilMs: number): number[] {
  const found: number[] = [];
  for (let fire = schedule.next(afterMs); fire !== null && fire.ms <= untilMs;) {
    found.push(fire.ms);
    fire = schedule.next(fire.ms);
  }
  return found;
}

/** A schedule without limits, and where its zone's clock changes. */
const plainArbitrary: fc.Arbitrary<{ plain: Timed; nearMs: number }> = zoneArbitrary.chain(
  ({ timeZone, nearMs }) =>
    fc
      .oneof(
        fc.array(lineArbitrary, { minLength: 1, maxLength: 3 }).map((lines): Timed => ({
          type: 'cron',
          lines: lines.map(({ text }) => text),
          timeZone,
        })),
        fc.integer({ min: 61_000, max: 40 * HOUR_MS }).map((everyMs): Timed => ({
          type: 'interval',
          everyMs,
          anchor: '2025-01-01T00:00:00.123Z',
          timeZone,
        })),
        fc
          .array(fc.integer({ min: -6 * DAY_MS, max: 6 * DAY_MS }), { minLength: 1, maxLength: 30 })
          .map((at): Timed => ({
            type: 'dates',
            at: at.map((ms) => new Date(nearMs + ms).toISOString()),
            timeZone,
          })),
      )
      .map((plain) => ({ plain, nearMs })),
);

const limitsArbitrary = fc.record({
  start: fc.option(fc.integer({ min: -5 * DAY_MS, max: 2 * DAY_MS })),
  lasts: fc.option(fc.integer({ min: 1, max: 5 * DAY_MS })),
  maxFires: fc.option(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 6, max: 400 }))),
  jitterMs: fc.constantFrom(0, 1, 700, 1_000, 45_000, 5 * HOUR_MS),
  jitterSeed: fc.string(),
});

test('start, end, number of fires and jitter do to any schedule what they do to its list of fires', () => {
  fc.assert(
    fc.property(
      plainArbitrary,
      limitsArbitrary,
      fc.integer({ min: -6 * DAY_MS, max: 6 * DAY_MS }),
      fc.integer({ min: 0, max: 6 * DAY_MS }),
      ({ plain, nearMs }, { start, lasts, maxFires, jitterMs, jitterSeed }, from, lasting) => {
        const startMs = start === null ? null : nearMs + start;
        const endMs = lasts === null ? null : (startMs ?? nearMs) + lasts;
        const counted = startMs === null ? null : maxFires;
        const limited = compileSchedule({
          ...plain,
          ...(startMs !== null && { startsAt: new Date(startMs).toISOString() }),
          ...(endMs !== null && { endsAt: new Date(endMs).toISOString() }),
          ...(counted !== null && { maxFires: counted }),
          ...(jitterMs > 0 && { jitterMs, jitterSeed }),
        });
        const offsetMs = jitterOffsetMs({ jitterMs, jitterSeed });
        // Whoever begins earlier than all of these instants has the whole list.
        const all = walk(
          compileSchedule(plain),
          (startMs ?? nearMs - 8 * DAY_MS) - 1,
          nearMs + 14 * DAY_MS,
        )
          .filter((ms) => endMs === null || ms <= endMs)
          .slice(0, counted ?? undefined)
          .map((ms) => ms + offsetMs);
        const afterMs = nearMs + from;
        const untilMs = afterMs + lasting;
        const expected = all.filter((ms) => ms > afterMs && ms <= untilMs);
        expect(walk(limited, afterMs, untilMs)).toEqual(expected);
        expect(limited.count(afterMs, untilMs)).toBe(expected.length);
        expect(limited.latest(afterMs, untilMs)).toBe(expected.at(-1) ?? null);
      },
    ),
    { numRuns: 500 },
  );
});

const calendarArbitrary = fc.record({
  weekend: fc.constantFrom<number[][]>([6, 0], [5], [0, 1, 2, 3, 4, 5, 6]),
  off: fc.array(fc.integer({ min: -40, max: 40 }), { maxLength: 40 }),
  worked: fc.array(fc.integer({ min: -40, max: 40 }), { maxLength: 10 }),
});
let made = 0;

test('under a calendar, too, what is counted and what is found from the end is what comes one by one', () => {
  const calendars = new KnownCalendars();
  fc.assert(
    fc.property(
      fc.array(lineArbitrary, { minLength: 1, maxLength: 3 }),
      zoneArbitrary,
      calendarArbitrary,
      fc.constantFrom('skip' as const, 'next' as const, 'previous' as const, 'nth' as const),
      fc.integer({ min: -20 * 24, max: 20 * 24 }),
      fc.constantFrom(0, 45_000, 5 * HOUR_MS),
      (lines, { timeZone, nearMs }, { weekend, off, worked }, rule, fromHours, jitterMs) => {
        const key = `made-${made++}`;
        const near = Math.floor(nearMs / DAY_MS);
        const named = (days: number[]) => days.map((day) => ({ date: dateOf(near + day) }));
        const business = businessDaysOf(
          CalendarDefinition.parse({ weekend, dates: named(off), workdays: named(worked) }),
        );
        calendars.add(key, 1, business);
        const schedule = compileSchedule(
          {
            type: 'cron',
            lines: lines.map(({ text }) => text),
            timeZone,
            calendar: { key, revision: 1, rule, nth: [1, 3, -1] },
            jitterMs,
            jitterSeed: key,
          },
          calendars,
        );
        const afterMs = nearMs + fromHours * HOUR_MS;
        const untilMs = afterMs + 15 * DAY_MS;
        const all = walk(schedule, afterMs, untilMs);
        expect(schedule.count(afterMs, untilMs)).toBe(all.length);
        expect(schedule.latest(afterMs, untilMs)).toBe(all.at(-1) ?? null);
      },
    ),
    { numRuns: 200 },
  );
});

test('the end of a large number of fires is found by counting', () => {
  const schedule = compileSchedule({
    type: 'cron',
    lines: ['* * * * * *'],
    timeZone: 'Europe/Berlin',
    startsAt: '2026-01-01T00:00:00Z',
    maxFires: 1_000_000,
  });
  const last = Date.UTC(2026, 0, 1) + 999_999_000;
  expect(schedule.next(last - 1)?.ms).toBe(last);
  expect(schedule.next(last)).toBeNull();
  expect(schedule.count(0, 8.64e15)).toBe(1_000_000);
});

describe('jitter', () => {
  const daily: Timed = { type: 'cron', lines: ['0 3 * * *'], timeZone: 'UTC', jitterMs: 600_000 };

  test('a fire says when it would have come', () => {
    const offsetMs = jitterOffsetMs({ ...daily, jitterSeed: 'nightly-backup' });
    expect(compileSchedule({ ...daily, jitterSeed: 'nightly-backup' }).next(0)).toEqual({
      ms: 3 * HOUR_MS + offsetMs,
      marks: [{ kind: 'jittered', nominal: '1970-01-01T03:00:00.000Z' }],
    });
  });

  test('jobs spread over the whole window, by whole seconds', () => {
    const offsets = Array.from({ length: 6_000 }, (_, index) =>
      jitterOffsetMs({ jitterMs: 600_000, jitterSeed: `import-${index}` }),
    );
    const inMinute = new Map<number, number>();
    for (const ms of offsets) {
      expect(ms % 1_000).toBe(0);
      expect(ms).toBeLessThan(600_000);
      const minute = Math.floor(ms / 60_000);
      inMinute.set(minute, (inMinute.get(minute) ?? 0) + 1);
    }
    expect(inMinute.size).toBe(10);
    for (const jobs of inMinute.values()) expect(jobs).toBeGreaterThan(480);
  });

  test('a place never changes from one version to the next', () => {
    const places = ['a', 'nightly-backup', ''].map((jitterSeed) =>
      jitterOffsetMs({ jitterMs: 3_600_000, jitterSeed }),
    );
    expect(places).toMatchInlineSnapshot(`
      [
        2115000,
        2414000,
        923000,
      ]
    `);
  });
});

describe('what saving fills in', () => {
  const now = new Date('2026-05-01T00:00:00.000Z');
  const bare: Timed = {
    type: 'cron',
    lines: ['0 3 * * *'],
    timeZone: 'UTC',
    maxFires: 3,
    jitterMs: 60_000,
  };
  const full = { ...bare, startsAt: now.toISOString(), jitterSeed: 'report' };

  test('the start of a number of fires, and the job’s place in its jitter', () => {
    expect(completeSchedule(bare, { key: 'report', now, before: null })).toEqual(full);
    const plain: Timed = { type: 'cron', lines: ['0 3 * * *'], timeZone: 'UTC' };
    expect(completeSchedule(plain, { key: 'report', now, before: null })).toEqual(plain);
  });

  test('stays when the job is saved again, also under another key', () => {
    const later = new Date('2027-01-01T00:00:00Z');
    expect(completeSchedule(bare, { key: 'renamed', now: later, before: full })).toEqual(full);
    expect(completeSchedule(full, { key: 'renamed', now: later, before: full })).toEqual(full);
  });

  test('isn’t taken over by a copy', () => {
    expect(withoutOwnParts(full)).toEqual(bare);
  });
});

describe('limits that can’t be are refused at their field', () => {
  const cron = { type: 'cron', lines: ['0 3 * * *'], timeZone: 'UTC' };
  test.each([
    ['startsAt', { startsAt: 'soon' }, 'The start is an instant in UTC from 1970'],
    ['endsAt', { endsAt: '2026-02-30T00:00:00Z' }, 'The end is an instant in UTC'],
    [
      'endsAt',
      { startsAt: '2026-01-02T00:00:00Z', endsAt: '2026-01-02T00:00:00Z' },
      'Give a later end',
    ],
    [
      'endsAt',
      { startsAt: '2026-01-02T04:00:00Z', endsAt: '2026-01-03T02:00:00Z' },
      'never fires between',
    ],
    ['maxFires', { maxFires: 0 }, 'from 1 to 1,000,000'],
    ['maxFires', { maxFires: 1.5 }, 'whole number'],
    ['jitterMs', { jitterMs: 86_400_001 }, '86,400,000'],
    ['jitterMs', { jitterMs: '5m' }, 'whole number'],
    ['dialect', { dialect: 'cobol' }, 'Choose a dialect: unix, croner, quartz, systemd.'],
    ['dst.missing', { dst: { missing: 'twice', repeated: 'first' } }, 'end, skip, shift'],
  ])('%s: %j', (path, limits, message) => {
    const parsed = Schedule.safeParse({ ...cron, ...limits });
    const issue = parsed.error?.issues.find((one) => one.path.join('.') === path);
    expect(issue?.message).toMatch(message);
  });

  test('dates', () => {
    const at = (dates: unknown) =>
      Schedule.safeParse({ type: 'dates', at: dates, timeZone: 'UTC' }).error?.issues[0];
    expect(at([])?.message).toContain('Give 1 to 1,000 dates');
    expect(at(Array(1_001).fill('2026-01-01T00:00:00Z'))?.message).toContain('Give 1 to 1,000');
    expect(at(['2026-01-01T00:00:00Z', 'tomorrow'])).toMatchObject({ path: ['at', 1] });
    expect(at(['2026-01-01T00:00:00Z'])).toBeUndefined();
  });
});
