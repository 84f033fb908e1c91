const FIRST_MS = 500;
const LONGEST_MS = 30_000;
const STEADY_MS = 60_000;

/**
 * How long to wait before a process that ended by itself is started again.
 *
 * @param inARow how many times it has ended before, each soon after its start
 * @param ranMs how long it ran this time; a minute wipes the slate clean
 */
export function restartDelay(inARow: number, ranMs: number): { delayMs: number; inARow: number } {
  const times = ranMs >= STEADY_MS ? 0 : inARow;
  return { delayMs: Math.min(FIRST_MS * 2 ** times, LONGEST_MS), inARow: times + 1 };
}
