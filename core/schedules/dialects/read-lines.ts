import { BoundedCache } from '../bounded-cache.ts';
import { MAX_LINE_LENGTH } from '../cron-field.ts';
import type { WallLine } from '../wall-clock.ts';
import { checkTimeZone } from '../zone-names.ts';
import { readCronerLine } from './croner.ts';
import type { Dialect, LineReading } from './dialect.ts';
import { readQuartzLine } from './quartz.ts';
import { readSystemdLine } from './systemd.ts';
import { readUnixLine } from './unix.ts';

const READERS: Readonly<Record<Dialect, (text: string) => LineReading>> = {
  unix: readUnixLine,
  croner: readCronerLine,
  quartz: readQuartzLine,
  systemd: readSystemdLine,
};

/** What a line means in its dialect. Doesn't say whether it ever fires. */
export function readLine(text: string, dialect: Dialect): LineReading {
  return readings.get(`${dialect}\n${text}`);
}

const readings = new BoundedCache<string, LineReading>(2_000, (key) => {
  const end = key.indexOf('\n');
  const text = key.slice(end + 1);
  const problem = checkShape(text);
  if (problem !== null) return { ok: false, problem };
  const read = READERS[key.slice(0, end) as Dialect](text.trim());
  if (!read.ok || read.timeZone === null) return read;
  const zoneProblem = checkTimeZone(read.timeZone);
  return zoneProblem === null ? read : { ok: false, problem: zoneProblem };
});

export type LinesReading =
  | { ok: true; lines: readonly WallLine[]; timeZone: string | null }
  | { ok: false; problem: string };

/** The same for the lines of one schedule. They share one clock, so a zone that one of them names must be that of all. */
export function readLines(texts: readonly string[], dialect: Dialect): LinesReading {
  const lines: WallLine[] = [];
  const zones = new Set<string | null>();
  for (const text of texts) {
    const read = readLine(text, dialect);
    if (!read.ok) return read;
    lines.push(read.line);
    zones.add(read.timeZone);
  }
  const [timeZone = null, other] = zones;
  if (zones.size <= 1) return { ok: true, lines, timeZone };
  return {
    ok: false,
    problem: `The lines stand in different time zones: ${timeZone ?? 'that of the schedule'} and ${other ?? 'that of the schedule'}. Name one zone for all, or make a job of each.`,
  };
}

function checkShape(text: string): string | null {
  if (text.length > MAX_LINE_LENGTH) {
    return `The line has ${text.length} characters; at most ${MAX_LINE_LENGTH} are allowed. Split it into several lines.`;
  }
  if (/[\r\n]/.test(text)) return 'The line has a line break. Put each line on its own.';
  if (text.trim() === '') return 'The line is empty. Write when the job runs.';
  return null;
}
