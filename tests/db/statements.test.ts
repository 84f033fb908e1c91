import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arrayOf } from '#core/array-of.ts';
import { createPool, sqlOf, transaction } from '#core/db.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const pipelined = () =>
  createPool({ url: db.url, max: 1, applicationName: 'test', isPipelined: true });

describe('statements in one flight', () => {
  it('are one transaction, in the order in which they were sent', async () => {
    const pool = pipelined();
    const [, inside] = await transaction(
      pool,
      (sql) =>
        Promise.all([
          sql('CREATE TABLE flight AS SELECT 1 AS n'),
          sql<{ n: number; xid: string }>(
            'SELECT n, pg_current_xact_id()::text AS xid FROM flight',
          ),
        ]),
      { isOneFlight: true },
    );
    expect(inside).toMatchObject([{ n: 1 }]);
    const [outside] = await sqlOf(pool)<{ status: string }>(
      'SELECT pg_xact_status($1::xid8) AS status',
      [inside[0]!.xid],
    );
    expect(outside).toEqual({ status: 'committed' });
    await pool.end();
  });

  it('are undone together, and the session goes on', async () => {
    const pool = pipelined();
    const sql = sqlOf(pool);
    await sql('CREATE TABLE undone (n int PRIMARY KEY)');
    const failed = transaction(
      pool,
      (sql) =>
        Promise.all([
          sql('INSERT INTO undone VALUES (1)'),
          sql('INSERT INTO undone VALUES (1)'),
          sql('INSERT INTO undone VALUES (2)'),
        ]),
      { isOneFlight: true, isBrief: true },
    );
    await expect(failed).rejects.toMatchObject({ code: '23505' });
    expect(await sql('SELECT n FROM undone')).toEqual([]);
    await pool.end();
  });
});

describe('values between Postgres and here', () => {
  it.each([
    '2026-11-21 02:30:00+00',
    '2026-11-21 02:30:00.5+00',
    '2026-11-21 02:30:00.123456+00',
    '0099-01-01 00:00:00+00',
    '12026-01-01 00:00:00.25+00',
    '0044-03-15 12:00:00+00 BC',
  ])('the instant %s is read to the millisecond', async (text) => {
    const [row] = await db.sql<{ at: Date; ms: number }>(
      `SELECT at, floor(extract(epoch FROM at) * 1000)::float8 AS ms FROM (SELECT $1::timestamptz AS at) AS given`,
      [text],
    );
    expect(row!.at.getTime()).toBe(row!.ms);
  });

  it('an instant is read in whatever zone the session is', async () => {
    const [row] = await transaction(db.pool, async (sql) => {
      await sql(`SET LOCAL TimeZone = 'Asia/Kathmandu'`);
      return sql<{ at: Date }>(`SELECT '2026-11-21T02:30:00Z'::timestamptz AS at`);
    });
    expect(row!.at.toISOString()).toBe('2026-11-21T02:30:00.000Z');
  });

  it('columns of all kinds come apart again', async () => {
    const items = [
      { n: 1, at: new Date('2026-11-21T02:30:00.250Z'), text: 'a"b\\,{}', none: null },
      { n: null, at: null, text: null, none: null },
    ];
    const rows = await db.sql(
      'SELECT * FROM unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::int[]) AS t (n, at, text, none)',
      [
        arrayOf(items, ({ n }) => n),
        arrayOf(items, ({ at }) => at),
        arrayOf(items, ({ text }) => text),
        arrayOf(items, ({ none }) => none),
      ],
    );
    expect(rows).toEqual(items);
  });
});
