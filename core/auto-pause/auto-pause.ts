import type { Sql } from '../db.ts';
import { openForAutoPause } from '../incidents/open.sql.ts';
import { lockInstallation, lockJobs } from '../jobs/change-over.sql.ts';
import { pauseLockedJobs } from '../jobs/pause-locked-jobs.ts';
import { SKIP_ALL } from '../jobs/resume-answer.ts';
import { AutoPauseRule } from './auto-pause-rule.ts';
import {
  type AskedCheck,
  endCheck,
  readAutoPause,
  readErrorLines,
  readLatestEnds,
} from './auto-pause.sql.ts';
import { decideAutoPause, reasonOf } from './decide.ts';

const PUNCTUAL = { kind: 'system', name: 'Punctual' } as const;

/**
 * Looks at a job of which something went wrong, in the open transaction, and pauses it where its rule says so. True: it
 * did. One that is paused or deleted meanwhile, or whose rule is gone, stays as it is; looking twice pauses once.
 */
export async function checkAutoPause(sql: Sql, asked: AskedCheck): Promise<boolean> {
  const { pausedAt: everythingPausedAt } = await lockInstallation(sql, 'SHARE');
  const [job] = await lockJobs(sql, [asked.jobId]);
  const isPaused = job && job.pausedAt === null ? await pauseIfAsked(sql) : false;
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
