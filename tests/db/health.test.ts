import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CheckName } from '#core/health/checks.ts';
import { englishHealthWords } from '#core/health/english.ts';
import { judge, judgeOtherSchema, type Judged } from '#core/health/judge.ts';
import { LASTS_MS, WELL_FOR_MS } from '#core/health/lasting.ts';
import { bucketOf } from '#core/health/lag.ts';
import { addStartLags, dropOldStartLags } from '#core/health/lag.sql.ts';
import { readFigures } from '#core/health/read-figures.ts';
import { latestSeen } from '#core/health/latest.ts';
import { sampleDatabaseSize } from '#core/health/space.sql.ts';
import { Watch } from '#core/health/watch.ts';
import { createPool, sqlOf, transaction } from '#core/db.ts';
import { claimDelivery } from '#core/messages/deliver.ts';
import { makeContent } from '#core/messages/make-content.ts';
import { tellIncidents } from '#core/messages/tell.ts';
import { parseAllowList } from '#core/outbound/address-guard.ts';
import { lookAndTell } from '../../cli/health-watch.ts';
import { createPartitioner } from '#worker/partitioner.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeChannel, receiver, tellByDefault, testKeys } from '#tests/support/channels.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { insertRun, insertWorker } from '#tests/support/ledger.ts';
import { silent } from '#tests/support/planning.ts';
import { until } from '#tests/support/wait.ts';
import { startWorker } from '#tests/support/worker.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await insertWorker(db.sql, { name: 'w-stuck' });
});
afterAll(() => db.drop());

const words = englishHealthWords();

async function look(of: { sql: TestDatabase['sql'] } = db): Promise<Judged[]> {
  const figures = await readFigures({ sql: of.sql, freeBytes: async () => null });
  return 'isOtherSchema' in figures ? judgeOtherSchema(figures) : judge(figures);
}

async function levelOf(name: CheckName, of: { sql: TestDatabase['sql'] } = db): Promise<Judged> {
  return (await look(of)).find((judged) => judged.name === name)!;
}

const bad = (judged: readonly Judged[]) =>
  judged.filter(({ level }) => level === 'bad').map(({ name }) => name);

describe('a real worker', () => {
  test('tells of its duties, and is missed when it is killed', async () => {
    await using own = await createTestDatabase();
    const worker = await startWorker(own);
    const figures = await until(async () => {
      const read = await readFigures({ sql: own.sql, freeBytes: async () => null });
      return 'workers' in read && read.workers[0]!.report.duties.length > 20 && read;
    });
    const duties = figures.workers[0]!.report.duties.map(({ name }) => name);
    expect(duties).toEqual(expect.arrayContaining(['planner', 'claimer', 'watcher', 'heartbeat']));
    expect(bad(await look(own))).toEqual([]);
    expect((await levelOf('planning', own)).level).toBe('well');

    await worker.kill();
    await until(async () => bad(await look(own)).includes('worker'), { what: 'its lease to end' });
    const judged = await look(own);
    expect(judged.find(({ name }) => name === 'lost_worker')).toMatchObject({
      level: 'bad',
      value: 1,
    });

    // Another one in its place: nothing is missing any more, also once it has been declared lost.
    await startWorker(own);
    await until(async () => {
      const [row] = await own.sql<{ lost: number }>(
        "SELECT count(*)::int AS lost FROM worker WHERE state = 'lost'",
      );
      return row!.lost === 1 && bad(await look(own)).length === 0;
    });
  });

  test('counts how late its ticks start', async () => {
    await using own = await createTestDatabase();
    await makeJob(own, {
      schedule: {
        type: 'interval',
        everyMs: 1_000,
        anchor: '2026-01-01T00:00:00Z',
        timeZone: 'UTC',
      },
    });
    await startWorker(own);
    const counted = await until(
      () =>
        own
          .sql<{ starts: number }>('SELECT starts FROM start_lag WHERE NOT waited')
          .then((rows) => rows[0]),
      { timeoutMs: 30_000, what: 'the first starts to be stored' },
    );
    expect(counted.starts).toBeGreaterThan(0);
    const figures = await readFigures({ sql: own.sql, freeBytes: async () => null });
    expect(figures).toMatchObject({ lag: { now: { own: { starts: expect.any(Number) } } } });
  }, 60_000);
});

describe('each trouble is noticed when it happens', () => {
  test('a planner that stands still', async () => {
    const report = (agoMs: number) =>
      JSON.stringify({ duties: [['planner', agoMs, 3, 2_000, 4, 9, null]], started: {} });
    await db.sql('UPDATE worker SET report = $1::text::jsonb', [report(1_000)]);
    expect((await levelOf('planning')).level).toBe('well');
    await db.sql('UPDATE worker SET report = $1::text::jsonb', [report(40_000)]);
    expect((await levelOf('planning')).level).toBe('bad');
    await db.sql("UPDATE worker SET report = '{}'");
  });

  test('ticks that are due and have no row', async () => {
    const job = await makeJob(db);
    await db.sql("UPDATE job SET next_tick_at = now() - interval '31 s' WHERE id = $1", [job.id]);
    expect((await levelOf('planner')).level).toBe('bad');
    await db.sql('UPDATE job SET next_tick_at = NULL WHERE id = $1', [job.id]);
  });

  test('a clock that is off', async () => {
    await db.sql('UPDATE worker SET clock_offset_ms = -2500');
    expect(await levelOf('clocks')).toMatchObject({
      level: 'bad',
      value: 2_500,
      about: ['w-stuck'],
    });
    await db.sql('UPDATE worker SET clock_offset_ms = 0');
  });

  test('a month of the ledger that is missing, until the partitioner has been there', async () => {
    await using own = await createTestDatabase();
    const [next] = await own.sql<{ name: string }>(
      `SELECT 'attempt_' || to_char(date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month', 'YYYY_MM') AS name`,
    );
    await own.sql(`DROP TABLE ${next!.name}`);
    const found = await levelOf('partitions', own);
    expect(found).toMatchObject({ level: 'bad', about: [expect.stringMatching(/^\d{4}-\d\d$/)] });
    expect(words.sentence(found)).toContain(found.about[0]!);
    await createPartitioner({ pool: own.pool, logger: silent }).runOnce();
    expect((await levelOf('partitions', own)).level).toBe('well');
  });

  test('connections of a role that run out', async () => {
    const role = 'w5_few_connections';
    await db.sql(`DROP ROLE IF EXISTS ${role}`);
    await db.sql(`CREATE ROLE ${role} LOGIN PASSWORD 'test' CONNECTION LIMIT 2`);
    await db.sql(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}`);
    const address = new URL(db.url);
    [address.username, address.password] = [role, 'test'];
    const pool = createPool({ url: address.href, max: 2, applicationName: 'punctual-test' });
    try {
      const held = await pool.connect();
      const own = sqlOf(pool);
      expect(await levelOf('connections', { sql: own })).toMatchObject({ level: 'bad', value: 1 });
      held.release();
    } finally {
      await pool.end();
      await db.sql(`DROP OWNED BY ${role}`);
      await db.sql(`DROP ROLE ${role}`);
    }
    expect((await levelOf('connections')).level).toBe('well');
  });

  test('a transaction that stays open', async () => {
    const client = await db.pool.connect();
    await client.query('BEGIN');
    await client.query('SELECT 1');
    expect(await levelOf('transactions')).toMatchObject({
      level: 'well',
      about: ['punctual-test'],
    });
    await client.query('ROLLBACK');
    client.release();
  });

  test('a run that could start and that nobody starts, but none that waits for its job', async () => {
    const [calm, busy] = [await makeJob(db), await makeJob(db)];
    const dueAt = Date.now() - 90_000;
    await insertRun(db.sql, { jobId: busy.id, state: 'running' });
    const waiting = { state: 'queued', at: dueAt, overlap: 'queue_all' } as const;
    await insertRun(db.sql, { jobId: busy.id, ...waiting });
    expect((await levelOf('oldest_due')).level).toBe('well');
    await insertRun(db.sql, { jobId: calm.id, ...waiting });
    expect(await levelOf('oldest_due')).toMatchObject({ level: 'bad', about: ['default'] });
    await db.sql("UPDATE installation SET paused_at = now(), paused_by = 'Test'");
    expect((await levelOf('oldest_due')).level).toBe('well');
    await db.sql('UPDATE installation SET paused_at = NULL, paused_by = NULL');
    await db.sql('DELETE FROM run');
  });

  test('a queue that is nearly full', async () => {
    const job = await makeJob(db);
    await db.sql("UPDATE queue SET max_waiting = 10 WHERE name = 'sync'");
    for (let n = 0; n < 9; n++) {
      await insertRun(db.sql, {
        jobId: job.id,
        state: 'queued',
        at: Date.now() - n * 1_000,
        queue: 'sync',
      });
    }
    expect(await levelOf('queue_depth')).toMatchObject({
      level: 'warn',
      value: 0.9,
      about: ['sync'],
    });
    await db.sql('DELETE FROM run');
  });

  test('a database that grows', async () => {
    await sampleDatabaseSize(db.sql);
    const grown = async () => {
      const figures = await readFigures({ sql: db.sql, freeBytes: async () => 1_000_000_000 });
      return 'space' in figures ? figures.space : null;
    };
    expect(await grown()).toMatchObject({ growthBytesPerDay: null });
    await db.sql(
      "INSERT INTO database_size (day, at, bytes) VALUES (current_date - 2, now() - interval '2 days', 1000)",
    );
    const space = (await grown())!;
    expect(space.growthBytesPerDay).toBeCloseTo((space.databaseBytes - 1_000) / 2, -4);
  });
});

test('starts of a day are added up by bucket, and older ones go', async () => {
  const minute = new Date(Math.floor(Date.now() / 60_000) * 60_000);
  const starts = { minute, waited: false, bucket: bucketOf(20), starts: 3 };
  await addStartLags(db.sql, [starts, { ...starts, waited: true }]);
  await addStartLags(db.sql, [starts]);
  await addStartLags(db.sql, [{ ...starts, minute: new Date(minute.getTime() - 26 * 3_600_000) }]);
  await dropOldStartLags(db.sql);
  const rows = await db.sql('SELECT waited, starts FROM start_lag ORDER BY waited');
  expect(rows).toEqual([
    { waited: false, starts: 6 },
    { waited: true, starts: 3 },
  ]);
});

describe('what lasts', () => {
  const watch = (own: TestDatabase, clock: { ms: number }, said: string[] = []) =>
    new Watch({
      pool: own.pool,
      words,
      freeBytes: async () => null,
      onTrouble: ({ check }, sentence) => said.push(`${check}: ${sentence}`),
      onRecovered: ({ check }) => said.push(`${check} is over`),
      nowMs: () => clock.ms,
    });
  const troubles = (own: TestDatabase) =>
    own.sql<{ trouble: string; isOpen: boolean }>(
      'SELECT trouble, ended_at IS NULL AS "isOpen" FROM incident WHERE trouble IS NOT NULL ORDER BY id',
    );

  test('is one incident however many processes watch, is told once, and once when it is over', async () => {
    await using own = await createTestDatabase();
    await own.sql(
      `INSERT INTO channel (key, kind, settings, created_by) VALUES ('ops', 'email', '{"kind":"email"}', 'Test')`,
    );
    await own.sql(
      `UPDATE installation SET message_rule = jsonb_set(message_rule, '{channels}', '["ops"]')`,
    );
    const clock = { ms: 0 };
    const said: string[] = [];
    const [one, other] = [watch(own, clock, said), watch(own, clock)];
    const both = () => Promise.all([one.lookOnce(), other.lookOnce()]);
    await both();
    expect(await troubles(own)).toEqual([]);
    clock.ms = LASTS_MS;
    const looked = await both();
    expect(looked[0].opened + looked[1].opened).toBe(1);
    await both();
    expect(await troubles(own)).toEqual([{ trouble: 'worker', isOpen: true }]);
    expect(said).toEqual(['worker: No worker is alive, so nothing starts.']);
    expect(await told(own)).toEqual([['opened', 'Punctual itself: no worker is alive']]);

    await insertWorker(own.sql);
    clock.ms += 1_000;
    await both();
    clock.ms += WELL_FOR_MS;
    await both();
    expect(await troubles(own)).toEqual([{ trouble: 'worker', isOpen: false }]);
    expect(said.at(-1)).toBe('worker is over');
    expect(await told(own)).toEqual([['recovered', 'Punctual itself: over: no worker is alive']]);
  });

  test('is sent by the console itself while no worker lives, once', async () => {
    await using own = await createTestDatabase();
    const to = await receiver();
    await makeChannel(own, 'ops', to.origin);
    await tellByDefault(own, ['ops'], { on: [] });
    const clock = { ms: 0 };
    const console = watch(own, clock);
    const settings = {
      pool: own.pool,
      keys: testKeys,
      consoleUrl: 'https://p.example.org',
      allow: parseAllowList(['127.0.0.1']),
      mailServer: null,
      words,
    };
    await lookAndTell(console, settings);
    clock.ms = LASTS_MS;
    await lookAndTell(console, settings);
    // The moment in which others of the same problem arrive is over.
    await own.sql("UPDATE incident SET tell_at = now() - interval '1 s' WHERE tell_at IS NOT NULL");
    await lookAndTell(console, settings);
    await lookAndTell(console, settings);
    expect(to.events().map((body) => JSON.parse(body) as unknown)).toEqual([
      expect.objectContaining({
        event: 'opened',
        title: 'Punctual itself: no worker is alive',
        url: 'https://p.example.org/health',
      }),
    ]);
    expect((await latestSeen()).judged.find(({ name }) => name === 'worker')?.level).toBe('bad');
  });

  test('is said while the database is of another version, and kept nowhere', async () => {
    await using own = await createTestDatabase();
    await own.sql('DELETE FROM _prisma_migrations WHERE migration_name LIKE $1', ['%_archive']);
    const clock = { ms: 0 };
    const said: string[] = [];
    const one = watch(own, clock, said);
    await one.lookOnce();
    clock.ms = LASTS_MS;
    await one.lookOnce();
    expect(said.map((line) => line.split(':')[0])).toEqual(['migrations']);
    expect(await troubles(own)).toEqual([]);
  });

  test('a trouble that only another version knew is ended', async () => {
    await using own = await createTestDatabase();
    await own.sql(
      `INSERT INTO incident (trouble, kind, opened_at, last_at, cause) VALUES ('weather', 'trouble', now(), now(), 'rain')`,
    );
    await watch(own, { ms: 0 }).lookOnce();
    expect(await troubles(own)).toEqual([{ trouble: 'weather', isOpen: false }]);
  });

  /** The messages that go out now, by what they are about. */
  async function told(own: TestDatabase): Promise<[string, string][]> {
    await own.sql("UPDATE incident SET tell_at = now() - interval '1 s' WHERE tell_at IS NOT NULL");
    await transaction(own.pool, (sql) => tellIncidents(sql, 10));
    const messages: [string, string][] = [];
    for (;;) {
      const { delivery } = await claimDelivery(own.pool);
      if (!delivery) return messages;
      const content = await makeContent(
        own.sql,
        delivery.message.id,
        'https://p.example.org',
        words,
      );
      expect(content).toMatchObject({ url: 'https://p.example.org/health', job: null });
      expect(content!.nextStep).toMatch(/npm run worker|Nothing needs/);
      messages.push([content!.event, content!.title]);
      await own.sql(
        `UPDATE message SET state = 'sent', claimed_until = NULL, ended_at = now() WHERE id = $1`,
        [delivery.message.id],
      );
    }
  }
});
