import {
  at,
  type CauseRule,
  editJob,
  iso,
  openRun,
  since,
  triggerJob,
  type WhyAction,
  type WhyEvidence,
} from '../cause.ts';
import type { CircuitOfSnapshot, WhySnapshot } from '../snapshot.ts';
import { lastOccurrence } from './run.ts';

/**
 * Its circuit is open: ticks are skipped until its time is over, then one run tries. What somebody asked for tries at
 * once; whatever else waits, waits for the end of that.
 */
export const circuitOpen: CauseRule = {
  find: (snapshot) => {
    const { circuit, run, isAboutRun, nowMs } = snapshot;
    if (circuit === null || snapshot.job.deletedAtMs !== null) return null;
    if (isAboutRun && (run?.state !== 'queued' || run.trigger === 'test')) return null;
    const isOver = circuit.untilMs <= nowMs;
    const state = stateOf(circuit, isOver);
    // Nobody tries, and what was asked about may: nothing is in its way.
    const isTried = isBeingTried(circuit);
    if (isAboutRun && !isTried && (isOver || triesAtOnce(run?.trigger))) return null;
    return {
      tone: state === 'over' ? 'tells' : 'waits',
      values: {
        state,
        hasHost: String(circuit.host !== null),
        host: circuit.host ?? '',
        until: at(circuit.untilMs),
        cause: circuit.cause,
        run: circuit.triedBy ?? 0,
      },
      evidence: [
        {
          key: 'circuit_opened',
          values: { opened: at(circuit.openedAtMs), elapsed: since(circuit.openedAtMs) },
        },
        ...openedBy(snapshot),
      ],
      actions: [
        { key: 'close_circuit', values: {}, jobId: snapshot.job.id, jobKey: snapshot.job.key },
        ...(circuit.triedBy === null ? [] : [openRun(circuit.triedBy)]),
        ...(isAboutRun || isTried ? [] : [triggerJob(snapshot)]),
        editJob(snapshot),
      ],
      startsAt: startsAt(snapshot),
    };
  },
};

const isBeingTried = ({ triedBy, isTriedByOther }: CircuitOfSnapshot) =>
  triedBy !== null || isTriedByOther;

function stateOf(circuit: CircuitOfSnapshot, isOver: boolean) {
  if (circuit.isTriedByOther) return 'tried_by_other';
  if (circuit.triedBy !== null) return 'tried';
  return isOver ? 'over' : 'open';
}

/** A tick that waits for nothing else starts at the first fire after the circuit's time; a run, when it is over. */
function startsAt({
  circuit,
  nextFireAfterCircuitMs,
  isAboutRun,
  nowMs,
}: WhySnapshot): string | null {
  if (circuit === null || isBeingTried(circuit)) return null;
  if (isAboutRun) return iso(Math.max(nowMs, circuit.untilMs));
  return nextFireAfterCircuitMs === null ? null : iso(nextFireAfterCircuitMs);
}

const triesAtOnce = (trigger: string | undefined) =>
  trigger === 'manual' || trigger === 'api' || trigger === 'retry';

function openedBy({ circuit }: WhySnapshot): WhyEvidence[] {
  const id = circuit?.openedByRun ?? null;
  return id === null ? [] : [{ key: 'circuit_run', values: { id }, link: { to: 'run', id } }];
}

/** The run that was asked for, or the job's last tick, met an open circuit. */
export const skippedCircuitOpen: CauseRule = {
  find: (snapshot) => {
    const last = lastOccurrence(snapshot);
    if (last === null || last.skipReason !== 'circuit_open') return null;
    return {
      tone: 'tells',
      values: { tick: at(last.scheduledForMs) },
      evidence: [
        {
          key: 'skipped_run',
          values: { id: last.runId, tick: at(last.scheduledForMs) },
          link: { to: 'run', id: last.runId },
        },
      ],
      actions: [triggerJob(snapshot), editJob(snapshot)] satisfies WhyAction[],
    };
  },
};
