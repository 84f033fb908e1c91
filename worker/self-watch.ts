import type pg from 'pg';
import type { Logger } from 'pino';
import type { Environment } from '#core/environment.ts';
import { writeReport } from '#core/health/worker-report.ts';
import type { StartedRun } from './started-run.ts';
import type { Duty, DutyLoop } from './duty.ts';
import { createLagKeeper } from './lag-keeper.ts';
import { StartMeter } from './start-meter.ts';
import { createWatcher } from './watcher.ts';

export type SelfWatchConfig = {
  pool: pg.Pool;
  logger: Logger;
  environment: Environment;
  /** Every duty of the worker, by name; grows while the worker starts. */
  loops: ReadonlyMap<string, DutyLoop>;
};

export type SelfWatch = {
  duties: Duty[];
  /** What this worker tells of itself with a heartbeat, as JSON. */
  report: () => string;
  /** Counts a run that begins. */
  noteStart: (run: StartedRun, startedAt: Date) => void;
};

/** All that a worker does to be watched, and to watch Punctual itself. */
export function createSelfWatch({ pool, logger, environment, loops }: SelfWatchConfig): SelfWatch {
  const meter = new StartMeter();
  return {
    duties: [createLagKeeper({ pool, meter }), createWatcher({ pool, logger, environment })],
    report: () =>
      writeReport({
        duties: [...loops.values()].map((loop) => loop.report()),
        startedMsAgo: meter.startedMsAgo(),
      }),
    noteStart: (run, startedAt) => meter.note(run, startedAt),
  };
}
