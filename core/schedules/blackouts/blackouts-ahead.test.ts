import { expect, test } from 'vitest';
import { compileSchedule } from '../compile.ts';
import { differenceAhead } from '../fire-difference.ts';
import type { Schedule } from '../schedule.ts';
import { upcomingTicks } from '../upcoming.ts';
import type { BlackoutEffect } from './blackout-times.ts';
import { blackoutsAhead } from './blackouts-ahead.ts';
import { type Blackout, Coverage, NO_BLACKOUTS } from './coverage.ts';

const at = (text: string) => new Date(`2027-06-07T${text}:00Z`);
const hourly: Schedule = { type: 'cron', lines: ['0 * * * *'], timeZone: 'UTC' };
const halfHourly: Schedule = { type: 'cron', lines: ['0,30 * * * *'], timeZone: 'UTC' };

let made = 0;
const blackout = (effect: BlackoutEffect, from: string, to: string, name: string): Blackout => ({
  id: ++made,
  name,
  createdBy: 'Test',
  effect,
  times: { type: 'once', from: at(from).toISOString(), to: at(to).toISOString() },
  idleUntil: null,
});
const coverage = new Coverage([
  blackout('skip', '02:00', '04:30', 'Freeze'),
  blackout('hold', '08:00', '10:30', 'Move'),
]);

test('of the ticks that fall in a window that skips none runs, of those that are held the latest', () => {
  const stretch = { after: at('00:30'), until: at('23:00') };
  expect(blackoutsAhead(compileSchedule(hourly), coverage, stretch)).toEqual({
    fires: 6,
    later: 1,
    names: ['Freeze', 'Move'],
    windows: [
      { fromMs: at('02:00').getTime(), toMs: at('04:30').getTime() },
      { fromMs: at('08:00').getTime(), toMs: at('10:30').getTime() },
    ],
  });
});

test('a run that lies beyond what is looked at isn’t counted', () => {
  const stretch = { after: at('07:00'), until: at('09:00') };
  expect(blackoutsAhead(compileSchedule(hourly), coverage, stretch)).toMatchObject({
    fires: 2,
    later: 0,
  });
  expect(blackoutsAhead(compileSchedule(hourly), NO_BLACKOUTS, stretch)).toBeNull();
});

test('the next ticks say which blackout they fall in, and when the latest of the held ones runs', () => {
  const { rows } = upcomingTicks(hourly, null, at('01:30'), 9, { coverage });
  const told = rows.map((row) => (row.kind === 'tick' ? (row.blackout ?? null) : null));
  const skipped = { name: 'Freeze', effect: 'skip', runsAtMs: null };
  const held = { name: 'Move', effect: 'hold', runsAtMs: null };
  const runs = { ...held, runsAtMs: at('10:30').getTime() };
  expect(told.slice(0, 3)).toEqual([skipped, skipped, skipped]);
  expect(told.slice(3)).toEqual([null, null, null, held, held, runs]);
});

test('of the ticks that an edit changes, only those that come are said to fall in a blackout', () => {
  const { changed, blackouts } = differenceAhead(hourly, halfHourly, at('07:45'), 1, { coverage });
  expect(blackouts).toMatchObject({ fires: 5, later: 1, names: ['Move'] });
  expect(changed.slice(0, 3).map(({ fate, blackout: own }) => [fate, own?.runsAtMs])).toEqual([
    ['new', null],
    ['new', null],
    ['new', undefined],
  ]);
  const back = differenceAhead(halfHourly, hourly, at('07:45'), 1, { coverage });
  expect(back.changed.every(({ fate, blackout: own }) => fate === 'vanishes' && !own)).toBe(true);
});
