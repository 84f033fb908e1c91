import type pg from 'pg';
import { insertAuditEntries } from '../audit/audit.sql.ts';
import { once, type Sql, sqlOf, transaction } from '../db.ts';
import { announce, signalWorkers } from '../events/events.ts';
import { takeTicksBack } from '../jobs/change-over.ts';
import { lockInstallation, lockJobs } from '../jobs/change-over.sql.ts';
import {
  bringProgressBack,
  bringWaitingForward,
  openTicksAhead,
  readJobsPlannedByClockAhead,
} from './clock-back.sql.ts';

/**
 * Puts right what was written by a clock that was ahead and has been set back: ticks that stand as missed or skipped
 * although they lie ahead are planned, and what waits for a time that is far off waits no longer than it would have.
 * What ran too early ran. Gives how many rows were put right.
 */
export async function healAfterClockWentBack(pool: pg.Pool): Promise<number> {
  const sql = sqlOf(pool);
  const jobIds = await once(() => readJobsPlannedByClockAhead(sql));
  for (const jobId of jobIds) await transaction(pool, (own) => planAhead(own, jobId));
  const waiting = await once(() => bringWaitingForward(sql));
  const progress = await once(() => bringProgressBack(sql));
  return jobIds.length + waiting + progress;
}

async function planAhead(sql: Sql, jobId: number): Promise<void> {
  const { pausedAt } = await lockInstallation(sql, 'SHARE');
  const locked = await lockJobs(sql, [jobId]);
  const [job] = locked;
  if (!job) return;
  const from = await takeTicksBack(sql, locked, { isEverythingPaused: pausedAt !== null });
  await openTicksAhead(sql, jobId, from);
  await insertAuditEntries(sql, [
    {
      actor: 'Punctual',
      action: 'job.heal',
      subject: `job:${job.key}`,
      before: { plannedUntil: job.plannedUntil.toISOString() },
      after: { plannedAgainFrom: from.toISOString() },
      reason: 'The clock went back: ticks that lie ahead stood as missed. They are planned.',
      address: null,
    },
  ]);
  await announce(sql, 'job', [jobId]);
  await signalWorkers(sql, 'plan');
}
