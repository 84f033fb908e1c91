import type { Sql } from '../db.ts';
import {
  type BucketCount,
  type CountLimits,
  countRunsByBucket,
  type Edges,
} from '../runs/reads-histogram.sql.ts';
import type { RunState } from '../runs/states.ts';

const ALL_RUNS = {
  states: [],
  queue: null,
  workerId: null,
  triggers: [],
  backfillId: null,
  from: null,
  to: null,
  text: null,
};

/**
 * The runs of jobs by bucket and state, as `countRunsByBucket` has them; tests aren't among them.
 *
 * @param jobIds of which jobs; null: of all
 */
export async function countRunsOf(
  sql: Sql,
  jobIds: readonly number[] | null,
  edges: Edges,
  limits?: CountLimits,
): Promise<BucketCount[]> {
  if (jobIds?.length === 0) return [];
  const counts = await countRunsByBucket(sql, { ...ALL_RUNS, jobIds }, edges, limits);
  const tests = await sql<{ bucket: number; state: RunState; count: number }>(COUNT_TESTS, [
    edges,
    edges[0],
    edges.at(-1),
    jobIds,
  ]);
  if (tests.length === 0) return counts;
  const testsAt = new Map(tests.map((test) => [`${test.bucket} ${test.state}`, test.count]));
  return counts
    .map((one) => ({
      ...one,
      count: Math.max(0, one.count - (testsAt.get(`${one.bucket} ${one.state}`) ?? 0)),
    }))
    .filter(({ count }) => count > 0);
}

// Tests are few, and have an index of their own on either side.
const COUNT_TESTS = `
SELECT width_bucket(t.scheduled_for, $1::timestamptz[]) - 1 AS bucket, t.state, count(*)::int AS count
  FROM (
    SELECT r.scheduled_for, r.state FROM run_done r
     WHERE r.trigger = 'test' AND r.scheduled_for >= $2::timestamptz AND r.scheduled_for < $3::timestamptz
       AND ($4::int[] IS NULL OR r.job_id = ANY ($4::int[]))
    UNION ALL
    SELECT r.scheduled_for, r.state FROM run_live r
     WHERE r.trigger = 'test' AND r.scheduled_for >= $2::timestamptz AND r.scheduled_for < $3::timestamptz
       AND ($4::int[] IS NULL OR r.job_id = ANY ($4::int[]))) AS t
 GROUP BY 1, 2`;
