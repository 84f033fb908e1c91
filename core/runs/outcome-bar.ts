import type { RunState } from './states.ts';

/**
 * One run as a bar, or a stretch of ticks that became none; a list of them is oldest first. Height is the duration,
 * stubs below the line are failed attempts.
 */
export type OutcomeBar = {
  runId: number | null;
  state: RunState | 'gap';
  durationMs: number | null;
  failedAttempts: number;
  /** ISO 8601: scheduledFor of the run, begin of the gap. */
  at: string;
  gapTicks?: number;
};

export type BarRun = {
  id: number;
  state: RunState;
  scheduledFor: Date;
  durationMs: number | null;
  failedAttempts: number;
};

export type BarGap = { from: Date; ticks: number };

/** The newest `most` bars of runs (newest first) and gaps together. */
export function outcomeBars(
  runs: readonly BarRun[],
  gaps: readonly BarGap[],
  most: number,
): OutcomeBar[] {
  const bars: OutcomeBar[] = [
    ...runs.map(({ id, scheduledFor, ...run }) => ({
      runId: id,
      state: run.state,
      durationMs: run.durationMs,
      failedAttempts: run.failedAttempts,
      at: scheduledFor.toISOString(),
    })),
    ...gaps
      .filter(({ ticks }) => ticks > 0)
      .map(({ from, ticks }) => ({
        runId: null,
        state: 'gap' as const,
        durationMs: null,
        failedAttempts: 0,
        at: from.toISOString(),
        gapTicks: ticks,
      })),
  ];
  return bars.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).slice(-most);
}
