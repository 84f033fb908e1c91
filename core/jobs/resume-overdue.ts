import type { Sql } from '../db.ts';
import { lockInstallation, lockJobs } from './change-over.sql.ts';
import { AnswerRefused } from './make-up.ts';
import { readTimedPause } from './pauses.sql.ts';
import { SKIP_ALL, StandingAnswer } from './resume-answer.ts';
import { resumeLockedJobs } from './resume-locked-jobs.ts';

/**
 * Ends the pause of one job whose end has come, in the open transaction, as the person who paused it asked for. False
 * where somebody else did already, or gave the pause another end.
 *
 * The pause ends when it was to end, also where no worker lived then: what should have fired since was missed, and the
 * job's catch-up rule decides. Where the job was edited since, it ends at the edit: the new schedule has no say in what was
 * before. While everything is paused it ends now, so that the two pauses adjoin.
 */
export async function resumeOverdueJob(sql: Sql, jobId: number): Promise<boolean> {
  const { pausedAt: everythingPausedAt } = await lockInstallation(sql, 'SHARE');
  const [job] = await lockJobs(sql, [jobId]);
  if (!job || job.pausedAt === null) return false;
  const { until, revisionFrom, by, answer: saved, isOver } = await readTimedPause(sql, jobId);
  if (until === null || !isOver) return false;
  const isEverythingPaused = everythingPausedAt !== null;
  const endedAt = until > revisionFrom ? until : revisionFrom;
  const actor = { kind: 'system', name: `Punctual, for ${by}` } as const;
  const asked = StandingAnswer.safeParse(saved).data ?? SKIP_ALL;
  let reason = `The pause was to end at ${until.toISOString()}.`;
  for (const answer of answersFrom(asked)) {
    await sql('SAVEPOINT answer');
    try {
      await resumeLockedJobs(sql, actor, [job], {
        answer,
        isEverythingPaused,
        ...(isEverythingPaused ? {} : { endedAt }),
        reason,
      });
      await sql('RELEASE SAVEPOINT answer');
      return true;
    } catch (error) {
      if (!(error instanceof AnswerRefused)) throw error;
      await sql('ROLLBACK TO SAVEPOINT answer');
      reason += ` “${answer.rule}” couldn’t be done: ${error.message}`;
    }
  }
  // Skipping makes no run, so that nothing refuses it.
  throw new Error(`The pause of ${job.key} could not be ended.`);
}

/** Nobody is there to choose anew: an edit may have made more ticks than may run, or runs that can't be made. */
export function answersFrom(asked: StandingAnswer): StandingAnswer[] {
  switch (asked.rule) {
    case 'all':
      return [asked, { rule: 'latest', spreadMinutes: 0 }, SKIP_ALL];
    case 'latest':
      return [asked, SKIP_ALL];
    case 'skip':
      return [asked];
  }
}
