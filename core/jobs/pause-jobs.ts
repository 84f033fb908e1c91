import { z } from 'zod';
import { auditAll } from '../audit/audit.ts';
import { type Actor, authorize } from '../auth/permissions.ts';
import { announce, signalWorkers } from '../events/events.ts';
import { switchOpenGaps } from '../gaps/gaps.sql.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { takeTicksBack } from './change-over.ts';
import { lockInstallation, lockJobs } from './change-over.sql.ts';
import { cancelStartedRuns, holdWaitingTicks, releaseHeldTicks } from './live-runs.sql.ts';
import { JobId } from '../ids.ts';

const JobIds = z
  .array(JobId)
  .min(1, 'Choose at least one job.')
  .max(10_000, 'Choose at most 10,000 jobs at once.');

export const PauseReason = z
  .string()
  .trim()
  .max(500, 'A reason has at most 500 characters.')
  .default('');

export const PauseJobs = z.object({
  jobIds: JobIds,
  reason: PauseReason,
  /** Also ends what runs now; without it the running finish. */
  cancelRunning: z.boolean().default(false),
});

export const ResumeJobs = z.object({ jobIds: JobIds });

/** Jobs whose state changed; the others were in it already, or are deleted. */
export type ChangedJobs = { jobIds: number[]; unchanged: number };

/**
 * No tick of these jobs starts from now on: those ahead are taken back into a gap, those that wait are held. What is
 * running finishes, with its retries, unless asked to be cancelled. Requests by hand still run.
 */
export async function pauseJobs(
  actor: Actor,
  input: z.input<typeof PauseJobs>,
): Promise<Outcome<ChangedJobs>> {
  authorize(actor, 'job:pause');
  const parsed = PauseJobs.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { jobIds, reason, cancelRunning } = parsed.data;
  return inTransaction(async (tx, sql) => {
    const { pausedAt } = await lockInstallation(sql, 'SHARE');
    const found = await lockJobs(sql, jobIds);
    if (found.length === 0) return noneFound();
    const jobs = found.filter((job) => job.pausedAt === null);
    const ids = jobs.map(({ id }) => id);
    const changed = { jobIds: ids, unchanged: jobIds.length - ids.length };
    if (ids.length === 0) return done(changed);
    const from = await takeTicksBack(sql, jobs, { isEverythingPaused: pausedAt !== null });
    await tx.job.updateMany({
      where: { id: { in: ids } },
      data: { pausedAt: from, pausedBy: actor.name, pauseReason: reason },
    });
    await switchOpenGaps(sql, ids, from);
    await holdWaitingTicks(sql, ids);
    if (cancelRunning) await cancelStartedRuns(sql, ids, actor.name);
    await auditAll(
      sql,
      actor,
      jobs.map(({ key }) => ({
        action: 'job.pause',
        subject: `job:${key}`,
        after: { cancelRunning },
        reason,
      })),
    );
    await announce(sql, 'job', ids);
    await announce(sql, 'run');
    if (cancelRunning) await signalWorkers(sql, 'cancel');
    return done(changed);
  });
}

/** Plans the jobs again from now on. What lay in the pause stays in its gap; ticks that were held run. */
export async function resumeJobs(
  actor: Actor,
  input: z.input<typeof ResumeJobs>,
): Promise<Outcome<ChangedJobs>> {
  authorize(actor, 'job:pause');
  const parsed = ResumeJobs.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { jobIds } = parsed.data;
  return inTransaction(async (tx, sql) => {
    const { pausedAt } = await lockInstallation(sql, 'SHARE');
    const found = await lockJobs(sql, jobIds);
    if (found.length === 0) return noneFound();
    const jobs = found.filter((job) => job.pausedAt !== null);
    const ids = jobs.map(({ id }) => id);
    const changed = { jobIds: ids, unchanged: jobIds.length - ids.length };
    if (ids.length === 0) return done(changed);
    const from = await takeTicksBack(sql, jobs, { isEverythingPaused: pausedAt !== null });
    await tx.job.updateMany({
      where: { id: { in: ids } },
      data: { pausedAt: null, pausedBy: null, pauseReason: null },
    });
    await switchOpenGaps(sql, ids, from);
    await releaseHeldTicks(sql, ids);
    await auditAll(
      sql,
      actor,
      jobs.map(({ key }) => ({ action: 'job.resume', subject: `job:${key}` })),
    );
    await announce(sql, 'job', ids);
    await announce(sql, 'run');
    await signalWorkers(sql, 'plan');
    await signalWorkers(sql, 'look');
    return done(changed);
  });
}

const noneFound = () =>
  refuse('not_found', 'None of these jobs is there any more: somebody deleted them.');
