import type { CronLine } from './cron-line.ts';
import { daysOf, type DayRule } from './days.ts';

/**
 * A line on the wall clock, before any zone. A wall time is the reading of a clock as if it stood in UTC, in ms; every
 * one that a line names lies on a whole second.
 */
export interface WallLine {
  readonly text: string;
  readonly isFixedTime: boolean;
  readonly days: DayRule;
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  /** How many times of day the line names. */
  readonly timesADay: number;
}

const DAY_S = 86_400;

export function wallLineOf(line: CronLine): WallLine {
  const { text, isFixedTime, seconds, minutes, hours } = line;
  return wallLine({ text, isFixedTime, seconds, minutes, hours, days: daysOf(line) });
}

/** @param line hours, minutes and seconds ascending, each value once */
export function wallLine(line: Omit<WallLine, 'timesADay'>): WallLine {
  const timesADay = line.seconds.length * line.minutes.length * line.hours.length;
  return { ...line, timesADay };
}

/** The first wall time of the line at or after `wallMs`, or null when the line names none. */
export function nextWall(line: WallLine, wallMs: number): number | null {
  const second = Math.ceil(wallMs / 1_000);
  const day = Math.floor(second / DAY_S);
  let found = line.days.next(day);
  if (found === day) {
    const time = firstTimeFrom(line, second - day * DAY_S);
    if (time !== null) return (day * DAY_S + time) * 1_000;
    found = line.days.next(day + 1);
  }
  return found === null ? null : (found * DAY_S + (firstTimeFrom(line, 0) ?? 0)) * 1_000;
}

/** The last wall time of the line at or before `wallMs`, or null when the line names none. */
export function previousWall(line: WallLine, wallMs: number): number | null {
  const second = Math.floor(wallMs / 1_000);
  const day = Math.floor(second / DAY_S);
  let found = line.days.previous(day);
  if (found === day) {
    const time = lastTimeUpTo(line, second - day * DAY_S);
    if (time !== null) return (day * DAY_S + time) * 1_000;
    found = line.days.previous(day - 1);
  }
  return found === null ? null : (found * DAY_S + (lastTimeUpTo(line, DAY_S - 1) ?? 0)) * 1_000;
}

/** How many wall times of the line lie in [fromMs, toMs]. */
export function countWalls(line: WallLine, fromMs: number, toMs: number): number {
  const first = Math.ceil(fromMs / 1_000);
  const last = Math.floor(toMs / 1_000);
  if (last < first) return 0;
  const firstDay = Math.floor(first / DAY_S);
  const lastDay = Math.floor(last / DAY_S);
  let count = countDays(line.days, firstDay, lastDay) * line.timesADay;
  if (line.days.next(firstDay) === firstDay) count -= timesUpTo(line, first - firstDay * DAY_S - 1);
  if (line.days.next(lastDay) === lastDay) {
    count -= line.timesADay - timesUpTo(line, last - lastDay * DAY_S);
  }
  return count;
}

/** How many matching days lie in [first, last]. */
function countDays(days: DayRule, first: number, last: number): number {
  if (days.isEveryDay) return Math.max(0, last - first + 1);
  let count = 0;
  for (let day = days.next(first); day !== null && day <= last; day = days.next(day + 1)) count++;
  return count;
}

/** The line's first time of day, in seconds, at or after `second`. */
function firstTimeFrom(line: WallLine, second: number): number | null {
  const { hour, minute, rest } = split(second);
  for (const h of line.hours) {
    if (h < hour) continue;
    for (const m of line.minutes) {
      if (h === hour && m < minute) continue;
      for (const s of line.seconds) {
        if (h === hour && m === minute && s < rest) continue;
        return h * 3_600 + m * 60 + s;
      }
    }
  }
  return null;
}

/** The line's last time of day, in seconds, at or before `second`. */
function lastTimeUpTo(line: WallLine, second: number): number | null {
  const { hour, minute, rest } = split(second);
  const h = lastUpTo(line.hours, hour);
  if (h === null) return null;
  const m = h < hour ? lastUpTo(line.minutes, 59) : lastUpTo(line.minutes, minute);
  if (m !== null) {
    const s = h < hour || m < minute ? lastUpTo(line.seconds, 59) : lastUpTo(line.seconds, rest);
    if (s !== null) return h * 3_600 + m * 60 + s;
    const earlier = lastUpTo(line.minutes, m - 1);
    if (earlier !== null) return h * 3_600 + earlier * 60 + (lastUpTo(line.seconds, 59) ?? 0);
  }
  return h === 0 ? null : lastTimeUpTo(line, h * 3_600 - 1);
}

/** How many times of day are at or before `second` (-1: none). */
function timesUpTo(line: WallLine, second: number): number {
  if (second < 0) return 0;
  const { hour, minute, rest } = split(second);
  const perMinute = line.seconds.length;
  let count = below(line.hours, hour) * line.minutes.length * perMinute;
  if (!line.hours.includes(hour)) return count;
  count += below(line.minutes, minute) * perMinute;
  return line.minutes.includes(minute) ? count + below(line.seconds, rest + 1) : count;
}

function split(second: number): { hour: number; minute: number; rest: number } {
  const hour = Math.floor(second / 3_600);
  const minute = Math.floor((second - hour * 3_600) / 60);
  return { hour, minute, rest: second - hour * 3_600 - minute * 60 };
}

function lastUpTo(sorted: readonly number[], limit: number): number | null {
  return sorted.findLast((value) => value <= limit) ?? null;
}

function below(sorted: readonly number[], limit: number): number {
  let count = 0;
  while (count < sorted.length && (sorted[count] ?? 0) < limit) count++;
  return count;
}
