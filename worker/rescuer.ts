import { performance } from 'node:perf_hooks';
import type pg from 'pg';
import type { Logger } from 'pino';
import { databaseNow } from '#core/database-now.ts';
import { isTransient, once, type Sql, sqlOf, transaction } from '#core/db.ts';
import { errorCode } from '#core/error-code.ts';
import type { EndedAttempt } from '#core/runs/finish.sql.ts';
import { lockLostRuns } from '#core/runs/lost.sql.ts';
import { recordEnds } from '#core/runs/record-ends.ts';
import { decideRescue } from '#core/runs/rescue.ts';
import { countLeasesFromNow } from '#core/heal/clock-back.sql.ts';
import { endWorkersPastTheirLease } from '#core/workers/lease.sql.ts';
import type { Definitions } from './definitions.ts';
import type { Duty } from './duty.ts';

export type RescuerConfig = {
  pool: pg.Pool;
  definitions: Definitions;
  logger: Logger;
  leaseMs: number;
  intervalMs: number;
};

const BATCH = 200;
// Clocks are adjusted by less all the time.
const SET_AHEAD_MS = 2_000;

/** Ends workers whose lease is over, and brings the runs that they left behind to an end or back into the queue. */
export function createRescuer(config: RescuerConfig): Duty {
  const { pool, definitions, logger, leaseMs, intervalMs } = config;
  // The database's clock when this looked last, and when that was by the clock that nobody sets.
  let before: { databaseMs: number; askedMs: number } | null = null;
  let holdsUntilMs = -Infinity;
  return { name: 'rescuer', intervalMs, runOnce };

  async function runOnce() {
    if (await isWithinLeaseOfJump()) return { counts: { workers: 0, runs: 0 } };
    const shortened = await once(() => countLeasesFromNow(sqlOf(pool)));
    if (shortened > 0)
      logger.warn({ workers: shortened }, 'the clock went back; leases count from now');
    const workers = await once(() => endWorkersPastTheirLease(sqlOf(pool)));
    for (const { id, name } of workers) logger.warn({ workerId: id, name }, 'worker is lost');
    const { found, rescued } = await transaction(pool, rescueBatch, { isBrief: true });
    const counts = { workers: workers.length, runs: rescued };
    // A batch in which nothing could be rescued would come again and again: it waits for the next pass.
    return found === BATCH && rescued > 0 ? { counts, nextInMs: 0 } : { counts };
  }

  /**
   * A clock that was set ahead ends every lease at once, and whoever lives hears of it with the next heartbeat. Until
   * each of them has had a lease's time to give its runs up nobody starts them anew.
   */
  async function isWithinLeaseOfJump(): Promise<boolean> {
    const askedMs = performance.now();
    const databaseMs = (await databaseNow(sqlOf(pool))).getTime();
    const answeredMs = performance.now();
    // An answer that took long isn't a jump.
    const mostMs = before ? answeredMs - before.askedMs : Infinity;
    const aheadMs = before ? databaseMs - before.databaseMs - mostMs : 0;
    before = { databaseMs, askedMs };
    if (aheadMs > SET_AHEAD_MS) {
      holdsUntilMs = answeredMs + leaseMs;
      logger.warn({ aheadMs }, 'the clock was set ahead; no worker counts as lost for a lease');
    }
    return answeredMs < holdsUntilMs;
  }

  async function rescueBatch(sql: Sql) {
    const runs = await lockLostRuns(sql, BATCH);
    if (runs.length === 0) return { found: 0, rescued: 0 };
    const loaded = await definitions.load(runs, sql);
    // Asked of the database: what a worker knows of its clock may be a heartbeat old, and the clock set since.
    const now = await databaseNow(sql);
    const ended = runs.map((run, index) => {
      const definition = loaded[index];
      return decideRescue(run, definition?.ok ? definition.value : null, now, Math.random());
    });
    for (const { runId, attempt, cause } of ended) {
      logger.warn({ runId, attempt, cause }, 'attempt is lost');
    }
    return { found: runs.length, rescued: await record(sql, ended) };
  }

  /** All in one statement; if one is refused, each alone, so that it doesn't keep the others `running`. */
  async function record(sql: Sql, ended: readonly EndedAttempt[]): Promise<number> {
    const together = await recordUnlessRefused(sql, ended);
    if (together !== null) return together;
    let recorded = 0;
    for (const attempt of ended) recorded += (await recordUnlessRefused(sql, [attempt])) ?? 0;
    return recorded;
  }

  async function recordUnlessRefused(
    sql: Sql,
    ended: readonly EndedAttempt[],
  ): Promise<number | null> {
    await sql('SAVEPOINT rescue');
    try {
      return (await recordEnds(sql, ended)).length;
    } catch (error) {
      if (isTransient(error) || !/^2[23]/.test(errorCode(error) ?? '')) throw error;
      await sql('ROLLBACK TO SAVEPOINT rescue');
      logger.error({ err: error, runIds: ended.map(({ runId }) => runId) }, 'rescue was refused');
      return null;
    }
  }
}
