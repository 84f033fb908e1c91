import type { WallLine } from '../wall-clock.ts';

/** The languages in which a line may be written. */
export const DIALECTS = ['unix', 'croner', 'quartz', 'systemd'] as const;
export type Dialect = (typeof DIALECTS)[number];

/** What a line means, or why it means nothing here: a sentence that names the part and the next step. */
export type LineReading =
  | {
      ok: true;
      line: WallLine;
      /** The zone that the line itself names, if it does. */
      timeZone: string | null;
    }
  | { ok: false; problem: string };
