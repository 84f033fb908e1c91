import { describe, expect, test } from 'vitest';
import { Schedule } from '#core/schedules/schedule.ts';
import {
  clockEffects,
  describeLine,
  exampleLines,
  isReadable,
  previewTicks,
  ruleExamples,
  zoneOffset,
} from './schedule-preview.ts';

const now = new Date('2027-03-23T01:40:12Z');
const berlin = (...lines: string[]): Schedule => ({
  type: 'cron',
  lines,
  timeZone: 'Europe/Berlin',
});
const show = (schedule: Schedule, saved: Schedule | null, count = 6) =>
  previewTicks(schedule, saved, now, count)?.rows.map((row) => {
    const at = new Date(row.atMs).toISOString().slice(5, 16);
    return row.kind === 'tick' ? `${row.sign} ${at}` : `${row.kind} ${at}`;
  });

describe('the preview of a schedule', () => {
  test('shows what was added and removed against what is saved', () => {
    expect(show(berlin('30 2 * * *', '0 14 * * 1-5'), berlin('30 2 * * *'), 4)).toEqual([
      'added 03-23T13:00',
      'same 03-24T01:30',
      'added 03-24T13:00',
      'same 03-25T01:30',
    ]);
    expect(show(berlin('0 14 * * *'), berlin('30 2 * * *', '0 14 * * *'), 2)).toEqual([
      'same 03-23T13:00',
      'removed 03-24T01:30',
      'same 03-24T13:00',
    ]);
  });

  test('puts the change of the clock before the tick that it moves', () => {
    const preview = previewTicks(berlin('30 2 * * *'), null, now, 5);
    expect(preview?.rows.slice(-2)).toMatchObject([
      { kind: 'clocks', offsetBefore: 60, offsetAfter: 120 },
      { kind: 'tick', marks: [{ kind: 'moved_by_dst', wallTime: '02:30' }] },
    ]);
    expect(preview?.rows.at(-1)?.atMs).toBe(preview?.rows.at(-2)?.atMs);
  });

  test('is none while the schedule can’t be read, and empty for one that has no ticks', () => {
    expect(previewTicks(berlin('30 2 * *'), null, now, 5)).toBeNull();
    expect(previewTicks({ type: 'manual' }, berlin('30 2 * * *'), now, 5)?.rows).toEqual([]);
  });

  test('stays short when what is saved fires each second', () => {
    const rows = show(berlin('30 2 * * *'), berlin('* * * * * *'), 3);
    expect(rows?.filter((row) => row.startsWith('removed'))).toHaveLength(10);
  });
});

test('the next changes of the clock say what they do to the ticks', () => {
  expect(clockEffects(berlin('30 2 * * *'), now)).toMatchObject([
    { moved: [{ wall: '02:30', toMs: Date.parse('2027-03-28T01:00:00Z') }], repeated: 0 },
    { moved: [], repeated: 0 },
  ]);
  expect(clockEffects(berlin('*/20 * * * *'), now)).toMatchObject([
    { moved: [], repeated: 0 },
    { moved: [], repeated: 3 },
  ]);
  const ruled = (missing: 'skip' | 'shift', repeated: 'second' | 'both') =>
    clockEffects({ ...berlin('30 2 * * *'), dst: { missing, repeated } } as Schedule, now);
  expect(ruled('skip', 'second')).toMatchObject([
    { moved: [], dropped: ['02:30'] },
    { repeated: 0, waited: 1 },
  ]);
  expect(ruled('shift', 'both')).toMatchObject([
    { moved: [{ wall: '02:30', toMs: Date.parse('2027-03-28T01:30:00Z') }], dropped: [] },
    { repeated: 1, waited: 0 },
  ]);
  expect(clockEffects({ ...berlin('30 2 * * *'), timeZone: 'UTC' } as Schedule, now)).toEqual([]);
});

describe('the examples of the rules for clock changes', () => {
  test.each([
    ['Europe/Berlin', '15 2 * * *', '02:15'],
    ['Europe/Berlin', '0 9 * * *', '02:30'],
    ['Australia/Lord_Howe', '0 9 * * *', '02:15'],
    ['America/Nuuk', '0 9 * * *', '23:30'],
  ])('are what the rules do: %s %s', (timeZone, line, wall) => {
    const schedule: Schedule = { type: 'cron', lines: [line], timeZone };
    const examples = ruleExamples(schedule, now);
    expect(examples?.missing?.wall).toBe(wall);
    const [hour, minute] = wall.split(':').map(Number);
    const at = (missing: 'end' | 'shift', repeated: 'first' | 'second') =>
      clockEffects(
        { type: 'cron', lines: [`${minute} ${hour} * * *`], timeZone, dst: { missing, repeated } },
        now,
      );
    for (const rule of ['end', 'shift'] as const) {
      const effect = at(rule, 'first').find(({ moved }) => moved.length > 0);
      const ms = (effect?.moved[0]?.toMs ?? 0) + (effect?.offsetAfter ?? 0) * 60_000;
      expect(examples?.missing?.[rule]).toBe(new Date(ms).toISOString().slice(11, 16));
    }
    expect(examples?.repeated?.first).toBeGreaterThan(examples?.repeated?.second ?? 0);
  });

  test('are none where no rule matters', () => {
    expect(ruleExamples(berlin('*/20 * * * *'), now)).toBeNull();
    expect(ruleExamples({ ...berlin('0 9 * * *'), timeZone: 'UTC' } as Schedule, now)).toBeNull();
    expect(ruleExamples({ type: 'manual' }, now)).toBeNull();
  });
});

test('the ticks are those that saving will give', () => {
  const dates: Schedule = { ...berlin('0 9 * * *'), maxFires: 2, jitterMs: 60_000 } as Schedule;
  const rows = previewTicks(dates, null, now, 5, { key: 'a-job' })?.rows ?? [];
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatchObject({ marks: [{ kind: 'jittered' }] });
  expect(rows[0]).not.toEqual(previewTicks(dates, null, now, 5, { key: 'b-job' })?.rows[0]);
});

test('a line is described only while it can be saved', () => {
  expect(describeLine(' 30 2 * * * ', 'unix', 'Europe/Berlin', now)).toEqual({
    description: { key: 'at', values: { times: ['02:30'], days: { kind: 'every_day' } } },
    became: null,
    timeZone: null,
  });
  expect(describeLine('30 2 30 2 *', 'unix', 'Europe/Berlin', now)).toBeNull();
  expect(describeLine('0 0 9 ? * 6#3', 'quartz', 'UTC', now)?.became).toBe('0 9 * * 5#3');
  expect(describeLine('daily Asia/Tokyo', 'systemd', 'UTC', now)).toMatchObject({
    became: '0 0 * * *',
    timeZone: 'Asia/Tokyo',
  });
  for (const [dialect, lines] of Object.entries(exampleLines)) {
    for (const line of lines) {
      expect(describeLine(line, dialect as 'unix', 'UTC', now)).not.toBeNull();
    }
  }
});

test('a zone is told by its offset and next change', () => {
  expect(zoneOffset('Europe/Berlin', now)).toEqual({
    minutes: 60,
    change: { atMs: Date.parse('2027-03-28T01:00:00Z'), minutes: 120 },
  });
  expect(zoneOffset('Asia/Kolkata', now)).toEqual({ minutes: 330, change: undefined });
  expect(zoneOffset('Mars/Olympus', now)).toBeNull();
});

test('what can be previewed is what the schema takes', () => {
  const anchor = '2026-01-01T00:00:00Z';
  const tried: Schedule[] = [
    berlin('30 2 * * *'),
    berlin('30 2 * * *', '61 * * * *'),
    berlin('30 2 30 2 *'),
    berlin(),
    { ...berlin('30 2 * * *'), timeZone: 'Europe/Berln' } as Schedule,
    { type: 'manual' },
    { type: 'interval', everyMs: 1_000, anchor, timeZone: 'UTC' },
    { type: 'interval', everyMs: 999, anchor, timeZone: 'UTC' },
    { type: 'interval', everyMs: Number.NaN, anchor, timeZone: 'UTC' },
    { type: 'interval', everyMs: 1_000, anchor: '2026-02-30T00:00:00Z', timeZone: 'UTC' },
    { type: 'interval', everyMs: 1_000, anchor, timeZone: 'Nowhere' },
    { ...berlin('0 0 9 ? * 6#3'), dialect: 'quartz' } as Schedule,
    { ...berlin('daily', 'daily Asia/Tokyo'), dialect: 'systemd' } as Schedule,
    { type: 'dates', at: ['soon'], timeZone: 'UTC' },
    { type: 'dates', at: [anchor], timeZone: 'UTC' },
    { type: 'dates', at: [anchor], timeZone: 'UTC', startsAt: 'soon' },
    { type: 'dates', at: [anchor], timeZone: 'UTC', maxFires: 0.5 },
    { type: 'dates', at: [anchor], timeZone: 'UTC', jitterMs: Number.NaN },
  ];
  for (const schedule of tried) {
    expect(isReadable(schedule, now)).toBe(Schedule.safeParse(schedule).success);
  }
});
