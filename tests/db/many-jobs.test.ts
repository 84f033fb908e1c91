import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sql } from '#core/db.ts';
import { ListJobs } from '#core/jobs/job-filters.ts';
import { listJobRows } from '#core/jobs/job-list.sql.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

const JOBS = 1_000;
let db: TestDatabase;

// Nothing was overdue or running when the statistics were taken, as in the minute after an outage.
beforeAll(async () => {
  db = await createTestDatabase();
  await db.sql(
    `INSERT INTO job (key, revision, kind, queue, has_schedule, planned_until)
     SELECT 'job-' || n, 1, 'script', 'default', false, now() FROM generate_series(1, ${JOBS}) n`,
  );
  await db.sql(
    `INSERT INTO run (scheduled_for, due_at, job_id, revision, trigger, queue, kind)
     SELECT now() + interval '1 hour' + id * interval '1 second', now() + interval '1 hour' + id * interval '1 second', id, 1,
            'manual', queue, kind FROM job`,
  );
  await db.sql('VACUUM ANALYZE run_live, job');
  await db.sql(
    `INSERT INTO run (scheduled_for, due_at, job_id, revision, trigger, queue, kind)
     SELECT now() - interval '5 minutes', now() - interval '5 minutes', id, 1, 'manual', queue, kind FROM job`,
  );
  await db.sql(
    `INSERT INTO run (scheduled_for, due_at, job_id, revision, trigger, queue, kind, state, attempt, worker_id, started_at)
     SELECT now(), now(), id, 1, 'manual', queue, kind, 'running', 1, 1, now() FROM job`,
  );
});
afterAll(() => db.drop());

type Plan = {
  'Shared Hit Blocks': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Join Filter'?: number;
  'Actual Loops': number;
  Plans?: Plan[];
};

/** As `sql`, but executes each statement for its plan. */
function explaining(plans: Plan[]): Sql {
  return async <Row extends object>(text: string, values: readonly unknown[] = []) => {
    const [row] = await db.sql<{ 'QUERY PLAN': { Plan: Plan }[] }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
      values,
    );
    plans.push(row!['QUERY PLAN'][0]!.Plan);
    return [] as Row[];
  };
}

/** Rows that were read in vain. */
const removed = (plan: Plan): number =>
  ((plan['Rows Removed by Filter'] ?? 0) + (plan['Rows Removed by Join Filter'] ?? 0)) *
    plan['Actual Loops'] +
  (plan.Plans ?? []).reduce((sum, inner) => sum + removed(inner), 0);

test('the list of jobs costs by the job, however many of them run or are overdue', async () => {
  const plans: Plan[] = [];
  await listJobRows(explaining(plans), ListJobs.parse({}), 50, null);
  expect(plans).toHaveLength(1);
  expect(plans[0]!['Shared Hit Blocks'] / JOBS).toBeLessThan(40);
  expect(removed(plans[0]!) / JOBS).toBeLessThan(10);
});
