import type { ParameterValues } from '#core/jobs/parameters.ts';
import type { Trigger } from '#core/runs/states.ts';

/** Why an attempt was told to stop; the reason of its AbortSignal. */
export type StopReason = 'cancelled' | 'timed_out' | 'lease_lost' | 'shutdown';

/** Receives output as it arrives. `write` resolves when more may come: a child is read no faster than that. */
export type LogSink = {
  write(stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void> | void;
  /** A line of Punctual's own, told apart from the job's. */
  note(text: string): void;
};

/** Parameters that were saved while the work goes on. */
export type ParameterChange = { revision: number; parameters: ParameterValues };

/** Calls the listener at each change, and at once when there was one before anybody listened. */
export type ParameterFeed = { listen(listener: (change: ParameterChange) => void): void };

/** One attempt as a kind sees it. */
export type Work<Config> = {
  config: Config;
  jobKey: string;
  runId: number;
  attempt: number;
  trigger: Trigger;
  /** The tick, or the time of the request. */
  scheduledFor: Date;
  /** What it covers: after `from` (null: from the beginning) up to and including `to`. */
  stretch: { from: Date | null; to: Date };
  /** What the job kept at the end of an earlier run; empty when nothing. */
  state: string;
  /** Null: the job doesn't ask to be told. */
  parameterFeed: ParameterFeed | null;
  /** W3C trace id, 32 hex digits, the same for all attempts of a run. */
  traceId: string;
  parameters: ParameterValues;
  /** Values of the secrets that the job uses: for its requests and environments alone. */
  secrets: Readonly<Record<string, string>>;
  /** A text without secrets and sensitive parameters; the log and the answer lose them by themselves. */
  hide: (text: string) => string;
  log: LogSink;
  /** Aborted with a StopReason; the kind ends all that it started before it returns. */
  signal: AbortSignal;
  /**
   * Asked right before what can't be taken back, a process or a request. False: somebody else may have the run by now,
   * as after a freeze; the signal is aborted then.
   */
  mayGoOn: () => boolean;
  /** Between TERM and KILL of a process group, ms. */
  killGraceMs: number;
  /** Hosts and networks that the guard against internal addresses lets through. */
  httpAllow: readonly string[];
};

/** How the work itself ended, whatever the attempt's outcome will be (a timeout or cancel is the executor's to say). */
export type Answer = {
  ok: boolean;
  /** The signal ended the work. Without it, work that ended by itself just before the kill keeps its own outcome. */
  wasStopped?: boolean;
  /** One line for a tired reader: why it failed. */
  cause?: string;
  /** What a retry rule can ask for. */
  failure?: 'exit_code' | 'http_status' | 'connection_error' | 'refused';
  exitCode?: number;
  signal?: string;
  httpStatus?: number;
  /** From the answer's Retry-After. */
  retryAfterMs?: number;
  /** At most 64 kB of text that the work wants kept. */
  result?: string;
  /** What the job's next run is to be given, where it isn't what this one got. Kept only if the run succeeds. */
  newState?: string;
};

/** One kind of job: its name in `work.kind`, and how it executes. A new kind is a new file and a line in kinds.ts. */
export type Kind<Config = never> = {
  name: string;
  /** Called before the first work of a worker, for what takes time. Whatever fails shows at the work. */
  prepare?(): void;
  execute(work: Work<Config>): Promise<Answer>;
};
