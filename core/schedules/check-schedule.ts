import { compileSchedule } from './compile.ts';
import { quoted } from './cron-field.ts';
import { cronLines, nextCronFire } from './cron-fires.ts';
import { DIALECTS, type Dialect } from './dialects/dialect.ts';
import { readLine, readLines } from './dialects/read-lines.ts';
import { countsFromEnd } from './from-end.ts';
import type { Schedule } from './schedule-shape.ts';
import { checkTimeZone } from './zone-names.ts';

// Apart from the schema, so that the editor's preview can check a line without loading zod.

/**
 * What is wrong with a cron line in a zone, as a sentence for a person, or null when it can be saved: it reads well,
 * the zone is known, and it fires some time after `now`. Costs microseconds; at most 60 ms for the few lines whose days
 * never come.
 */
export function checkCronLine(
  line: string,
  timeZone: string,
  now: Date,
  dialect?: Dialect,
): string | null {
  return checkLineAlone(line, now, dialect) ?? checkTimeZone(timeZone);
}

/** The same without the zone. */
export function checkLineAlone(
  line: string,
  after: Date,
  dialect: Dialect = 'unix',
): string | null {
  const read = readLine(line, dialect);
  if (!read.ok) return read.problem;
  const cron = cronLines({ lines: [line], dialect, timeZone: 'UTC' });
  if (nextCronFire(cron, after.getTime()) === null) {
    return `The line ${quoted(line)} never fires: the days that it names don’t exist, like 30 February. Change the day of month or the month.`;
  }
  return null;
}

/** What is wrong with the lines of one schedule, each problem with the index of its line, or none where it is all. */
export function checkCronLines(
  lines: readonly unknown[],
  dialect: unknown,
  after: Date,
): { path: number[]; message: string }[] {
  const known = dialect === undefined ? 'unix' : DIALECTS.find((name) => name === dialect);
  if (known === undefined) return [];
  const texts = lines.filter((line) => typeof line === 'string');
  if (texts.length < lines.length) return [];
  const problems = texts.flatMap((line, index) => {
    const message = checkLineAlone(line, after, known);
    return message === null ? [] : [{ path: [index], message }];
  });
  if (problems.length > 0) return problems;
  const together = readLines(texts, known);
  return together.ok ? [] : [{ path: [], message: together.problem }];
}

/** Whether a schedule that reads well has no fire at all from 1970 on, its calendar aside. However many it may have. */
export function neverFires(schedule: Schedule): boolean {
  if (countsFromEnd(schedule)) return false;
  const {
    calendar: _,
    maxFires: _most,
    ...plain
  } = {
    calendar: undefined,
    maxFires: undefined,
    ...schedule,
  };
  return compileSchedule(plain).next(-1) === null;
}
