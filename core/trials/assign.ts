import type { Sql } from '../db.ts';
import { isOnTrial } from './share.ts';
import { type Assigned, assignRuns, type OpenTrial, readOpenTrials } from './trials.sql.ts';

/** Ticks that were just planned by the newest revision: those that fall to the old one become its runs. */
export async function assignTicks(
  sql: Sql,
  ticks: readonly { jobId: number; at: Date }[],
): Promise<void> {
  await assign(
    sql,
    ticks.map(({ jobId, at }) => ({ jobId, of: at.getTime(), tick: at, runId: null })),
  );
}

/** The same for requests that nobody watches; whoever asks by hand or for a test has the newest revision. */
export async function assignRequests(
  sql: Sql,
  requests: readonly { jobId: number; runId: number }[],
): Promise<void> {
  await assign(
    sql,
    requests.map(({ jobId, runId }) => ({ jobId, of: runId, tick: null, runId })),
  );
}

type Made = Pick<Assigned, 'jobId' | 'tick' | 'runId'> & { of: number };

async function assign(sql: Sql, made: readonly Made[]): Promise<void> {
  if (made.length === 0) return;
  const trials = await readOpenTrials(sql, [...new Set(made.map(({ jobId }) => jobId))]);
  if (trials.length === 0) return;
  const byJob = new Map(trials.map((trial) => [trial.jobId, trial]));
  const rows = made.flatMap((run) => {
    const trial = byJob.get(run.jobId);
    return trial ? (assigned(run, trial) ?? []) : [];
  });
  if (rows.length > 0) await assignRuns(sql, rows);
}

function assigned({ jobId, of, tick, runId }: Made, trial: OpenTrial): Assigned | null {
  if (!isOnTrial(jobId, of, trial.share)) {
    const { baseRevision, baseKind, basePriority, baseRunsOn } = trial;
    return {
      jobId,
      tick,
      runId,
      revision: baseRevision,
      kind: baseKind,
      priority: basePriority,
      runsOn: baseRunsOn,
      addsLabels: false,
    };
  }
  if (Object.keys(trial.runsOn).length === 0) return null;
  const kept = { revision: null, kind: null, priority: null };
  return { jobId, tick, runId, ...kept, runsOn: trial.runsOn, addsLabels: true };
}
