/** The columns of the index run_live_in_job after the job: what runs, then what waits in its order. */
export const PLACE_IN_JOB = (run: string) =>
  `${run}.worker_id IS NULL, ${run}.trigger = 'backfill', ${run}.attempt = 0, ${run}.due_at, ${run}.id`;

/**
 * SQL: whether the live run `o` occupies the job of the waiting run `r`, or goes before it; being held is left out. What is
 * tried again stands before what is fresh, and runs of a backfill stand behind all others, also while they wait for a
 * retry; of those, only what is due counts. One range of the index, whose first entry says it.
 */
export const GOES_BEFORE = `(
  (o.worker_id IS NOT NULL OR o.attempt > 0 OR o.due_at <= statement_timestamp()
    OR (o.trigger = 'backfill') = (r.trigger = 'backfill'))
  AND (${PLACE_IN_JOB('o')}) < (true, r.trigger = 'backfill', r.attempt = 0, r.due_at, r.id))`;

/**
 * SQL, a row each: what runs of the job of the waiting run `r`, and what of it is due and waits before `r`, as far as runs
 * that go side by side are concerned: by the time, those of a backfill behind all others. Ranges of the index, so that of a
 * thousand that wait no more are read than are asked for.
 */
export const BEFORE_IN_JOB = `
  SELECT FROM run_live o
   WHERE o.job_id = r.job_id AND o.hold IS NULL AND (o.worker_id IS NULL) < true
  UNION ALL
  SELECT FROM unnest('{false,true}'::boolean[]) AS half (is_backfill), unnest('{false,true}'::boolean[]) AS try (is_first)
   CROSS JOIN LATERAL (
     SELECT FROM run_live o
      WHERE o.job_id = r.job_id AND o.hold IS NULL AND o.worker_id IS NULL
        AND (o.trigger = 'backfill') = half.is_backfill AND (o.attempt = 0) = try.is_first
        AND (o.due_at, o.id) < (
          CASE WHEN (r.trigger = 'backfill') = half.is_backfill THEN r.due_at ELSE statement_timestamp() END,
          CASE WHEN (r.trigger = 'backfill') = half.is_backfill THEN r.id ELSE 9223372036854775807 END)
      LIMIT r.max_parallel) AS earlier
   WHERE half.is_backfill <= (r.trigger = 'backfill')`;
