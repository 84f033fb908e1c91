/**
 * The life of a run, as data. The CHECK `run_state_known`, docs/state-machine.md and this table agree;
 * tests/db/states.test.ts compares them.
 */
export const RUN_STATES = [
  'queued',
  'running',
  'succeeded',
  'failed',
  'timed_out',
  'lost',
  'cancelled',
  'skipped',
] as const;
export type RunState = (typeof RUN_STATES)[number];

/** Every allowed change of state. A state that leads nowhere is final: a finished run never comes back. */
export const RUN_TRANSITIONS: Readonly<Record<RunState, readonly RunState[]>> = {
  queued: ['running', 'skipped', 'cancelled'],
  running: ['queued', 'succeeded', 'failed', 'timed_out', 'lost', 'cancelled'],
  succeeded: [],
  failed: [],
  timed_out: [],
  lost: [],
  cancelled: [],
  skipped: [],
};

export type LiveState = 'queued' | 'running';
export type FinalState = Exclude<RunState, LiveState>;

export function isFinal(state: RunState): state is FinalState {
  return RUN_TRANSITIONS[state].length === 0;
}

export const FINAL_STATES: readonly FinalState[] = RUN_STATES.filter(isFinal);

/** How one attempt ended; `lost` is what the rescuer writes for a worker that died. */
export const ATTEMPT_OUTCOMES = ['succeeded', 'failed', 'timed_out', 'lost', 'cancelled'] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

export const TRIGGERS = [
  'tick',
  'manual',
  'api',
  'retry',
  'backfill',
  'resume',
  'chain',
  'test',
] as const;
export type Trigger = (typeof TRIGGERS)[number];

export const SKIP_REASONS = [
  'overlap',
  'blackout',
  'late',
  'queue_full',
  'circuit_open',
  'superseded',
  'covered',
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

/** What keeps a due run from starting, beside limits; the CHECK `run_hold_known` says the same. */
export const HOLDS = ['paused'] as const;
export type Hold = (typeof HOLDS)[number];

/** What the attempt waited for between being due and starting; null when it didn't wait. */
export const WAITS = ['queue', 'slot', 'overlap', 'worker', 'rate', 'circuit'] as const;
export type Wait = (typeof WAITS)[number];
