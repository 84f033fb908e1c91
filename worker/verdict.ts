import type { AttemptOutcome } from '#core/runs/states.ts';
import type { Answer, StopReason } from './kinds/kind.ts';

/** Why the work was told to stop, with what a reader of the cause wants to know. */
export type Stop =
  | { reason: 'cancelled'; by: string | null }
  | { reason: 'timed_out'; timeoutMs: number }
  | { reason: Extract<StopReason, 'shutdown' | 'lease_lost'> };

export type Verdict = { outcome: AttemptOutcome; cause: string | null };

/**
 * What an attempt's end is called. Work that ended by itself keeps its own outcome, also when it was told to stop at
 * that very moment; work that was stopped is called after what stopped it.
 */
export function verdictOf(answer: Answer, stop: Stop | null, workerName: string): Verdict {
  const wasStopped = stop !== null && (answer.wasStopped ?? !answer.ok);
  if (!wasStopped) {
    return answer.ok
      ? { outcome: 'succeeded', cause: null }
      : { outcome: 'failed', cause: answer.cause ?? 'failed without saying why' };
  }
  switch (stop.reason) {
    case 'cancelled':
      return { outcome: 'cancelled', cause: stop.by ? `cancelled by ${stop.by}` : 'cancelled' };
    case 'timed_out':
      return { outcome: 'timed_out', cause: `timed out after ${inWords(stop.timeoutMs)}` };
    case 'shutdown':
    case 'lease_lost':
      return { outcome: 'lost', cause: `worker ${workerName} was shut down before the run ended` };
  }
}

/** A span for a sentence: `900 ms`, `1.5 s`, `90 s`, `5 min`, `2 h`. */
export function inWords(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms >= 7_200_000 && ms % 3_600_000 === 0) return `${ms / 3_600_000} h`;
  if (ms >= 120_000 && ms % 60_000 === 0) return `${ms / 60_000} min`;
  const seconds = ms / 1_000;
  return `${seconds < 10 ? Number(seconds.toFixed(1)) : Math.round(seconds)} s`;
}
