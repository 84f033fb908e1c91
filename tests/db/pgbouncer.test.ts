import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { routeProblem, untilRouteIsRight } from '#core/check-route.ts';
import { createPool, type Sql, sqlOf, transaction } from '#core/db.ts';
import { announce } from '#core/events/events.ts';
import { closeAllStreams, hub } from '#core/events/hub.ts';
import type { StreamMessage } from '#core/events/merge.ts';
import { createJob } from '#core/jobs/create-job.ts';
import { closeConnections, inTransaction, prisma, webPool } from '#core/prisma.ts';
import { migrate } from '#prisma/migrate.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { testDefinition } from '#tests/support/jobs.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { noPgBouncer, startPgBouncer, type TestPgBouncer } from '#tests/support/pgbouncer.ts';
import { until } from '#tests/support/wait.ts';
import { admin, makeUser, nameDatabase } from '#tests/support/web.ts';
import { SESSION_SETTINGS } from '#worker/session-settings.ts';

const missing = noPgBouncer();
let db: TestDatabase;
let bouncer: TestPgBouncer;

beforeAll(async () => {
  if (missing !== null) return;
  db = await createTestDatabase();
  // What a session is in that nobody asked for anything.
  const name = new URL(db.url).pathname.slice(1);
  await db.sql(`ALTER DATABASE ${name} SET TimeZone = 'Europe/Berlin'`);
  // All of them share two sessions.
  bouncer = await startPgBouncer(db, { default_pool_size: '2' });
  nameDatabase(bouncer, {
    PUNCTUAL_DIRECT_DATABASE_URL: db.url,
    PUNCTUAL_NAMED_STATEMENTS: 'off',
  });
});
afterAll(async () => {
  if (missing !== null) return;
  await closeAllStreams();
  await closeConnections();
  await bouncer[Symbol.asyncDispose]();
  await db.drop();
});
beforeEach(({ skip }) => {
  if (missing !== null) skip(missing);
});

/** A pool as a worker has it. */
function lentPool(settings: Readonly<Record<string, string>> = SESSION_SETTINGS, isNamed = false) {
  const pool = createPool({
    url: bouncer.url,
    isPooled: true,
    isNamed,
    max: 2,
    applicationName: 'punctual-test',
    settings,
  });
  return { pool, sql: sqlOf(pool), [Symbol.asyncDispose]: () => pool.end() };
}

const READ_SETTINGS = `
SELECT current_setting('TimeZone') AS zone, current_setting('enable_sort') AS sort,
       current_setting('statement_timeout') AS statement, current_setting('idle_in_transaction_session_timeout') AS idle`;
const settingsOf = async (sql: Sql) => (await sql(READ_SETTINGS))[0];

describe('sessions that are lent for a transaction', () => {
  test('have what a session of one’s own would keep, in and outside transactions, and leave nothing of it', async () => {
    await using worker = lentPool();
    await using web = lentPool({});
    const ofWorker = { zone: 'UTC', sort: 'off', statement: '10s', idle: '30s' };
    expect(await settingsOf(worker.sql)).toEqual(ofWorker);
    expect(await transaction(worker.pool, settingsOf)).toEqual(ofWorker);
    expect(await transaction(worker.pool, settingsOf, { isBrief: true })).toEqual({
      ...ofWorker,
      idle: '5s',
    });
    expect(await transaction(worker.pool, settingsOf, { isOneFlight: true })).toEqual(ofWorker);
    expect(await settingsOf(web.sql)).toEqual({ ...ofWorker, sort: 'on' });
    expect(await settingsOf(sqlOf(webPool()))).toMatchObject({ zone: 'UTC', sort: 'on' });
    expect(await inTransaction((_tx, sql) => settingsOf(sql))).toMatchObject({ zone: 'UTC' });
    // CONTROL: who says nothing gets what the database has.
    const plain = new pg.Client({ connectionString: bouncer.url });
    await plain.connect();
    const { rows } = await plain.query(READ_SETTINGS);
    await plain.end();
    expect(rows).toEqual([{ zone: 'Europe/Berlin', sort: 'on', statement: '0', idle: '0' }]);
  });

  test('give everybody their own answers, also while statements of others fail', async () => {
    await db.sql('CREATE TABLE counted (n int PRIMARY KEY)');
    await using one = lentPool();
    await using two = lentPool();
    const tries = Array.from({ length: 400 }, async (_, n) => {
      const { pool, sql } = n % 2 === 0 ? one : two;
      if (n % 5 === 0) {
        const failing = (own: Sql) =>
          Promise.all([
            own('INSERT INTO counted VALUES ($1)', [-n]),
            own('SELECT 1 / ($1::int - $1::int)', [n]),
          ]);
        await expect(transaction(pool, failing, { isOneFlight: true })).rejects.toThrow(/division/);
      }
      if (n % 7 === 0) await expect(sql('SELECT 1 / ($1 - $1::int)', [n])).rejects.toThrow(/div/);
      const [read] = await sql<{ n: number }>('SELECT $1::int AS n', [n]);
      expect(read).toEqual({ n });
      const [, [written]] = await transaction(
        pool,
        (own) =>
          Promise.all([
            own('INSERT INTO counted VALUES ($1)', [n]),
            own<{ n: number }>('SELECT n FROM counted WHERE n = $1', [n]),
          ]),
        { isOneFlight: true },
      );
      expect(written).toEqual({ n });
    });
    await Promise.all(tries);
    const [sum] = await db.sql('SELECT count(*)::int AS rows, min(n) AS least FROM counted');
    expect(sum).toEqual({ rows: 400, least: 0 });
  });

  test('CONTROL: with named statements they get those of each other', async () => {
    const pools = Array.from({ length: 4 }, () => lentPool({}, true));
    const asked = pools.map(async ({ sql }) => {
      for (let n = 0; n < 20; n++) await sql('SELECT $1::int AS n', [n]);
    });
    const answers = await Promise.allSettled(asked);
    const failed = answers.flatMap((each) =>
      each.status === 'rejected' ? [each.reason.code] : [],
    );
    expect(failed.length).toBeGreaterThan(0);
    // One is there already, or isn't.
    for (const code of failed) expect(['42P05', '26000']).toContain(code);
    await Promise.all(pools.map(({ pool }) => pool.end()));
    await freshSessions();
  });
});

/** Names that a control has left behind would be met by others. */
async function freshSessions(): Promise<void> {
  await bouncer.stop();
  await bouncer.start();
}

describe('a console behind PgBouncer', () => {
  test('writes and reads jobs, with instants as they are', async () => {
    const anchor = '2026-01-01T00:00:00Z';
    const definition = testDefinition({
      schedule: { type: 'interval', everyMs: 60_000, anchor, timeZone: 'UTC' },
    });
    const before = Date.now();
    const { jobId } = valueOf(await createJob(admin, definition));
    const job = await prisma().job.findUniqueOrThrow({ where: { id: jobId } });
    expect(Math.abs(job.createdAt.getTime() - before)).toBeLessThan(60_000);
    const [row] = await db.sql<{ ms: number }>(
      'SELECT extract(epoch FROM next_tick_at)::float8 * 1000 AS ms FROM job WHERE id = $1',
      [jobId],
    );
    expect(row!.ms).toBe(job.nextTickAt!.getTime());
    // Written by Prisma itself.
    const { id } = await makeUser('late@example.org');
    const at = new Date('2026-07-01T10:00:00.000Z');
    await prisma().user.update({ where: { id }, data: { createdAt: at } });
    const [user] = await db.sql<{ ms: number }>(
      'SELECT extract(epoch FROM created_at)::float8 * 1000 AS ms FROM "user" WHERE id = $1',
      [id],
    );
    expect(user!.ms).toBe(at.getTime());
  });

  test('hears on its own session what is announced through it', async () => {
    const { id: userId, grants } = await makeUser('listener@example.org');
    const sessionId = 'session';
    const expiresAt = new Date(Date.now() + 60_000);
    await prisma().session.create({ data: { id: sessionId, userId, token: 'token', expiresAt } });
    const heard: StreamMessage[] = [];
    hub().subscribe({
      sessionId,
      grants,
      onMessage: (message) => heard.push(message),
      onEnd: () => {},
    });
    await until(() => heard.length === 1);
    await announce(sqlOf(webPool()), 'run', [7]);
    await until(() => heard.length === 2);
    expect(heard[1]).toEqual({ topic: 'run', ids: [7] });
  });
});

describe('what isn’t as it has to be is said', () => {
  const found = (url: string, direct: string | undefined, names: 'on' | 'off' = 'off') =>
    routeProblem({
      DATABASE_URL: url,
      PUNCTUAL_DIRECT_DATABASE_URL: direct,
      PUNCTUAL_NAMED_STATEMENTS: names,
    });

  test('nothing where all is well, with and without PgBouncer', async () => {
    expect(await found(bouncer.url, db.url)).toBeNull();
    expect(await found(db.url, undefined, 'on')).toBeNull();
    // A second address of PostgreSQL itself, as where a pooler is to come.
    const other = new URL(db.url);
    other.hostname = 'localhost';
    expect(await found(db.url, other.href, 'on')).toBeNull();
  });

  test('no direct address', async () => {
    expect(await found(bouncer.url, undefined)).toMatchObject({
      says: expect.stringMatching(
        /DATABASE_URL refuses what sessions ask for \(“unsupported startup/,
      ),
      fix: expect.stringMatching(/^Set PUNCTUAL_DIRECT_DATABASE_URL/),
    });
    await using deaf = await startPgBouncer(db, {
      ignore_startup_parameters: 'options,statement_timeout,idle_in_transaction_session_timeout',
    });
    expect(await found(deaf.url, undefined)).toMatchObject({
      says: expect.stringMatching(/DATABASE_URL drops what sessions ask for/),
      fix: expect.stringMatching(/^Set PUNCTUAL_DIRECT_DATABASE_URL/),
    });
    expect(await found(bouncer.url, deaf.url)).toMatchObject({
      says: expect.stringMatching(/PUNCTUAL_DIRECT_DATABASE_URL drops what/),
    });
  });

  test('named statements before 1.21', async () => {
    expect(await found(bouncer.url, db.url, 'on')).toMatchObject({
      says: expect.stringMatching(/names of statements/),
      fix: expect.stringMatching(/^Set PUNCTUAL_NAMED_STATEMENTS=off/),
    });
  });

  test('an owner’s address that leads through it: nothing is migrated', async () => {
    await expect(migrate(bouncer.url)).rejects.toThrow(
      /PUNCTUAL_OWNER_DATABASE_URL .*refuses what sessions ask for.*Set it to an address/,
    );
  });

  test('two databases', async () => {
    await using other = await createTestDatabase();
    expect(await found(bouncer.url, other.url)).toMatchObject({
      says: expect.stringMatching(/two databases/),
    });
  });

  test('more in the address than the pooler takes', async () => {
    expect(await found(`${bouncer.url}?options=-c%20jit%3Doff`, db.url)).toMatchObject({
      says: expect.stringMatching(/refuses what the address asks for/),
    });
    expect(await found(`${db.url}?options=-c%20jit%3Doff`, undefined)).toMatchObject({
      fix: expect.stringMatching(/take “options” out/),
    });
  });

  test('but a database that is away is waited for', async () => {
    await using own = await startPgBouncer(db);
    await own.stop();
    const addresses = {
      DATABASE_URL: own.url,
      PUNCTUAL_DIRECT_DATABASE_URL: db.url,
      PUNCTUAL_NAMED_STATEMENTS: 'off' as const,
    };
    let away = 0;
    const right = untilRouteIsRight(addresses, () => (away += 1));
    await until(() => away > 0);
    await own.start();
    await right;
  });
});
