import type { OverlapRule } from '../jobs/definition.ts';

export type WaitingFacts = {
  now: Date;
  dueAt: Date;
  attempt: number;
  isHeld: boolean;
  overlap: OverlapRule;
  maxParallel: number | null;
  queue: string;
  kind: string;
  runsOn: Record<string, string>;
  isEverythingPaused: boolean;
  queueMaxRunning: number | null;
  /** Running in the queue; not counted beyond its limit. */
  queueRunning: number;
  /** Other running runs of the job. */
  jobRunning: number;
  /** A run of the job that is running or comes first. */
  jobRunBefore: number | null;
  workersThatFit: number;
  drainingWorkersThatFit: number;
  /** Of the workers that fit, as they last said. */
  freeSlots: number;
  workersAlive: number;
};

/** Why a queued run hasn't started, as data; the console words it. */
export type WaitReason =
  | { reason: 'not_due'; until: string }
  | { reason: 'retry'; until: string; afterAttempt: number }
  | { reason: 'everything_paused' }
  | { reason: 'job_paused' }
  | { reason: 'no_worker' }
  | {
      reason: 'no_worker_fits';
      queue: string;
      kind: string;
      runsOn: Record<string, string>;
      draining: number;
    }
  | { reason: 'overlap'; runId: number }
  | { reason: 'max_parallel'; limit: number }
  | { reason: 'queue_full'; queue: string; running: number; limit: number }
  | { reason: 'no_free_slot'; workers: number }
  /** Nothing stands in its way: a worker takes it in a moment. */
  | { reason: 'about_to_start' };

/** The first thing that has to change before the run can start. */
export function whyWaiting(facts: WaitingFacts): WaitReason {
  if (facts.isEverythingPaused) return { reason: 'everything_paused' };
  if (facts.isHeld) return { reason: 'job_paused' };
  if (facts.dueAt > facts.now) {
    const until = facts.dueAt.toISOString();
    return facts.attempt > 0
      ? { reason: 'retry', until, afterAttempt: facts.attempt }
      : { reason: 'not_due', until };
  }
  if (facts.workersAlive === 0) return { reason: 'no_worker' };
  if (facts.workersThatFit === 0) {
    const { queue, kind, runsOn, drainingWorkersThatFit: draining } = facts;
    return { reason: 'no_worker_fits', queue, kind, runsOn, draining };
  }
  if (facts.overlap !== 'allow' && facts.jobRunBefore !== null) {
    return { reason: 'overlap', runId: facts.jobRunBefore };
  }
  if (
    facts.overlap === 'allow' &&
    facts.maxParallel !== null &&
    facts.jobRunning >= facts.maxParallel
  ) {
    return { reason: 'max_parallel', limit: facts.maxParallel };
  }
  if (facts.queueMaxRunning !== null && facts.queueRunning >= facts.queueMaxRunning) {
    const { queue, queueRunning: running, queueMaxRunning: limit } = facts;
    return { reason: 'queue_full', queue, running, limit };
  }
  if (facts.freeSlots === 0) return { reason: 'no_free_slot', workers: facts.workersThatFit };
  return { reason: 'about_to_start' };
}
