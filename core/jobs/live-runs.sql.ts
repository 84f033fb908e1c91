import type { Sql } from '../db.ts';

/**
 * Holds all live runs of a job until the transaction ends. A later statement of it sees what an attempt that ended
 * meanwhile made of its run, and one that ends afterwards sees what this transaction made of the job.
 */
export async function lockLiveRunsOfJob(sql: Sql, jobId: number): Promise<void> {
  await sql(LOCK_LIVE_RUNS_OF_JOB, [jobId]);
}

const LOCK_LIVE_RUNS_OF_JOB = `
WITH live AS MATERIALIZED (
  SELECT id FROM run WHERE is_live AND job_id = $1::int ORDER BY id FOR UPDATE
)
SELECT count(*)::int AS runs FROM live`;

/** Keeps ticks, and runs that make up for ticks, that nobody has started from starting while their job is paused. */
export async function holdWaitingTicks(sql: Sql, jobIds: readonly number[]): Promise<void> {
  await sql(HOLD_WAITING_TICKS, [jobIds]);
}

const HOLD_WAITING_TICKS = `
UPDATE run SET hold = 'paused'
 WHERE is_live AND job_id = ANY ($1::int[]) AND trigger IN ('tick', 'resume') AND state = 'queued' AND attempt = 0 AND hold IS NULL`;

export async function releaseHeldTicks(sql: Sql, jobIds: readonly number[]): Promise<void> {
  await sql(RELEASE_HELD_TICKS, [jobIds]);
}

const RELEASE_HELD_TICKS = `
UPDATE run SET hold = NULL
 WHERE is_live AND job_id = ANY ($1::int[]) AND hold = 'paused'`;

/** Asks the workers to end what runs of these jobs; a run that waits for its retry ends here. */
export async function cancelStartedRuns(
  sql: Sql,
  jobIds: readonly number[],
  cancelledBy: string,
): Promise<void> {
  await sql(REQUEST_CANCEL_OF_RUNNING, [jobIds, cancelledBy]);
  await sql(CANCEL_WAITING_FOR_RETRY, [jobIds, cancelledBy]);
}

const REQUEST_CANCEL_OF_RUNNING = `
UPDATE run SET cancel_requested_at = clock_timestamp(), cancelled_by = $2::text
 WHERE is_live AND job_id = ANY ($1::int[]) AND state = 'running' AND cancel_requested_at IS NULL`;

const CANCEL_WAITING_FOR_RETRY = `
UPDATE run
   SET state = 'cancelled', is_live = false, finished_at = clock_timestamp(), cancelled_by = $2::text, hold = NULL,
       cause = 'Cancelled before its next attempt.'
 WHERE is_live AND job_id = ANY ($1::int[]) AND state = 'queued' AND attempt > 0`;

/** Ends whatever waits of a job that is being deleted. */
export async function cancelWaitingRuns(
  sql: Sql,
  jobId: number,
  cancelledBy: string,
): Promise<void> {
  await sql(CANCEL_WAITING_RUNS, [jobId, cancelledBy]);
}

const CANCEL_WAITING_RUNS = `
UPDATE run
   SET state = 'cancelled', is_live = false, finished_at = clock_timestamp(), cancelled_by = $2::text, hold = NULL,
       cause = CASE WHEN attempt = 0 THEN 'Its job was deleted.' ELSE 'Its job was deleted before its next attempt.' END
 WHERE is_live AND job_id = $1::int AND state = 'queued'`;

/**
 * Lets the overlap rule of an edit hold for the live runs too, so that the index `run_live_exclusive` and the claims
 * follow it. Of several that run already under `allow`, none can be made exclusive: the claim looks at them all. Runs that a
 * person asked to make up for ticks wait for each other, whatever the rule says of ticks.
 */
export async function applyOverlapRule(
  sql: Sql,
  jobId: number,
  overlap: string,
  maxParallel: number | null,
): Promise<void> {
  await sql(APPLY_OVERLAP_RULE, [jobId, overlap, maxParallel]);
}

const APPLY_OVERLAP_RULE = `
UPDATE run r
   SET overlap = CASE WHEN r.trigger IN ('resume', 'backfill') AND $2::text <> 'allow' THEN 'queue_all' ELSE $2::text END,
       max_parallel = $3::int
 WHERE r.is_live AND r.job_id = $1::int
   AND (r.state = 'queued' OR $2::text = 'allow'
        OR (SELECT count(*) FROM run o WHERE o.is_live AND o.job_id = $1::int AND o.state = 'running') <= 1)
   AND (r.overlap, r.max_parallel) IS DISTINCT FROM ($2::text, $3::int)`;

/**
 * Moves what waits to the queue that an edit gave the job, so that the queues' limits count it there. What runs keeps
 * its place in the old queue until its attempt ends.
 */
export async function moveWaitingRuns(sql: Sql, jobId: number, queue: string): Promise<void> {
  await sql(MOVE_WAITING_RUNS, [jobId, queue]);
}

const MOVE_WAITING_RUNS = `
UPDATE run SET queue = $2::text
 WHERE is_live AND job_id = $1::int AND state = 'queued' AND queue <> $2::text`;
