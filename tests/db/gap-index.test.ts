import { readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { overlapsGap } from '#core/gaps/overlap.sql.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeJob } from '#tests/support/jobs.ts';

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
  await using db = await createTestDatabase();
  const [a, b, c] = [await makeJob(db), await makeJob(db), await makeJob(db)];
  await db.sql('ALTER TABLE gap DROP CONSTRAINT gap_no_overlap');
  await db.sql('ALTER TABLE gap ADD CONSTRAINT gap_no_overlap CHECK (true)');
  await db.sql('DROP INDEX gap_end');
  const day = (n: number | null) => n && `2026-01-0${n}T00:00:00Z`;
  const gaps: [number, number, number | null][] = [
    // Written over: within another, around another, and beside both.
    [a.id, 2, 5],
    [a.id, 3, 4],
    [a.id, 1, 7],
    // Open, and never ended; a newer one is open as well.
    [b.id, 1, null],
    [b.id, 4, 5],
    [b.id, 6, null],
    [c.id, 1, 2],
    [c.id, 2, null],
  ];
  for (const [jobId, from, to] of gaps) {
    await db.sql(
      `INSERT INTO gap (job_id, revision, span, reason, ticks)
       VALUES ($1::int, 1, tstzrange($2, $3), 'missed', CASE WHEN $3 IS NOT NULL THEN 7 END)`,
      [jobId, day(from), day(to)],
    );
  }
  await db.pool.query(await readFile(MIGRATION, 'utf8'));
  expect(await gapsOf(db, a.id)).toEqual(['1-2 ?', '2-5 7', '5-7 ?']);
  expect(await gapsOf(db, b.id)).toEqual(['1-4 ?', '4-5 7', '6- ?']);
  expect(await gapsOf(db, c.id)).toEqual(['1-2 7', '2- ?']);
});

const MIGRATION = path.resolve(
  import.meta.dirname,
  '../../prisma/migrations/20261123000000_gaps_by_btree/migration.sql',
);

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
