import { z } from 'zod';
import { auditAll } from '../audit/audit.ts';
import { authorizeAll, knownTo } from '../auth/of-jobs.ts';
import { type Actor, authorizeForSome } from '../auth/permissions.ts';
import type { Sql } from '../db.ts';
import { announce } from '../events/events.ts';
import { type GapOfPause, readGapsOfPauses } from '../gaps/pauses.sql.ts';
import { JobIds } from '../ids.ts';
import { done, type Outcome, refuse, type Refused } from '../outcome.ts';
import { inTransaction } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { countFires } from '../schedules/fires.ts';
import { savedFires, scheduleIn } from '../schedules/saved-schedule.ts';
import { MOST_OF_A_JOB } from './answer-limits.ts';
import { type LockedJob, lockInstallation, lockJobs } from './change-over.sql.ts';
import { PauseEnd, saidOfEnd } from './pause-end-given.ts';
import { countStretches } from './pause-ticks.ts';
import { setPauseEnds } from './pauses.sql.ts';
import { readPlanRules } from './planning.sql.ts';

const LONGEST_MS = 366 * 86_400_000;

export const ChangePauseEnd = z.object({
  jobIds: JobIds,
  /** Null: until somebody resumes it. */
  end: PauseEnd.nullable(),
});

/** Prolongs a pause, shortens it, changes its answer or takes its end away. Jobs that aren't paused stay as they are. */
export async function changePauseEnd(
  actor: Actor,
  input: z.input<typeof ChangePauseEnd>,
): Promise<Outcome<{ jobIds: number[] }>> {
  authorizeForSome(actor, 'job:pause');
  const parsed = ChangePauseEnd.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { jobIds, end } = parsed.data;
  return inTransaction(async (tx, sql) => {
    await lockInstallation(sql, 'SHARE');
    const found = knownTo(actor, await lockJobs(sql, jobIds));
    authorizeAll(actor, 'job:pause', found);
    if (end && end.answer.rule !== 'skip') authorizeAll(actor, 'job:trigger', found);
    const jobs = found.filter((job) => job.pausedAt !== null);
    if (jobs.length === 0) {
      return refuse('conflict', 'This isn’t paused any more: somebody resumed or deleted it.');
    }
    const refused = end && (await refuseEnd(sql, jobs, end));
    if (refused) return refused;
    const ids = jobs.map(({ id }) => id);
    const before = await tx.job.findMany({
      where: { id: { in: ids } },
      select: { id: true, pauseUntil: true, resumeAnswer: true },
    });
    const endOf = new Map(before.map((row) => [row.id, row]));
    await setPauseEnds(sql, ids, end);
    await auditAll(
      sql,
      actor,
      jobs.map(({ id, key }) => ({
        action: 'job.pause.end',
        subject: `job:${key}`,
        before: {
          until: endOf.get(id)?.pauseUntil?.toISOString() ?? null,
          answer: endOf.get(id)?.resumeAnswer ?? null,
        },
        after: saidOfEnd(end),
      })),
    );
    await announce(sql, 'job', ids);
    return done({ jobIds: ids });
  });
}

/** An end that has passed, lies too far ahead, or whose answer would run more ticks than may be run at once. */
export async function refuseEnd(
  sql: Sql,
  jobs: readonly LockedJob[],
  { until: given, answer }: PauseEnd,
  /** Since when everything is paused, where that is what ends. */
  allPausedAt: Date | null = null,
): Promise<Refused | null> {
  const until = new Date(given);
  const [clock] = await sql<{ now: Date }>('SELECT clock_timestamp() AS now');
  const now = clock!.now;
  if (until <= now) return refuseField('until', 'Choose a time that lies ahead.');
  if (until.getTime() > now.getTime() + LONGEST_MS) {
    return refuseField('until', 'A pause ends by itself within a year. Without an end it lasts.');
  }
  if (answer.rule !== 'all') return null;
  const pauses = jobs.flatMap(({ id, pausedAt }) => {
    const since = allPausedAt ?? pausedAt;
    return since ? [{ jobId: id, since }] : [];
  });
  const reason = allPausedAt ? 'paused_all' : 'paused';
  const gaps = Map.groupBy(await readGapsOfPauses(sql, pauses, reason), ({ jobId }) => jobId);
  const revisions = jobs.map(({ id, revision }) => ({ jobId: id, revision }));
  const rules = await readPlanRules(sql, revisions);
  const saved = new Map(rules.map((row) => [row.jobId, row.saved]));
  for (const job of jobs) {
    const ticks = ticksUntil(gaps.get(job.id) ?? [], saved.get(job.id), now, until);
    if (ticks <= MOST_OF_A_JOB) continue;
    return refuseField(
      'answer',
      `${ticks.toLocaleString('en-US')} occurrences of ${job.key} will have fallen into the pause by then, and at most ${MOST_OF_A_JOB} can be run. Choose to run the latest, to skip all, or an earlier end.`,
    );
  }
  return null;
}

function ticksUntil(gaps: readonly GapOfPause[], saved: unknown, now: Date, until: Date): number {
  const schedule = savedFires(scheduleIn(saved));
  return countStretches(gaps) + (schedule ? countFires(schedule, now, until) : 0);
}

function refuseField(field: string, message: string): Refused {
  return refuse('invalid', message, [{ path: ['end', field], message }]);
}
