import { z } from 'zod';
import { authorizeAll, knownTo } from '../auth/of-jobs.ts';
import { type Actor, authorizeForSome } from '../auth/permissions.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { lockInstallation, lockJobs } from './change-over.sql.ts';
import { unlessRefused } from './make-up.ts';
import { refuseEnd } from './pause-end.ts';
import { PauseEnd } from './pause-end-given.ts';
import { pauseLockedJobs } from './pause-locked-jobs.ts';
import { ResumeAnswer, SKIP_ALL } from './resume-answer.ts';
import { resumeLockedJobs } from './resume-locked-jobs.ts';
import { JobIds } from '../ids.ts';

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
  /** Null: until somebody resumes them. */
  end: PauseEnd.nullable().default(null),
});

export const ResumeJobs = z.object({
  jobIds: JobIds,
  /** What runs of the ticks that fell into the pause. */
  answer: ResumeAnswer.default(SKIP_ALL),
});

/** Jobs whose state changed; the others were in it already, or are deleted. */
export type ChangedJobs = { jobIds: number[]; unchanged: number };

/**
 * No tick of these jobs starts from now on: those ahead are taken back into a gap, those that wait are held. What is
 * running finishes, with its retries, unless asked to be cancelled. Requests by hand still run. With an end, a worker
 * resumes them then (core/jobs/resume-overdue.ts).
 */
export async function pauseJobs(
  actor: Actor,
  input: z.input<typeof PauseJobs>,
): Promise<Outcome<ChangedJobs>> {
  authorizeForSome(actor, 'job:pause');
  const parsed = PauseJobs.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { jobIds, reason, cancelRunning, end } = parsed.data;
  return inTransaction(async (_tx, sql) => {
    const { pausedAt } = await lockInstallation(sql, 'SHARE');
    const found = knownTo(actor, await lockJobs(sql, jobIds));
    if (found.length === 0) return noneFound();
    authorizeAll(actor, 'job:pause', found);
    if (cancelRunning) authorizeAll(actor, 'run:cancel', found);
    if (end && end.answer.rule !== 'skip') authorizeAll(actor, 'job:trigger', found);
    const jobs = found.filter((job) => job.pausedAt === null);
    const ids = jobs.map(({ id }) => id);
    const changed = { jobIds: ids, unchanged: jobIds.length - ids.length };
    if (ids.length === 0) return done(changed);
    const refused = end && (await refuseEnd(sql, jobs, end));
    if (refused) return refused;
    await pauseLockedJobs(sql, actor, jobs, {
      reason,
      isEverythingPaused: pausedAt !== null,
      end,
      cancelRunning,
    });
    return done(changed);
  });
}

/** `runs`: how many the answer made. */
export type ResumedJobs = ChangedJobs & { runs: number };

/**
 * Plans the jobs again from now on. What lay in the pause stays in its gap, and what the answer says of it runs; ticks
 * that were held run. Whoever comes second finds the jobs resumed, and changes nothing.
 */
export async function resumeJobs(
  actor: Actor,
  input: z.input<typeof ResumeJobs>,
): Promise<Outcome<ResumedJobs>> {
  authorizeForSome(actor, 'job:pause');
  const parsed = ResumeJobs.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { jobIds, answer } = parsed.data;
  return unlessRefused(() =>
    inTransaction(async (_tx, sql) => {
      const { pausedAt } = await lockInstallation(sql, 'SHARE');
      const found = knownTo(actor, await lockJobs(sql, jobIds));
      if (found.length === 0) return noneFound();
      authorizeAll(actor, 'job:pause', found);
      if (answer.rule !== 'skip') authorizeAll(actor, 'job:trigger', found);
      const jobs = found.filter((job) => job.pausedAt !== null);
      const ids = jobs.map(({ id }) => id);
      const changed = { jobIds: ids, unchanged: jobIds.length - ids.length };
      if (ids.length === 0) return done({ ...changed, runs: 0 });
      const isEverythingPaused = pausedAt !== null;
      const made = await resumeLockedJobs(sql, actor, jobs, { answer, isEverythingPaused });
      return done({ ...changed, runs: made.reduce((sum, { ticks }) => sum + ticks.length, 0) });
    }),
  );
}

const noneFound = () =>
  refuse('not_found', 'None of these jobs is there any more: somebody deleted them.');
