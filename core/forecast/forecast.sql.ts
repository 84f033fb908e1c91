import { knowCalendars } from '../calendars/know-calendars.ts';
import type { Sql } from '../db.ts';
import { KNOWN_TICK } from '../jobs/after-end.sql.ts';
import { WAITS_ANYWHERE } from '../runs/by-key.sql.ts';
import type { OverlapRule } from '../jobs/definition.ts';
import type { ForecastQueue, ForecastWorker, RunNow } from './model.ts';

export type JobAhead = {
  id: number;
  key: string;
  revision: number;
  queue: string;
  kind: string;
  runsOn: Record<string, string> | null;
  priority: number | null;
  overlap: OverlapRule | null;
  maxParallel: number | null;
  savedSchedule: unknown;
  /** Where ticks count from the end of runs: the one that is known. */
  knownTickAt: Date | null;
  isPaused: boolean;
  pauseUntil: Date | null;
};

/** Jobs that have a schedule, paused ones too; in the order of their keys. */
export async function readJobsAhead(sql: Sql): Promise<JobAhead[]> {
  const jobs = await sql<JobAhead>(READ_JOBS_AHEAD);
  await knowCalendars(
    sql,
    jobs.map(({ savedSchedule }) => savedSchedule),
  );
  return jobs;
}

const READ_JOBS_AHEAD = `
SELECT j.id, j.key, j.revision, j.queue, j.kind, v.definition -> 'runsOn' AS "runsOn",
       (v.definition ->> 'priority')::int AS priority, v.definition ->> 'overlap' AS overlap,
       (v.definition ->> 'maxParallel')::int AS "maxParallel", v.definition -> 'schedule' AS "savedSchedule",
       ${KNOWN_TICK} AS "knownTickAt",
       j.paused_at IS NOT NULL AS "isPaused", j.pause_until AS "pauseUntil"
  FROM job j JOIN revision v ON v.job_id = j.id AND v.number = j.revision
 WHERE j.deleted_at IS NULL AND j.has_schedule
 ORDER BY j.key COLLATE "C"`;

/** Changes with every edit, pause and resume, with the limits of queues, and with the workers that are there. */
export async function readForecastVersion(sql: Sql): Promise<string> {
  const [row] = await sql<{ version: string }>(READ_FORECAST_VERSION);
  return row!.version;
}

const READ_FORECAST_VERSION = `
SELECT concat_ws(' ', count(*), sum(hashtextextended(concat_ws(' ', j.id, j.revision, j.paused_at, j.pause_until), 0)),
                 (SELECT concat_ws(' ', paused_at, pause_until) FROM installation),
                 (SELECT concat_ws(' ', count(*), max(updated_at)) FROM blackout),
                 (SELECT sum(hashtextextended(concat_ws(' ', q.name, q.max_running), 0)) FROM queue q),
                 (SELECT sum(hashtextextended(concat_ws(' ', w.id, w.state, w.slots), 0)) FROM worker w WHERE w.ended_at IS NULL)) AS version
  FROM job j WHERE j.deleted_at IS NULL AND j.has_schedule`;

/** The pause of everything, where there is one; null in it: until somebody ends it. */
export async function readPauseOfAll(sql: Sql): Promise<{ until: Date | null } | null> {
  const [row] = await sql<{ isPaused: boolean; until: Date | null }>(
    'SELECT paused_at IS NOT NULL AS "isPaused", pause_until AS until FROM installation',
  );
  return row?.isPaused ? { until: row.until } : null;
}

export async function readQueuesAhead(sql: Sql): Promise<ForecastQueue[]> {
  return sql<ForecastQueue>('SELECT name, max_running AS "maxRunning" FROM queue ORDER BY name');
}

/** Those that take runs now. */
export async function readWorkersAhead(sql: Sql): Promise<ForecastWorker[]> {
  return sql<ForecastWorker>(
    `SELECT id, slots, queues, kinds, labels FROM worker
      WHERE ended_at IS NULL AND state = 'active' AND lease_until > clock_timestamp() ORDER BY id`,
  );
}

// By due_at alone the index gives the first: those of one instant, however many, needn't be put in order.
/** What runs, and what is due and waits: the first `most` of each. */
export async function readRunsNow(sql: Sql, most: number): Promise<RunNow[]> {
  return sql<RunNow>(READ_RUNS_NOW, [most]);
}

const READ_RUNS_NOW = `
(SELECT r.job_id AS "jobId", r.worker_id AS "workerId", (extract(epoch FROM r.started_at) * 1000)::bigint AS "sinceMs"
   FROM run_live r WHERE r.state = 'running' ORDER BY r.started_at, r.id LIMIT $1::int)
UNION ALL
(SELECT r.job_id, NULL, (extract(epoch FROM r.due_at) * 1000)::bigint
   FROM run_live r
  WHERE ${WAITS_ANYWHERE('r')} AND r.due_at <= now()
  ORDER BY r.due_at LIMIT $1::int)`;
