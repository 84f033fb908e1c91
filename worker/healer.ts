import type pg from 'pg';
import type { Logger } from 'pino';
import { sqlOf, transaction } from '#core/db.ts';
import { healAfterClockWentBack } from '#core/heal/clock-back.ts';
import { findDamaged, healJob } from '#core/heal/heal-job.ts';
import { readJobsToHeal } from '#core/heal/heal.sql.ts';
import type { Duty } from './duty.ts';

export type Healer = Duty & {
  /** The next pass begins a round like the first: something has happened that may have harmed any job. */
  beginRound(): void;
};

export type HealerConfig = {
  pool: pg.Pool;
  logger: Logger;
  /** About how long a round through all jobs may take, however many there are. */
  roundMs?: number;
  /** Jobs looked at in one pass. */
  batch?: number;
};

const HOUR_MS = 3_600_000;
const SHORTEST_MS = 1_000;
/** Between two batches of the first round: a batch takes some 20 ms, and a start has more to do. */
const AT_FIRST_MS = 50;
const LONGEST_MS = 200_000;

/**
 * Finds jobs whose row isn't what their revision, the clock and the ledger say, and puts them right: after a change of
 * the zones' rules (they come with the program), a restored backup, a jump of the clock, a hand in the tables. The first
 * round, when the worker starts, goes through all jobs within seconds; the following ones are spread over an hour, at
 * irregular intervals, so that workers don't look in step.
 */
export function createHealer({
  pool,
  logger,
  roundMs = HOUR_MS,
  batch = 200,
}: HealerConfig): Healer {
  const sql = sqlOf(pool);
  const aside = new Set<number>();
  let isFirstRound = true;
  let afterId = 0;
  let [inRound, inLastRound] = [0, 0];

  return { name: 'healer', intervalMs: LONGEST_MS, runOnce, beginRound };

  function beginRound(): void {
    [isFirstRound, afterId, inRound] = [true, 0, 0];
  }

  async function runOnce() {
    const putBack = afterId === 0 ? await healAfterClockWentBack(pool) : 0;
    if (putBack > 0) logger.warn({ rows: putBack }, 'the clock went back; its rows are put right');
    const jobs = await readJobsToHeal(sql, { afterId, limit: batch });
    const damaged = jobs.length === 0 ? [] : await findDamaged(sql, jobs);
    let healed = putBack;
    for (const jobId of damaged)
      if (!aside.has(jobId) && (await healOrPutAside(jobId))) healed += 1;
    inRound += jobs.length;
    const isRoundOver = jobs.length < batch;
    afterId = isRoundOver ? 0 : jobs.at(-1)!.jobId;
    if (isRoundOver) {
      [isFirstRound, inLastRound, inRound] = [false, inRound, 0];
    }
    return { counts: { healed }, nextInMs: isFirstRound ? AT_FIRST_MS : pauseMs() };
  }

  function pauseMs(): number {
    const passes = Math.ceil((inLastRound + 1) / batch);
    const evenMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, roundMs / passes));
    return evenMs * (0.5 + Math.random());
  }

  async function healOrPutAside(jobId: number): Promise<boolean> {
    try {
      const isHealed = await transaction(pool, (own) => healJob(own, jobId));
      if (isHealed) logger.warn({ jobId }, 'job put right; the audit trail says what was wrong');
      return isHealed;
    } catch (error) {
      // Whatever befalls the whole database is the duty's to tell, and to try again.
      await sql('SELECT 1 AS alive');
      aside.add(jobId);
      logger.error({ err: error, jobId }, 'job can’t be put right');
      return false;
    }
  }
}
