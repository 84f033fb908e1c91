import { quoted } from './cron-field.ts';
import { cronLines, nextCronFire } from './cron-fires.ts';
import { readCronLine } from './cron-line.ts';
import { checkTimeZone } from './zone-names.ts';

// Apart from the schema, so that the editor's preview can check a line without loading zod.

/**
 * What is wrong with a cron line in a zone, as a sentence for a person, or null when it can be saved: it reads well,
 * the zone is known, and it fires some time after `now`. Costs microseconds; at most 60 ms for the few lines whose days
 * never come.
 */
export function checkCronLine(line: string, timeZone: string, now: Date): string | null {
  return checkLineAlone(line, now) ?? checkTimeZone(timeZone);
}

/** The same without the zone. */
export function checkLineAlone(line: string, after: Date): string | null {
  const read = readCronLine(line);
  if (!read.ok) return read.problem;
  if (nextCronFire(cronLines({ lines: [line], timeZone: 'UTC' }), after.getTime()) === null) {
    return `The line ${quoted(line)} never fires: the days that it names don’t exist, like 30 February. Change the day of month or the month.`;
  }
  return null;
}

export function isUtcInstant(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/.test(text)) return false;
  const ms = Date.parse(text);
  // Date.parse reads 30 February as 1 March.
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === text.slice(0, 10);
}
