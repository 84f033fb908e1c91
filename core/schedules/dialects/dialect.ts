import type { CronLine } from '../cron-line.ts';
import { DEFAULT_DST, type DstRule } from '../dst-rule.ts';
import type { WallLine } from '../wall-clock.ts';

/** The languages in which a line may be written. */
export const DIALECTS = ['unix', 'croner', 'quartz', 'systemd'] as const;
export type Dialect = (typeof DIALECTS)[number];

/** What each dialect's own scheduler does to fixed times when the clock changes. */
export const DST_OF_DIALECT: Readonly<Record<Dialect, DstRule>> = {
  unix: DEFAULT_DST,
  croner: DEFAULT_DST,
  // Java reads a time that is shown twice as standard time, and CronExpression goes on to the next day over a missing one.
  quartz: { missing: 'skip', repeated: 'second' },
  systemd: { missing: 'skip', repeated: 'first' },
};

/** What a line means, or why it means nothing here: a sentence that names the part and the next step. */
export type LineReading =
  | {
      ok: true;
      line: WallLine;
      /** The same field by field, to be told; days before a month's end are words in it (`L-3`, `L-3W`). */
      became: CronLine;
      /** The zone that the line itself names, if it does. */
      timeZone: string | null;
    }
  | { ok: false; problem: string };
