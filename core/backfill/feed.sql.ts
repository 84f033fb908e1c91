import type { Sql } from '../db.ts';
import type { RequestedRun } from '../runs/request.sql.ts';

const IS_TO_FEED = `(state = 'running' OR (state = 'cancelled' AND outcomes IS NULL))`;

export const ANY_TO_FEED = `EXISTS (SELECT FROM backfill WHERE ${IS_TO_FEED})`;

/** Those that make runs, or wait for the end of their last ones; several workers may read the same. */
export async function readBackfillsToFeed(sql: Sql): Promise<number[]> {
  const rows = await sql<{ id: number }>(`SELECT id FROM backfill WHERE ${IS_TO_FEED} ORDER BY id`);
  return rows.map(({ id }) => id);
}

export type Room = {
  now: Date;
  isEverythingPaused: boolean;
  /** Its runs that wait or run. */
  live: number;
  /** How many more may wait in the queue; less than none where more do already. */
  inQueue: number;
};

/** How many runs of a backfill may be made at this moment. */
export async function readRoom(sql: Sql, id: number, queue: string): Promise<Room> {
  const [room] = await sql<Room>(READ_ROOM, [id, queue]);
  return room!;
}

// Half of a queue's places are left to the ticks: what comes beyond them is skipped.
const READ_ROOM = `
SELECT clock_timestamp() AS now, i.paused_at IS NOT NULL AS "isEverythingPaused",
       (SELECT count(*)::int FROM run_live r WHERE r.backfill_id = $1::int) AS live,
       coalesce((
         SELECT q.max_waiting / 2 + greatest(0, q.max_running - (
                  SELECT count(*) FROM run_live r WHERE r.state = 'running' AND r.queue = q.name))
                - (SELECT count(*) FROM (
                     SELECT FROM run_live r
                      WHERE r.state = 'queued' AND r.hold IS NULL AND r.queue = q.name
                        AND r.due_at <= now()
                      LIMIT q.max_waiting + q.max_running) AS waiting)
           FROM queue q WHERE q.name = $2::text), 0)::int AS "inQueue"
  FROM installation i`;

/** How far a pass came, and the runs that it makes. */
export type Feed = {
  id: number;
  from: Date | null;
  to: Date | null;
  isAllMade: boolean;
  nextDueAt: Date;
  /** What they have in common; their ticks and when each is due. */
  run: RequestedRun | null;
  priority: number;
  ticks: { at: Date; dueAt: Date }[];
};

/**
 * Makes the runs and advances the cursor in one statement. A backfill whose cursor is no longer where the pass began, or
 * that was stopped, gets nothing: no occurrence twice, none lost.
 */
export async function recordFeed(sql: Sql, feed: Feed): Promise<number> {
  const [row] = await sql<{ runs: number }>(RECORD_FEED, [
    feed.id,
    feed.from?.toISOString() ?? null,
    feed.to?.toISOString() ?? null,
    feed.isAllMade,
    feed.nextDueAt.toISOString(),
    feed.ticks.map(({ at }) => at.toISOString()),
    feed.ticks.map(({ dueAt }) => dueAt.toISOString()),
    JSON.stringify(feed.run ? commonOf(feed.run, feed.priority) : {}),
  ]);
  return row?.runs ?? 0;
}

function commonOf(run: RequestedRun, priority: number) {
  const { queue, work, overlap, maxParallel, mayRunTwice, runsOn } = run.definition;
  return {
    revision: run.revision,
    requested_by: run.requestedBy,
    note: run.note,
    parameters: run.parameters,
    covers: run.covers ?? true,
    queue,
    kind: work.kind,
    priority,
    // All were asked for: they wait for each other where the job's ticks would give way.
    overlap: overlap === 'allow' ? 'allow' : 'queue_all',
    max_parallel: maxParallel,
    may_run_twice: mayRunTwice,
    runs_on: Object.keys(runsOn).length > 0 ? runsOn : null,
  };
}

const RECORD_FEED = `
WITH advanced AS (
  UPDATE backfill
     SET cursor_at = $3::timestamptz, is_all_made = $4::boolean, next_due_at = $5::timestamptz,
         made = made + cardinality($6::timestamptz[])
   WHERE id = $1::int AND state = 'running' AND cursor_at IS NOT DISTINCT FROM $2::timestamptz AND NOT is_all_made
  RETURNING id, job_id
), common AS (
  SELECT * FROM jsonb_to_record($8::text::jsonb) AS c (
    revision int, requested_by text, note text, parameters jsonb, covers boolean, queue text, kind text,
    priority smallint, overlap text, max_parallel int, may_run_twice boolean, runs_on jsonb)
), made AS (
  INSERT INTO run (is_live, state, scheduled_for, due_at, job_id, revision, trigger, for_tick, backfill_id, requested_by,
                   note, parameters, covers, queue, kind, priority, overlap, max_parallel, may_run_twice,
                   runs_on)
  SELECT true, 'queued', date_trunc('milliseconds', clock_timestamp()), t.due_at, a.job_id, c.revision, 'backfill',
         t.at, a.id, c.requested_by, c.note, c.parameters, c.covers, c.queue, c.kind, c.priority, c.overlap,
         c.max_parallel, c.may_run_twice, c.runs_on
    FROM advanced a CROSS JOIN common c
   CROSS JOIN unnest($6::timestamptz[], $7::timestamptz[]) AS t (at, due_at)
   ORDER BY t.due_at
  RETURNING 1
)
SELECT count(*)::int AS runs FROM made`;

/** Ends what has nothing more to do, and keeps what became of its runs. False while one of them waits or runs. */
export async function settleIfEnded(sql: Sql, id: number): Promise<boolean> {
  const rows = await sql(SETTLE_IF_ENDED, [id]);
  return rows.length > 0;
}

const SETTLE_IF_ENDED = `
UPDATE backfill b
   SET state = CASE b.state WHEN 'running' THEN 'done' ELSE b.state END,
       ended_at = coalesce(b.ended_at, clock_timestamp()),
       outcomes = coalesce((
         SELECT jsonb_object_agg(c.state, c.runs)
           FROM (SELECT r.state, count(*)::int AS runs FROM run_done r WHERE r.backfill_id = b.id GROUP BY r.state) AS c),
         '{}'::jsonb)
 WHERE b.id = $1::int AND (b.state = 'running' AND b.is_all_made OR b.state = 'cancelled') AND b.outcomes IS NULL
   AND NOT EXISTS (SELECT FROM run_live r WHERE r.backfill_id = b.id)
RETURNING b.id`;
