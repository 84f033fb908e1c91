import type pg from 'pg';

const DAYS = 80;
const BATCH = 500_000;

/** So many runs that ended well over the last weeks, each with its attempt, of 500 jobs. */
export async function addHistory(pool: pg.Pool, runs: number): Promise<void> {
  await pool.query(
    `SELECT make_month((date_trunc('month', now()) - make_interval(months => m))::date) FROM generate_series(0, 3) AS m`,
  );
  for (let added = 0; added < runs; added += BATCH) {
    await pool.query(ADD, [Math.min(BATCH, runs - added), DAYS]);
  }
}

const ADD = `
WITH made AS (
  INSERT INTO run (is_live, state, attempt, worker_id, started_at, finished_at, job_id, revision, trigger, scheduled_for,
                   due_at, queue, kind)
  SELECT false, 'succeeded', 1, 1, at, at + interval '20 ms', 1000 + n % 500, 1, 'api', at, at, 'default', 'script'
    FROM generate_series(1, $1::int) AS n,
         LATERAL (SELECT now() - random() * make_interval(days => $2::int) AS at) AS past
  RETURNING id, scheduled_for, started_at, finished_at
)
INSERT INTO attempt (run_id, scheduled_for, number, outcome, worker_id, due_at, started_at, finished_at)
SELECT id, scheduled_for, 1, 'succeeded', 1, scheduled_for, started_at, finished_at FROM made`;

/** So many runs that are due and that nobody starts: their queue is another worker's. */
export async function addWaiting(pool: pg.Pool, runs: number): Promise<void> {
  await pool.query(
    `INSERT INTO run (is_live, job_id, revision, trigger, scheduled_for, due_at, queue, kind, overlap)
     SELECT true, 900, 1, 'api', now(), now(), 'archive', 'script', 'allow' FROM generate_series(1, $1::int)`,
    [runs],
  );
}
