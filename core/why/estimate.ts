import type { RunningRun } from './snapshot.ts';

export type EstimateInput = {
  nowMs: number;
  /** How many may run at once. */
  slots: number;
  running: readonly RunningRun[];
  /** How long those that start before it usually take; null: nobody knows. */
  aheadUsualMs: readonly (number | null)[];
};

/**
 * About when a run gets a slot, ms since 1970, by what runs and waits before it usually takes; null where that can't be
 * told. A run that took longer than usual is held to end by its 95th percentile, then by its timeout.
 */
export function estimateStartMs({
  nowMs,
  slots,
  running,
  aheadUsualMs,
}: EstimateInput): number | null {
  const ends = running.map((run) => expectedEndMs(run, nowMs));
  const free = Math.max(0, slots - running.length);
  // Slots beyond what runs are free now; more than the limit runs when the limit was lowered.
  const freeAt = [...Array<number>(free).fill(nowMs), ...ends.map((end) => end ?? Infinity)]
    .toSorted((a, b) => a - b)
    .slice(Math.max(0, running.length - slots));
  const mean = meanOf(aheadUsualMs);
  for (const usualMs of aheadUsualMs) {
    const took = usualMs ?? mean;
    const next = freeAt.shift();
    if (took === null || next === undefined) return null;
    insertSorted(freeAt, next + took);
  }
  const [first] = freeAt;
  return first === undefined || first === Infinity ? null : first;
}

/** When a running run is likely to be over; null where it is past all that is known of it. */
export function expectedEndMs(run: RunningRun, nowMs: number): number | null {
  for (const lengthMs of [run.usualMs, run.longMs, run.limitMs]) {
    if (lengthMs !== null && run.sinceMs + lengthMs > nowMs) return run.sinceMs + lengthMs;
  }
  return null;
}

function meanOf(lengths: readonly (number | null)[]): number | null {
  const known = lengths.filter((length) => length !== null);
  return known.length === 0 ? null : known.reduce((sum, length) => sum + length, 0) / known.length;
}

function insertSorted(values: number[], value: number): void {
  const place = values.findIndex((other) => other > value);
  values.splice(place === -1 ? values.length : place, 0, value);
}
