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
