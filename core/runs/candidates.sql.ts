import { IS_DUE_IN, LEVELS, WAITS_IN } from './by-key.sql.ts';

/** Of a queue and priority a claim looks at so many at once (or at the free slots, where those are more). */
export const FIRST_IN_QUEUE = 200;

/**
 * Behind them it looks at the first runs of as many jobs as there are free slots, but at so many at least and at most, from
 * a place in their circle that each claim draws anew: 20 µs each.
 */
const JOBS_BEHIND = { least: 100, most: 500 };

/** The first turn belongs to the job that runs least: what runs has had its turn. */
export const TURNS_HAD = `coalesce((room.of_jobs ->> r.job_id::text)::int, 0)`;

/**
 * What stands behind as many of its job as may run has no room for sure; only of the others the job's rule is asked. Runs
 * of a backfill stand in nobody's way, so they don't count.
 */
const IS_NEAR = `(r.max_parallel IS NULL OR r.turn - r.backfills <= r.max_parallel)`;
const BACKFILLS = `count(*) FILTER (WHERE r.trigger = 'backfill') OVER (PARTITION BY r.job_id) AS backfills`;

const LOOKED_AT = `r.ctid AS address, r.id, r.scheduled_for, r.job_id, r.trigger, r.queue, r.priority, r.due_at, r.attempt, r.start_by,
        r.runs_on, r.kind, r.overlap, r.max_parallel, r.may_run_twice`;

const KNOWN = `r.address, r.id, r.scheduled_for, r.job_id, r.trigger, r.queue, r.priority, r.due_at, r.may_run_twice`;

const CANDIDATE = `${KNOWN}, r.turn`;

const OF_ROOM = `room.slots, room.running, room.default_timeout_ms`;

/**
 * CTEs: the due runs of each queue and priority that may start and whose turn it is, as many as there are slots. A run's
 * turn is its place among the due runs of its job, behind what of the job runs in the queue.
 *
 * `front` are the first by the time: one index scan that ends after FIRST_IN_QUEUE, however much waits behind. Where more
 * stand behind them and not every slot went to a first turn, `behind` goes from job to job (run_live_turns): whoever
 * waits behind the burst of another job is found without reading it. One round of the circle of jobs at most.
 *
 * `room` has the queues, and where in the circle to begin, from 0 to 1.
 */
export const AMONG_FIRST = (fits: string) => `front AS MATERIALIZED (
  SELECT due.*, ${OF_ROOM}
  FROM room
  CROSS JOIN ${LEVELS}
  CROSS JOIN LATERAL (
    SELECT ${CANDIDATE}, r.seen FROM (
      SELECT r.*, count(*) OVER () AS seen, ${BACKFILLS},
        ${TURNS_HAD} + row_number() OVER (PARTITION BY r.job_id ORDER BY r.due_at, r.id) AS turn
      FROM (
        SELECT ${LOOKED_AT} FROM run_live r
        WHERE ${IS_DUE_IN('r', 'room.name', 'level.priority')}
        ORDER BY r.due_at, r.id
        LIMIT greatest(room.slots, ${FIRST_IN_QUEUE})
      ) AS r
      ORDER BY turn, r.due_at, r.id
    ) AS r
    WHERE ${IS_NEAR} AND ${fits}
    LIMIT greatest(room.slots, 0)
  ) AS due
  WHERE room.slots > 0
), crowd AS MATERIALIZED (
  SELECT of_job.queue, of_job.priority, jsonb_object_agg(of_job.job_id, of_job.count) AS in_front,
    least(greatest(of_job.slots, ${JOBS_BEHIND.least}), ${JOBS_BEHIND.most}) AS most_jobs
  FROM (
    SELECT queue, priority, job_id, slots, max(seen) AS seen, count(*) AS count, count(*) FILTER (WHERE turn = 1) AS first
    FROM front GROUP BY queue, priority, job_id, slots
  ) AS of_job
  GROUP BY of_job.queue, of_job.priority, of_job.slots
  HAVING max(of_job.seen) >= greatest(of_job.slots, ${FIRST_IN_QUEUE}) AND sum(of_job.first) < of_job.slots
), circle AS (
  SELECT crowd.queue, crowd.priority, crowd.in_front, crowd.most_jobs, begin.job_id AS began_at, begin.job_id - 1 AS job_id,
    NULL::timestamptz AS first_due_at, 0 AS step, false AS is_past_end
  FROM crowd
  JOIN room ON room.name = crowd.queue
  CROSS JOIN LATERAL (
    SELECT floor(room.circle_from * r.job_id)::int AS job_id FROM run_live r
    WHERE ${WAITS_IN('r', 'crowd.queue', 'crowd.priority')}
    ORDER BY r.job_id DESC, r.due_at DESC, r.id DESC LIMIT 1
  ) AS begin
  UNION ALL
  SELECT circle.queue, circle.priority, circle.in_front, circle.most_jobs, circle.began_at, next.job_id,
    next.first_due_at, circle.step + 1, next.is_past_end
  FROM circle
  CROSS JOIN LATERAL (
    SELECT * FROM (
      (SELECT r.job_id, r.due_at AS first_due_at, circle.is_past_end FROM run_live r
       WHERE ${WAITS_IN('r', 'circle.queue', 'circle.priority')} AND r.job_id > circle.job_id
       ORDER BY r.job_id, r.due_at, r.id LIMIT 1)
      UNION ALL
      (SELECT r.job_id, r.due_at, true FROM run_live r
       WHERE NOT circle.is_past_end AND ${WAITS_IN('r', 'circle.queue', 'circle.priority')}
       ORDER BY r.job_id, r.due_at, r.id LIMIT 1)
    ) AS one LIMIT 1
  ) AS next
  WHERE circle.step < circle.most_jobs AND (NOT next.is_past_end OR next.job_id < circle.began_at)
), behind AS MATERIALIZED (
  SELECT ${CANDIDATE}, ${OF_ROOM}
  FROM (
    SELECT circle.*, count(*) OVER (PARTITION BY circle.queue, circle.priority)::int AS jobs
    FROM circle WHERE circle.first_due_at <= statement_timestamp()
  ) AS circle
  JOIN room ON room.name = circle.queue
  CROSS JOIN LATERAL (SELECT (room.slots + circle.jobs - 1) / circle.jobs AS most) AS share
  CROSS JOIN LATERAL (
    SELECT r.*, ${BACKFILLS}, ${TURNS_HAD} + row_number() OVER (ORDER BY r.due_at, r.id) AS turn
    FROM (
      SELECT ${LOOKED_AT} FROM run_live r
      WHERE ${IS_DUE_IN('r', 'circle.queue', 'circle.priority')} AND r.job_id >= circle.job_id AND r.job_id <= circle.job_id
      ORDER BY r.job_id, r.due_at, r.id
      LIMIT share.most
    ) AS r
  ) AS r
  WHERE coalesce((circle.in_front ->> circle.job_id::text)::int, 0) < share.most AND ${IS_NEAR} AND ${fits}
), candidate AS MATERIALIZED (
  SELECT ${CANDIDATE}, slots, running, default_timeout_ms FROM front AS r
  UNION
  SELECT ${CANDIDATE}, slots, running, default_timeout_ms FROM behind AS r
`;

/**
 * CTEs: the same from the first runs of each job that has live ones, by the index run_live_in_job from job to job. Of a job
 * whose runs take turns only the first can start.
 */
export const AMONG_JOBS = (fits: string) => `live_job AS (
  (SELECT r.job_id FROM run_live r ORDER BY r.job_id LIMIT 1)
  UNION ALL
  SELECT (SELECT r.job_id FROM run_live r WHERE r.job_id > live_job.job_id ORDER BY r.job_id LIMIT 1)
  FROM live_job WHERE live_job.job_id IS NOT NULL
), candidate AS MATERIALIZED (
  SELECT ${KNOWN},
    ${TURNS_HAD}
      + row_number() OVER (PARTITION BY r.queue, r.job_id ORDER BY r.priority DESC, r.due_at, r.id) AS turn,
    ${OF_ROOM}
  FROM live_job
  CROSS JOIN unnest('{false,true}'::boolean[]) AS half (is_backfill)
  CROSS JOIN LATERAL (
    SELECT r.overlap FROM run_live r WHERE ${IN_TURN}
    ORDER BY r.attempt = 0, r.due_at, r.id LIMIT 1
  ) AS first
  CROSS JOIN LATERAL (
    SELECT ${LOOKED_AT} FROM run_live r WHERE ${IN_TURN}
    ORDER BY r.attempt = 0, r.due_at, r.id
    LIMIT CASE WHEN first.overlap = 'allow' THEN ${FIRST_IN_QUEUE} ELSE 1 END
  ) AS r
  JOIN room ON room.name = r.queue AND room.slots > 0
  WHERE r.due_at <= statement_timestamp() AND ${fits}
`;

const IN_TURN = `r.job_id = live_job.job_id AND r.hold IS NULL AND r.worker_id IS NULL
      AND (r.trigger = 'backfill') = half.is_backfill`;
