import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from 'pino';
import { endWorker, startDraining } from '#core/workers/lease.sql.ts';
import type { DutyLoop } from './duty.ts';
import type { Executor } from './executor.ts';
import type { Finisher } from './finisher.ts';
import type { Identity } from './identity.ts';
import type { LogWriter } from './log-writer.ts';
import type { OwnConnection } from './own-connection.ts';

export type ShutdownConfig = {
  logger: Logger;
  pool: pg.Pool;
  connection: OwnConnection;
  identity: Identity;
  executor: Executor;
  finisher: Finisher;
  logWriter: Pick<LogWriter, 'stop'>;
  /** Loops that look for work: they end first. */
  looking: readonly DutyLoop[];
  /** Loops that serve what is running: they end last. */
  serving: readonly DutyLoop[];
  /** Resolves when no message is on its way any more. */
  untilSent: () => Promise<void>;
  /** Ends what the loops left open. */
  beforeExit: () => void;
  drainMs: number;
  killGraceMs: number;
  /** Resolves when somebody doesn't want to wait for the runs any longer. */
  hurried: Promise<void>;
};

// Beyond TERM, grace and KILL, for the rest of a log and the answer of the database.
const ENDED_WITHIN_MS = 10_000;
const CLOSED_WITHIN_MS = 3_000;

/**
 * Ends a worker in order: no more claims, time for the runs to finish, then TERM, grace and KILL for what is left,
 * which goes back to the queue where the job may run twice and is `lost` otherwise. Without a database none of this can
 * be recorded; after a bounded wait the rescuer of another worker does it.
 */
export async function shutDown(config: ShutdownConfig): Promise<void> {
  const { logger, connection, identity, executor, finisher } = config;
  logger.info({ running: executor.running, drainMs: config.drainMs }, 'worker stops');
  await within(
    CLOSED_WITHIN_MS,
    connection.use((sql) => startDraining(sql, identity.workerId)),
  );
  await within(CLOSED_WITHIN_MS, stopAll(config.looking));

  if (executor.running > 0) {
    logger.info(
      { running: executor.running, drainMs: config.drainMs },
      'waiting for runs to finish',
    );
    await Promise.race([within(config.drainMs, executor.idle()), config.hurried]);
  }
  if (executor.running > 0) {
    logger.warn({ running: executor.running }, 'ending the runs that are left');
    executor.stopAll({ reason: 'shutdown' });
    await within(config.killGraceMs + ENDED_WITHIN_MS, executor.idle());
  }
  if (!(await within(ENDED_WITHIN_MS, finisher.emptied())) || executor.running > 0) {
    logger.error(
      { running: executor.running, unrecorded: finisher.waiting },
      'the database didn’t answer: another worker will find these runs lost',
    );
    executor.stopAll({ reason: 'lease_lost' });
  }

  // Cut off now, it would be sent again by another worker.
  await within(CLOSED_WITHIN_MS, config.untilSent());
  config.beforeExit();
  await within(CLOSED_WITHIN_MS, stopAll(config.serving));
  await within(CLOSED_WITHIN_MS, config.logWriter.stop());
  await within(
    CLOSED_WITHIN_MS,
    connection.use((sql) => endWorker(sql, identity.workerId, 'stopped')),
  );
  connection.close();
  await within(CLOSED_WITHIN_MS, config.pool.end());
  logger.info('worker stopped');
}

const stopAll = (loops: readonly DutyLoop[]) => Promise.all(loops.map((loop) => loop.stop()));

/** Whether `work` was done in time. What fails here is left to the rescuer. */
async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  const timeout = new AbortController();
  try {
    return await Promise.race([
      work.then(() => true),
      pause(ms, false, { signal: timeout.signal }),
    ]);
  } catch {
    return false;
  } finally {
    timeout.abort();
  }
}
