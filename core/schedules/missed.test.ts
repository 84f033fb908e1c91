import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CatchUp } from './catch-up.ts';
import { Coverage } from './blackouts/coverage.ts';
import { countFires, fires, nextFire } from './fixtures/of-schedule.ts';
import { lineArbitrary, zoneArbitrary } from './fixtures/walk.ts';
import { compileSchedule } from './compile.ts';
import type { FromEnd } from './from-end.ts';
import { planTicks } from './missed.ts';
import type { Plan, PlanInput } from './plan.ts';
import type { Span } from './spans.ts';
import type { Schedule } from './schedule.ts';

const NOW = new Date('2026-05-04T12:00:00Z');
const EVERY_MINUTE: Schedule = { type: 'cron', lines: ['* * * * *'], timeZone: 'UTC' };
const EVERY_SECOND: Schedule = { type: 'cron', lines: ['* * * * * *'], timeZone: 'UTC' };

type Over = Partial<Omit<PlanInput, 'schedule' | 'catchUp'>> & {
  schedule?: Schedule;
  catchUp?: Partial<CatchUp>;
};

function plan({ schedule = EVERY_MINUTE, catchUp, ...over }: Over): Plan {
  return planTicks({
    schedule: compileSchedule(schedule),
    cursor: new Date('2026-05-04T11:59:59Z'),
    now: NOW,
    horizon: new Date(NOW.getTime() + 60_000),
    catchUp: { rule: 'latest', most: 100, perMinute: 60, ...catchUp },
    startDeadlineMs: 86_400_000,
    accounted: [],
    ...over,
  });
}

function ticks({ plan: planned }: Plan): string[] {
  return planned.map(({ at, outcome }) => `${at.toISOString().slice(11, 19)} ${outcome}`);
}

function gaps(result: Plan): string[] {
  return result.gaps.map(
    ({ from, to, ticks: count }) =>
      `${from.toISOString().slice(11, 23)} ${to.toISOString().slice(11, 23)} ${count}`,
  );
}

function clock(time: string): Date {
  return new Date(`2026-05-04T${time}Z`);
}

test('fires up to the horizon are planned as they are while nobody was away', () => {
  const result = plan({});
  expect(ticks(result)).toEqual(['12:00:00 run', '12:01:00 run']);
  expect(result.gaps).toEqual([]);
  expect(result.plannedUntil).toEqual(clock('12:01:00'));
  expect(result.nextTickAt).toEqual(clock('12:02:00'));
});

test('a planner that is 5 s late was not away', () => {
  const late = { schedule: EVERY_SECOND, horizon: NOW, cursor: clock('11:59:54') };
  expect(plan(late).plan).toHaveLength(6);
  expect(plan(late).gaps).toEqual([]);
  expect(gaps(plan({ ...late, cursor: clock('11:59:53') }))).toEqual([
    '11:59:54.000 12:00:00.000 6',
  ]);
});

describe('after the planner was away', () => {
  const away = { cursor: clock('11:50:00') };

  test('the latest missed tick runs, the others stand in a gap that doesn’t hold it', () => {
    const result = plan(away);
    expect(ticks(result)).toEqual(['12:00:00 run', '12:01:00 run']);
    expect(gaps(result)).toEqual(['11:51:00.000 12:00:00.000 9']);
  });

  test('under none every missed tick stands in the gap', () => {
    const result = plan({ ...away, catchUp: { rule: 'none' } });
    expect(ticks(result)).toEqual(['12:01:00 run']);
    expect(gaps(result)).toEqual(['11:51:00.000 12:00:00.001 10']);
  });

  test('under all every missed tick runs, spread over the time to come', () => {
    const result = plan({ ...away, catchUp: { rule: 'all', perMinute: 4 } });
    expect(gaps(result)).toEqual([]);
    expect(result.plan.map(({ at, dueAt }) => [at, dueAt])).toEqual([
      ...Array.from({ length: 10 }, (_, n) => [
        new Date(clock('11:51:00').getTime() + n * 60_000),
        new Date(NOW.getTime() + n * 15_000),
      ]),
      [clock('12:01:00'), clock('12:01:00')],
    ]);
  });

  test('under all the oldest beyond the cap stand in a gap', () => {
    const accounted = [{ from: clock('11:56:00'), to: clock('11:57:30') }];
    const result = plan({ ...away, accounted, catchUp: { rule: 'all', most: 4 } });
    expect(ticks(result)).toEqual([
      '11:55:00 run',
      '11:58:00 run',
      '11:59:00 run',
      '12:00:00 run',
      '12:01:00 run',
    ]);
    expect(gaps(result)).toEqual(['11:51:00.000 11:55:00.000 4']);
  });

  test('under all what is past its start deadline is recorded as late', () => {
    const result = plan({ ...away, startDeadlineMs: 90_000, catchUp: { rule: 'all', most: 3 } });
    expect(ticks(result)).toEqual([
      '11:58:00 late',
      '11:59:00 run',
      '12:00:00 run',
      '12:01:00 run',
    ]);
  });

  test('gaps keep off what is accounted for already', () => {
    const accounted = [{ from: clock('11:53:00'), to: clock('11:55:30') }];
    expect(gaps(plan({ ...away, accounted }))).toEqual([
      '11:51:00.000 11:53:00.000 2',
      '11:55:30.000 12:00:00.000 4',
    ]);
  });

  test('a tick that is accounted for isn’t the latest one', () => {
    const accounted = [{ from: clock('11:55:00'), to: clock('12:00:30') }];
    const result = plan({ ...away, accounted });
    expect(ticks(result)).toEqual(['11:54:00 run', '12:01:00 run']);
    expect(gaps(result)).toEqual(['11:51:00.000 11:54:00.000 3']);
  });

  test('a stretch without an end accounts for all that comes', () => {
    const result = plan({ ...away, accounted: [{ from: clock('11:00:00'), to: null }] });
    expect(result).toMatchObject({ plan: [], gaps: [], plannedUntil: NOW });
  });

  test('the latest tick past its start deadline is recorded as late', () => {
    const daily: Schedule = { type: 'cron', lines: ['0 3 * * *'], timeZone: 'UTC' };
    const input = { schedule: daily, cursor: new Date('2026-05-01T03:00:00Z') };
    expect(ticks(plan({ ...input, startDeadlineMs: 9 * 3_600_000 }))).toEqual(['03:00:00 run']);
    expect(ticks(plan({ ...input, startDeadlineMs: 9 * 3_600_000 - 1 }))).toEqual([
      '03:00:00 late',
    ]);
    expect(ticks(plan({ ...input, startDeadlineMs: null }))).toEqual(['03:00:00 run']);
  });

  test('a year of a per-second schedule is counted, not built', () => {
    const began = performance.now();
    const schedule: Schedule = { ...EVERY_SECOND, timeZone: 'Europe/Berlin' };
    const result = plan({ schedule, cursor: new Date('2025-05-04T12:00:00Z') });
    expect(result.gaps[0]?.ticks).toBe(365 * 86_400 - 1);
    expect(result.plan).toHaveLength(1 + 60);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

test('a plan has at most maxAhead ticks, and the cursor stops at the last', () => {
  const result = plan({ schedule: EVERY_SECOND, cursor: NOW, maxAhead: 20 });
  expect(result.plan).toHaveLength(20);
  expect(result.plannedUntil).toEqual(clock('12:00:20'));
  expect(result.nextTickAt).toEqual(clock('12:00:21'));
});

test('the cursor stays behind what wasn’t planned yet, and never goes back', () => {
  const daily: Schedule = { type: 'cron', lines: ['0 3 * * *'], timeZone: 'UTC' };
  expect(plan({ schedule: daily }).plannedUntil).toEqual(NOW);
  expect(plan({ schedule: daily, cursor: clock('12:00:40') }).plannedUntil).toEqual(
    clock('12:00:40'),
  );
});

test('a schedule that has ended has no next tick', () => {
  const schedule: Schedule = { ...EVERY_MINUTE, endsAt: '2026-05-04T12:00:00Z' };
  const result = plan({ schedule });
  expect(ticks(result)).toEqual(['12:00:00 run']);
  expect(result.nextTickAt).toBeNull();
});

test('a manual schedule plans nothing', () => {
  expect(plan({ schedule: { type: 'manual' } })).toEqual({
    plan: [],
    gaps: [],
    plannedUntil: NOW,
    isCutOff: false,
    nextTickAt: null,
    standIn: null,
  });
});

const scheduleArbitrary: fc.Arbitrary<Exclude<Schedule, { type: 'manual' } | FromEnd>> = fc.oneof(
  fc
    .tuple(fc.array(lineArbitrary, { minLength: 1, maxLength: 3 }), fc.boolean(), zoneArbitrary)
    .map(([lines, withSeconds, { timeZone }]) => {
      const texts = lines.map(({ text }) => (withSeconds ? `*/13 ${text}` : text));
      return { type: 'cron' as const, lines: texts, timeZone };
    }),
  fc.integer({ min: 1_000, max: 10_000_000 }).map((everyMs) => {
    return {
      type: 'interval' as const,
      everyMs,
      anchor: '2025-01-01T00:00:00.123Z',
      timeZone: 'UTC',
    };
  }),
);

/** With a start, an end, a number of fires and a jitter, near the instant at which the walk begins. */
const limitedArbitrary = fc
  .record({
    schedule: scheduleArbitrary,
    start: fc.option(fc.integer({ min: -2 * 86_400_000, max: 2 * 86_400_000 })),
    lasts: fc.option(fc.integer({ min: 1, max: 4 * 86_400_000 })),
    maxFires: fc.option(fc.integer({ min: 1, max: 300 })),
    jitterMs: fc.constantFrom(0, 0, 500, 90_000, 7_200_000),
  })
  .map(({ schedule, start, lasts, maxFires, jitterMs }) => (nearMs: number): Schedule => {
    const startMs = nearMs + (start ?? 0);
    return {
      ...schedule,
      ...(start !== null && { startsAt: new Date(startMs).toISOString() }),
      ...(lasts !== null && { endsAt: new Date(startMs + lasts).toISOString() }),
      ...(start !== null && maxFires !== null && { maxFires }),
      ...(jitterMs > 0 && { jitterMs, jitterSeed: String(maxFires) }),
    };
  });

/** The planner's calls: how long after the last one, in ms. Mostly on time, now and then days late. */
const pausesArbitrary = fc.array(
  fc.oneof(
    fc.integer({ min: 1, max: 20_000 }),
    fc.integer({ min: 1, max: 7_200_000 }),
    fc.integer({ min: 1, max: 3 * 86_400_000 }),
  ),
  { minLength: 1, maxLength: 12 },
);

test('rule 1: whatever the outages, each fire is planned once or stands in one gap', () => {
  fc.assert(
    fc.property(
      limitedArbitrary,
      zoneArbitrary,
      pausesArbitrary,
      fc.constantFrom('latest', 'none', 'all'),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 50 }),
      fc.array(
        fc.tuple(
          fc.integer({ min: 0, max: 4 * 86_400_000 }),
          fc.integer({ min: 1, max: 86_400_000 }),
        ),
        {
          maxLength: 3,
        },
      ),
      (limited, { nearMs }, pauses, rule, most, maxAhead, paused) => {
        const beganMs = nearMs - 86_400_000;
        const schedule = limited(beganMs);
        const accounted: Span[] = paused.map(([from, lasting]) => ({
          from: new Date(beganMs + from),
          to: new Date(beganMs + from + lasting),
        }));
        const begin = new Date(beganMs);
        let cursor = begin;
        let nowMs = beganMs;
        const planned: number[] = [];
        const missed: { from: Date; to: Date; ticks: number }[] = [];
        for (const pause of pauses) {
          nowMs += pause;
          const result = planTicks({
            schedule: compileSchedule(schedule),
            cursor,
            now: new Date(nowMs),
            horizon: new Date(nowMs + 60_000),
            catchUp: { rule, most, perMinute: 60 },
            startDeadlineMs: 86_400_000,
            accounted: [...accounted, ...missed],
            maxAhead,
          });
          expect(result.plan.length).toBeLessThanOrEqual(maxAhead + (rule === 'all' ? most : 1));
          expect(result.plannedUntil.getTime()).toBeGreaterThanOrEqual(cursor.getTime());
          planned.push(...result.plan.map(({ at }) => at.getTime()));
          missed.push(...result.gaps);
          cursor = result.plannedUntil;
        }
        const all = [...fires(schedule, { after: begin, until: cursor })].map(({ at }) =>
          at.getTime(),
        );
        const times = new Map<number, number>(planned.map((ms) => [ms, 0]));
        for (const ms of planned) times.set(ms, (times.get(ms) ?? 0) + 1);
        const wrong = all.filter((ms) => {
          const accountedFor = (times.get(ms) ?? 0) + spansWith(ms, missed);
          return accountedFor !== (spansWith(ms, accounted) > 0 ? 0 : 1);
        });
        expect(wrong).toEqual([]);
        const known = new Set(all);
        expect(planned.filter((ms) => !known.has(ms))).toEqual([]);
        expect(planned).toEqual(planned.toSorted((x, y) => x - y));
        for (const { from, to, ticks: count } of missed) {
          const before = (date: Date) => new Date(date.getTime() - 1);
          expect(countFires(schedule, before(from), before(to))).toBe(count);
        }
      },
    ),
    { numRuns: 200 },
  );
});

/** Blackouts near the walk, as once windows; those of the week are held against the wall in coverage.test.ts. */
const blackoutsArbitrary = fc.array(
  fc.record({
    effect: fc.constantFrom('skip' as const, 'hold' as const),
    fromMs: fc.integer({ min: -3_600_000, max: 4 * 86_400_000 }),
    lasts: fc.oneof(
      fc.integer({ min: 1, max: 600_000 }),
      fc.integer({ min: 600_000, max: 2 * 86_400_000 }),
    ),
  }),
  { maxLength: 4 },
);

test('rule 1 with blackouts: each fire is planned once or stands in one gap, and none becomes due in one', () => {
  fc.assert(
    fc.property(
      limitedArbitrary,
      zoneArbitrary,
      pausesArbitrary,
      fc.constantFrom('latest', 'none', 'all'),
      fc.integer({ min: 1, max: 50 }),
      blackoutsArbitrary,
      (limited, { nearMs }, pauses, rule, maxAhead, given) => {
        const beganMs = nearMs - 86_400_000;
        const schedule = limited(beganMs);
        const windows = given.map(({ effect, fromMs, lasts }, index) => ({
          id: index + 1,
          effect,
          from: beganMs + fromMs,
          to: beganMs + fromMs + lasts,
        }));
        const coverage = new Coverage(
          windows.map(({ id, effect, from, to }) => ({
            id,
            name: 'Test',
            createdBy: 'Test',
            effect,
            idleUntil: null,
            times: {
              type: 'once',
              from: new Date(from).toISOString(),
              to: new Date(to).toISOString(),
            },
          })),
        );
        const isCovered = (ms: number) => windows.some(({ from, to }) => from <= ms && ms < to);
        const compiled = compileSchedule(schedule);
        const begin = new Date(beganMs);
        let cursor = begin;
        let nowMs = beganMs;
        const planned: number[] = [];
        const gaps: Plan['gaps'][number][] = [];
        for (const pause of pauses) {
          nowMs += pause;
          const now = new Date(nowMs);
          const result = planTicks({
            schedule: compiled,
            cursor,
            now,
            horizon: new Date(nowMs + 60_000),
            catchUp: { rule, most: 5, perMinute: 60 },
            startDeadlineMs: null,
            accounted: gaps,
            coverage,
            maxAhead,
          });
          for (const { at, dueAt, heldBy } of result.plan) {
            planned.push(at.getTime());
            // What was on time goes at its time; what a window holds or was missed goes when none is on.
            if (dueAt > at) expect(isCovered(dueAt.getTime())).toBe(false);
            if (dueAt > now && dueAt > at) expect(heldBy === null && rule !== 'all').toBe(false);
            if (at > now && isCovered(at.getTime())) expect(heldBy).not.toBeNull();
          }
          gaps.push(...result.gaps);
          cursor = result.plannedUntil;
        }
        const times = new Map<number, number>();
        for (const ms of planned) times.set(ms, (times.get(ms) ?? 0) + 1);
        const all = [...fires(schedule, { after: begin, until: cursor })];
        const wrong = all.filter(
          ({ at }) => (times.get(at.getTime()) ?? 0) + spansWith(at.getTime(), gaps) !== 1,
        );
        expect(wrong).toEqual([]);
        for (const { from, to, ticks: count, reason, blackoutId, coveredBy } of gaps) {
          const before = (date: Date) => new Date(date.getTime() - 1);
          expect(countFires(schedule, before(from), before(to))).toBe(count);
          const window = windows.find(({ id }) => id === blackoutId);
          if (reason === 'missed') expect(window).toBeUndefined();
          else {
            expect(window!.from <= from.getTime() && to.getTime() <= window!.to).toBe(true);
            expect(window!.effect === 'skip' || reason === 'held').toBe(true);
          }
          // What stands for a gap is a fire, later than all of it.
          if (coveredBy) {
            expect(coveredBy >= to).toBe(true);
            expect(nextFire(schedule, before(coveredBy))?.at).toEqual(coveredBy);
          }
        }
      },
    ),
    { numRuns: 300 },
  );
});

function spansWith(ms: number, spans: readonly Span[]): number {
  return spans.filter(({ from, to }) => ms >= from.getTime() && (to === null || ms < to.getTime()))
    .length;
}
