import type { Figures } from './figures.ts';

/** `unknown`: nobody has told the number yet, or it can't be known here. */
export type Level = 'bad' | 'warn' | 'unknown' | 'well';

/** What a check's number counts. A `share` is between 0 and 1. */
export type Unit = 'ms' | 'count' | 'share' | 'bytes' | 'days';

/** Where on the page a check stands. */
export const GROUPS = ['keeping', 'workers', 'database', 'space'] as const;
export type Group = (typeof GROUPS)[number];

/** A number, and what it is about: names of workers, queues, tables or months, the worst first. */
export type Reading = { value: number; about?: readonly string[] };

/**
 * One thing that Punctual watches about itself: a number with the lines from which on it asks for a look, and is bad.
 * `worse` says on which side of its line. A number that is bad makes a trouble: a banner, a line in the log, a message.
 */
export type Check<Name extends string = string> = {
  name: Name;
  group: Group;
  unit: Unit;
  worse: 'above' | 'below';
  /** Null: the number is bad at once, or never. */
  warnAt: number | null;
  badAt: number | null;
  /** While it is bad schedules aren't kept, and Punctual isn't ready. */
  isReadiness?: true;
  /** What the number is now; null where it isn't known. */
  read: (figures: Figures) => Reading | null;
};

/** What a check says now. */
export type Judgement<Name extends string = string> = {
  name: Name;
  level: Level;
  value: number | null;
  about: readonly string[];
};

/** Holds a number against the lines of its check. */
export function levelOf(
  { worse, warnAt, badAt }: Pick<Check, 'worse' | 'warnAt' | 'badAt'>,
  value: number | null,
): Level {
  if (value === null) return 'unknown';
  const isBeyond = (line: number | null) =>
    line !== null && (worse === 'above' ? value > line : value < line);
  if (isBeyond(badAt)) return 'bad';
  return isBeyond(warnAt) ? 'warn' : 'well';
}
