import type { Sql } from '../db.ts';
import type { Figures, TrialReason, Verdict } from './verdict.ts';

/** A trial that goes on, with what a run of the old revision copies. */
export type OpenTrial = {
  jobId: number;
  baseRevision: number;
  share: number;
  /** Labels beside the revision's own; empty: none. */
  runsOn: Record<string, string>;
  baseKind: string;
  basePriority: number;
  baseRunsOn: Record<string, string> | null;
};

/** Few jobs have one, so that asking costs next to nothing. */
export async function readOpenTrials(sql: Sql, jobIds: readonly number[]): Promise<OpenTrial[]> {
  return sql<OpenTrial>(READ_OPEN_TRIALS, [jobIds]);
}

const READ_OPEN_TRIALS = `
SELECT t.job_id AS "jobId", t.base_revision AS "baseRevision", t.share, t.runs_on AS "runsOn",
       b.definition -> 'work' ->> 'kind' AS "baseKind",
       coalesce((b.definition ->> 'priority')::int, 0) AS "basePriority", b.definition -> 'runsOn' AS "baseRunsOn"
  FROM trial t JOIN revision b ON b.job_id = t.job_id AND b.number = t.base_revision
 WHERE t.ended_at IS NULL AND t.job_id = ANY ($1::int[])`;

/** What a run that nobody has started is to copy instead of the newest revision's. */
export type Assigned = {
  jobId: number;
  /** Of a tick; else `runId`. */
  tick: Date | null;
  runId: number | null;
  /** Null: it stays as it is. */
  revision: number | null;
  kind: string | null;
  priority: number | null;
  /** Instead of its labels, or beside them. */
  runsOn: Record<string, string> | null;
  addsLabels: boolean;
};

/** Only in the transaction that made the runs, so that no worker has seen them. */
export async function assignRuns(sql: Sql, rows: readonly Assigned[]): Promise<void> {
  await sql(ASSIGN_RUNS, [
    JSON.stringify(
      rows.map((row) => ({
        job_id: row.jobId,
        tick: row.tick,
        run_id: row.runId,
        revision: row.revision,
        kind: row.kind,
        priority: row.priority,
        runs_on: row.runsOn && Object.keys(row.runsOn).length > 0 ? row.runsOn : null,
        adds_labels: row.addsLabels,
      })),
    ),
  ]);
}

const ASSIGN_RUNS = `
UPDATE run_live r
   SET revision = coalesce(a.revision, r.revision),
       kind = coalesce(a.kind, r.kind),
       priority = coalesce(a.priority, r.priority),
       may_run_twice = r.may_run_twice AND a.revision IS NULL,
       runs_on = CASE WHEN a.adds_labels THEN coalesce(r.runs_on, '{}') || a.runs_on ELSE a.runs_on END
  FROM jsonb_to_recordset($1::text::jsonb) AS a (
    job_id int, tick timestamptz, run_id bigint, revision int, kind text, priority smallint, runs_on jsonb,
    adds_labels boolean)
 WHERE r.job_id = a.job_id AND r.state = 'queued' AND r.attempt = 0
   AND CASE WHEN a.run_id IS NULL THEN r.trigger = 'tick' AND r.scheduled_for = a.tick ELSE r.id = a.run_id END`;

export type NewTrial = {
  jobId: number;
  baseRevision: number;
  revision: number;
  share: number;
  runsOn: Record<string, string>;
  untilRuns: number;
  untilHours: number;
  startedBy: string;
};

export async function insertTrial(sql: Sql, trial: NewTrial): Promise<void> {
  await sql(
    `INSERT INTO trial (job_id, base_revision, revision, share, runs_on, until_runs, until_at, started_by)
     VALUES ($1::int, $2::int, $3::int, $4::smallint, $5::text::jsonb, $6::int,
             now() + $7::int * interval '1 hour', $8::text)`,
    [
      trial.jobId,
      trial.baseRevision,
      trial.revision,
      trial.share,
      JSON.stringify(trial.runsOn),
      trial.untilRuns,
      trial.untilHours,
      trial.startedBy,
    ],
  );
}

/** @returns the trial that was open, if any */
export async function endOpenTrial(
  sql: Sql,
  jobId: number,
  end: {
    by: string;
    outcome: Verdict['outcome'] | 'superseded';
    reason: TrialReason;
    figures: Figures | null;
  },
): Promise<{ baseRevision: number; revision: number; share: number } | null> {
  const [row] = await sql<{ baseRevision: number; revision: number; share: number }>(
    `UPDATE trial SET ended_at = now(), ended_by = $2::text, outcome = $3::text, reason = $4::text,
                      figures = $5::text::jsonb
      WHERE job_id = $1::int AND ended_at IS NULL
      RETURNING base_revision AS "baseRevision", revision, share`,
    [jobId, end.by, end.outcome, end.reason, end.figures && JSON.stringify(end.figures)],
  );
  return row ?? null;
}

/** Whoever edits a job has a revision for all runs: what was on trial is part of it, or is gone. */
export async function supersedeTrial(sql: Sql, jobId: number, by: string): Promise<void> {
  await endOpenTrial(sql, jobId, { by, outcome: 'superseded', reason: 'edited', figures: null });
}

export type TrialRow = {
  jobId: number;
  baseRevision: number;
  revision: number;
  share: number;
  runsOn: Record<string, string>;
  untilRuns: number;
  untilAt: Date;
  startedAt: Date;
  startedBy: string;
  endedAt: Date | null;
  endedBy: string | null;
  outcome: Verdict['outcome'] | 'superseded' | null;
  reason: TrialReason | null;
  figures: Figures | null;
};

const TRIAL = `job_id AS "jobId", base_revision AS "baseRevision", revision, share, runs_on AS "runsOn",
  until_runs AS "untilRuns", until_at AS "untilAt", started_at AS "startedAt", started_by AS "startedBy",
  ended_at AS "endedAt", ended_by AS "endedBy", outcome, reason, figures`;

/** The newest first. */
export async function readTrials(sql: Sql, jobId: number, limit: number): Promise<TrialRow[]> {
  return sql<TrialRow>(
    `SELECT ${TRIAL} FROM trial WHERE job_id = $1::int ORDER BY id DESC LIMIT $2::int`,
    [jobId, limit],
  );
}

/** Those whose job isn't paused: a pause stops the trial as well. */
export async function readTrialsToJudge(
  sql: Sql,
): Promise<(TrialRow & { isDeleted: boolean; now: Date })[]> {
  return sql<TrialRow & { isDeleted: boolean; now: Date }>(
    `SELECT t.*, j.deleted_at IS NOT NULL AS "isDeleted", now() AS now
       FROM (SELECT ${TRIAL} FROM trial WHERE ended_at IS NULL) AS t JOIN job j ON j.id = t."jobId"
      WHERE j.deleted_at IS NOT NULL
         OR (j.paused_at IS NULL AND NOT EXISTS (SELECT FROM installation WHERE paused_at IS NOT NULL))
      ORDER BY j.id`,
  );
}

/** A condition. */
export const ANY_OPEN_TRIAL = 'EXISTS (SELECT FROM trial WHERE ended_at IS NULL)';

/** How far back runs are looked at, and how many of the old revision's count. */
const LOOK_RUNS = 20_000;
const BASE_RUNS = 200;

/** Ended runs of both sides; of the old revision the latest, those from before the trial too. */
export async function readFigures(
  sql: Sql,
  { jobId, baseRevision, startedAt }: Pick<TrialRow, 'jobId' | 'baseRevision' | 'startedAt'>,
): Promise<Figures> {
  const rows = await sql<{ isTrial: boolean; runs: number; failed: number; p95Ms: number | null }>(
    READ_FIGURES,
    [jobId, baseRevision, startedAt.toISOString()],
  );
  const side = (isTrial: boolean) => {
    const row = rows.find((one) => one.isTrial === isTrial);
    return { runs: row?.runs ?? 0, failed: row?.failed ?? 0, p95Ms: row?.p95Ms ?? null };
  };
  return { trial: side(true), base: side(false) };
}

const ENDED = `r.is_live = false AND r.job_id = $1::int AND r.trigger <> 'test' AND r.attempt > 0
        AND r.state IN ('succeeded', 'failed', 'timed_out', 'lost')`;

const READ_FIGURES = `
WITH tried AS (
  SELECT true AS is_trial, r.state, r.started_at, r.finished_at
    FROM (SELECT * FROM run r WHERE ${ENDED} AND r.scheduled_for >= $3::timestamptz - interval '2 minutes'
           ORDER BY r.scheduled_for DESC, r.id DESC LIMIT ${LOOK_RUNS}) AS r
   WHERE r.revision > $2::int
), before AS (
  SELECT false AS is_trial, r.state, r.started_at, r.finished_at
    FROM (SELECT * FROM run r WHERE ${ENDED}
           ORDER BY r.scheduled_for DESC, r.id DESC LIMIT ${LOOK_RUNS}) AS r
   WHERE r.revision = $2::int
   LIMIT ${BASE_RUNS}
)
SELECT is_trial AS "isTrial", count(*)::int AS runs, count(*) FILTER (WHERE state <> 'succeeded')::int AS failed,
       percentile_disc(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - started_at) * 1000)
         FILTER (WHERE state = 'succeeded')::float8 AS "p95Ms"
  FROM (SELECT * FROM tried UNION ALL SELECT * FROM before) AS runs
 GROUP BY is_trial`;
