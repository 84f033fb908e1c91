import type { Scope } from '../auth/permissions.ts';
import { inScope, scopeParameter } from '../auth/scope.sql.ts';
import type { Sql } from '../db.ts';
import { KEPT_FROM } from '../history/kept-from.sql.ts';

/** Jobs that were there at some time in [from, to), of one key or of all that the scope tells of; in the order of their keys. */
export async function readJobIdsToAudit(
  sql: Sql,
  key: string | null,
  from: Date,
  to: Date,
  scope: Scope,
): Promise<number[]> {
  const rows = await sql<{ id: number }>(READ_JOB_IDS, [key, from, to, scopeParameter(scope)]);
  return rows.map(({ id }) => id);
}

const READ_JOB_IDS = `
SELECT id FROM job
 WHERE ($1::text IS NULL OR key = $1::text) AND ${inScope('labels', '$4')}
   AND (deleted_at IS NULL OR deleted_at > $2::timestamptz) AND created_at < $3::timestamptz
 ORDER BY key, id`;

export type JobToAudit = {
  jobId: number;
  key: string;
  isDeleted: boolean;
  /** Neither it nor everything is paused: what passes is planned. */
  isPlanned: boolean;
  /** Its history is kept from here on. */
  keptFrom: Date;
};

export async function readJobsToAudit(sql: Sql, jobIds: readonly number[]): Promise<JobToAudit[]> {
  return sql<JobToAudit>(READ_JOBS, [jobIds]);
}

const READ_JOBS = `
SELECT j.id AS "jobId", j.key, j.deleted_at IS NOT NULL AS "isDeleted",
       j.paused_at IS NULL AND i.paused_at IS NULL AS "isPlanned",
       ${KEPT_FROM} AS "keptFrom"
  FROM unnest($1::int[]) WITH ORDINALITY AS asked (id, place)
  JOIN job j ON j.id = asked.id
 CROSS JOIN installation i
 ORDER BY asked.place`;

/** [fromMs, toMs) of one job. */
export type JobStretch = { jobId: number; fromMs: number; toMs: number };

/**
 * The instants of tick runs, in order; an instant stands as often as there are runs at it. At most `most` of each job: who
 * has as many as that may have more.
 */
export async function readTickInstants(
  sql: Sql,
  stretches: readonly JobStretch[],
  most: number,
): Promise<Map<number, number[]>> {
  const rows = await sql<{ jobId: number; instants: string | null }>(READ_TICK_INSTANTS, [
    ...columns(stretches),
    most,
  ]);
  return new Map(
    rows.map(({ jobId, instants }) => [jobId, instants ? instants.split(',').map(Number) : []]),
  );
}

const columns = (stretches: readonly JobStretch[]) => [
  stretches.map(({ jobId }) => jobId),
  stretches.map(({ fromMs }) => new Date(fromMs).toISOString()),
  stretches.map(({ toMs }) => new Date(toMs).toISOString()),
];

// All in the index run_tick_once. As text: an array of numbers takes the driver ten times as long.
const READ_TICK_INSTANTS = `
SELECT j.id AS "jobId", ticks.instants
  FROM unnest($1::int[], $2::timestamptz[], $3::timestamptz[]) AS j (id, from_at, to_at)
 CROSS JOIN LATERAL (
   SELECT string_agg((extract(epoch FROM t.scheduled_for) * 1000)::bigint::text, ',' ORDER BY t.scheduled_for) AS instants
     FROM (
       SELECT r.scheduled_for FROM run r
        WHERE r.is_live IN (true, false) AND r.trigger = 'tick'
          AND r.job_id = j.id AND r.scheduled_for >= j.from_at AND r.scheduled_for < j.to_at
        ORDER BY r.scheduled_for
        LIMIT $4::int) AS t) AS ticks`;

/** Ticks that a person cancelled ahead of time and whose time passed in a gap that lasts: they count as the gap's. */
export async function readTicksOfOpenGaps(
  sql: Sql,
  stretches: readonly JobStretch[],
): Promise<Map<number, Set<number>>> {
  const rows = await sql<{ jobId: number; ms: number }>(
    READ_TICKS_OF_OPEN_GAPS,
    columns(stretches),
  );
  return new Map(
    [...Map.groupBy(rows, ({ jobId }) => jobId)].map(([jobId, own]) => [
      jobId,
      new Set(own.map(({ ms }) => ms)),
    ]),
  );
}

const READ_TICKS_OF_OPEN_GAPS = `
SELECT j.id AS "jobId", (extract(epoch FROM r.scheduled_for) * 1000)::bigint AS ms
  FROM unnest($1::int[], $2::timestamptz[], $3::timestamptz[]) AS j (id, from_at, to_at)
  JOIN gap g ON g.job_id = j.id AND upper_inf(g.span)
  JOIN run_done r ON r.job_id = j.id AND r.state = 'cancelled' AND r.trigger = 'tick' AND r.attempt = 0
                 AND r.scheduled_for >= greatest(j.from_at, lower(g.span)) AND r.scheduled_for < j.to_at
                 AND r.finished_at < r.scheduled_for`;
