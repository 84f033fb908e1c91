import type { FinalState } from '../runs/states.ts';
import type { AutoPauseRule, PauseEvidence } from './auto-pause-rule.ts';

export type EndedRun = { runId: number; state: FinalState; finishedAtMs: number };

/** Lines of one run's log that read as errors, in the 10 s from `atMs` on. */
export type ErrorLines = { runId: number; atMs: number; lines: number };

export type WhatWentWrong = {
  nowMs: number;
  /** Runs that are over, tests left out, since somebody last answered for what went wrong. */
  ended: readonly EndedRun[];
  errorLines: readonly ErrorLines[];
};

const MOST_NAMED = 20;
const BAD: ReadonlySet<FinalState> = new Set(['failed', 'timed_out', 'lost']);

/** Whether a job is to be paused, and by what; null: it goes on. */
export function decideAutoPause(rule: AutoPauseRule, seen: WhatWentWrong): PauseEvidence | null {
  return inRow(rule, seen) ?? byRate(rule, seen) ?? byErrorLines(rule, seen);
}

// What was cancelled or skipped neither breaks a row nor makes it longer.
const judged = ({ ended }: WhatWentWrong) =>
  ended
    .filter(({ state }) => state === 'succeeded' || BAD.has(state))
    .toSorted((a, b) => b.finishedAtMs - a.finishedAtMs || b.runId - a.runId);

function inRow({ inRow: most }: AutoPauseRule, seen: WhatWentWrong): PauseEvidence | null {
  if (most === null) return null;
  const runs = judged(seen);
  const firstGood = runs.findIndex(({ state }) => state === 'succeeded');
  const bad = firstGood === -1 ? runs : runs.slice(0, firstGood);
  return bad.length < most
    ? null
    : { rule: 'in_row', failed: bad.length, runIds: named(bad.map(({ runId }) => runId)) };
}

function byRate({ rate }: AutoPauseRule, seen: WhatWentWrong): PauseEvidence | null {
  if (rate === null) return null;
  const runs = judged(seen).filter(({ finishedAtMs }) => finishedAtMs > seen.nowMs - rate.withinMs);
  const bad = runs.filter(({ state }) => BAD.has(state));
  if (runs.length < rate.leastRuns || bad.length * 100 < rate.percent * runs.length) return null;
  return {
    rule: 'rate',
    failed: bad.length,
    runs: runs.length,
    withinMs: rate.withinMs,
    runIds: named(bad.map(({ runId }) => runId)),
  };
}

function byErrorLines({ errorLines }: AutoPauseRule, seen: WhatWentWrong): PauseEvidence | null {
  if (errorLines === null) return null;
  const recent = seen.errorLines.filter(({ atMs }) => atMs > seen.nowMs - errorLines.withinMs);
  const lines = recent.reduce((sum, own) => sum + own.lines, 0);
  if (lines < errorLines.lines) return null;
  const runIds = [...new Set(recent.map(({ runId }) => runId))].toSorted((a, b) => b - a);
  return { rule: 'error_lines', lines, withinMs: errorLines.withinMs, runIds: named(runIds) };
}

const named = (runIds: readonly number[]) => runIds.slice(0, MOST_NAMED);

/** The reason that stands in the pause, for people. */
export function reasonOf(evidence: PauseEvidence): string {
  const [newest] = evidence.runIds;
  switch (evidence.rule) {
    case 'in_row':
      return evidence.failed === 1
        ? `run ${newest} went wrong`
        : `${evidence.failed} runs in a row went wrong, the last one run ${newest}`;
    case 'rate':
      return `${evidence.failed} of ${evidence.runs} runs within ${inWords(evidence.withinMs)} went wrong, the last one run ${newest}`;
    case 'error_lines':
      return `${evidence.lines.toLocaleString('en-US')} error lines within ${inWords(evidence.withinMs)}, the last ones in run ${newest}`;
  }
}

function inWords(ms: number): string {
  if (ms % 86_400_000 === 0) return ms === 86_400_000 ? '1 day' : `${ms / 86_400_000} days`;
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000} h`;
  if (ms % 60_000 === 0) return `${ms / 60_000} min`;
  return `${ms / 1_000} s`;
}
