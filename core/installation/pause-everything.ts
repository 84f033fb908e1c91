import { z } from 'zod';
import { audit } from '../audit/audit.ts';
import { type Actor, authorize } from '../auth/permissions.ts';
import { announce } from '../events/events.ts';
import { switchOpenGaps } from '../gaps/gaps.sql.ts';
import { takeTicksBack } from '../jobs/change-over.ts';
import { lockInstallation, lockJobsWithSchedule } from '../jobs/change-over.sql.ts';
import { unlessRefused } from '../jobs/make-up.ts';
import { refuseEnd } from '../jobs/pause-end.ts';
import { PauseEnd, saidOfEnd } from '../jobs/pause-end-given.ts';
import { PauseReason } from '../jobs/pause-jobs.ts';
import { SKIP_ALL, StandingAnswer } from '../jobs/resume-answer.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { beginPauseOfAll, readPauseOfAll, setEndOfPauseOfAll } from './installation.sql.ts';
import { resumeLockedInstallation } from './resume-locked-installation.ts';

export const PauseEverything = z.object({
  reason: PauseReason,
  /** Null: until somebody resumes it. */
  end: PauseEnd.nullable().default(null),
});

/** `isChanged` is false when it was so already. */
export type EverythingPaused = { isChanged: boolean; since: Date | null };

/**
 * Nothing is planned and nothing is started until `resumeEverything`, or until its end, when a worker resumes it; what is
 * running finishes.
 */
export async function pauseEverything(
  actor: Actor,
  input: z.input<typeof PauseEverything>,
): Promise<Outcome<EverythingPaused>> {
  authorize(actor, 'installation:pause');
  const parsed = PauseEverything.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { reason, end } = parsed.data;
  if (end && end.answer.rule !== 'skip') authorize(actor, 'job:trigger');
  return inTransaction(async (tx, sql) => {
    const { pausedAt } = await lockInstallation(sql, 'UPDATE');
    if (pausedAt !== null) return done({ isChanged: false, since: pausedAt });
    const jobs = await lockJobsWithSchedule(sql);
    const refused =
      end &&
      (await refuseEnd(
        sql,
        jobs.filter((job) => job.pausedAt === null),
        end,
      ));
    if (refused) return refused;
    const from = await takeTicksBack(sql, jobs, { isEverythingPaused: false });
    await beginPauseOfAll(sql, { from, by: actor.name, reason });
    if (end) await setEndOfPauseOfAll(sql, end);
    await switchOpenGaps(
      sql,
      jobs.map(({ id }) => id),
      from,
    );
    await audit(tx, actor, {
      action: 'installation.pause',
      subject: 'installation',
      after: { pausedAt: from.toISOString(), ...(end && saidOfEnd(end)) },
      reason,
    });
    await announce(sql, 'installation');
    await announce(sql, 'job');
    await announce(sql, 'run');
    return done({ isChanged: true, since: from });
  });
}

export const ChangePauseOfAll = z.object({
  /** Null: until somebody resumes it. */
  end: PauseEnd.nullable(),
});

/** Prolongs the pause of everything, shortens it, changes its answer or takes its end away. */
export async function changeEndOfPauseOfAll(
  actor: Actor,
  input: z.input<typeof ChangePauseOfAll>,
): Promise<Outcome<{ until: string | null }>> {
  authorize(actor, 'installation:pause');
  const parsed = ChangePauseOfAll.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { end } = parsed.data;
  if (end && end.answer.rule !== 'skip') authorize(actor, 'job:trigger');
  return inTransaction(async (tx, sql) => {
    await lockInstallation(sql, 'UPDATE');
    const before = await readPauseOfAll(sql);
    if (before.pausedAt === null) {
      return refuse('conflict', 'Nothing is paused any more: somebody resumed it.');
    }
    const jobs = end ? await lockJobsWithSchedule(sql) : [];
    const held = jobs.filter((job) => job.pausedAt === null);
    const refused = end && (await refuseEnd(sql, held, end, before.pausedAt));
    if (refused) return refused;
    await setEndOfPauseOfAll(sql, end);
    await audit(tx, actor, {
      action: 'installation.pause.end',
      subject: 'installation',
      before: saidOfEnd(
        before.until && {
          until: before.until.toISOString(),
          answer: StandingAnswer.safeParse(before.answer).data ?? SKIP_ALL,
        },
      ),
      after: saidOfEnd(end),
    });
    await announce(sql, 'installation');
    return done({ until: end && new Date(end.until).toISOString() });
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
  return unlessRefused(() =>
    inTransaction<Outcome<EverythingResumed>>(async (_tx, sql) => {
      const { pausedAt } = await lockInstallation(sql, 'UPDATE');
      if (pausedAt === null) return done({ isChanged: false, since: null, runs: 0 });
      const runs = await resumeLockedInstallation(sql, actor, pausedAt, { answer });
      return done({ isChanged: true, since: null, runs });
    }),
  );
}
