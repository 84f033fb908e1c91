import type { Sql } from '../db.ts';
import { announce, signalWorkers } from '../events/events.ts';
import type { AttemptOutcome } from '../runs/states.ts';
import { afterEnd } from './circuit.ts';
import type { CircuitRule, CircuitTarget } from './circuit-rule.ts';
import {
  type CircuitRow,
  lockCircuits,
  makeCircuits,
  readJobsOfCircuit,
  writeCircuits,
} from './circuits.sql.ts';

/** An attempt whose end was recorded in this transaction. */
export type RecordedEnd = {
  runId: number;
  attempt: number;
  outcome: AttemptOutcome;
  /** The circuit that its job goes by, as its revision says; null: none. */
  circuit: { target: CircuitTarget; rule: CircuitRule } | null;
  /** It tried, or may have tried, whether an open circuit can close. */
  isProbe: boolean;
};

/**
 * Lets the circuits see how attempts ended, in the transaction that records them, so that each end counts once. What
 * ended well without being a probe changes no circuit, and costs nothing.
 */
export async function tellCircuits(sql: Sql, ends: readonly RecordedEnd[]): Promise<void> {
  const bad = ends.filter(({ circuit, outcome }) => circuit !== null && isBad(outcome));
  const targets = bad.map(({ circuit }) => circuit!.target);
  const probes = ends.filter(({ isProbe }) => isProbe).map(({ runId }) => runId);
  if (targets.length === 0 && probes.length === 0) return;
  if (targets.length > 0) await makeCircuits(sql, targets);
  const rows = await lockCircuits(sql, targets, probes);
  if (rows.length === 0) return;
  const [clock] = await sql<{ nowMs: number }>(
    'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS "nowMs"',
  );
  const changed = rows.flatMap((row) => {
    const circuit = ends
      .filter((end) => isAbout(row, end))
      .reduce(
        (state, end) => afterEnd(state, { ...end, rule: end.circuit?.rule ?? null }, clock!.nowMs),
        row.circuit,
      );
    return circuit === row.circuit ? [] : [{ row, circuit }];
  });
  if (changed.length === 0) return;
  await writeCircuits(
    sql,
    changed.map(({ row, circuit }) => ({ id: row.id, circuit })),
  );
  for (const { row, circuit } of changed) {
    if ((circuit.open?.untilMs ?? null) === (row.circuit.open?.untilMs ?? null)) continue;
    const jobs = await readJobsOfCircuit(sql, row.id);
    await announce(
      sql,
      'job',
      jobs.map(({ id }) => id),
    );
    // What waited while it was open may start.
    if (circuit.open === null) await signalWorkers(sql, 'look');
  }
}

const isBad = (outcome: AttemptOutcome) => outcome === 'failed' || outcome === 'timed_out';

function isAbout({ jobId, host, circuit: { probe } }: CircuitRow, end: RecordedEnd): boolean {
  if (end.isProbe && probe?.runId === end.runId) return true;
  if (end.circuit === null) return false;
  const { target } = end.circuit;
  return 'jobId' in target ? target.jobId === jobId : target.host === host;
}
