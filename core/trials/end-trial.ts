import { insertAuditEntries } from '../audit/audit.sql.ts';
import { whoOf } from '../audit/who.ts';
import { knownTo } from '../auth/of-jobs.ts';
import type { Actor } from '../auth/permissions.ts';
import type { Sql } from '../db.ts';
import { announce, signalWorkers } from '../events/events.ts';
import { switchOpenGaps } from '../gaps/gaps.sql.ts';
import { takeTicksBack } from '../jobs/change-over.ts';
import {
  cancelledTicksFrom,
  carryCancelledTicks,
  lockInstallation,
  type LockedJob,
  lockJobs,
} from '../jobs/change-over.sql.ts';
import { authorizeSave } from '../jobs/authorize-save.ts';
import { JobDefinition } from '../jobs/definition.ts';
import { jobColumns } from '../jobs/job-columns.ts';
import { readRevisions } from '../jobs/revisions.sql.ts';
import { goBackTo } from './go-back.sql.ts';
import { endOpenTrial, readFigures, readTrials } from './trials.sql.ts';
import type { TrialReason } from './verdict.ts';

export type TrialEnd = { outcome: 'went_on' | 'went_back'; reason: TrialReason };

export type EndedTrial = { key: string; revision: number } & TrialEnd;

/**
 * Ends a trial in the open transaction: the revision on trial counts for all runs, or the one before it does again, as a
 * revision of its own. What is due already stays as it is; what was planned ahead is planned anew.
 * @returns null where none goes on any more
 * @throws NotAllowed for somebody who couldn't have saved the revision on trial
 */
export async function endTrial(
  sql: Sql,
  actor: Actor,
  jobId: number,
  end: TrialEnd,
): Promise<EndedTrial | null> {
  const { pausedAt } = await lockInstallation(sql, 'SHARE');
  const [job] = knownTo(actor, await lockJobs(sql, [jobId]));
  const [open] = await readTrials(sql, jobId, 1);
  if (!job || !open || open.endedAt !== null) return null;
  const { baseRevision } = open;
  const { base, current } = await definitionsOf(sql, job, baseRevision);
  // Whoever lets the new revision count, or takes it back, answers for what is different in it.
  authorizeSave(actor, { job, before: base ?? null, after: current });
  const figures = await readFigures(sql, open);
  await endOpenTrial(sql, jobId, { by: actor.name, ...end, figures });
  const from = await takeTicksBack(sql, [job], { isEverythingPaused: pausedAt !== null });
  const revision =
    end.outcome === 'went_on'
      ? job.revision
      : await goBack(sql, actor, job, {
          baseRevision,
          definition: { ...JobDefinition.parse(base), schedule: current.schedule },
          from,
          reason: end.reason,
        });
  const cancelled = await cancelledTicksFrom(sql, jobId, from);
  if (cancelled.length > 0) {
    await carryCancelledTicks(sql, jobId, from, { revision, kept: cancelled });
  }
  await switchOpenGaps(sql, [jobId], from);
  await insertAuditEntries(sql, [
    {
      ...whoOf(actor),
      action: end.outcome === 'went_on' ? 'job.trial_on' : 'job.trial_back',
      subject: `job:${job.key}`,
      before: { revision: job.revision, baseRevision, share: open.share },
      after: { revision, reason: end.reason, figures },
      reason: `Trial of revision ${open.revision}, begun by ${open.startedBy}.`,
    },
  ]);
  await announce(sql, 'job', [jobId]);
  await announce(sql, 'run');
  await signalWorkers(sql, 'plan');
  return { key: job.key, revision, ...end };
}

/** `base` is undefined where it can't be read any more. */
async function definitionsOf(
  sql: Sql,
  job: LockedJob,
  baseRevision: number,
): Promise<{ base: JobDefinition | undefined; current: JobDefinition }> {
  const saved = await readRevisions(sql, [
    { jobId: job.id, revision: baseRevision },
    { jobId: job.id, revision: job.revision },
  ]);
  const definitionOf = (number: number) => saved.find((row) => row.number === number)?.definition;
  return {
    base: JobDefinition.safeParse(definitionOf(baseRevision)).data,
    current: JobDefinition.parse(definitionOf(job.revision)),
  };
}

type Back = { baseRevision: number; definition: JobDefinition; from: Date; reason: TrialReason };

/** The old revision as the newest. Its calendar may have a new revision by now, which holds for both. */
async function goBack(
  sql: Sql,
  actor: Actor,
  job: LockedJob,
  { baseRevision, definition, from, reason }: Back,
): Promise<number> {
  const revision = job.revision + 1;
  await goBackTo(sql, {
    jobId: job.id,
    revision,
    definition,
    columns: jobColumns(definition),
    note: `Goes back to revision ${baseRevision}: ${NOTE[reason]}.`,
    by: actor.name,
    at: new Date(from.getTime() - 1),
  });
  return revision;
}

const NOTE: Record<TrialReason, string> = {
  enough_runs: 'the trial had enough runs',
  more_failures: 'its trial failed more often',
  slower: 'its trial took longer',
  too_few_runs: 'its trial had too few runs to tell',
  by_hand: 'its trial was ended by hand',
  edited: 'it was edited',
  deleted: 'it was deleted',
};
