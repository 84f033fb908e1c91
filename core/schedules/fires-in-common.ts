import type { CompiledSchedule } from './compile.ts';
import { countCronFires } from './count.ts';
import { cronLines } from './cron-fires.ts';
import { DST_OF_DIALECT } from './dialects/dialect.ts';
import type { Schedule } from './schedule-shape.ts';

type Cron = Extract<Schedule, { type: 'cron' }>;

// Lines that share a day are counted as the bits of one number.
const MOST_LINES = 31;

/**
 * How to count the fires that two schedules have in common, without making them: what both count alone, less what their
 * lines count joined. Null where nobody can: on different clocks, with a calendar, a jitter or a number of fires, or where
 * one of them isn't made of lines.
 */
export function commonCounter(
  one: CompiledSchedule,
  other: CompiledSchedule,
): ((fromMs: number, toMs: number) => number) | null {
  if (isSameText(one.schedule, other.schedule)) return one.count;
  const a = plainLines(one.schedule);
  const b = plainLines(other.schedule);
  if (a === null || b === null || !isSameText(clockOf(a), clockOf(b))) return null;
  const lines = [...new Set([...a.lines, ...b.lines])];
  if (lines.length > MOST_LINES) return null;
  const joined = joinedLines({ ...a, lines });
  if (joined === null) return null;
  const firstMs = Math.max(...[a, b].map(({ startsAt }) => (startsAt ? Date.parse(startsAt) : 0)));
  const lastMs = Math.min(...[a, b].map(({ endsAt }) => (endsAt ? Date.parse(endsAt) : Infinity)));
  return (fromMs, toMs) => {
    const [from, to] = [Math.max(fromMs, firstMs - 1), Math.min(toMs, lastMs)];
    if (to <= from) return 0;
    return one.count(from, to) + other.count(from, to) - countCronFires(joined, from, to);
  };
}

function plainLines(schedule: Schedule): Cron | null {
  if (schedule.type !== 'cron' || schedule.calendar || schedule.maxFires !== undefined) return null;
  return (schedule.jitterMs ?? 0) > 0 ? null : schedule;
}

function clockOf({ timeZone, dialect = 'unix', dst = DST_OF_DIALECT[dialect] }: Cron) {
  return [timeZone, dialect, dst.missing, dst.repeated];
}

/** Null where lines name different zones, which one schedule can't. */
function joinedLines(text: Cron) {
  try {
    return cronLines(text);
  } catch {
    return null;
  }
}

const isSameText = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
