import { createArchiver } from '#worker/archiver.ts';
import { createPartitioner } from '#worker/partitioner.ts';
import { parseEnvironment } from '#core/environment.ts';
import type { TestDatabase } from './database.ts';
import { silent } from './planning.ts';

/** Punctual was here the day before: what goes by its age goes only where the clock has been seen then. */
export async function seenYesterday({ sql }: Pick<TestDatabase, 'sql'>): Promise<void> {
  await sql(
    `INSERT INTO database_size (day, at, bytes) VALUES (now()::date - 1, now() - interval '1 day', 1) ON CONFLICT DO NOTHING`,
  );
}

/** A month of history as it comes about: runs with attempts and logs of several jobs, and gaps. */
export async function fillMonth(
  db: Pick<TestDatabase, 'sql'>,
  { month, jobIds, runs }: { month: string; jobIds: readonly number[]; runs: number },
): Promise<void> {
  await seenYesterday(db);
  await db.sql(
    `INSERT INTO run (is_live, state, attempt, worker_id, started_at, finished_at, job_id, revision, trigger, scheduled_for, due_at,
                      queue, kind, parameters, cause, log_lines, log_bytes, note)
     SELECT false, CASE WHEN n % 7 = 0 THEN 'failed' ELSE 'succeeded' END, 1 + (n % 7 = 0)::int, 1, at + interval '1 second',
            at + interval '2 seconds', ($1::int[])[1 + n % cardinality($1::int[])], 1, 'tick', at, at, 'default', 'script',
            CASE n % 3 WHEN 0 THEN NULL WHEN 1 THEN '{"limit": 9007199254740993, "text": "«ü» \\"q\\" \\\\ \\n end", "share": 0.10}'::jsonb
                       ELSE '[1, null, {"a": []}]'::jsonb END,
            CASE WHEN n % 7 = 0 THEN E'exit 1\\t– "no"' END, 2, 40, CASE WHEN n % 5 = 0 THEN '' END
       FROM generate_series(0, $2::int - 1) AS n,
            LATERAL (SELECT $3::timestamptz + n * (interval '28 days' / $2::int) AS at) AS tick`,
    [jobIds, runs, `${month}-01T00:00:00Z`],
  );
  const table = month.replace('-', '_');
  await db.sql(
    `INSERT INTO attempt (run_id, scheduled_for, number, outcome, worker_id, due_at, started_at, finished_at, exit_code, cause, result)
     SELECT id, scheduled_for, number, CASE WHEN number < attempt THEN 'failed' ELSE state END, 1, due_at, started_at, finished_at,
            0, cause, CASE WHEN id % 4 = 0 THEN repeat('r', 3000) END
       FROM run_done_${table}, LATERAL generate_series(1, attempt) AS number`,
  );
  await db.sql(
    `INSERT INTO log_chunk (run_id, scheduled_for, seq, attempt, first_line, line_count, byte_count, stored_at, body)
     SELECT id, scheduled_for, n, 1, 1 + n, 1, 20, finished_at, E'o' || 'mf8x0000 line ' || n || E' of ' || id || E' ✓\\n'
       FROM run_done_${table}, generate_series(0, 1) AS n`,
  );
  await db.sql(
    `INSERT INTO gap (job_id, revision, span, reason, ticks, note)
     SELECT unnest($1::int[]), 1, tstzrange($2::timestamptz + interval '29 days', $2::timestamptz + interval '29 days 1 hour'),
            'missed', 3, 'nobody "was" there'`,
    [jobIds, `${month}-01T00:00:00Z`],
  );
}

/** A hash of every row of a month, as Postgres writes it, and of the gaps that end in it. */
export async function hashesOfMonth(
  db: Pick<TestDatabase, 'sql'>,
  month: string,
): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  const from = `${month}-01T00:00:00Z`;
  for (const [table, column] of [
    ['run', 'scheduled_for'],
    ['attempt', 'scheduled_for'],
    ['log_chunk', 'scheduled_for'],
    ['gap', 'upper(span)'],
  ] as const) {
    const [row] = await db.sql<{ hash: string }>(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(hash, '' ORDER BY hash)), '') AS hash
         FROM (SELECT md5(t::text) AS hash FROM ${table} t
                WHERE ${column} >= $1::timestamptz AND ${column} < $1::timestamptz + interval '1 month') AS rows`,
      [from],
    );
    hashes[table] = row!.hash;
  }
  return hashes;
}

/** What a worker would have in its environment. */
export const archiveEnvironment = (variables: Record<string, string>) =>
  parseEnvironment({ DATABASE_URL: 'postgresql://127.0.0.1/x', ...variables });

/** Archives and drops all that is due, as workers do by and by. */
export async function clearHistory(
  db: TestDatabase,
  variables: Record<string, string>,
): Promise<{ parts: number; months: number; failures: number; dropped: number }> {
  const archiver = createArchiver({
    pool: db.pool,
    logger: silent,
    environment: archiveEnvironment(variables),
    restShare: 0,
    othersMs: 0,
  });
  const sums = { parts: 0, months: 0, failures: 0, dropped: 0 };
  for (;;) {
    const { counts, nextInMs } = await archiver.runOnce();
    sums.parts += counts['parts'] ?? 0;
    sums.months += counts['months'] ?? 0;
    sums.failures += counts['failures'] ?? 0;
    if (nextInMs !== 0) break;
  }
  const { counts } = await createPartitioner({ pool: db.pool, logger: silent }).runOnce();
  return { ...sums, dropped: counts['dropped'] ?? 0 };
}
