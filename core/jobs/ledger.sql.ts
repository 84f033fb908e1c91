import { knowCalendars } from '../calendars/know-calendars.ts';
import type { Sql } from '../db.ts';
import type { GapReason } from '../gaps/reasons.ts';
import type { Keyset } from '../keyset.ts';
import { COVER_OF_GAP, type ScheduleHistory } from './schedule-history.sql.ts';
import { AS_RUN_ROW, JOIN_NAMES, RUN_COLUMNS, type RunRow } from '../runs/summary.ts';
import { overlapsGap } from '../gaps/overlap.sql.ts';

/** Which stretch of a job's ledger; `to` is exclusive, null is unbounded. */
export type LedgerStretch = { jobId: number; from: Date | null; to: Date | null };

export type GapRow = {
  id: number;
  revision: number;
  from: Date;
  /** Null while it lasts. */
  to: Date | null;
  reason: GapReason;
  ticks: number | null;
  note: string;
  createdBy: string;
  /** When the pause that still lasts ends by itself. */
  endsAt: Date | null;
  /** The tick whose run stands for all of the gap, what became of that, and the run. */
  coveredBy: Date | null;
  cover: ScheduleHistory['gaps'][number]['cover'];
  coverRunId: number | null;
  /** Of the gap's revision, to count what nobody has counted yet; null where that is done. */
  savedSchedule: unknown;
};

/**
 * Where a row of the ledger stands among those of its instant. Runs and gaps have ids of their own, so a run takes the
 * even places and a gap the odd ones.
 */
export const placeOfRun = (id: number) => id * 2;
export const placeOfGap = (id: number) => id * 2 + 1;

/** Whether there is or ever was such a job: a deleted one keeps its ledger. */
export async function isJobThere(sql: Sql, jobId: number): Promise<boolean> {
  return (await sql('SELECT FROM job WHERE id = $1::int', [jobId])).length > 0;
}

/** A page of the job's runs by (scheduled_for, id), nearest to the cursor first; ticks ahead aren't in it. */
export async function readLedgerRuns(
  sql: Sql,
  stretch: LedgerStretch,
  cursor: Keyset | null,
  limit: number,
): Promise<RunRow[]> {
  const isOlder = cursor?.direction !== 'newer';
  return sql<RunRow>(isOlder ? OLDER_RUNS : NEWER_RUNS, [...bounds(stretch, cursor), limit]);
}

/** The same for the job's gaps, by their beginning. */
export async function readLedgerGaps(
  sql: Sql,
  stretch: LedgerStretch,
  cursor: Keyset | null,
  limit: number,
): Promise<GapRow[]> {
  const isOlder = cursor?.direction !== 'newer';
  const gaps = await sql<GapRow>(isOlder ? OLDER_GAPS : NEWER_GAPS, [
    ...bounds(stretch, cursor),
    limit,
  ]);
  await knowCalendars(
    sql,
    gaps.map(({ savedSchedule }) => savedSchedule),
  );
  return gaps;
}

function bounds({ jobId, from, to }: LedgerStretch, cursor: Keyset | null): unknown[] {
  const at = cursor && new Date(cursor.atMs).toISOString();
  return [jobId, from?.toISOString() ?? null, to?.toISOString() ?? null, at, cursor?.id ?? null];
}

const runsBeyond = (comparison: '<' | '>', order: 'DESC' | 'ASC') => `
SELECT ${AS_RUN_ROW}
  FROM (
    SELECT ${RUN_COLUMNS} FROM run r
     WHERE r.is_live IN (true, false) AND r.job_id = $1::int
       AND r.scheduled_for <= statement_timestamp()
       AND r.scheduled_for >= coalesce($2::timestamptz, '-infinity')
       AND r.scheduled_for < coalesce($3::timestamptz, 'infinity')
       AND ($4::timestamptz IS NULL OR r.scheduled_for ${comparison}= $4::timestamptz)
       AND ($4::timestamptz IS NULL OR (r.scheduled_for, r.id * 2) ${comparison} ($4::timestamptz, $5::bigint))
     ORDER BY r.scheduled_for ${order}, r.id ${order}
     LIMIT $6::int) AS r ${JOIN_NAMES}
 ORDER BY r.scheduled_for ${order}, r.id ${order}`;

const OLDER_RUNS = runsBeyond('<', 'DESC');
const NEWER_RUNS = runsBeyond('>', 'ASC');

// One that was made for the tick and has begun goes before the tick's own.
const COVER_RUN = `
CASE WHEN g.covered_by IS NOT NULL THEN coalesce(
  (SELECT r.id FROM run r
    WHERE r.is_live IN (true, false) AND r.job_id = g.job_id AND r.for_tick = g.covered_by AND r.attempt > 0
    ORDER BY r.id DESC LIMIT 1),
  (SELECT r.id FROM run r
    WHERE r.is_live IN (true, false) AND r.job_id = g.job_id AND r.trigger = 'tick' AND r.scheduled_for = g.covered_by
    LIMIT 1)) END`;

// Missed and paused stretches are few beside the runs: sorting a job's gaps needs no index of its own.
const gapsBeyond = (comparison: '<' | '>', order: 'DESC' | 'ASC') => `
SELECT g.id, g.revision, lower(g.span) AS "from", upper(g.span) AS "to", g.reason, g.ticks, g.note,
       g.created_by AS "createdBy",
       CASE WHEN upper_inf(g.span) THEN CASE g.reason
         WHEN 'paused' THEN (SELECT j.pause_until FROM job j WHERE j.id = g.job_id)
         WHEN 'paused_all' THEN (SELECT i.pause_until FROM installation i) END END AS "endsAt",
       g.covered_by AS "coveredBy", ${COVER_OF_GAP} AS cover, ${COVER_RUN} AS "coverRunId",
       CASE WHEN g.ticks IS NULL THEN v.definition -> 'schedule' END AS "savedSchedule"
  FROM gap g
  JOIN job j ON j.id = g.job_id
  LEFT JOIN revision v ON v.job_id = g.job_id AND v.number = g.revision
 WHERE g.job_id = $1::int
   -- A blackout is planned a minute ahead.
   AND lower(g.span) <= now()
   AND ${overlapsGap('g', "coalesce($2::timestamptz, '-infinity')", "coalesce($3::timestamptz, 'infinity')")}
   AND ($4::timestamptz IS NULL OR (lower(g.span), g.id * 2 + 1) ${comparison} ($4::timestamptz, $5::bigint))
 ORDER BY lower(g.span) ${order}, g.id ${order}
 LIMIT $6::int`;

const OLDER_GAPS = gapsBeyond('<', 'DESC');
const NEWER_GAPS = gapsBeyond('>', 'ASC');

export type BarRow = Pick<
  RunRow,
  'id' | 'state' | 'scheduledFor' | 'startedAt' | 'finishedAt' | 'attempt' | 'trigger'
>;

/** The newest runs of a job for its chart: ticks alone, or all but tests where it has no schedule. Oldest last. */
export async function readBarRuns(
  sql: Sql,
  { jobId, ticksOnly, limit }: { jobId: number; ticksOnly: boolean; limit: number },
): Promise<BarRow[]> {
  return sql<BarRow>(READ_BAR_RUNS, [jobId, ticksOnly, limit]);
}

// Requests between the ticks are looked through for so far, and not through all of history.
const READ_BAR_RUNS = `
SELECT r.id, r.state, r.scheduled_for AS "scheduledFor", r.started_at AS "startedAt",
       r.finished_at AS "finishedAt", r.attempt, r.trigger
  FROM (
    SELECT r.id, r.state, r.scheduled_for, r.started_at, r.finished_at, r.attempt, r.trigger FROM run r
     WHERE r.is_live IN (true, false) AND r.job_id = $1::int AND r.scheduled_for <= statement_timestamp()
     ORDER BY r.scheduled_for DESC, r.id DESC
     LIMIT 2000) AS r
 WHERE CASE WHEN $2::boolean THEN r.trigger = 'tick' ELSE r.trigger <> 'test' END
 ORDER BY r.scheduled_for DESC, r.id DESC
 LIMIT $3::int`;
