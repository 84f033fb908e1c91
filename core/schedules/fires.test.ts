import { Cron } from 'croner';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fires, latestFire, nextFire } from './fixtures/of-schedule.ts';
import type { Schedule } from './schedule.ts';
import {
  firesByWalking,
  lineArbitrary,
  zoneArbitrary,
  zonesThatJumpOverMidnight,
} from './fixtures/walk.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function cron(line: string | string[], timeZone = 'UTC'): Schedule {
  return { type: 'cron', lines: Array.isArray(line) ? line : [line], timeZone };
}

function firstFires(schedule: Schedule, after: string, limit: number): string[] {
  return [...fires(schedule, { after: new Date(after), limit })].map(({ at }) => at.toISOString());
}

function marked(schedule: Schedule, after: string, limit: number) {
  return [...fires(schedule, { after: new Date(after), limit })].map(({ at, marks }) => [
    at.toISOString(),
    ...marks,
  ]);
}

describe('the missing hour', () => {
  test('a fixed time runs once at its end, and says which time it stands for', () => {
    expect(marked(cron('30 2 * * *', 'Europe/Berlin'), '2026-03-28T12:00:00Z', 2)).toEqual([
      ['2026-03-29T01:00:00.000Z', { kind: 'moved_by_dst', wallTime: '02:30', alsoMoved: 0 }],
      ['2026-03-30T00:30:00.000Z'],
    ]);
  });

  test('several fixed times run once together, also with the one that is due then anyway', () => {
    const schedule = cron(['0,30 2 * * *', '0 3 * * *'], 'Europe/Berlin');
    expect(marked(schedule, '2026-03-28T12:00:00Z', 2)).toEqual([
      ['2026-03-29T01:00:00.000Z', { kind: 'moved_by_dst', wallTime: '02:00', alsoMoved: 1 }],
      ['2026-03-30T00:00:00.000Z'],
    ]);
  });

  test('a line with a wildcard goes on with the clock', () => {
    expect(firstFires(cron('*/30 * * * *', 'Europe/Berlin'), '2026-03-29T00:20:00Z', 3)).toEqual([
      '2026-03-29T00:30:00.000Z',
      '2026-03-29T01:00:00.000Z',
      '2026-03-29T01:30:00.000Z',
    ]);
    expect(firstFires(cron('*/30 2 * * *', 'Europe/Berlin'), '2026-03-28T12:00:00Z', 1)).toEqual([
      '2026-03-30T00:00:00.000Z',
    ]);
  });

  test('a fixed time isn’t lost where the missing hour ends on the next day', () => {
    expect(marked(cron('15 23 * * *', 'America/Nuuk'), '2024-03-30T12:00:00Z', 2)).toEqual([
      ['2024-03-31T01:00:00.000Z', { kind: 'moved_by_dst', wallTime: '23:15', alsoMoved: 0 }],
      ['2024-04-01T00:15:00.000Z'],
    ]);
  });

  test('a date that a zone left out has no fires', () => {
    expect(firstFires(cron('0 12 * * *', 'Pacific/Apia'), '2011-12-28T10:00:00Z', 4)).toEqual([
      '2011-12-28T22:00:00.000Z',
      '2011-12-29T22:00:00.000Z',
      '2011-12-30T22:00:00.000Z',
      '2011-12-31T22:00:00.000Z',
    ]);
  });
});

describe('the repeated hour', () => {
  test('a fixed time runs in the first pass only, asked before, between and in the second pass', () => {
    const schedule = cron('30 2,14 * * *', 'Europe/Berlin');
    const expected = ['2026-10-25T13:30:00.000Z'];
    expect(firstFires(schedule, '2026-10-24T20:00:00Z', 2)).toEqual([
      '2026-10-25T00:30:00.000Z',
      ...expected,
    ]);
    expect(firstFires(schedule, '2026-10-25T00:30:00Z', 1)).toEqual(expected);
    expect(firstFires(schedule, '2026-10-25T01:15:00Z', 1)).toEqual(expected);
  });

  test('a line with a wildcard runs through both passes; the second is marked', () => {
    expect(marked(cron('*/30 2 * * *', 'Europe/Berlin'), '2026-10-24T20:00:00Z', 5)).toEqual([
      ['2026-10-25T00:00:00.000Z'],
      ['2026-10-25T00:30:00.000Z'],
      ['2026-10-25T01:00:00.000Z', { kind: 'repeated' }],
      ['2026-10-25T01:30:00.000Z', { kind: 'repeated' }],
      ['2026-10-26T01:00:00.000Z'],
    ]);
  });

  test('the second pass isn’t lost for a line that fires once a year', () => {
    expect(firstFires(cron('* 2 25 10 *', 'Europe/Berlin'), '2026-10-25T00:59:00Z', 1)).toEqual([
      '2026-10-25T01:00:00.000Z',
    ]);
  });
});

test('after is exclusive, until is inclusive, limit ends it', () => {
  const range = {
    after: new Date('2026-01-01T00:00:00Z'),
    until: new Date('2026-01-01T03:00:00Z'),
  };
  const hours = [...fires(cron('@hourly'), range)].map(({ at }) => at.getUTCHours());
  expect(hours).toEqual([1, 2, 3]);
  expect([...fires(cron('@hourly'), { ...range, limit: 2 })]).toHaveLength(2);
  expect([...fires(cron('@hourly'), { ...range, limit: 0 })]).toEqual([]);
});

test('lines are joined in order, an instant that two lines name comes once', () => {
  expect(firstFires(cron(['0 */6 * * *', '0 */4 * * *']), '2026-01-01T00:00:00Z', 5)).toEqual(
    ['04', '06', '08', '12', '16'].map((hour) => `2026-01-01T${hour}:00:00.000Z`),
  );
});

test('a day field that begins with a star narrows the other one, as in Vixie cron', () => {
  expect(firstFires(cron('0 0 */2 * 1'), '2024-03-01T05:00:00Z', 2)).toEqual([
    '2024-03-11T00:00:00.000Z',
    '2024-03-25T00:00:00.000Z',
  ]);
});

test('an interval keeps step with its anchor before and after it, to the millisecond', () => {
  const schedule: Schedule = {
    type: 'interval',
    everyMs: 90_000,
    anchor: '2026-01-01T00:00:00.250Z',
    timeZone: 'UTC',
  };
  expect(firstFires(schedule, '2025-12-31T23:58:30.249Z', 3)).toEqual([
    '2025-12-31T23:58:30.250Z',
    '2026-01-01T00:00:00.250Z',
    '2026-01-01T00:01:30.250Z',
  ]);
  expect(firstFires(schedule, '2026-01-01T00:00:00.250Z', 1)).toEqual(['2026-01-01T00:01:30.250Z']);
});

test('a manual schedule never fires', () => {
  expect(nextFire({ type: 'manual' }, new Date(0))).toBeNull();
  expect(latestFire({ type: 'manual' }, { after: new Date(0), until: new Date(9e11) })).toBeNull();
});

test('the fires are those of a walk over the wall clock, around changes of many zones', () => {
  fc.assert(
    fc.property(
      fc.array(lineArbitrary, { minLength: 1, maxLength: 3 }),
      zoneArbitrary,
      (lines, at) => {
        const after = new Date(at.nearMs - 30 * HOUR_MS);
        const until = new Date(at.nearMs + 30 * HOUR_MS);
        const schedule = cron(
          lines.map(({ text }) => text),
          at.timeZone,
        );
        const found = [...fires(schedule, { after, until })].map((fire) => fire.at.getTime());
        expect(found).toEqual(firesByWalking(lines, at.timeZone, after, until));
      },
    ),
    { numRuns: 250 },
  );
});

test('where croner keeps every day, its own reckoning in the zone agrees', () => {
  fc.assert(
    fc.property(
      lineArbitrary,
      zoneArbitrary,
      fc.integer({ min: -400, max: 400 }),
      secondsArbitrary,
      (line, at, days, seconds) => {
        fc.pre(!zonesThatJumpOverMidnight.has(at.timeZone) && !line.isJoinedByStar);
        const after = new Date(at.nearMs + days * DAY_MS);
        const text = `${seconds}${line.text}`;
        const croner = new Cron(text, {
          timezone: at.timeZone,
          fixedTimeRule: 'no-wildcard',
          paused: true,
        });
        expect(firstFires(cron(text, at.timeZone), after.toISOString(), 12)).toEqual(
          croner.nextRuns(12, after).map((date) => date.toISOString()),
        );
      },
    ),
    { numRuns: 400 },
  );
});

test('the latest fire is the last of the fires, wherever the stretch ends', () => {
  fc.assert(
    fc.property(
      fc.array(lineArbitrary, { minLength: 1, maxLength: 2 }),
      zoneArbitrary,
      fc.integer({ min: 0, max: 60 * 3_600 }),
      secondsArbitrary,
      (lines, at, lasting, seconds) => {
        const after = new Date(at.nearMs - 30 * HOUR_MS);
        const until = new Date(after.getTime() + lasting * 1_000 + 7);
        const schedule = cron(
          lines.map(({ text }) => `${seconds}${text}`),
          at.timeZone,
        );
        const all = [...fires(schedule, { after, until })];
        expect(latestFire(schedule, { after, until })).toEqual(all.at(-1) ?? null);
      },
    ),
    { numRuns: 600 },
  );
});

test('the latest fire of a rare line is found years back', () => {
  const range = { after: new Date(0), until: new Date('2103-12-31T00:00:00Z') };
  expect(latestFire(cron('0 0 29 2 *', 'Europe/Berlin'), range)?.at.toISOString()).toBe(
    '2096-02-28T23:00:00.000Z',
  );
});

test('the latest fire in the first pass is found from the second, for a line that fires once a year', () => {
  const range = { after: new Date(0), until: new Date('2026-10-25T01:30:00Z') };
  expect(latestFire(cron('45-59/14 2 25 10 *', 'Europe/Berlin'), range)?.at.toISOString()).toBe(
    '2026-10-25T00:59:00.000Z',
  );
});

test('the latest time is found in an earlier minute, hour and day', () => {
  const latest = (until: string) =>
    latestFire(cron('20,40 10,30 4,8 * * *'), {
      after: new Date(0),
      until: new Date(until),
    })?.at.toISOString();
  expect(latest('2026-05-02T08:30:19Z')).toBe('2026-05-02T08:10:40.000Z');
  expect(latest('2026-05-02T08:10:19Z')).toBe('2026-05-02T04:30:40.000Z');
  expect(latest('2026-05-02T04:09:59Z')).toBe('2026-05-01T08:30:40.000Z');
});

/** What stands before a 5-field line; nothing leaves it as it is. */
const secondsArbitrary = fc.constantFrom('', '7 ', '20,40 ', '*/13 ');
