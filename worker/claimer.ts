import { performance } from 'node:perf_hooks';
import type pg from 'pg';
import type { Clock } from '#core/clock.ts';
import { errorCode, once, type Sql, sqlOf, transaction } from '#core/db.ts';
import { type ClaimedRun, claimRuns } from '#core/runs/claim.sql.ts';
import { lockQueuesForClaim, readDueWork } from '#core/runs/due.sql.ts';
import { waitedFor } from '#core/runs/waits.ts';
import type { StartedRun } from './attempt.ts';
import type { Duty, Pass } from './duty.ts';
import type { Identity } from './identity.ts';
import { isFreshClaim } from './strays.ts';

export type ClaimerConfig = {
  pool: pg.Pool;
  clock: Clock;
  identity: Identity;
  /** Queues and kinds that this worker serves; empty: all. */
  queues: readonly string[];
  kinds: readonly string[];
  labels: Readonly<Record<string, string>>;
  /** How often to look when nothing wakes the claimer. */
  pollMs: number;
  leaseMs: number;
  /** What comes before each claim (worker/limiter.ts). */
  limit: () => Promise<unknown>;
  freeSlots: () => number;
  start: (runs: readonly StartedRun[]) => void;
};

// Two claims of one exclusive job through different queues meet in the unique index; the loser looks again.
const MOST_TRIES = 5;

/**
 * Takes due runs for this worker, and sleeps until the next is due: the time until then comes from the database and is
 * counted by a clock that doesn't jump, so neither an offset nor a step of the host's clock matters.
 */
export function createClaimer(config: ClaimerConfig): Duty {
  const { pool, clock, identity, queues, pollMs } = config;
  const sql = sqlOf(pool);
  const lookingSinceMs = clock.databaseNow().getTime();
  const queueFullAtMs = new Map<string, number>();
  let slotsFullAtMs = -Infinity;

  return { name: 'claimer', intervalMs: pollMs, runOnce };

  async function runOnce(): Promise<Pass> {
    const due = await once(() => readDueWork(sql, queues));
    const nextAtMs = performance.now() + Math.min(due.nextDueInMs ?? pollMs, pollMs);
    const claimed = due.queues.length > 0 ? await limitAndClaim(due.queues) : 0;
    // What was claimed may have left more that can be; the look after it finds out.
    const nextInMs = claimed > 0 ? 0 : Math.max(0, nextAtMs - performance.now());
    return { counts: { claimed }, nextInMs };
  }

  async function limitAndClaim(dueQueues: readonly string[]): Promise<number> {
    await config.limit();
    if (identity.isDraining) return 0;
    const slots = config.freeSlots();
    if (slots === 0) {
      slotsFullAtMs = clock.databaseNow().getTime();
      return 0;
    }
    const runs = await claim(dueQueues, slots);
    // Claimed while the lease was being lost: they belong to the worker that this process no longer is.
    const ours = runs.filter(({ workerId }) => workerId === identity.workerId);
    config.start(ours.map(withWait));
    return ours.length;
  }

  async function claim(dueQueues: readonly string[], slots: number): Promise<ClaimedRun[]> {
    for (let tries = 1; ; tries++) {
      const sentAtMs = performance.now();
      try {
        const runs = await transaction(pool, (sql) => claimIn(sql, dueQueues, slots));
        return isFreshClaim(performance.now() - sentAtMs, config.leaseMs) ? runs : [];
      } catch (error) {
        if (errorCode(error) !== '23505' || tries >= MOST_TRIES) throw error;
      }
    }
  }

  async function claimIn(sql: Sql, dueQueues: readonly string[], slots: number) {
    const locked = await lockQueuesForClaim(sql, dueQueues);
    const nowMs = clock.databaseNow().getTime();
    for (const { name, hasRoom } of locked) if (!hasRoom) queueFullAtMs.set(name, nowMs);
    return claimRuns(sql, {
      workerId: identity.workerId,
      slots,
      queues: locked.map(({ name }) => name),
      kinds: config.kinds,
      labels: config.labels,
    });
  }

  function withWait(run: ClaimedRun): StartedRun {
    return {
      ...run,
      waitedFor: waitedFor(
        { dueAt: run.dueAt, startedAt: run.startedAt, isExclusive: run.overlap !== 'allow' },
        {
          lookingSinceMs,
          slotsFullAtMs,
          queueFullAtMs: queueFullAtMs.get(run.queue) ?? -Infinity,
        },
      ),
    };
  }
}
