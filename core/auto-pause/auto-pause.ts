import { insertAuditEntries } from '../audit/audit.sql.ts';
import { setBackfillState, takeRunsBack } from '../backfill/backfill.sql.ts';
import type { Sql } from '../db.ts';
import { announce } from '../events/events.ts';
import { openForAutoPause } from '../incidents/open.sql.ts';
import { lockInstallation, lockJobs } from '../jobs/change-over.sql.ts';
import { pauseLockedJobs } from '../jobs/pause-locked-jobs.ts';
import { SKIP_ALL } from '../jobs/resume-answer.ts';
import { AutoPauseRule } from './auto-pause-rule.ts';
import {
  type AskedCheck,
  endCheck,
  lockRunningBackfills,
  readAutoPause,
  readEndsOfBackfill,
  readErrorLines,
  readLatestEnds,
} from './auto-pause.sql.ts';
import { decideAutoPause, reasonOf } from './decide.ts';

const PUNCTUAL = { kind: 'system', name: 'Punctual' } as const;

/**
 * Looks at a job of which something went wrong, in the open transaction, and pauses it where its rule says so. True: it
 * did. One that is paused or deleted meanwhile, or whose rule is gone, stays as it is; looking twice pauses once. What a
 * backfill runs is judged by itself, by the same rule: it stops the backfill, and the job goes on.
 */
export async function checkAutoPause(sql: Sql, asked: AskedCheck): Promise<boolean> {
  const { pausedAt: everythingPausedAt } = await lockInstallation(sql, 'SHARE');
  const [job] = await lockJobs(sql, [asked.jobId]);
  const isPaused = job && job.pausedAt === null ? await pauseIfAsked(sql) : false;
  // A pause has stopped them all; one that somebody began during a pause goes.
  if (job && !isPaused) await stopFailingBackfills(sql, job);
  await endCheck(sql, asked);
  return isPaused;

  async function pauseIfAsked(own: Sql): Promise<boolean> {
    const { saved, failuresFrom, nowMs } = await readAutoPause(own, asked.jobId);
    const rule = AutoPauseRule.nullable().safeParse(saved).data ?? null;
    if (rule === null) return false;
    const evidence = decideAutoPause(rule, {
      nowMs,
      ended:
        rule.inRow === null && rule.rate === null
          ? []
          : await readLatestEnds(own, asked.jobId, failuresFrom),
      errorLines:
        rule.errorLines === null ? [] : await readErrorLines(own, asked.jobId, failuresFrom),
    });
    if (evidence === null) return false;
    const until = rule.pauseMs === null ? null : new Date(nowMs + rule.pauseMs).toISOString();
    await pauseLockedJobs(own, PUNCTUAL, [job!], {
      reason: reasonOf(evidence),
      isEverythingPaused: everythingPausedAt !== null,
      end: until === null ? null : { until, answer: SKIP_ALL },
      evidence,
    });
    await openForAutoPause(own, asked.jobId, reasonOf(evidence));
    return true;
  }
}

async function stopFailingBackfills(
  sql: Sql,
  { id: jobId, key }: { id: number; key: string },
): Promise<void> {
  const backfills = await lockRunningBackfills(sql, jobId);
  if (backfills.length === 0) return;
  const { saved, nowMs } = await readAutoPause(sql, jobId);
  const rule = AutoPauseRule.nullable().safeParse(saved).data ?? null;
  if (rule === null) return;
  for (const backfill of backfills) {
    const { id, failuresFrom } = backfill;
    const ended = await readEndsOfBackfill(sql, jobId, backfill);
    const errorLines = await readErrorLines(sql, jobId, failuresFrom, id);
    const evidence = decideAutoPause(rule, { nowMs, ended, errorLines });
    if (evidence === null) continue;
    await takeRunsBack(sql, [id]);
    const problem = `Of its own runs, ${reasonOf(evidence)}. The job goes on.`;
    await setBackfillState(sql, id, { state: 'paused', by: PUNCTUAL.name, problem });
    await insertAuditEntries(sql, [
      {
        actor: PUNCTUAL.name,
        action: 'job.backfill.pause',
        subject: `job:${key}`,
        before: null,
        after: { backfill: id, evidence },
        reason: problem,
        address: null,
      },
    ]);
    await announce(sql, 'run');
    await announce(sql, 'job', [jobId]);
  }
}
