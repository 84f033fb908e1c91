import pg from 'pg';
import type { TestDatabase } from './database.ts';

/** The database's clock, held by a test: it stands still until it is moved. */
export type TestClock = {
  now(): Date;
  set(instant: Date): Promise<void>;
  advance(ms: number): Promise<void>;
};

/**
 * Puts a clock of the test's own before the database's: `now()`, `statement_timestamp()` and `clock_timestamp()` of every
 * statement give what the test says. Call it before anything else uses the database; connections that are open already keep the real clock.
 */
export async function holdClock(db: Pick<TestDatabase, 'url'>, start: Date): Promise<TestClock> {
  let now = start;
  await onOwnConnection(db.url, async (client) => {
    await client.query(`
      CREATE SCHEMA held_clock;
      CREATE TABLE held_clock.instant (at timestamptz NOT NULL);
      INSERT INTO held_clock.instant VALUES ('${start.toISOString()}');
      CREATE FUNCTION held_clock.now() RETURNS timestamptz STABLE LANGUAGE sql
        AS 'SELECT i.at FROM held_clock.instant i';
      CREATE FUNCTION held_clock.statement_timestamp() RETURNS timestamptz STABLE LANGUAGE sql
        AS 'SELECT i.at FROM held_clock.instant i';
      CREATE FUNCTION held_clock.clock_timestamp() RETURNS timestamptz STABLE LANGUAGE sql
        AS 'SELECT i.at FROM held_clock.instant i';
      DO $$ BEGIN
        EXECUTE format('ALTER DATABASE %I SET search_path = held_clock, pg_catalog, public', current_database());
      END $$`);
    await makeMonthsAround(client, start);
  });
  // Kept, as a connection for each move costs ten times the move. It goes with the database.
  const hand = new pg.Pool({ connectionString: db.url, max: 1, allowExitOnIdle: true });
  hand.on('error', () => {});
  const set = async (instant: Date) => {
    await hand.query('UPDATE held_clock.instant SET at = $1', [instant.toISOString()]);
    if (instant.getUTCMonth() !== now.getUTCMonth()) await makeMonthsAround(hand, instant);
    now = instant;
  };
  return { now: () => now, set, advance: (ms) => set(new Date(now.getTime() + ms)) };
}

/**
 * The database's clock goes on, and a test adds to it: the function that this gives sets by how much, ms. Columns whose
 * default is a time keep the real clock.
 */
export async function addToClock(
  db: Pick<TestDatabase, 'url'>,
): Promise<(byMs: number) => Promise<void>> {
  await onOwnConnection(db.url, (client) =>
    client.query(`
      CREATE SCHEMA added_clock;
      CREATE TABLE added_clock.added (added interval NOT NULL);
      INSERT INTO added_clock.added VALUES ('0');
      CREATE FUNCTION added_clock.now() RETURNS timestamptz STABLE LANGUAGE sql
        AS 'SELECT pg_catalog.now() + a.added FROM added_clock.added a';
      CREATE FUNCTION added_clock.statement_timestamp() RETURNS timestamptz STABLE LANGUAGE sql
        AS 'SELECT pg_catalog.statement_timestamp() + a.added FROM added_clock.added a';
      CREATE FUNCTION added_clock.clock_timestamp() RETURNS timestamptz VOLATILE LANGUAGE sql
        AS 'SELECT pg_catalog.clock_timestamp() + a.added FROM added_clock.added a';
      DO $$ BEGIN
        EXECUTE format('ALTER DATABASE %I SET search_path = added_clock, pg_catalog, public', current_database());
      END $$`),
  );
  return (byMs) =>
    onOwnConnection(db.url, (client) =>
      client.query(`UPDATE added_clock.added SET added = $1 * interval '1 ms'`, [byMs]),
    );
}

/** What a worker's partitioner would have made by then. */
async function makeMonthsAround(client: pg.Client | pg.Pool, instant: Date): Promise<void> {
  await client.query(
    `SELECT public.make_month((date_trunc('month', $1::timestamptz AT TIME ZONE 'UTC') + make_interval(months => m))::date)
       FROM generate_series(-2, 3) AS m`,
    [instant.toISOString()],
  );
}

async function onOwnConnection(
  url: string,
  work: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
