import type pg from 'pg';
import type { Logger } from 'pino';
import { checkAutoPause } from '#core/auto-pause/auto-pause.ts';
import {
  type AskedCheck,
  dropOldErrorLines,
  readAskedChecks,
} from '#core/auto-pause/auto-pause.sql.ts';
import { once, sqlOf, transaction } from '#core/db.ts';
import type { Duty } from './duty.ts';

export type AutoPauserConfig = { pool: pg.Pool; logger: Logger; intervalMs: number };

const BATCH = 50;
const CLEAN_EVERY_MS = 60_000;

/**
 * Pauses jobs whose rule says so after what went wrong. What is to be looked at stands in a table, written with the end
 * of the run, so any worker does it and none forgets it; a job each transaction.
 */
export function createAutoPauser({ pool, logger, intervalMs }: AutoPauserConfig): Duty {
  const sql = sqlOf(pool);
  const aside = new Set<number>();
  let cleanAtMs = 0;

  return { name: 'auto-pauser', intervalMs, runOnce };

  async function runOnce() {
    const asked = await readAskedChecks(sql, BATCH + aside.size);
    const checks = asked.filter(({ jobId }) => !aside.has(jobId));
    let paused = 0;
    for (const check of checks) if (await checkOrPutAside(check)) paused += 1;
    if (performance.now() >= cleanAtMs) {
      await once(() => dropOldErrorLines(sql));
      cleanAtMs = performance.now() + CLEAN_EVERY_MS;
    }
    const counts = { paused };
    return checks.length >= BATCH ? { counts, nextInMs: 0 } : { counts };
  }

  async function checkOrPutAside(check: AskedCheck): Promise<boolean> {
    try {
      const isPaused = await transaction(pool, (own) => checkAutoPause(own, check));
      if (isPaused) logger.warn({ jobId: check.jobId }, 'job paused: too much of it went wrong');
      return isPaused;
    } catch (error) {
      // Whatever befalls the whole database is the duty's to tell, and to try again.
      await sql('SELECT 1 AS alive');
      aside.add(check.jobId);
      logger.error({ err: error, jobId: check.jobId }, 'job can’t be paused by its rule');
      return false;
    }
  }
}
