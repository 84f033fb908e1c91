import { BoundedCache } from './bounded-cache.ts';
import type { DayRule } from './days.ts';
import { DST_OF_DIALECT, type Dialect } from './dialects/dialect.ts';
import { readLines } from './dialects/read-lines.ts';
import type { DstRule } from './dst-rule.ts';
import { latestFireOfLine, nextFireOfLine, type Clock, type LineFire } from './line-fires.ts';
import type { WallLine } from './wall-clock.ts';
import { zoneNamed } from './zones.ts';

export type { LineFire as FireAt } from './line-fires.ts';

/** The lines of a cron schedule on their zone's clock, read once. */
export interface CronLines extends Clock {
  readonly lines: readonly WallLine[];
}

/** What a cron schedule says; it is a crontab's without a dialect, and follows its dialect without a rule. */
export interface CronText {
  readonly lines: readonly string[];
  readonly dialect?: Dialect | undefined;
  readonly timeZone: string;
  readonly dst?: DstRule | undefined;
}

/** Changes which days a line names, such as a calendar that skips holidays; schedules with one key share the answer. */
export interface DaysTransform {
  readonly key: string;
  of(days: DayRule): DayRule;
}

/**
 * A zone that the lines name themselves goes before the schedule's.
 * @throws Error when a line can't be read or the zone is unknown: a schedule that was parsed has neither
 */
export function cronLines(text: CronText, days?: DaysTransform): CronLines {
  const { lines, dialect = 'unix', timeZone, dst = DST_OF_DIALECT[dialect] } = text;
  const key = [dialect, timeZone, dst.missing, dst.repeated, days?.key ?? '', ...lines].join('\n');
  return compiled.getOrMake(key, () => compile(text, dialect, dst, days));
}

const compiled = new BoundedCache<string, CronLines>(10_000);

function compile(
  { lines, timeZone }: CronText,
  dialect: Dialect,
  dst: DstRule,
  days: DaysTransform | undefined,
): CronLines {
  const read = readLines(lines, dialect);
  if (!read.ok) throw new Error(`The cron schedule can't be read: ${read.problem}`);
  return {
    lines: days ? read.lines.map((line) => ({ ...line, days: days.of(line.days) })) : read.lines,
    zone: zoneNamed(read.timeZone ?? timeZone),
    dst,
  };
}

/** The first fire of any of the lines after `afterMs`, or null. */
export function nextCronFire(cron: CronLines, afterMs: number): LineFire | null {
  let best: LineFire | null = null;
  for (const line of cron.lines) {
    const fire = nextFireOfLine(line, cron, afterMs);
    if (fire === null) continue;
    if (best === null || fire.ms < best.ms) best = fire;
    else if (fire.ms === best.ms && fire.marks.length > 0) best = joined(best, fire);
  }
  return best;
}

/** The last fire of any of the lines in (afterMs, upToMs], or null. */
export function latestCronFire(cron: CronLines, afterMs: number, upToMs: number): number | null {
  let latest: number | null = null;
  for (const line of cron.lines) {
    const ms = latestFireOfLine(line, cron, latest ?? afterMs, upToMs);
    if (ms !== null) latest = ms;
  }
  return latest;
}

function joined(a: LineFire, b: LineFire): LineFire {
  const known = a.marks.map((mark) => JSON.stringify(mark));
  const added = b.marks.filter((mark) => !known.includes(JSON.stringify(mark)));
  return added.length === 0 ? a : { ms: a.ms, marks: [...a.marks, ...added] };
}
