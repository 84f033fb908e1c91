/**
 * What becomes of a fixed time that the clock jumps over: it runs where the missing stretch ends, not at all, or as late
 * after that stretch as it stood in it (02:30 becomes 03:30).
 */
export const MISSING_TIME_RULES = ['end', 'skip', 'shift'] as const;
/** On which pass a fixed time runs that the clock shows twice. */
export const REPEATED_TIME_RULES = ['first', 'second', 'both'] as const;

/**
 * What the change of a zone's clock does to fixed times. A line with a wildcard or a step follows the clock that runs
 * under every rule: it goes on through both passes of a repeated stretch, and what lay in a missing one is no part of it.
 */
export interface DstRule {
  readonly missing: (typeof MISSING_TIME_RULES)[number];
  readonly repeated: (typeof REPEATED_TIME_RULES)[number];
}

/** As Vixie cron has it. */
export const DEFAULT_DST: DstRule = { missing: 'end', repeated: 'first' };
