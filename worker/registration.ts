import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Clock } from '#core/clock.ts';
import { endWorker, type NewWorker, registerWorker } from '#core/workers/lease.sql.ts';
import { retryDelayMs } from './duty.ts';
import type { Executor } from './executor.ts';
import type { Finisher } from './finisher.ts';
import type { Identity } from './identity.ts';
import type { OwnConnection } from './own-connection.ts';

export type RegistrationConfig = {
  connection: OwnConnection;
  identity: Identity;
  clock: Clock;
  logger: Logger;
  introduction: Omit<NewWorker, 'clockOffsetMs'>;
  executor: Pick<Executor, 'running' | 'stopAll' | 'idle'>;
  finisher: Pick<Finisher, 'forget'>;
  /** A lease begins; `sentAtMs` is when it was asked for (monotonic). */
  onRegistered: (sentAtMs: number) => void;
  killGraceMs: number;
};

export type Registration = {
  /** Waits for the database as long as it takes, unless `stopped`. */
  register(): Promise<void>;
  /** The lease is lost: ends all own runs, records nothing, and goes on as a new worker. */
  startAnew(why: string): Promise<void>;
  /** No more tries. */
  stop(): void;
};

/** The id of nobody: no claim, flush or fence matches it. */
export const NOBODY = 0;

// Beyond TERM, grace and KILL: a process that hangs in the kernel must not keep the worker from going on.
const KILLED_WITHIN_MS = 10_000;

export function createRegistration(config: RegistrationConfig): Registration {
  const { connection, identity, clock, logger, introduction, executor, finisher } = config;
  const stopping = new AbortController();
  return { register: () => register(null), startAnew, stop: () => stopping.abort() };

  async function startAnew(why: string): Promise<void> {
    const former = identity.workerId;
    logger.error({ workerId: former, why, runs: executor.running }, 'lease lost: ending own runs');
    identity.workerId = NOBODY;
    executor.stopAll({ reason: 'lease_lost' });
    finisher.forget(former);
    await Promise.race([executor.idle(), pause(config.killGraceMs + KILLED_WITHIN_MS)]);
    logger.info({ workerId: former, left: executor.running }, 'own runs ended');
    await register(former);
  }

  async function register(former: number | null): Promise<void> {
    let lastError = '';
    for (let failures = 1; !stopping.signal.aborted; failures++) {
      try {
        return await introduce(former);
      } catch (error) {
        if (String(error) !== lastError) {
          logger.error({ err: error }, 'the database can’t be used yet; trying again');
        }
        lastError = String(error);
        await pause(retryDelayMs(failures, Math.random()), undefined, {
          signal: stopping.signal,
        }).catch(() => {});
      }
    }
  }

  async function introduce(former: number | null): Promise<void> {
    const sentAtMs = performance.now();
    const sentAt = Date.now();
    const { workerId, installation, databaseAt } = await connection.use(async (sql) => {
      // Its runs are dead: others needn't wait for the rest of its lease.
      if (former !== null) await endWorker(sql, former, 'lost');
      return registerWorker(sql, { ...introduction, clockOffsetMs: clock.offsetMs });
    });
    clock.align(databaseAt, sentAt, Date.now());
    identity.workerId = workerId;
    identity.installation = installation;
    config.onRegistered(sentAtMs);
    logger.info({ workerId, name: introduction.name, former }, 'worker registered');
  }
}
