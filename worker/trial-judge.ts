import { performance } from 'node:perf_hooks';
import type pg from 'pg';
import type { Logger } from 'pino';
import { sqlOf, transaction } from '#core/db.ts';
import { endTrial } from '#core/trials/end-trial.ts';
import { endOpenTrial, readFigures, readTrialsToJudge } from '#core/trials/trials.sql.ts';
import { verdictOf } from '#core/trials/verdict.ts';
import type { Duty } from './duty.ts';

export type TrialJudgeConfig = { pool: pg.Pool; logger: Logger; intervalMs: number };

/** The lookout wakes it as long as a trial goes on. */
const SHORTEST_MS = 8_000;

/**
 * Ends the trials of revisions that have enough runs, fail too often, or whose time is over. Any worker does it: ending one
 * locks its job, and whoever comes second finds it ended.
 */
export function createTrialJudge({ pool, logger, intervalMs }: TrialJudgeConfig): Duty {
  const sql = sqlOf(pool);
  let judgedAtMs = -Infinity;
  return { name: 'trial-judge', intervalMs, runOnce };

  async function runOnce() {
    const counts = { judged: 0, ended: 0 };
    if (performance.now() < judgedAtMs + SHORTEST_MS) return { counts };
    judgedAtMs = performance.now();
    for (const trial of await readTrialsToJudge(sql)) {
      counts.judged += 1;
      try {
        if (await judge(trial)) counts.ended += 1;
      } catch (error) {
        // Whatever befalls the whole database is the duty's to tell, and to try again.
        await sql('SELECT 1 AS alive');
        logger.error({ err: error, jobId: trial.jobId }, 'trial of a revision can’t be ended');
      }
    }
    return { counts };
  }

  async function judge(trial: Awaited<ReturnType<typeof readTrialsToJudge>>[number]) {
    const { jobId, startedBy, isDeleted, now } = trial;
    if (isDeleted) {
      const end = { by: 'Punctual', outcome: 'superseded', reason: 'deleted' } as const;
      return (await endOpenTrial(sql, jobId, { ...end, figures: null })) !== null;
    }
    const verdict = verdictOf(trial, await readFigures(sql, trial), now);
    if (verdict === null) return false;
    const actor = { kind: 'system', name: `Punctual, for ${startedBy}` } as const;
    const ended = await transaction(pool, (own) => endTrial(own, actor, jobId, verdict));
    if (ended) logger.info({ jobKey: ended.key, ...verdict }, 'trial of a revision has ended');
    return ended !== null;
  }
}
