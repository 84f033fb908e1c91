/** Every state of a run as the ledger knows it, plus a stretch without runs and a tick still to come. */
export const outcomeStates = [
  'queued',
  'running',
  'succeeded',
  'failed',
  'timed_out',
  'lost',
  'cancelled',
  'skipped',
  'gap',
  'planned',
] as const;

export type OutcomeState = (typeof outcomeStates)[number];

/** What a job or a worker can be beside the state of its runs. */
export type ShownState = OutcomeState | 'paused' | 'overdue' | 'draining' | 'stopped' | 'well';

/** The family of colours of a state: `text-fail-ink`, `fill-fail-fill`, `bg-fail-tint`. Idle has no tint. */
export type Tone = 'ok' | 'fail' | 'time' | 'lost' | 'run' | 'idle';

export const toneOf: Record<ShownState, Tone> = {
  queued: 'idle',
  running: 'run',
  succeeded: 'ok',
  failed: 'fail',
  timed_out: 'time',
  lost: 'lost',
  cancelled: 'idle',
  skipped: 'idle',
  gap: 'idle',
  planned: 'idle',
  paused: 'idle',
  overdue: 'time',
  draining: 'time',
  stopped: 'idle',
  well: 'ok',
};

export const inkOf: Record<Tone, string> = {
  ok: 'text-ok-ink',
  fail: 'text-fail-ink',
  time: 'text-time-ink',
  lost: 'text-lost-ink',
  run: 'text-run-ink',
  idle: 'text-idle-ink',
};

export const fillOf: Record<Tone, string> = {
  ok: 'fill-ok-fill',
  fail: 'fill-fail-fill',
  time: 'fill-time-fill',
  lost: 'fill-lost-fill',
  run: 'fill-run-fill',
  idle: 'fill-idle-fill',
};
