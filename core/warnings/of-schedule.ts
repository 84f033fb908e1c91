import { type CompiledSchedule, compileSchedule } from '../schedules/compile.ts';
import { DST_OF_DIALECT } from '../schedules/dialects/dialect.ts';
import { countFires, fires, nextFire } from '../schedules/fires.ts';
import { countsFromEnd, tickAfterEnd } from '../schedules/from-end.ts';
import { wallOfInstant } from '../schedules/wall-instant.ts';
import { zoneChanges } from '../schedules/zones.ts';
import { DAY_MS, type Facts, HOUR_MS } from './facts.ts';
import type { Warning } from './warning.ts';

type Rule = (facts: Facts) => Warning | null;

export const neverFires: Rule = ({ schedule, nowMs }) =>
  hasTickAhead(schedule, nowMs) ? null : { key: 'never_fires' };

function hasTickAhead(compiled: CompiledSchedule, nowMs: number): boolean {
  const { schedule } = compiled;
  if (schedule.type === 'manual') return true;
  if (countsFromEnd(schedule)) return tickAfterEnd(schedule, { lastEndMs: null, nowMs }) !== null;
  return nextFire(compiled, new Date(nowMs)) !== null;
}

const LEAP_DAYS = 3;

export const onlyLeapDay: Rule = ({ schedule: compiled, nowMs }) => {
  const { schedule } = compiled;
  if (schedule.type !== 'cron') return null;
  const next = [...fires(compiled, { after: new Date(nowMs), limit: LEAP_DAYS })];
  const isLeapDay = ({ at }: { at: Date }) =>
    wallOfInstant(at.getTime(), schedule.timeZone).slice(5, 10) === '02-29';
  if (next.length === 0 || !next.every(isLeapDay)) return null;
  return { key: 'only_leap_day', at: next[0]!.at.toISOString() };
};

const AHEAD_MS = 3 * 366 * DAY_MS;
const MOST_CHANGES = 6;
const MOST_DAYS = 3;

/** Fixed times that a zone's clock jumps over, in the next three years. */
export const missingHour: Rule = ({ schedule: { schedule }, nowMs }) => {
  if (schedule.type !== 'cron') return null;
  const { dst, dialect = 'unix' } = schedule;
  const { missing: rule, repeated } = dst ?? DST_OF_DIALECT[dialect];
  const { jitterMs: _jitter, ...onTime } = schedule;
  // Under this rule each missing time still shows, as a fire that was moved.
  const moved = compileSchedule({ ...onTime, dst: { missing: 'end', repeated } });
  const days: string[] = [];
  let wall: string | null = null;
  for (const change of zoneChanges(schedule.timeZone, new Date(nowMs), MOST_CHANGES)) {
    const { at, offsetBeforeMinutes, offsetAfterMinutes } = change;
    if (offsetAfterMinutes <= offsetBeforeMinutes || at.getTime() > nowMs + AHEAD_MS) continue;
    const around = { after: new Date(at.getTime() - 1), until: new Date(at.getTime() + 1) };
    for (const fire of fires(moved, around)) {
      const mark = fire.marks.find(({ kind }) => kind === 'moved_by_dst');
      if (mark?.kind !== 'moved_by_dst') continue;
      wall ??= mark.wallTime;
      days.push(wallOfInstant(at.getTime(), schedule.timeZone).slice(0, 10));
    }
  }
  return wall === null ? null : { key: 'missing_hour', rule, wall, days: days.slice(0, MOST_DAYS) };
};

const MOST_FIRES = 100;
const ROUND_MS = [
  1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200,
].map((seconds) => seconds * 1_000);

export const slowerThanInterval: Rule = ({ schedule, nowMs, took, overlap }) => {
  if (took.isAssumed) return null;
  const next = [...fires(schedule, { after: new Date(nowMs), limit: MOST_FIRES })];
  let everyMs = Number.POSITIVE_INFINITY;
  for (const [index, { at }] of next.entries()) {
    const before = next[index - 1];
    if (before) everyMs = Math.min(everyMs, at.getTime() - before.at.getTime());
  }
  if (took.longMs <= everyMs) return null;
  const enoughMs =
    ROUND_MS.find((ms) => ms >= took.longMs) ?? Math.ceil(took.longMs / DAY_MS) * DAY_MS;
  return { key: 'slower_than_interval', longMs: took.longMs, everyMs, overlap, enoughMs };
};

/** A row every ten seconds and more; below so many rows nobody notices them. */
const ROWS_A_DAY = DAY_MS / 10_000;
const MANY_ROWS = 500_000;

export const manyRows: Rule = ({ schedule: compiled, nowMs, keptDays, took }) => {
  const { schedule } = compiled;
  const rowsADay = countsFromEnd(schedule)
    ? Math.floor(DAY_MS / (schedule.everyMs + took.usualMs))
    : Math.max(
        countFires(compiled, new Date(nowMs), new Date(nowMs + DAY_MS)),
        24 * countFires(compiled, new Date(nowMs), new Date(nowMs + HOUR_MS)),
      );
  const rows = rowsADay * keptDays;
  if (rowsADay < ROWS_A_DAY || rows < MANY_ROWS) return null;
  return { key: 'many_rows', rowsADay, keptDays, rows };
};
