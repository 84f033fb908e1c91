import type pg from 'pg';
import type { Logger } from 'pino';
import { sqlOf, transaction } from '#core/db.ts';
import { readPauseOfAll } from '#core/installation/installation.sql.ts';
import { resumeOverdueInstallation } from '#core/installation/resume-locked-installation.ts';
import { nextPauseEndsInMs, readOverduePauses } from '#core/jobs/pauses.sql.ts';
import { resumeOverdueJob } from '#core/jobs/resume-overdue.ts';
import type { Duty } from './duty.ts';

export type ResumerConfig = { pool: pg.Pool; logger: Logger; intervalMs: number };

const BATCH = 50;

/**
 * Ends the pauses that end by themselves, of jobs and of everything. When stands in the job's row, so any worker that lives does it, and one that
 * comes late does it as of then. A job each transaction; one that can't be resumed is left to the next start of a worker,
 * or to a person.
 */
export function createResumer({ pool, logger, intervalMs }: ResumerConfig): Duty {
  const sql = sqlOf(pool);
  const aside = new Set<number>();

  return { name: 'resumer', intervalMs, runOnce };

  async function runOnce() {
    const everything = await readPauseOfAll(sql);
    const isAllResumed = everything.isOver && (await transaction(pool, resumeOverdueInstallation));
    const jobs = await readOverduePauses(sql, { limit: BATCH, asideIds: [...aside] });
    let resumed = isAllResumed ? 1 : 0;
    for (const { jobId } of jobs) if (await resumeOrPutAside(jobId)) resumed += 1;
    const counts = { resumed };
    if (jobs.length === BATCH) return { counts, nextInMs: 0 };
    const ends = [await nextPauseEndsInMs(sql), everything.endsInMs];
    const soon = ends.filter((ms) => ms !== null && ms > 0 && ms < intervalMs) as number[];
    return { counts, nextInMs: Math.min(intervalMs, ...soon) };
  }

  async function resumeOrPutAside(jobId: number): Promise<boolean> {
    try {
      return await transaction(pool, (own) => resumeOverdueJob(own, jobId));
    } catch (error) {
      // Whatever befalls the whole database is the duty's to tell, and to try again.
      await sql('SELECT 1 AS alive');
      aside.add(jobId);
      logger.error({ err: error, jobId }, 'paused job can’t be resumed at its time');
      return false;
    }
  }
}
