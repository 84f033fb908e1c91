import { z } from 'zod';
import { audit } from '../audit/audit.ts';
import { authorizeAll, knownTo } from '../auth/of-jobs.ts';
import { type Actor, authorizeForSome } from '../auth/permissions.ts';
import { endBackfillsOf } from '../backfill/with-job.sql.ts';
import type { Sql } from '../db.ts';
import { announce, signalWorkers } from '../events/events.ts';
import { switchOpenGaps } from '../gaps/gaps.sql.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction, type Tx } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { takeTicksBack } from './change-over.ts';
import {
  carryCancelledTicks,
  type LockedJob,
  lockInstallation,
  lockJobs,
} from './change-over.sql.ts';
import { cancelStartedRuns, cancelWaitingRuns, lockLiveRunsOfJob } from './live-runs.sql.ts';
import { JobId } from '../ids.ts';

export const DeleteJob = z.object({
  jobId: JobId,
  /** The job's key, typed by the person who deletes it. */
  confirmKey: z.string(),
  cancelRunning: z.boolean().default(false),
});

/**
 * Takes a job away. Its history stays, and its key can be used again. What waits is cancelled; what runs finishes its
 * attempt, which is the last, unless asked to be cancelled.
 */
export async function deleteJob(
  actor: Actor,
  input: z.input<typeof DeleteJob>,
): Promise<Outcome<{ key: string }>> {
  authorizeForSome(actor, 'job:write');
  const parsed = DeleteJob.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { jobId, confirmKey, cancelRunning } = parsed.data;
  return inTransaction(async (tx, sql) => {
    const { pausedAt } = await lockInstallation(sql, 'SHARE');
    const [job] = knownTo(actor, await lockJobs(sql, [jobId]));
    if (!job) return refuse('not_found', 'This job isn’t there any more: somebody deleted it.');
    authorizeAll(actor, 'job:write', [job]);
    if (cancelRunning) authorizeAll(actor, 'run:cancel', [job]);
    if (confirmKey.trim() !== job.key) {
      const message = `Type the job’s key, ${job.key}, to delete it. Nothing was changed.`;
      return refuse('invalid', message, [{ path: ['confirmKey'], message }]);
    }
    await deleteLockedJob(tx, sql, actor, job, {
      cancelRunning,
      isEverythingPaused: pausedAt !== null,
    });
    await announce(sql, 'job', [job.id]);
    await announce(sql, 'run');
    if (cancelRunning) await signalWorkers(sql, 'cancel');
    return done({ key: job.key });
  });
}

/** Deletes a job that the transaction holds; the caller announces it. */
export async function deleteLockedJob(
  tx: Tx,
  sql: Sql,
  actor: Actor,
  job: LockedJob,
  { cancelRunning, isEverythingPaused }: { cancelRunning: boolean; isEverythingPaused: boolean },
): Promise<void> {
  const from = await takeTicksBack(sql, [job], { isEverythingPaused });
  await tx.job.update({
    where: { id: job.id },
    data: { deletedAt: from, nextTickAt: null, replanFrom: null },
  });
  // What a person cancelled ahead of time is no tick any more either.
  await carryCancelledTicks(sql, job.id, from, { revision: job.revision, kept: [] });
  await switchOpenGaps(sql, [job.id], from);
  await lockLiveRunsOfJob(sql, job.id);
  if (cancelRunning) await cancelStartedRuns(sql, [job.id], actor.name);
  await cancelWaitingRuns(sql, job.id, actor.name);
  await endBackfillsOf(sql, job.id, actor.name);
  await audit(tx, actor, {
    action: 'job.delete',
    subject: `job:${job.key}`,
    before: { jobId: job.id, revision: job.revision },
    after: { cancelRunning },
  });
}
