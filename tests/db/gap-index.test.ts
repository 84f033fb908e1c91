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
