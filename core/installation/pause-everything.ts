import { z } from 'zod';
import { audit } from '../audit/audit.ts';
import { type Actor, authorize } from '../auth/permissions.ts';
import { announce, signalWorkers } from '../events/events.ts';
import { switchOpenGaps } from '../gaps/gaps.sql.ts';
import { takeTicksBack } from '../jobs/change-over.ts';
import { lockInstallation, type LockedJob, lockJobsWithSchedule } from '../jobs/change-over.sql.ts';
import { makeUpFor, unlessRefused } from '../jobs/make-up.ts';
import { PauseReason } from '../jobs/pause-jobs.ts';
import { SKIP_ALL, StandingAnswer } from '../jobs/resume-answer.ts';
import { said } from '../jobs/resume-locked-jobs.ts';
import { done, type Outcome } from '../outcome.ts';
import { inTransaction } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';

export const PauseEverything = z.object({ reason: PauseReason });

/** `isChanged` is false when it was so already. */
export type EverythingPaused = { isChanged: boolean; since: Date | null };

/** Nothing is planned and nothing is started until `resumeEverything`; what is running finishes. */
export async function pauseEverything(
  actor: Actor,
  input: z.input<typeof PauseEverything>,
): Promise<Outcome<EverythingPaused>> {
  authorize(actor, 'installation:pause');
  const parsed = PauseEverything.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { reason } = parsed.data;
  return inTransaction(async (tx, sql) => {
    const { pausedAt } = await lockInstallation(sql, 'UPDATE');
    if (pausedAt !== null) return done({ isChanged: false, since: pausedAt });
    const jobs = await lockJobsWithSchedule(sql);
    const from = await takeTicksBack(sql, jobs, { isEverythingPaused: false });
    await tx.installation.update({
      where: { id: 1 },
      data: { pausedAt: from, pausedBy: actor.name, pauseReason: reason },
    });
    await switchOpenGaps(
      sql,
      jobs.map(({ id }) => id),
      from,
    );
    await audit(tx, actor, { action: 'installation.pause', subject: 'installation', reason });
    await announce(sql, 'installation');
    await announce(sql, 'job');
    await announce(sql, 'run');
    return done({ isChanged: true, since: from });
  });
}

export const ResumeEverything = z.object({
  /** What runs of the ticks that fell into the pause, of every job that it held. */
  answer: StandingAnswer.default(SKIP_ALL),
});

/** `runs`: how many the answer made. */
export type EverythingResumed = EverythingPaused & { runs: number };

/** Plans and starts again from now on; jobs that are paused themselves stay so, and what they missed isn't run. */
export async function resumeEverything(
  actor: Actor,
  input: z.input<typeof ResumeEverything> = {},
): Promise<Outcome<EverythingResumed>> {
  authorize(actor, 'installation:pause');
  const parsed = ResumeEverything.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { answer } = parsed.data;
  if (answer.rule !== 'skip') authorize(actor, 'job:trigger');
  return unlessRefused(() => resume(actor, answer));
}

async function resume(actor: Actor, answer: StandingAnswer): Promise<Outcome<EverythingResumed>> {
  return inTransaction(async (tx, sql) => {
    const { pausedAt } = await lockInstallation(sql, 'UPDATE');
    if (pausedAt === null) return done({ isChanged: false, since: null, runs: 0 });
    const jobs = await lockJobsWithSchedule(sql);
    const from = await takeTicksBack(sql, jobs, { isEverythingPaused: true });
    await tx.installation.update({
      where: { id: 1 },
      data: { pausedAt: null, pausedBy: null, pauseReason: null },
    });
    await switchOpenGaps(
      sql,
      jobs.map(({ id }) => id),
      from,
    );
    const made = await makeUpFor(sql, actor, pausesOf(jobs, pausedAt), 'paused_all', answer);
    const runs = made.reduce((sum, { runIds }) => sum + runIds.length, 0);
    await audit(tx, actor, {
      action: 'installation.resume',
      subject: 'installation',
      before: { pausedAt: pausedAt.toISOString() },
      after: {
        ...said(answer),
        runs,
        jobs: made.filter(({ runIds }) => runIds.length > 0).length,
      },
    });
    await announce(sql, 'installation');
    await announce(sql, 'job');
    await announce(sql, 'run');
    await signalWorkers(sql, 'plan');
    await signalWorkers(sql, 'look');
    return done({ isChanged: true, since: null, runs });
  });
}

function pausesOf(jobs: readonly LockedJob[], since: Date) {
  return jobs
    .filter((job) => job.pausedAt === null)
    .map(({ id, key }) => ({ jobId: id, key, since }));
}
