import { cronLines, nextCronFire, type FireAt } from './cron-fires.ts';
import { quoted } from './cron-field.ts';
import type { Dialect } from './dialects/dialect.ts';
import { readLine } from './dialects/read-lines.ts';
import type { DstRule } from './dst-rule.ts';
import { checkTimeZone } from './zone-names.ts';

export interface LineQuestion {
  readonly expression: string;
  readonly dialect: Dialect;
  /** Where the line names no zone itself; UTC without one. */
  readonly timeZone?: string | undefined;
  readonly dst?: DstRule | undefined;
  readonly from: Date;
  readonly count: number;
}

export type LineAnswer =
  | {
      ok: true;
      timeZone: string;
      /** Fewer than asked for where the line ends. */
      fires: readonly FireAt[];
    }
  | { ok: false; problem: string };

/** The next fires of one line of any dialect, strictly after `from`, without a schedule or a job around it. */
export function nextFiresOfLine(question: LineQuestion): LineAnswer {
  const { expression, dialect, timeZone = 'UTC', dst, from, count } = question;
  const everyMs = dialect === 'unix' ? intervalOf(expression.trim()) : null;
  if (everyMs !== null) return { ok: true, timeZone, fires: everyFrom(from, everyMs, count) };
  const read = readLine(expression, dialect);
  if (!read.ok) return read;
  const zoneProblem = read.timeZone === null ? checkTimeZone(timeZone) : null;
  if (zoneProblem !== null) return { ok: false, problem: zoneProblem };
  const cron = cronLines({ lines: [expression], dialect, timeZone, dst });
  const fires: FireAt[] = [];
  let afterMs = from.getTime();
  while (fires.length < count) {
    const fire = nextCronFire(cron, afterMs);
    if (fire === null) break;
    if (!(fire.ms > afterMs)) {
      throw new Error(`The line ${quoted(expression)} fires at ${fire.ms}, not after ${afterMs}.`);
    }
    fires.push(fire);
    afterMs = fire.ms;
  }
  return { ok: true, timeZone: read.timeZone ?? timeZone, fires };
}

const UNITS_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000 };

/** `@every 1h30m` in ms, whole seconds; null for what isn't one. */
function intervalOf(text: string): number | null {
  const parts = /^@every\s+((?:\d+[hms])+)$/.exec(text)?.[1]?.matchAll(/(\d+)([hms])/g);
  if (!parts) return null;
  let ms = 0;
  for (const [, amount, unit = ''] of parts) ms += Number(amount) * (UNITS_MS[unit] ?? 0);
  return ms >= 1_000 ? ms : null;
}

/** An interval has no place of its own on the clock: it counts from the question, from the whole second. */
function everyFrom(from: Date, everyMs: number, count: number): FireAt[] {
  const startMs = Math.floor(from.getTime() / 1_000) * 1_000;
  return Array.from({ length: count }, (_, turn) => ({
    ms: startMs + (turn + 1) * everyMs,
    marks: [],
  }));
}
