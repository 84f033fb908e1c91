import type { Timing } from '../schedules/timing.ts';
import type { Findings } from './findings.ts';
import { type Stretch, ticksIn } from './stretches.ts';

/**
 * Holds the instants of a job's tick runs in one stretch against the fires of its schedule.
 *
 * @param runs in order; an instant stands as often as there are runs at it
 * @param cursorMs up to and including it the ledger accounts for every fire; later ones wait for a planner
 * @returns how many fires wait for a planner
 */
export function compareStretch(
  stretch: Stretch,
  runs: readonly number[],
  cursorMs: number,
  findings: Findings,
): number {
  const timing = stretch.reign?.timing ?? null;
  if (stretch.reign !== null && timing === null) return 0;
  if (timing === null) tellExtra(runs, findings);
  else if (stretch.reign?.isAfterEnd && stretch.gap === null) compareAfterEnd(runs, findings);
  else if (stretch.gap !== null) compareGap(timing, stretch, runs, findings);
  else return compareOpen(timing, stretch, runs, cursorMs, findings);
  return 0;
}

/** In a gap no tick has a run. */
function compareGap(
  timing: Timing,
  { fromMs, toMs, gap }: Stretch,
  runs: readonly number[],
  findings: Findings,
): void {
  // What the gap says of its ticks is compared as a number.
  if (ticksIn(timing, fromMs, toMs) > 0) findings.fine();
  for (const { ms, times } of grouped(runs)) {
    if (timing.next(ms - 1)?.ms === ms) {
      findings.add({ kind: 'doubled', at: iso(ms), runs: times, gap: gap?.reason ?? null });
    } else {
      findings.add({ kind: 'extra', at: iso(ms), runs: times });
    }
  }
}

/** Where ticks count from the end of runs, each has one run, wherever it lies. */
function compareAfterEnd(runs: readonly number[], findings: Findings): void {
  for (const { ms, times } of grouped(runs)) {
    if (times > 1) findings.add({ kind: 'doubled', at: iso(ms), runs: times, gap: null });
    else findings.fine();
  }
}

/** Outside of gaps every tick has one run, unless no planner has come to it yet. */
function compareOpen(
  timing: Timing,
  { fromMs, toMs }: Stretch,
  runs: readonly number[],
  cursorMs: number,
  findings: Findings,
): number {
  let unplanned = 0;
  // The fires from here on aren't compared yet; in a ledger without a fault each run stands at the next of them.
  let atMs = fromMs;
  for (const { ms, times } of grouped(runs)) {
    let fireMs = timing.next(atMs - 1)?.ms ?? Number.POSITIVE_INFINITY;
    if (fireMs < ms) {
      unplanned += tellMissing(timing, { fromMs: fireMs, toMs: ms, cursorMs }, findings);
      fireMs = timing.next(ms - 1)?.ms ?? Number.POSITIVE_INFINITY;
    }
    if (fireMs !== ms) findings.add({ kind: 'extra', at: iso(ms), runs: times });
    else if (times > 1) findings.add({ kind: 'doubled', at: iso(ms), runs: times, gap: null });
    else findings.fine();
    atMs = ms + 1;
  }
  const fireMs = timing.next(atMs - 1)?.ms ?? Number.POSITIVE_INFINITY;
  if (fireMs >= toMs) return unplanned;
  return unplanned + tellMissing(timing, { fromMs: fireMs, toMs, cursorMs }, findings);
}

/** No fire in [fromMs, toMs), which begins with one, has a run. Returns how many of them lie beyond the cursor and wait. */
function tellMissing(
  timing: Timing,
  { fromMs, toMs, cursorMs }: { fromMs: number; toMs: number; cursorMs: number },
  findings: Findings,
): number {
  const plannedToMs = Math.min(toMs, cursorMs + 1);
  const missing = ticksIn(timing, fromMs, plannedToMs);
  if (missing > 0) {
    const lastMs = timing.latest(fromMs - 1, plannedToMs - 1) ?? fromMs;
    findings.missing(fromMs, lastMs, missing);
  }
  return ticksIn(timing, fromMs, toMs) - missing;
}

function tellExtra(runs: readonly number[], findings: Findings): void {
  for (const { ms, times } of grouped(runs)) {
    findings.add({ kind: 'extra', at: iso(ms), runs: times });
  }
}

function* grouped(runs: readonly number[]): Generator<{ ms: number; times: number }> {
  for (let at = 0; at < runs.length;) {
    const ms = runs[at]!;
    let times = 1;
    while (runs[at + times] === ms) times++;
    yield { ms, times };
    at += times;
  }
}

const iso = (ms: number) => new Date(ms).toISOString();
