import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countCronFires } from './count.ts';
import { cronLines, latestCronFire, nextCronFire, type CronLines } from './cron-fires.ts';
import type { Dialect } from './dialects/dialect.ts';
import { MISSING_TIME_RULES, REPEATED_TIME_RULES, type DstRule } from './dst-rule.ts';
import {
  firesByClock,
  walkClock,
  type OracleFire,
  type WalkedClock,
} from './fixtures/clock-oracle.ts';
import { lineArbitrary, type MadeLine } from './fixtures/walk.ts';
import type { LineFire } from './line-fires.ts';

/** More of them: `SCHEDULE_CASES=1000000 npm exec -- vitest run --project unit core/schedules/dst-rules`. */
const CASES = Number(process.env['SCHEDULE_CASES'] ?? 10_000);

const HOUR_MS = 3_600_000;

/** Changes of every kind there is, with so many hours on either side as the jump needs. */
const CHANGES: readonly (readonly [timeZone: string, near: string, hours: number])[] = [
  ['Europe/Berlin', '2026-03-29T01:00:00Z', 6],
  ['Europe/Berlin', '2026-10-25T01:00:00Z', 6],
  ['America/New_York', '2025-03-09T07:00:00Z', 6],
  ['America/New_York', '2025-11-02T06:00:00Z', 6],
  // Half an hour.
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z', 6],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z', 6],
  // Two hours.
  ['Antarctica/Troll', '2026-03-29T01:00:00Z', 6],
  ['Antarctica/Troll', '2026-10-25T01:00:00Z', 6],
  // At midnight: a date begins late, or the evening of a Saturday comes twice.
  ['America/Santiago', '2026-04-05T03:00:00Z', 6],
  ['America/Santiago', '2026-09-06T04:00:00Z', 6],
  ['America/Havana', '2025-03-09T05:00:00Z', 6],
  ['Asia/Beirut', '2025-03-29T22:00:00Z', 6],
  ['America/Sao_Paulo', '2018-11-04T03:00:00Z', 6],
  // The jump ends on the next day.
  ['America/Nuuk', '2024-03-31T01:00:00Z', 6],
  ['America/Nuuk', '2024-10-27T01:00:00Z', 6],
  // Back for Ramadan, and forward after it.
  ['Africa/Casablanca', '2026-02-15T02:00:00Z', 6],
  ['Africa/Casablanca', '2026-03-22T02:00:00Z', 6],
  // Winter is the exception there.
  ['Europe/Dublin', '2025-10-26T01:00:00Z', 6],
  ['Europe/Dublin', '2026-03-29T01:00:00Z', 6],
  // The last hour of a year twice, and half an hour for good.
  ['Asia/Dhaka', '2009-12-31T18:00:00Z', 6],
  ['America/Caracas', '2007-12-09T07:00:00Z', 6],
  // A date that never was.
  ['Pacific/Apia', '2011-12-30T10:00:00Z', 30],
  ['Pacific/Kiritimati', '1994-12-31T10:00:00Z', 30],
  ['Asia/Kathmandu', '2026-01-01T00:00:00Z', 6],
];

const clocks = CHANGES.map(([timeZone, near, hours]) => {
  const nearMs = Date.parse(near);
  const clock = walkClock(timeZone, nearMs - hours * HOUR_MS, nearMs + hours * HOUR_MS);
  return { timeZone, clock };
});

const dstArbitrary = fc.record({
  missing: fc.constantFrom(...MISSING_TIME_RULES),
  repeated: fc.constantFrom(...REPEATED_TIME_RULES),
});

const caseArbitrary = fc.record({
  line: lineArbitrary,
  place: fc.constantFrom(...clocks),
  dst: dstArbitrary,
  dialect: fc.constantFrom<Dialect>('unix', 'quartz', 'systemd'),
  cut: fc.double({ min: 0, max: 1, noNaN: true }),
});

test(
  `${CASES} lines fire under every rule as an oracle says that walks the clock`,
  { timeout: 0 },
  () => {
    fc.assert(
      fc.property(caseArbitrary, ({ line, place: { timeZone, clock }, dst, dialect, cut }) => {
        const text = written(line, dialect);
        const cron = cronLines({
          lines: [text ?? line.text],
          dialect: text === null ? 'unix' : dialect,
          timeZone,
          dst,
        });
        const expected = firesByClock(line, clock, dst);
        expectForwards(cron, clock, expected);
        expectFrom(cron, clock, expected, at(clock, cut));
      }),
      { numRuns: CASES },
    );
  },
);

test('several lines fire at each of their times once, under every rule', () => {
  fc.assert(
    fc.property(
      fc.array(lineArbitrary, { minLength: 2, maxLength: 4 }),
      fc.constantFrom(...clocks),
      dstArbitrary,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (lines, { timeZone, clock }, dst, cut) => {
        const cron = cronLines({ lines: lines.map(({ text }) => text), timeZone, dst });
        const each = lines.flatMap((line) => firesByClock(line, clock, dst));
        const expected = [...new Map(each.map((fire) => [fire.ms, fire])).values()].toSorted(
          (one, other) => one.ms - other.ms,
        );
        expectFrom(cron, clock, expected, at(clock, cut));
      },
    ),
    { numRuns: CASES / 10 },
  );
});

test('the oracle sees what a wrong rule would change', () => {
  const [berlin] = clocks;
  const daily = fc
    .sample(lineArbitrary, { numRuns: 200, seed: 1 })
    .filter(({ isFixedTime }) => isFixedTime);
  const results = new Set<string>();
  for (const missing of MISSING_TIME_RULES) {
    const rule: DstRule = { missing, repeated: 'first' };
    results.add(JSON.stringify(daily.map((line) => firesByClock(line, berlin!.clock, rule))));
  }
  expect(results.size).toBe(MISSING_TIME_RULES.length);
});

function at(clock: WalkedClock, cut: number): number {
  return clock.fromMs + Math.floor(cut * (clock.toMs - clock.fromMs));
}

function expectForwards(
  cron: CronLines,
  clock: WalkedClock,
  expected: readonly OracleFire[],
): void {
  const found: OracleFire[] = [];
  let fire = nextCronFire(cron, clock.fromMs);
  for (; fire !== null && fire.ms <= clock.toMs; fire = nextCronFire(cron, fire.ms)) {
    found.push(told(fire));
  }
  if (JSON.stringify(found) !== JSON.stringify(expected)) expect(found).toEqual(expected);
}

/** From and up to any instant: the next one, the last one, and how many. */
function expectFrom(
  cron: CronLines,
  clock: WalkedClock,
  expected: readonly OracleFire[],
  atMs: number,
): void {
  const before = expected.filter(({ ms }) => ms <= atMs);
  const after = expected.filter(({ ms }) => ms > atMs);
  const next = nextCronFire(cron, atMs);
  const isWithin = next !== null && next.ms <= clock.toMs;
  if ((isWithin ? next.ms : undefined) !== after[0]?.ms) {
    expect(next?.ms).toBe(after[0]?.ms);
  }
  const latest = latestCronFire(cron, clock.fromMs, atMs) ?? undefined;
  if (latest !== before.at(-1)?.ms) expect(latest).toBe(before.at(-1)?.ms);
  const counted = [
    countCronFires(cron, clock.fromMs, atMs),
    countCronFires(cron, atMs, clock.toMs),
  ];
  if (counted[0] !== before.length || counted[1] !== after.length) {
    expect(counted).toEqual([before.length, after.length]);
  }
}

function told({ ms, marks }: LineFire): OracleFire {
  let moved = 0;
  for (const mark of marks) if (mark.kind === 'moved_by_dst') moved += 1 + mark.alsoMoved;
  return { ms, moved, isRepeated: marks.some(({ kind }) => kind === 'repeated') };
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** The same line in another dialect, or null where that one can't say it. */
function written(line: MadeLine, dialect: Dialect): string | null {
  const [minute = '', hour = '', dayOfMonth = '', month = '', weekday = ''] = line.text.split(' ');
  const weekdays = [...line.weekdays].toSorted((a, b) => a - b);
  switch (dialect) {
    case 'quartz':
      if (weekday === '*') return `0 ${minute} ${hour} ${dayOfMonth} ${month} ?`;
      if (dayOfMonth !== '*') return null;
      return `0 ${minute} ${hour} ? ${month} ${weekdays.map((day) => day + 1).join()}`;
    case 'systemd': {
      if (!line.needsBothDays) return null;
      const days = weekday === '*' ? '' : `${weekdays.map((day) => WEEKDAYS[day]).join()} `;
      const date = `*-${dotted(month, 1)}-${dotted(dayOfMonth, 1)}`;
      return `${days}${date} ${dotted(hour, 0)}:${dotted(minute, 0)}`;
    }
    default:
      return line.text;
  }
}

function dotted(field: string, min: number): string {
  return field.replace(/^\*\//, `${min}/`).replaceAll('-', '..');
}
