/**
 * Conditions for looking up live runs that are known by id or job.
 *
 * The live partition goes from empty to a hundred thousand rows faster than its statistics, and the hot path's plans are
 * made once a session. A planner that believes in an empty table reads it from end to end and looks each row up in the
 * handful that was asked for: measured, 640 ms instead of 9 for 1,000 of 6,000 rows. These forms leave it no such way,
 * on `run_live` itself (through the partitioned parent it doesn't take them for index conditions):
 *
 * - `= ANY (ARRAY[x])` is looked up in an index like `= x`, but can't be merged or hashed, so what is known comes first
 *   and the table after it;
 * - what a partial index says of itself (`state = 'queued' AND hold IS NULL`) isn't said in the same words, so that
 *   such an index isn't taken for a short list of everything.
 *
 * Where the row moves to another partition the UPDATE has to name the parent: there the ids are one array, and what is
 * to be written stands in a jsonb object by id, since a join would be planned the wrong way round as well.
 */
export const IS_ROW = (run: string, known: string) => `${run}.id = ANY (ARRAY[${known}.id])`;

export const IS_OF_JOB = (run: string, known: string) =>
  `${run}.job_id = ANY (ARRAY[${known}.job_id])`;

/** A live run without a worker is queued (CHECK run_running_has_worker). */
export const IS_QUEUED = (run: string) =>
  `${run}.worker_id IS NULL AND coalesce(${run}.hold, '') = ''`;

/**
 * The waiting runs of all queues. Said so, only run_live_due gives them, by due_at; said as below, only the indexes of a
 * queue do.
 */
export const WAITS_ANYWHERE = (run: string) =>
  `coalesce(${run}.worker_id, 0) = 0 AND ${run}.hold IS NULL`;

/** The waiting runs of a queue and priority, due or not. Ordered by job_id, due_at and id only run_live_turns gives them. */
export const WAITS_IN = (run: string, queue: string, priority: string) =>
  `${run}.state = 'queued' AND ${run}.hold IS NULL AND ${run}.queue = ${queue} AND ${run}.priority = ${priority}`;

/** Those of them that are due. Ordered by due_at and id only run_live_claim gives them. */
export const IS_DUE_IN = (run: string, queue: string, priority: string) =>
  `${WAITS_IN(run, queue, priority)} AND ${run}.due_at <= statement_timestamp()`;

/** All priorities as a table `level (priority)`, the most urgent first. */
export const LEVELS = `unnest('{2,1,0,-1,-2}'::smallint[]) AS level (priority)`;
