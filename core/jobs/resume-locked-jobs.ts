import { insertAuditEntries } from '../audit/audit.sql.ts';
import { whoOf } from '../audit/who.ts';
import type { Actor } from '../auth/permissions.ts';
import { goOnWithJobs } from '../backfill/with-job.sql.ts';
import type { Sql } from '../db.ts';
import { announce, signalWorkers } from '../events/events.ts';
import { switchOpenGaps } from '../gaps/gaps.sql.ts';
import { readGapsOfPauses } from '../gaps/pauses.sql.ts';
import { endAutoPauses } from '../incidents/open.sql.ts';
import { countFromEndOfPause, readDueInPause } from './after-end.sql.ts';
import { takeTicksBack } from './change-over.ts';
import { type LockedJob, restartPlanningFrom } from './change-over.sql.ts';
import { releaseHeldTicks } from './live-runs.sql.ts';
import { type MadeUp, makeUpFor } from './make-up.ts';
import { countStretches } from './pause-ticks.ts';
import { endPauses } from './pauses.sql.ts';
import type { ResumeAnswer } from './resume-answer.ts';

/** Beyond this many jobs at once their ticks are left to the worker that counts gaps. */
const MOST_COUNTED = 200;

export type ResumeContext = {
  answer: ResumeAnswer;
  isEverythingPaused: boolean;
  /** When the pause ended, where that has passed; else it ends now. */
  endedAt?: Date;
  reason?: string;
};

/**
 * Ends the pauses of paused jobs that this transaction holds (with the installation), and runs what the answer asks for:
 * in the worker as in the console, so without Prisma.
 * @throws AnswerRefused, after which the transaction must be rolled back
 */
export async function resumeLockedJobs(
  sql: Sql,
  actor: Actor,
  jobs: readonly LockedJob[],
  { answer, isEverythingPaused, endedAt, reason = '' }: ResumeContext,
): Promise<MadeUp[]> {
  const ids = jobs.map(({ id }) => id);
  const from = endedAt ?? (await takeTicksBack(sql, jobs, { isEverythingPaused }));
  if (endedAt) await restartPlanningFrom(sql, ids, endedAt);
  await endPauses(sql, ids);
  await switchOpenGaps(sql, ids, from);
  if (answer.rule === 'skip') await countFromEndOfPause(sql, ids, from);
  await releaseHeldTicks(sql, ids);
  await goOnWithJobs(sql, ids);
  await endAutoPauses(sql, ids);
  const pauses = jobs.map(({ id, key, pausedAt }) => ({ jobId: id, key, since: pausedAt! }));
  const made = [
    ...(await makeUpFor(sql, actor, pauses, 'paused', answer)),
    ...(answer.rule === 'skip' ? [] : await startAtOnce(sql, ids)),
  ];
  const madeOf = new Map(made.map((one) => [one.jobId, one]));
  const ticksOf = await countedTicks(sql, pauses);
  await insertAuditEntries(
    sql,
    jobs.map(({ id, key, pausedAt }) => ({
      ...whoOf(actor),
      action: 'job.resume',
      subject: `job:${key}`,
      before: { pausedAt: pausedAt!.toISOString() },
      after: said(answer, ticksOf.get(id), madeOf.get(id)),
      reason,
    })),
  );
  await announce(sql, 'job', ids);
  await announce(sql, 'run');
  await signalWorkers(sql, 'plan');
  await signalWorkers(sql, 'look');
  return made;
}

/** Of ticks that count from the end of a run and came due in the pause: a worker makes them now, as ticks of their own. */
export async function startAtOnce(sql: Sql, jobIds: readonly number[]): Promise<MadeUp[]> {
  const due = await readDueInPause(sql, jobIds);
  return due.map(({ jobId, dueAt }) => ({ jobId, runIds: [], ticks: [dueAt] }));
}

/** What the trail says of an answer: the rule, how many ticks there were, and which runs it made. */
export function said(answer: ResumeAnswer, ticks?: number, made?: MadeUp) {
  return {
    answer: answer.rule,
    ...('spreadMinutes' in answer && answer.spreadMinutes > 0
      ? { spreadMinutes: answer.spreadMinutes }
      : {}),
    ...(ticks === undefined ? {} : { ticks }),
    runs: made?.ticks.length ?? 0,
    ...(made && made.runIds.length > 0
      ? { runIds: made.runIds, forTicks: made.ticks.map((at) => at.toISOString()) }
      : {}),
  };
}

async function countedTicks(
  sql: Sql,
  pauses: readonly { jobId: number; since: Date }[],
): Promise<Map<number, number>> {
  if (pauses.length > MOST_COUNTED) return new Map();
  const gaps = Map.groupBy(await readGapsOfPauses(sql, pauses, 'paused'), ({ jobId }) => jobId);
  return new Map(pauses.map(({ jobId }) => [jobId, countStretches(gaps.get(jobId) ?? [])]));
}
