import type pg from 'pg';
import type { Clock } from '#core/clock.ts';
import type { AttemptLog, AttemptLogOptions } from './log/attempt-log.ts';

export type LogWriterOptions = {
  pool: pg.Pool;
  clock: Clock;
  /** Read at every flush: a worker that registers anew writes under its new id. */
  workerId: () => number;
  logger: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
};

export type LogWriter = {
  open(options: AttemptLogOptions): AttemptLog;
  /** One flush of whatever waits; the writer calls it itself as output arrives. */
  runOnce(): Promise<{ chunks: number; lines: number; lost: number }>;
  /** Flushes what waits and ends. Call it after the last attempt has finished. */
  stop(): Promise<void>;
};
