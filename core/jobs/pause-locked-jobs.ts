import { insertAuditEntries } from '../audit/audit.sql.ts';
import { whoOf } from '../audit/who.ts';
import type { Actor } from '../auth/permissions.ts';
import type { PauseEvidence } from '../auto-pause/auto-pause-rule.ts';
import { stopBackfillsOf } from '../backfill/with-job.sql.ts';
import type { Sql } from '../db.ts';
import { announce, signalWorkers } from '../events/events.ts';
import { switchOpenGaps } from '../gaps/gaps.sql.ts';
import { takeTicksBack } from './change-over.ts';
import type { LockedJob } from './change-over.sql.ts';
import { cancelStartedRuns, holdWaitingTicks } from './live-runs.sql.ts';
import { type PauseEnd, saidOfEnd } from './pause-end-given.ts';
import { beginPauses, setPauseEnds } from './pauses.sql.ts';

export type PauseContext = {
  reason: string;
  isEverythingPaused: boolean;
  /** Null: until somebody resumes them. */
  end: PauseEnd | null;
  /** Also ends what runs now. */
  cancelRunning?: boolean;
  /** What made Punctual do it. */
  evidence?: PauseEvidence;
};

/**
 * Pauses jobs that aren't paused and that this transaction holds (with the installation): in the worker as in the
 * console, so without Prisma.
 */
export async function pauseLockedJobs(
  sql: Sql,
  actor: Actor,
  jobs: readonly LockedJob[],
  { reason, isEverythingPaused, end, cancelRunning = false, evidence }: PauseContext,
): Promise<void> {
  const ids = jobs.map(({ id }) => id);
  const from = await takeTicksBack(sql, jobs, { isEverythingPaused });
  await beginPauses(sql, ids, { from, by: actor.name, reason, evidence: evidence ?? null });
  if (end) await setPauseEnds(sql, ids, end);
  await switchOpenGaps(sql, ids, from);
  await holdWaitingTicks(sql, ids);
  await stopBackfillsOf(sql, ids, actor.name);
  if (cancelRunning) await cancelStartedRuns(sql, ids, actor.name);
  await insertAuditEntries(
    sql,
    jobs.map(({ key }) => ({
      ...whoOf(actor),
      action: 'job.pause',
      subject: `job:${key}`,
      before: null,
      after: {
        pausedAt: from.toISOString(),
        cancelRunning,
        ...(end && saidOfEnd(end)),
        ...(evidence && { evidence }),
      },
      reason,
    })),
  );
  await announce(sql, 'job', ids);
  await announce(sql, 'run');
  if (cancelRunning) await signalWorkers(sql, 'cancel');
}
