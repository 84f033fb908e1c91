import type { Scope } from '../auth/permissions.ts';
import { inScope, scopeParameter } from '../auth/scope.sql.ts';
import type { Sql } from '../db.ts';
import type { BlackoutRow } from './planning-blackouts.sql.ts';
import { HITS } from './scope.ts';

export type SavedBlackoutRow = BlackoutRow & {
  note: string;
  scope: unknown;
  scopeJobs: { id: number; key: string }[];
  hiddenJobs: number;
  version: number;
  endedBy: string | null;
  endedAt: Date | null;
  jobs: number;
  scheduledJobs: number;
  /** By the database's clock. */
  now: Date;
};

/** Those that aren't deleted, or one of them; `known`: the jobs that may be named. */
export async function readSavedBlackouts(
  sql: Sql,
  id: number | null,
  known: Scope,
): Promise<SavedBlackoutRow[]> {
  return sql<SavedBlackoutRow>(READ_SAVED_BLACKOUTS, [id, scopeParameter(known)]);
}

const READ_SAVED_BLACKOUTS = `
SELECT b.id, b.name, b.note, b.effect, b.times, b.scope, b.version, b.idle_until AS "idleUntil",
       b.ended_by AS "endedBy", b.ended_at AS "endedAt", b.created_by AS "createdBy",
       date_trunc('milliseconds', clock_timestamp()) AS now, hit.jobs, hit.scheduled AS "scheduledJobs",
       coalesce(named.known, '[]'::jsonb) AS "scopeJobs", named.hidden AS "hiddenJobs"
  FROM blackout b
 CROSS JOIN LATERAL (
   SELECT count(*)::int AS jobs, (count(*) FILTER (WHERE j.has_schedule))::int AS scheduled
     FROM job j WHERE j.deleted_at IS NULL AND ${HITS('b.scope')}) AS hit
 CROSS JOIN LATERAL (
   SELECT jsonb_agg(jsonb_build_object('id', j.id, 'key', j.key) ORDER BY j.key) FILTER (WHERE j.is_known) AS known,
          (count(*) FILTER (WHERE NOT j.is_known))::int AS hidden
     FROM (SELECT j.id, j.key, ${inScope('j.labels', '$2')} AS is_known FROM job j
            WHERE b.scope ->> 'type' = 'jobs' AND b.scope -> 'jobIds' @> to_jsonb(j.id) AND j.deleted_at IS NULL) AS j) AS named
 WHERE b.deleted_at IS NULL AND ($1::int IS NULL OR b.id = $1::int)
 ORDER BY b.id`;

/** A job that a blackout would hit, with what its ticks are reckoned by. */
export type JobHit = {
  id: number;
  key: string;
  isPaused: boolean;
  hasSchedule: boolean;
  savedSchedule: unknown;
};

/** By key, of the jobs that may be known. */
export async function readSchedulesHit(sql: Sql, scope: object, known: Scope): Promise<JobHit[]> {
  return sql<JobHit>(READ_SCHEDULES_HIT, [JSON.stringify(scope), scopeParameter(known)]);
}

const READ_SCHEDULES_HIT = `
SELECT j.id, j.key, j.paused_at IS NOT NULL AS "isPaused", j.has_schedule AS "hasSchedule",
       v.definition -> 'schedule' AS "savedSchedule"
  FROM job j
  LEFT JOIN revision v ON v.job_id = j.id AND v.number = j.revision AND j.has_schedule
 WHERE j.deleted_at IS NULL AND ${HITS('$1::text::jsonb')} AND ${inScope('j.labels', '$2')}
 ORDER BY j.key`;
