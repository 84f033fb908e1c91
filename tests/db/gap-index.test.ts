import { readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { overlapsGap } from '#core/gaps/overlap.sql.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { makeRun } from '#tests/support/runs.ts';

const JOBS = 40;
const DAYS = 7;
// What the console's sessions say (core/prisma.ts).
const AS_THE_CONSOLE = 'SET enable_seqscan = off; SET enable_bitmapscan = off';

const READERS = [
  { what: 'as the product does', where: overlapsGap('g', `'2026-01-01'::timestamptz`) },
  { what: 'by the span itself', where: `g.span && tstzrange('2026-01-01', NULL)` },
];

// PostgreSQL's GiST marks entries of living rows as dead there, and they are lost to every look into the index (decision 45).
test.each(READERS)(
  'gaps are found after their index has grown below a reader: $what',
  async (by) => {
    await using db = await createTestDatabase();
    await makeEndedPauses(db);
    const reader = new pg.Client({ connectionString: db.url });
    await reader.connect();
    await reader.query(AS_THE_CONSOLE);
    const gapsOfJobs = `SELECT (SELECT count(*)::int FROM gap g WHERE g.job_id = j.id AND ${by.where}) AS gaps
                        FROM (SELECT id FROM job ORDER BY id) AS j`;
    try {
      await reader.query(`BEGIN; DECLARE halfway CURSOR FOR ${gapsOfJobs}`);
      await reader.query(`FETCH ${JOBS / 2} FROM halfway`);
      await addGaps(db);
      await reader.query('FETCH ALL FROM halfway; COMMIT');
      const { rows } = await reader.query<{ gaps: number }>(gapsOfJobs);
      expect(rows.map(({ gaps }) => gaps)).toEqual(Array(JOBS).fill(1 + DAYS));
    } finally {
      await reader.end();
    }
  },
);

/** One that was open and has ended, of each job: its index has one page, in which a half of the entries are dead. */
async function makeEndedPauses(db: TestDatabase): Promise<void> {
  for (let n = 0; n < JOBS; n++) await makeJob(db);
  await db.sql(
    `INSERT INTO gap (job_id, revision, span, reason) SELECT id, 1, tstzrange('2026-01-01', NULL), 'paused' FROM job`,
  );
  await db.sql(`UPDATE gap SET span = tstzrange('2026-01-01', '2026-01-02')`);
}

/** Enough that the first page of the index splits. */
async function addGaps(db: TestDatabase): Promise<void> {
  await db.sql(
    `INSERT INTO gap (job_id, revision, span, reason)
     SELECT j.id, 1, tstzrange(day, day + interval '1 day'), 'paused'
       FROM generate_series('2026-02-01'::timestamptz, '2026-02-01'::timestamptz + $1::int * interval '2 days', '2 days') AS d (day)
      CROSS JOIN job j`,
    [DAYS - 1],
  );
}

test('the migration mends what was written over gaps that were lost', async () => {
  await using db = await databaseBefore();
  const [a, b, c, d, e] = await Promise.all(Array.from({ length: 5 }, () => makeJob(db)));
  await db.sql('UPDATE job SET has_schedule = true');
  await db.sql(
    `UPDATE job SET paused_at = now(), paused_by = 'admin' WHERE id IN ($1::int, $2::int)`,
    [b!.id, c!.id],
  );
  const gaps: [number, number, number | null][] = [
    // Written over: within another, around another, and beside both.
    [a!.id, 2, 5],
    [a!.id, 3, 4],
    [a!.id, 1, 7],
    // A pause that never ended although its job ran again, and a newer one that lasts.
    [b!.id, 1, null],
    [b!.id, 5, 6],
    [b!.id, 7, null],
    // A pause that lasts, and what somebody missed who couldn't find it.
    [c!.id, 1, 2],
    [c!.id, 2, null],
    [c!.id, 4, 5],
    // Pauses that never ended; nothing is paused any more.
    [d!.id, 1, null],
    [d!.id, 5, 6],
    [e!.id, 1, null],
  ];
  for (const [jobId, from, to] of gaps) {
    await db.sql(
      `INSERT INTO gap (job_id, revision, span, reason, ticks)
       VALUES ($1::int, 1, tstzrange($2, $3), 'missed', CASE WHEN $3 IS NOT NULL THEN 7 END)`,
      [jobId, day(from), day(to)],
    );
  }
  await db.sql(`UPDATE gap SET covered_by = $1 WHERE job_id = $2::int`, [day(8), a!.id]);
  for (const [job, at] of [
    [b!, 3],
    [d!, 8],
    [e!, 1],
  ] as const) {
    await makeRun(db, job, { trigger: 'tick', scheduledFor: new Date(day(at)!) });
  }
  await db.pool.query(await migrationSql('20261123000000_gaps_by_btree'));
  expect(await gapsOf(db, a!.id)).toEqual(['1-2 ?', '2-5 7', '5-7 ?']);
  expect(await gapsOf(db, b!.id)).toEqual(['1-3 ?', '5-6 7', '7- ?']);
  expect(await gapsOf(db, c!.id)).toEqual(['1-2 7', '2- ?']);
  expect(await gapsOf(db, d!.id)).toEqual(['1-5 ?', '5-6 7']);
  expect(await gapsOf(db, e!.id)).toEqual([]);
  const covers = await db.sql(`SELECT DISTINCT covered_by FROM gap WHERE job_id = $1::int`, [
    a!.id,
  ]);
  expect(covers).toEqual([{ covered_by: new Date(day(8)!) }]);
});

test('a backfill that was begun over one that was lost is ended', async () => {
  await using db = await databaseBefore();
  const job = await makeJob(db);
  await db.sql('ALTER TABLE backfill DROP CONSTRAINT backfill_no_overlap');
  await db.sql('ALTER TABLE backfill ADD CONSTRAINT backfill_no_overlap CHECK (true)');
  for (const [from, to] of [
    [1, 4],
    [3, 6],
    [6, 7],
  ] as const) {
    await db.sql(
      `INSERT INTO backfill (job_id, from_at, to_at, rule, per_minute, at_once, expected, created_by)
       VALUES ($1::int, $2, $3, 'all', 60, 1, 1, 'admin')`,
      [job.id, day(from), day(to)],
    );
  }
  await db.pool.query(await migrationSql('20261123000100_backfill_constraint'));
  const states = await db.sql<{ state: string }>('SELECT state FROM backfill ORDER BY id');
  expect(states.map(({ state }) => state)).toEqual(['running', 'cancelled', 'running']);
});

const day = (n: number | null) => n && `2026-01-0${n}T00:00:00Z`;

const migrationSql = (name: string) =>
  readFile(
    path.resolve(import.meta.dirname, '../../prisma/migrations', name, 'migration.sql'),
    'utf8',
  );

/** As the migration finds it, without the constraint that forbids what is to be mended. */
async function databaseBefore(): Promise<TestDatabase> {
  const db = await createTestDatabase();
  await db.sql('ALTER TABLE gap DROP CONSTRAINT gap_no_overlap');
  await db.sql('ALTER TABLE gap ADD CONSTRAINT gap_no_overlap CHECK (true)');
  await db.sql('DROP INDEX gap_end');
  return db;
}

/** From which day to which, and how many ticks they say; `?`: to be counted. */
async function gapsOf(db: TestDatabase, jobId: number): Promise<string[]> {
  const rows = await db.sql<{ gap: string }>(
    `SELECT concat(extract(day FROM lower(span)), '-', extract(day FROM upper(span)), ' ',
                   coalesce(ticks::text, '?')) AS gap
       FROM gap WHERE job_id = $1::int ORDER BY lower(span)`,
    [jobId],
  );
  return rows.map(({ gap }) => gap);
}
