import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Coverage } from './blackouts/coverage.ts';
import { compileSchedule, withKnownTick } from './compile.ts';
import { completeSchedule, withoutOwnParts } from './complete.ts';
import { countFires, nextFire } from './fixtures/of-schedule.ts';
import { countsFromEnd, type FromEnd, tickAfterEnd } from './from-end.ts';
import { savedSchedule } from './saved-schedule.ts';
import { Schedule } from './schedule.ts';

const MINUTE_MS = 60_000;
const schedule = (more: Partial<FromEnd> = {}): FromEnd => ({
  type: 'interval',
  from: 'end',
  everyMs: 10 * MINUTE_MS,
  timeZone: 'UTC',
  ...more,
});
const nowMs = Date.UTC(2027, 0, 1, 12);
const problems = (given: object) =>
  Schedule.safeParse(given).error?.issues.map(({ path, message }) => [path.join('.'), message]);

describe('an interval that counts from the end of the last run', () => {
  test('is read, and so are those with an anchor that were saved before there was another', () => {
    expect(Schedule.parse(schedule())).toEqual(schedule());
    const anchored = {
      type: 'interval',
      everyMs: MINUTE_MS,
      anchor: '2026-01-01T00:00:00Z',
      timeZone: 'UTC',
      jitterMs: 5,
    };
    expect(savedSchedule(anchored)).toEqual(anchored);
    expect(savedSchedule({ ...anchored, from: 'anchor' })).toEqual({ ...anchored, from: 'anchor' });
    expect(countsFromEnd(Schedule.parse(schedule()))).toBe(true);
    expect(countsFromEnd(Schedule.parse(anchored))).toBe(false);
  });

  test.each([
    ['anchor', '2026-01-01T00:00:00Z', 'takes no anchor'],
    ['calendar', { key: 'business', rule: 'skip' }, 'takes no calendar'],
    ['maxFires', 3, 'takes no number of fires'],
    ['jitterMs', 0, 'takes no jitter'],
    ['from', 'start', 'choose anchor or end'],
    ['everyMs', 999, 'at least 1,000 (1 second)'],
    ['endsAt', '2020-01-01T00:00:00Z', 'The end doesn’t come after the start'],
  ])('refuses %s at its field, with what to do', (field, value, sentence) => {
    const given = { ...schedule({ startsAt: '2026-01-01T00:00:00Z' }), [field]: value };
    expect(problems(given)).toEqual([[field, expect.stringContaining(sentence)]]);
  });

  test('fires at no instant that anybody could know', () => {
    expect(nextFire(schedule(), new Date(0))).toBeNull();
    expect(countFires(schedule(), new Date(0), new Date(nowMs))).toBe(0);
    const known = withKnownTick(compileSchedule(schedule()), nowMs);
    expect(known.next(0)?.ms).toBe(nowMs);
    expect(known.next(nowMs)).toBeNull();
    expect(withKnownTick(compileSchedule(schedule()), null).next(0)).toBeNull();
  });

  test('is saved as it is, for its own job and for another', () => {
    const given = { key: 'some-job', now: new Date(nowMs), before: null };
    expect(completeSchedule(schedule(), given)).toEqual(schedule());
    expect(withoutOwnParts(schedule())).toEqual(schedule());
  });
});

describe('its next tick', () => {
  const at = (more: Partial<FromEnd>, given: Partial<Parameters<typeof tickAfterEnd>[1]>) =>
    tickAfterEnd(schedule(more), { lastEndMs: null, nowMs, ...given });

  test('comes at once where it never ran, or at its start', () => {
    expect(at({}, {})).toBe(nowMs);
    expect(at({ startsAt: '2027-01-02T00:00:00Z' }, {})).toBe(Date.UTC(2027, 0, 2));
    expect(at({ startsAt: '2026-01-02T00:00:00Z' }, {})).toBe(nowMs);
  });

  test('comes so long after the end, and now where that has passed', () => {
    expect(at({}, { lastEndMs: nowMs - 1_000 })).toBe(nowMs - 1_000 + 10 * MINUTE_MS);
    expect(at({}, { lastEndMs: nowMs - 10 * MINUTE_MS })).toBe(nowMs);
    expect(at({}, { lastEndMs: 0 })).toBe(nowMs);
  });

  test('comes no more past its end, nor where a calendar of years ends', () => {
    expect(at({ endsAt: '2027-01-01T12:00:00Z' }, {})).toBe(nowMs);
    expect(at({ endsAt: '2027-01-01T11:59:59Z' }, {})).toBeNull();
    expect(at({ everyMs: Number.MAX_SAFE_INTEGER }, { lastEndMs: nowMs })).toBeNull();
  });

  test('lies in no blackout, and on no other tick', () => {
    fc.assert(
      fc.property(
        fc.record({
          endedMs: fc.integer({ min: -30 * MINUTE_MS, max: 0 }),
          from: fc.integer({ min: -60, max: 60 }),
          minutes: fc.integer({ min: 1, max: 120 }),
          taken: fc.array(fc.integer({ min: 0, max: 3 })),
        }),
        ({ endedMs, from, minutes, taken }) => {
          const fromMs = nowMs + from * MINUTE_MS;
          const toMs = fromMs + minutes * MINUTE_MS;
          const coverage = new Coverage([
            {
              id: 1,
              name: 'Works',
              createdBy: 'Test',
              effect: 'hold',
              times: {
                type: 'once',
                from: new Date(fromMs).toISOString(),
                to: new Date(toMs).toISOString(),
              },
              idleUntil: null,
            },
          ]);
          const lastEndMs = nowMs + endedMs;
          const plainMs = Math.max(nowMs, lastEndMs + 10 * MINUTE_MS);
          const freeMs = plainMs >= fromMs && plainMs < toMs ? toMs : plainMs;
          const takenMs = taken.map((n) => freeMs + n);
          const found = at({}, { lastEndMs, coverage, takenMs })!;
          expect(takenMs).not.toContain(found);
          expect(found).toBeGreaterThanOrEqual(freeMs);
          expect(found).toBeLessThanOrEqual(freeMs + takenMs.length);
        },
      ),
    );
  });
});
