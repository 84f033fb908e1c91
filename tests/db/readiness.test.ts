import { expect, test } from 'vitest';
import { createPool, type Sql, sqlOf } from '#core/db.ts';
import { englishHealthWords } from '#core/health/english.ts';
import { readReadiness, type Readiness } from '#core/health/readiness.ts';
import { freePort } from '../../cli/start/ports.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeJob } from '#tests/support/jobs.ts';

test('ready is said when the database answers, is migrated, a worker lives and ticks are planned', async () => {
  await using db = await createTestDatabase();
  await addWorker(db);
  await makeJob(db, { schedule: EVERY_SECOND });
  const readiness = await ready(db.sql);
  expect(readiness.ready).toBe(true);
  expect(
    readiness.checks.filter(({ decides }) => decides).map(({ name, ok }) => [name, ok]),
  ).toEqual([
    ['database', true],
    ['migrations', true],
    ['worker', true],
    ['planner', true],
  ]);
  expect(readiness.checks.every(({ says }) => says !== '')).toBe(true);
});

test.each([
  ['no worker was ever there', 'DELETE FROM worker', 'worker'],
  [
    'the lease of the only worker is over',
    "UPDATE worker SET lease_until = now() - interval '1 s'",
    'worker',
  ],
  ['the only worker drains', "UPDATE worker SET state = 'draining'", 'worker'],
  [
    'ticks are due and not planned',
    "UPDATE job SET next_tick_at = now() - interval '31 s'",
    'planner',
  ],
  ['a migration is missing', 'DELETE FROM _prisma_migrations', 'migrations'],
  [
    'the database is newer than the program',
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
     VALUES ('x', 'x', '29990101000000_from_the_future', now())`,
    'migrations',
  ],
])('not ready: %s', async (_, change, check) => {
  await using db = await createTestDatabase();
  await addWorker(db);
  await makeJob(db, { schedule: EVERY_SECOND });
  await db.sql(change);
  expect(failing(await ready(db.sql))).toEqual([check]);
});

test('ticks that a pause holds back are no lag of the planner', async () => {
  await using db = await createTestDatabase();
  await addWorker(db);
  await makeJob(db, { schedule: EVERY_SECOND });
  await db.sql("UPDATE job SET next_tick_at = now() - interval '1 h'");
  await db.sql("UPDATE installation SET paused_at = now(), paused_by = 'Test'");
  expect(failing(await ready(db.sql))).toEqual([]);
});

test('a database that is away is said without address, user or password', async () => {
  const port = await freePort();
  const pool = createPool({
    url: `postgresql://ghost:geheim@127.0.0.1:${port}/nowhere`,
    max: 1,
    applicationName: 'punctual-test',
  });
  const readiness = await ready(sqlOf(pool));
  await pool.end();
  expect(failing(readiness)).toEqual(['database']);
  expect(JSON.stringify(readiness)).not.toMatch(new RegExp(`ghost|geheim|nowhere|127|${port}`));
});

const EVERY_SECOND = {
  type: 'interval' as const,
  everyMs: 1_000,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
};

async function addWorker(db: TestDatabase): Promise<void> {
  await db.sql(`
    INSERT INTO worker (name, host, pid, version, slots, lease_until)
    VALUES ('w-test', 'test', 1, '0', 1, now() + interval '1 min')`);
}

const ready = (sql: Sql) =>
  readReadiness({ sql, freeBytes: async () => null }, englishHealthWords());

function failing({ ready: isReady, checks }: Readiness): string[] {
  const deciding = checks.filter(({ ok, decides }) => !ok && decides);
  expect(isReady).toBe(deciding.length === 0);
  return deciding.map(({ name }) => name);
}
