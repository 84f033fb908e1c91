import type { JobDefinition } from '../jobs/definition.ts';
import {
  circuitColumn,
  type CircuitRule,
  type CircuitTarget,
  targetOf,
} from '../circuits/circuit-rule.ts';
import type { Trigger } from './states.ts';

/** Who looks at how an attempt ends, beside the ledger. */
export type Watch = {
  /** The circuit that its job goes by; null: none. */
  circuit: { target: CircuitTarget; rule: CircuitRule } | null;
  /** It tries, or may try, whether an open circuit can close. */
  isProbe: boolean;
  /** Set where a run that ends badly may pause its job. */
  pausesJob: number | null;
};

/**
 * Undefined where nobody does, so that most attempts cost nothing. A test is nobody's business.
 * @param definition null when it can't be read
 */
export function watchOf(
  run: { jobId: number; trigger: Trigger; isProbe: boolean },
  definition: Pick<JobDefinition, 'circuit' | 'autoPause' | 'work'> | null,
): Watch | undefined {
  if (run.trigger === 'test') return undefined;
  const column = definition && circuitColumn(definition);
  const circuit =
    column && definition?.circuit
      ? { target: targetOf(run.jobId, column), rule: definition.circuit }
      : null;
  const pausesJob = definition?.autoPause ? run.jobId : null;
  if (circuit === null && !run.isProbe && pausesJob === null) return undefined;
  return { circuit, isProbe: run.isProbe, pausesJob };
}
