import type { LogSink } from '#worker/kinds/kind.ts';

/** What the log writer must know of an attempt before its first byte. */
export type AttemptLogOptions = {
  runId: number;
  /** 1 for the first; with the worker's id the fence of every write. */
  attempt: number;
  /** `run.log_lines` at the claim: this attempt's first line gets the next number. */
  linesBefore: number;
  /** `run.log_bytes` at the claim: earlier attempts count towards the limit of the run. */
  bytesBefore: number;
  /** The job's `logLimitBytes`. */
  limitBytes: number;
  /** Words of the job's retry rule to watch for in the output. */
  words: readonly string[];
  /** Told of each line of the job's own that reads as an error, when it began (ms since 1970). */
  onErrorLine?: ((atMs: number) => void) | undefined;
  /** The run is no longer this worker's: stop the work, record nothing. Called once at most. */
  onLeaseLost: () => void;
};

/** The log of one attempt: a sink for its kind, and what the finisher needs of it. */
export type AttemptLog = LogSink & {
  /**
   * Ends the log (the last open line, the tail of a flood) and resolves once all of it is stored, or once the lease is
   * known to be lost. While the database is away it waits: what was written is not given up.
   */
  finish(): Promise<LogSummary>;
  /** Gives up what isn't stored and lets `finish` resolve: for a worker that kills its own runs. */
  abandon(): void;
};

export type LogSummary = {
  /** False: the fence didn't match, so nothing of this attempt may be recorded. */
  isOwned: boolean;
  /** For `run.log_lines` and `run.log_bytes`: the whole run so far, earlier attempts included. */
  lines: number;
  bytes: number;
  /** Which of the asked words the output held, also in what the limit cut away. */
  wordsSeen: ReadonlySet<string>;
  /** The line that most likely says why, for an attempt that ended badly: its number and text (at most 300 characters). */
  causeLine: { number: number; text: string } | null;
};
