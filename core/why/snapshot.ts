import type { KindName } from '../jobs/kinds/kinds.ts';
import type { OverlapRule } from '../jobs/definition.ts';
import type { PauseEvidence } from '../auto-pause/auto-pause-rule.ts';
import type { QueueRate, RateLog } from '../queues/rate.ts';
import type { RunState, SkipReason, Trigger } from '../runs/states.ts';
import type { BlackoutEffect } from '../schedules/blackouts/blackout-times.ts';
import type { DayOff } from '../schedules/calendars/business-days.ts';

/**
 * All that stands between a job and its next run at one moment, by the database's clock. Instants are ms since 1970.
 * What a later version learns of (a blackout, a circuit) becomes a field here and a file in `causes/`.
 */
export type WhySnapshot = {
  nowMs: number;
  /** The database takes no writes: a standby after a failover, or set so. */
  isReadOnly: boolean;
  everythingPaused: Pause | null;
  /** When the schedule fires next after that has ended by itself; null without such an end. */
  nextFireAfterAllMs: number | null;
  job: JobOfSnapshot;
  /** When the schedule fires next, whatever stands in the way; null: never again, or it has none. */
  nextFireMs: number | null;
  /** The same after a pause that ends by itself; null without one. */
  nextFireAfterPauseMs: number | null;
  /** The same after the time of the circuit that is open; null without one. */
  nextFireAfterCircuitMs: number | null;
  /** Where ticks count from the end of runs: how long after it, and the one that hasn't ended. */
  afterEnd: { everyMs: number; tick: LiveTick | null } | null;
  /** The circuit that the job goes by, while it is open. */
  circuit: CircuitOfSnapshot | null;
  /** The run that was asked for; else the one of the job that would start first. */
  run: RunOfSnapshot | null;
  /** A run was asked for, and not the job. */
  isAboutRun: boolean;
  /** What the run asks for, or the next one would. */
  needs: Needs;
  /** The job's running runs, the longest first: at most 5, of so many. */
  running: RunningRun[];
  runningCount: number;
  /** The run that has to end or start before `run` may, where the overlap rule allows one at a time. */
  before: RunBefore | null;
  /** The latest occurrences that are over, newest first; at most 50. */
  ended: EndedRun[];
  missed: MissedGap | null;
  /** Of the next fire, where a blackout covers it. */
  blackout: BlackoutAhead | null;
  /** What the calendar leaves out before the next fire, or moves away from its day. */
  leftOut: {
    atMs: number;
    kind: DayOff['kind'];
    name: string;
    rule: 'skip' | 'next' | 'previous';
  } | null;
  /** Fires so far in the pause that lasts; null without one. */
  ticksInPause: number | null;
  /** The edit of the job that waits for a second person. */
  proposal: { by: string; atMs: number } | null;
  /** Whom the job names as its owner, by address or name, where that account is switched off. */
  ownerOff: { name: string; atMs: number } | null;
  queue: QueueOfSnapshot;
  /** Those that haven't ended by their own account; silent ones among them. */
  /** Secrets that the job uses and that aren't there, or aren't for it. */
  secretsOut: { name: string; is: 'missing' | 'limited' }[];
  workers: WorkerOfSnapshot[];
  lastWorker: { name: string; heardAtMs: number; state: string } | null;
  /** Only when a run is due and could not start at once. */
  crowd: Crowd | null;
};

export type Pause = {
  sinceMs: number;
  by: string;
  reason: string;
  /** When it ends by itself; null: when somebody ends it. */
  untilMs: number | null;
  /** Where Punctual paused it: what made it do so. */
  evidence: PauseEvidence | null;
};

export type CircuitOfSnapshot = {
  /** Null: the job's own. */
  host: string | null;
  openedAtMs: number;
  untilMs: number;
  cause: string;
  openedByRun: number | null;
  /** The run that tries whether it can close. */
  triedBy: number | null;
  /** It is one of a job that whoever asks may not know of. */
  isTriedByOther: boolean;
};

export type JobOfSnapshot = {
  id: number;
  key: string;
  labels: Record<string, string>;
  revision: number;
  deletedAtMs: number | null;
  createdAtMs: number;
  paused: Pause | null;
  hasSchedule: boolean;
  /** This version can't read what the schedule says. */
  isUnreadable: boolean;
  timeZone: string;
  startDeadlineMs: number;
  /** The next fire that nobody has planned yet, as the planner left it. */
  nextTickAtMs: number | null;
  /** Ticks were taken back and are to be planned again. */
  isReplanned: boolean;
};

export type Needs = {
  queue: string;
  kind: KindName | (string & {});
  runsOn: Record<string, string>;
  overlap: OverlapRule;
  maxParallel: number | null;
  priority: number;
  /** Keys that open the secrets which it uses. */
  secretKeys: string[];
};

export type RunOfSnapshot = {
  id: number;
  state: RunState;
  trigger: Trigger;
  scheduledForMs: number;
  dueAtMs: number;
  startByMs: number | null;
  isHeld: boolean;
  attempt: number;
  skipReason: SkipReason | null;
  cause: string | null;
  finishedAtMs: number | null;
  /** The blackout that it waits for, until `dueAtMs`. */
  heldBy: { name: string; by: string } | null;
};

/** `usualMs` is the median of the job's last successes, `longMs` their 95th percentile, `limitMs` its timeout. */
export type RunningRun = {
  /** Of a job that whoever asks may not know of: it isn't named. */
  isOfOther: boolean;
  runId: number;
  jobKey: string;
  sinceMs: number;
  usualMs: number | null;
  longMs: number | null;
  limitMs: number | null;
};

export type RunBefore = {
  runId: number;
  isRunning: boolean;
  attempt: number;
  sinceMs: number;
};

export type EndedRun = {
  runId: number;
  state: RunState;
  isTick: boolean;
  skipReason: SkipReason | null;
  scheduledForMs: number;
  finishedAtMs: number;
};

/** A stretch whose ticks nobody planned, because no worker was there. */
export type MissedGap = { fromMs: number; toMs: number; ticks: number | null; note: string };

/** A tick that waits for its run, or runs. */
export type LiveTick = {
  runId: number;
  isRunning: boolean;
  scheduledForMs: number;
  /** Of one that runs. */
  startedMs: number | null;
};

/** What becomes of the next fire in a blackout. */
export type BlackoutAhead = {
  name: string;
  by: string;
  /** A tick that counts from the end of a run is put off to its end, and none is left out or held. */
  effect: BlackoutEffect | 'put_off';
  /** When it would have come, where that isn't the next fire. */
  tickMs?: number;
  /** What covers it is over; null: never. */
  untilMs: number | null;
  /** When a run of it, or of those that it stands for, starts; else when the first fire after it does. */
  runsAtMs: number | null;
};

export type QueueOfSnapshot = {
  name: string;
  maxRunning: number;
  maxWaiting: number;
  running: number;
  rate: (QueueRate & { log: RateLog }) | null;
};

export type WorkerOfSnapshot = {
  id: number;
  name: string;
  /** Its lease lasts. */
  isAlive: boolean;
  isDraining: boolean;
  drainRequestedBy: string | null;
  /** Empty: all. */
  queues: string[];
  kinds: string[];
  labels: Record<string, string>;
  slots: number;
  /** Runs that it executes now. */
  running: number;
  heardAtMs: number;
  clockOffsetMs: number;
  /** Keys that it opens secrets with. */
  secretKeys: string[];
};

/** Who is in front of a run that is due. */
export type Crowd = {
  /** Running in its queue, the longest first; at most 100. */
  inQueue: RunningRun[];
  /** Running on the workers that could take it, likewise. */
  onWorkers: RunningRun[];
  /** Due runs of its queue that start before it, counted up to 1,000. */
  ahead: number;
  /** Of those, the ones of a higher priority. */
  aheadByPriority: number;
  /** How long the first 100 of them usually take; null where nobody knows. */
  aheadUsualMs: (number | null)[];
};

export const isAlive = ({ isAlive: alive }: WorkerOfSnapshot) => alive;

export const servesQueue = ({ queues }: WorkerOfSnapshot, { queue }: Needs) =>
  queues.length === 0 || queues.includes(queue);

export const executesKind = ({ kinds }: WorkerOfSnapshot, { kind }: Needs) =>
  kinds.length === 0 || kinds.includes(kind);

export const hasLabels = ({ labels }: WorkerOfSnapshot, { runsOn }: Needs) =>
  Object.entries(runsOn).every(([name, value]) => labels[name] === value);

export const opensSecrets = ({ secretKeys }: WorkerOfSnapshot, needs: Needs) =>
  needs.secretKeys.every((key) => secretKeys.includes(key));

/** Workers that are alive and could execute the run, also those that drain. */
export function workersThatFit({ workers, needs }: WhySnapshot): WorkerOfSnapshot[] {
  return workers.filter(
    (worker) =>
      worker.isAlive &&
      servesQueue(worker, needs) &&
      executesKind(worker, needs) &&
      hasLabels(worker, needs) &&
      opensSecrets(worker, needs),
  );
}

export const takesRuns = ({ isAlive: alive, isDraining }: WorkerOfSnapshot) => alive && !isDraining;

/** The run waits and might start now, as far as its own time is concerned. */
export function isDue({ run, nowMs }: WhySnapshot): boolean {
  return run !== null && run.state === 'queued' && !run.isHeld && run.dueAtMs <= nowMs;
}
