import type { AttemptOutcome } from '../runs/states.ts';
import type { CircuitRule } from './circuit-rule.ts';

/** Open: nothing starts until `untilMs`; from then on one run tries. */
export type OpenCircuit = {
  openedAtMs: number;
  untilMs: number;
  /** How long it was opened for. */
  openMs: number;
  openedByRun: number | null;
  /** For a sentence: "5 failures within 10 min, the last one run 812". */
  cause: string;
};

export type Circuit = {
  /** The latest failures while it is closed, in order. */
  failedAtMs: readonly number[];
  /** Null: closed. */
  open: OpenCircuit | null;
  /** The attempt that tries whether all is well again. */
  probe: { runId: number; attempt: number } | null;
};

export const CLOSED: Circuit = { failedAtMs: [], open: null, probe: null };

/** The end of an attempt that a circuit looks at. `rule`: of its job; null where it has none by now. */
export type SeenEnd = {
  runId: number;
  attempt: number;
  outcome: AttemptOutcome;
  rule: CircuitRule | null;
};

/** However many failures a rule counts, no more are remembered. */
const MOST_REMEMBERED = 1_000;

/**
 * The circuit after an attempt has ended. Closed, it counts failures within the window; open, only the probe decides:
 * well closes it, badly opens it for twice as long, and a probe that came to no end (lost, cancelled) leaves the place
 * to the next. A probe by hand ahead of time that ends badly changes nothing.
 */
export function afterEnd(circuit: Circuit, end: SeenEnd, nowMs: number): Circuit {
  const isBad = end.outcome === 'failed' || end.outcome === 'timed_out';
  if (circuit.open === null) return isBad ? afterFailure(circuit, end, nowMs) : circuit;
  const { open, probe } = circuit;
  if (probe?.runId !== end.runId || probe.attempt !== end.attempt) return circuit;
  if (end.outcome === 'succeeded') return CLOSED;
  if (!isBad || nowMs < open.untilMs) return { ...circuit, probe: null };
  const openMs = Math.max(open.openMs, Math.min(open.openMs * 2, longest(end, open)));
  return {
    failedAtMs: [],
    probe: null,
    open: {
      ...open,
      openMs,
      untilMs: nowMs + openMs,
      openedByRun: end.runId,
      cause: `run ${end.runId}, which tried in vain`,
    },
  };
}

const longest = ({ rule }: SeenEnd, { openMs }: OpenCircuit) => rule?.longestOpenMs ?? openMs;

function afterFailure(circuit: Circuit, { rule, runId }: SeenEnd, nowMs: number): Circuit {
  if (rule === null) return circuit;
  const failedAtMs = [...circuit.failedAtMs, nowMs].slice(-MOST_REMEMBERED);
  const recent = failedAtMs.filter((ms) => ms > nowMs - rule.withinMs).length;
  if (recent < rule.failures) return { ...circuit, failedAtMs };
  const failures = rule.failures === 1 ? '1 failure' : `${rule.failures} failures`;
  return {
    failedAtMs: [],
    probe: null,
    open: {
      openedAtMs: nowMs,
      untilMs: nowMs + rule.openMs,
      openMs: rule.openMs,
      openedByRun: runId,
      cause:
        rule.failures === 1
          ? `the failure of run ${runId}`
          : `${failures} within ${inWords(rule.withinMs)}, the last one run ${runId}`,
    },
  };
}

/** `90 s`, `10 min`, `2 h`, `1 day`. */
function inWords(ms: number): string {
  if (ms % 86_400_000 === 0) return ms === 86_400_000 ? '1 day' : `${ms / 86_400_000} days`;
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000} h`;
  if (ms % 60_000 === 0) return `${ms / 60_000} min`;
  return `${ms / 1_000} s`;
}
