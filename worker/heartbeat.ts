import { performance } from 'node:perf_hooks';
import type { Logger } from 'pino';
import type { Clock } from '#core/clock.ts';
import { renewLeaseIfStillHeld } from '#core/workers/lease.sql.ts';
import type { Duty } from './duty.ts';
import type { Identity } from './identity.ts';
import type { OwnConnection } from './own-connection.ts';

export type HeartbeatConfig = {
  connection: OwnConnection;
  identity: Identity;
  clock: Clock;
  logger: Logger;
  leaseMs: number;
  heartbeatMs: number;
  /** Without an acknowledged heartbeat for so long the runs have to die, before somebody else may start them again. */
  selfKillMs: number;
  slotsInUse: () => number;
  /** What the worker tells of itself (core/health/worker-report.ts), as JSON. */
  report: () => string;
  /** A heartbeat that was sent then (monotonic) was answered. */
  onAlive: (sentAtMs: number) => void;
  onDrain: (isDraining: boolean) => void;
  /** The lease is lost, or has to be taken for lost. Not told again until the worker has registered anew. */
  onLost: (why: 'lease over' | 'no answer') => void;
  /** The database's clock has been set back since the last heartbeat, by so much. */
  onClockWentBack: (byMs: number) => void;
};

// Clocks are adjusted by less all the time.
const SET_BACK_MS = 2_000;

export type Heartbeat = Duty & {
  /** The worker has registered: counts from `sentAtMs` (monotonic), when the registration was sent. */
  begin(sentAtMs: number): void;
  /** No more is told; for a worker that has ended in order. */
  end(): void;
  /**
   * Whether the lease can be counted on at this very moment. In a process that was frozen the watchdog fires only after
   * what had been waiting before: who asks here learns of it first, and so does everybody else.
   */
  isSure(): boolean;
};

/** @throws RangeError when the times don't leave room for killing runs before the lease is over. */
export function createHeartbeat(config: HeartbeatConfig): Heartbeat {
  const { connection, identity, clock, logger, leaseMs, heartbeatMs, selfKillMs } = config;
  if (!(heartbeatMs < selfKillMs && selfKillMs < leaseMs)) {
    throw new RangeError(
      `PUNCTUAL_HEARTBEAT_MS (${heartbeatMs}) must be less than PUNCTUAL_SELF_KILL_MS (${selfKillMs}), and that less than PUNCTUAL_LEASE_MS (${leaseMs})`,
    );
  }
  let watchdog: NodeJS.Timeout | undefined;
  let sureUntilMs = -Infinity;
  // The database's clock against the one of this process that nobody sets, at least.
  let aheadMs = -Infinity;
  let lastError = '';
  // Whoever connects is told to look at everything, also for a next heartbeat: one that fails waits all the same.
  let restsUntilMs = -Infinity;

  return { name: 'heartbeat', intervalMs: heartbeatMs, runOnce, begin, end, isSure };

  function begin(sentAtMs: number): void {
    end();
    // From the sending, not from the answer: the database counted the lease from some moment after it.
    sureUntilMs = sentAtMs + selfKillMs;
    restsUntilMs = -Infinity;
    const leftMs = Math.max(0, sureUntilMs - performance.now());
    watchdog = setTimeout(() => lose('no answer'), leftMs);
    config.onAlive(sentAtMs);
  }

  function end(): void {
    clearTimeout(watchdog);
    watchdog = undefined;
  }

  function isSure(): boolean {
    if (performance.now() >= sureUntilMs) lose('no answer');
    return watchdog !== undefined;
  }

  function lose(why: 'lease over' | 'no answer'): void {
    if (watchdog === undefined) return;
    end();
    connection.close();
    config.onLost(why);
  }

  function noticeSetBack(databaseMs: number, sentAtMs: number): void {
    // It was read at some moment between the two: held by the one and by the other, so that slowness is no step back.
    const backMs = aheadMs - (databaseMs - sentAtMs);
    aheadMs = databaseMs - performance.now();
    if (backMs < SET_BACK_MS) return;
    logger.warn({ backMs: Math.round(backMs) }, 'the database’s clock went back');
    config.onClockWentBack(backMs);
  }

  // Errors stay here: the pause after an error must not grow beyond a heartbeat.
  async function runOnce() {
    if (watchdog === undefined) return { counts: {} };
    const restMs = restsUntilMs - performance.now();
    if (restMs > 0) return { counts: {}, nextInMs: restMs };
    const { workerId } = identity;
    const sentAtMs = performance.now();
    const sentAt = Date.now();
    try {
      const answer = await connection.use((sql) =>
        renewLeaseIfStillHeld(sql, {
          workerId,
          leaseMs,
          slotsInUse: config.slotsInUse(),
          clockOffsetMs: clock.offsetMs,
          report: config.report(),
        }),
      );
      const answeredAt = Date.now();
      // The watchdog may have given the worker up while the answer was on its way.
      if (workerId !== identity.workerId || watchdog === undefined) return { counts: {} };
      if (!answer) {
        lose('lease over');
        return { counts: { lost: 1 } };
      }
      clock.align(answer.databaseAt, sentAt, answeredAt);
      noticeSetBack(answer.databaseAt.getTime(), sentAtMs);
      begin(sentAtMs);
      config.onDrain(answer.isDraining);
      if (lastError) logger.info('heartbeat is answered again');
      lastError = '';
      return { counts: {} };
    } catch (error) {
      if (String(error) !== lastError) logger.warn({ err: error }, 'heartbeat was not answered');
      lastError = String(error);
      // What was waited for already counts: after a line that swallows bytes, the next goes out at once.
      restsUntilMs = sentAtMs + Math.min(heartbeatMs, 1_000);
      return { counts: {}, nextInMs: Math.max(0, restsUntilMs - performance.now()) };
    }
  }
}
