import { quoted } from '../cron-field.ts';
import { readCronLine } from '../cron-line.ts';
import { wallLineOf } from '../wall-clock.ts';
import { checkTimeZone } from '../zone-names.ts';
import type { LineReading } from './dialect.ts';

/**
 * A line of a crontab, as cronie's crontab(5) and entry.c mean it. The marks L, W and #, `?` and a second in front are
 * more than cronie has. A zone may stand in front, as the variable CRON_TZ of a crontab, or at the end.
 */
export function readUnixLine(text: string): LineReading {
  const { timeZone, rest } = splitZone(text);
  if (rest.includes('~')) {
    return refused(
      `The line ${quoted(rest)} has "~", a time drawn by lot. Write a time, and let jitter spread the runs.`,
    );
  }
  if (/^@every\b/i.test(rest)) {
    return refused(
      `The line ${quoted(rest)} is an interval. Choose the schedule "interval" and give its length there.`,
    );
  }
  const read = readCronLine(rest);
  if (!read.ok) return read;
  return { ok: true, line: { ...wallLineOf(read.line), text }, became: read.line, timeZone };
}

function splitZone(text: string): { timeZone: string | null; rest: string } {
  const inFront = /^(?:CRON_)?TZ=(\S*)\s+(.*)$/.exec(text);
  if (inFront) return { timeZone: inFront[1] ?? '', rest: inFront[2] ?? '' };
  const [, rest = '', last = ''] = /^(.*\S)\s+([A-Za-z][A-Za-z0-9_+/-]*)$/.exec(text) ?? [];
  // A name without a place, such as UTC or Japan, could be a slip in the day of week: only a known one is a zone.
  const isDay = /^(?:sun|mon|tue|wed|thu|fri|sat)/i.test(last);
  const isZone = /^[a-z_]+\/[a-z]/i.test(last) || (!isDay && isKnownZone(last));
  return isZone ? { timeZone: last, rest } : { timeZone: null, rest: text };
}

function isKnownZone(name: string): boolean {
  return name.length > 2 && checkTimeZone(name) === null;
}

function refused(problem: string): LineReading {
  return { ok: false, problem };
}
