import { insertAuditEntries } from '../audit/audit.sql.ts';
import { whoOf } from '../audit/who.ts';
import type { Actor } from '../auth/permissions.ts';
import type { Sql } from '../db.ts';
import { announce, signalWorkers } from '../events/events.ts';
import { switchOpenGaps } from '../gaps/gaps.sql.ts';
import { countFromEndOfPause } from '../jobs/after-end.sql.ts';
import { takeTicksBack } from '../jobs/change-over.ts';
import {
  type LockedJob,
  lockInstallation,
  lockJobsWithSchedule,
  restartPlanningFrom,
} from '../jobs/change-over.sql.ts';
import { AnswerRefused, makeUpFor } from '../jobs/make-up.ts';
import { SKIP_ALL, StandingAnswer } from '../jobs/resume-answer.ts';
import { said, startAtOnce } from '../jobs/resume-locked-jobs.ts';
import { answersFrom } from '../jobs/resume-overdue.ts';
import { endPauseOfAll, endsOfPauseOfAll, readPauseOfAll } from './installation.sql.ts';

/**
 * Ends the pause of everything, which this transaction holds, and runs what the answer asks for: in the worker as in the
 * console, so without Prisma.
 * @returns how many runs the answer made
 * @throws AnswerRefused, after which the transaction must be rolled back
 */
export async function resumeLockedInstallation(
  sql: Sql,
  actor: Actor,
  pausedAt: Date,
  { answer, endedAt, reason = '' }: { answer: StandingAnswer; endedAt?: Date; reason?: string },
): Promise<number> {
  const jobs = await lockJobsWithSchedule(sql);
  const ids = jobs.map(({ id }) => id);
  // The pause of a job itself goes on.
  const firing = jobs.flatMap(({ id, pausedAt: own }) => (own === null ? [id] : []));
  if (endedAt) {
    await endPauseOfAll(sql);
    await endGapsAt(sql, ids, endedAt);
    if (answer.rule === 'skip') await countFromEndOfPause(sql, firing, endedAt);
  } else {
    const from = await takeTicksBack(sql, jobs, { isEverythingPaused: true });
    await endPauseOfAll(sql);
    await switchOpenGaps(sql, ids, from);
    if (answer.rule === 'skip') await countFromEndOfPause(sql, firing, from);
  }
  const made = [
    ...(await makeUpFor(sql, actor, pausesOf(jobs, pausedAt), 'paused_all', answer)),
    ...(answer.rule === 'skip' ? [] : await startAtOnce(sql, firing)),
  ];
  const runs = made.reduce((sum, { ticks }) => sum + ticks.length, 0);
  await insertAuditEntries(sql, [
    {
      ...whoOf(actor),
      action: 'installation.resume',
      subject: 'installation',
      before: { pausedAt: pausedAt.toISOString() },
      after: {
        ...said(answer),
        runs,
        jobs: made.filter(({ ticks }) => ticks.length > 0).length,
      },
      reason,
    },
  ]);
  await announce(sql, 'installation');
  await announce(sql, 'job');
  await announce(sql, 'run');
  await signalWorkers(sql, 'plan');
  await signalWorkers(sql, 'look');
  return runs;
}

/** Nothing was planned since; what fired after the end was missed, and each job's catch-up rule decides. */
async function endGapsAt(sql: Sql, jobIds: readonly number[], until: Date): Promise<void> {
  const ends = await endsOfPauseOfAll(sql, jobIds, until);
  for (const group of Map.groupBy(ends, ({ endedAt }) => endedAt.getTime()).values()) {
    const ids = group.map(({ jobId }) => jobId);
    const { endedAt } = group[0]!;
    await restartPlanningFrom(sql, ids, endedAt);
    await switchOpenGaps(sql, ids, endedAt);
  }
}

function pausesOf(jobs: readonly LockedJob[], since: Date) {
  return jobs
    .filter((job) => job.pausedAt === null)
    .map(({ id, key }) => ({ jobId: id, key, since }));
}

/**
 * Ends the pause of everything where its end has come, in the open transaction, as of then and as the person who paused
 * asked for. False where somebody else did already, or gave it another end.
 */
export async function resumeOverdueInstallation(sql: Sql): Promise<boolean> {
  const { pausedAt } = await lockInstallation(sql, 'UPDATE');
  const { until, by, answer: saved, isOver } = await readPauseOfAll(sql);
  if (pausedAt === null || until === null || !isOver) return false;
  const actor = { kind: 'system', name: `Punctual, for ${by}` } as const;
  let reason = `The pause was to end at ${until.toISOString()}.`;
  for (const answer of answersFrom(StandingAnswer.safeParse(saved).data ?? SKIP_ALL)) {
    await sql('SAVEPOINT answer');
    try {
      await resumeLockedInstallation(sql, actor, pausedAt, { answer, endedAt: until, reason });
      await sql('RELEASE SAVEPOINT answer');
      return true;
    } catch (error) {
      if (!(error instanceof AnswerRefused)) throw error;
      await sql('ROLLBACK TO SAVEPOINT answer');
      reason += ` “${answer.rule}” couldn’t be done: ${error.message}`;
    }
  }
  // Skipping makes no run, so that nothing refuses it.
  throw new Error('The pause of everything could not be ended.');
}
