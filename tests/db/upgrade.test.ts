import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditTicks } from '#core/audit-ticks/audit-ticks.ts';
import { listTrail } from '#core/audit/trail.ts';
import { verifyTrail } from '#core/audit/verify.ts';
import { createPool, type Sql, sqlOf } from '#core/db.ts';
import { JobDefinition } from '#core/jobs/definition.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import { resumeJobs } from '#core/jobs/pause-jobs.ts';
import { closeConnections, prisma } from '#core/prisma.ts';
import { readRun } from '#core/runs/read-run.ts';
import { migrate, migrationState } from '#prisma/migrate.ts';
import { createAuditSealer } from '#worker/audit-sealer.ts';
import { createGapCounter } from '#worker/gap-counter.ts';
import { createHealer } from '#worker/healer.ts';
import { holdClock, type TestClock } from '#tests/support/clock.ts';
import { createEmptyDatabase, type TestDatabase } from '#tests/support/database.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { planAll, silent, testPlanner, ticksOf } from '#tests/support/planning.ts';
import { claimFor, makeWorker } from '#tests/support/runs.ts';
import { finishAttemptsIfStillOwned } from '#core/runs/finish.sql.ts';
import { endedAttempt } from '#tests/support/attempts.ts';
import { admin } from '#tests/support/web.ts';

const OLD = '20261121000200_reads';
const FIXTURE = path.join(import.meta.dirname, 'fixtures/ledger-20261121000200.sql');
const MIGRATIONS = path.resolve(import.meta.dirname, '../../prisma/migrations');

let db: TestDatabase;
let before: Map<string, OldTable>;
let clock: TestClock;
/** Connections that were made once the clock stood still. */
let live: { pool: pg.Pool; sql: Sql };

beforeAll(async () => {
  db = await createEmptyDatabase();
  await migrate(db.url, { through: OLD });
  await fill(db.url);
  before = await tablesOf(db);
  await migrate(db.url);
  process.env['DATABASE_URL'] = db.url;
  process.env['PUNCTUAL_AUTH_SECRET'] = 'a secret for tests alone, 32 letters long';
  clock = await holdClock(db, new Date('2026-11-20T12:00:05.000Z'));
  const pool = createPool({ url: db.url, max: 5, applicationName: 'punctual-test' });
  live = { pool, sql: sqlOf(pool) };
});
afterAll(async () => {
  await closeConnections();
  await live.pool.end();
  await db.drop();
});

describe('an installation of an older schema, brought to the newest', () => {
  test('rests on migrations that are as they were when it was made', () => {
    // Who made them has them: a change goes into a migration of its own.
    expect(
      ['20261121000000_ledger', OLD].map((name) =>
        createHash('sha256')
          .update(readFileSync(path.join(MIGRATIONS, name, 'migration.sql')))
          .digest('hex')
          .slice(0, 16),
      ),
    ).toEqual(FROZEN);
  });

  test('is current, and a second time nothing is left to do', async () => {
    expect(await migrationState(db.url)).toEqual({ state: 'current' });
    expect(await migrate(db.url)).toEqual({ applied: [] });
  });

  test('has every row that it had, with what stood in it', async () => {
    const after = await tablesOf(db, before);
    for (const [name, table] of before) {
      expect([name, after.get(name)?.rows]).toEqual([name, table.rows]);
      expect([name, after.get(name)?.sum]).toEqual([name, table.sum]);
    }
    expect([...before.values()].reduce((sum, { rows }) => sum + rows, 0)).toBeGreaterThan(400);
  });

  test('gives people what their roles meant, and every saved revision can be read', async () => {
    const users = await prisma().user.findMany({ orderBy: { id: 'asc' } });
    expect(users.map(({ id, grants }) => [id, grants])).toMatchObject([
      ['u-ada', [{ role: 'admin', label: null }]],
      ['u-gone', [{ role: 'admin', label: null }]],
      ['u-vera', [{ role: 'viewer', label: null }]],
    ]);
    const invitations = await prisma().invitation.findMany({ orderBy: { id: 'asc' } });
    expect(invitations.map(({ grants }) => grants)).toMatchObject([
      [{ role: 'viewer' }],
      [{ role: 'admin' }],
    ]);
    for (const { definition, jobId } of await prisma().revision.findMany()) {
      const parsed = JobDefinition.safeParse(definition);
      expect([jobId, parsed.error?.issues]).toEqual([jobId, undefined]);
    }
    const [run] = await db.sql<{ id: number }>(
      `SELECT id FROM run WHERE job_id = 2 AND attempt = 2`,
    );
    const detail = valueOf(await readRun(admin, run!.id));
    expect(detail.run).toMatchObject({ state: 'succeeded', jobKey: 'nightly-backup' });
  });

  test('has a trail that is chained from its first entry on', async () => {
    await createAuditSealer({ pool: live.pool }).runOnce();
    expect(valueOf(await verifyTrail(admin))).toMatchObject({
      walked: 7,
      waiting: 0,
      findings: [],
    });
    const { entries } = valueOf(await listTrail(admin, { job: 'clean-up' }));
    expect(entries).toMatchObject([{ action: 'run.retry', job: { key: 'clean-up' } }]);
    expect(valueOf(await listTrail(admin, { job: 'clean-up-old' })).entries).toMatchObject([
      { action: 'job.delete', job: { isDeleted: true } },
    ]);
  });

  test('is planned and worked on as before, and every tick of old and new is accounted for', async () => {
    const workerId = await makeWorker(live);
    const plan = () => planAll(testPlanner(live.pool));
    await plan();
    // What ran when it was stopped ends where its worker said so; what waited is claimed and ends well.
    const [running] = await live.sql<Parameters<typeof endedAttempt>[0]>(
      `SELECT id, scheduled_for AS "scheduledFor", worker_id AS "workerId", attempt, due_at AS "dueAt", started_at AS "startedAt"
         FROM run WHERE is_live AND state = 'running'`,
    );
    await finishAttemptsIfStillOwned(live.sql, [endedAttempt(running!)]);
    for (let minute = 0; minute < 5; minute++) {
      await clock.advance(60_000);
      await plan();
      const claimed = await claimFor(live, workerId);
      await finishAttemptsIfStillOwned(
        live.sql,
        claimed.map((run) => endedAttempt(run)),
      );
    }
    valueOf(await resumeJobs(admin, { jobIds: [3], answer: { rule: 'latest' } }));
    const { definition } = await prisma().revision.findUniqueOrThrow({
      where: { jobId_number: { jobId: 1, number: 2 } },
    });
    valueOf(
      await editJob(admin, {
        jobId: 1,
        basedOnRevision: 2,
        definition: {
          ...JobDefinition.parse(definition),
          schedule: {
            type: 'interval',
            everyMs: 30_000,
            anchor: '2026-01-01T00:00:00Z',
            timeZone: 'UTC',
          },
        },
        note: '',
      }),
    );
    for (let minute = 0; minute < 5; minute++) {
      await plan();
      await clock.advance(60_000);
      const claimed = await claimFor(live, workerId);
      await finishAttemptsIfStillOwned(
        live.sql,
        claimed.map((run) => endedAttempt(run)),
      );
    }
    await createGapCounter({ pool: live.pool, logger: silent }).runOnce();
    const ticks = await ticksOf(live.sql, 1);
    expect(ticks.filter(({ revision }) => revision === 3).length).toBeGreaterThan(5);
    const audited = valueOf(await auditTicks(admin, { from: new Date('2026-11-01T00:00:00Z') }));
    expect(audited.jobs.filter(({ isEven }) => !isEven)).toEqual([]);
    expect(audited.isEven).toBe(true);
    // 120 of the first two hours, one each night, the hours of the paused one, and what came since.
    expect(audited.sum.expected).toBeGreaterThan(120 + 19 + 22);
    expect(audited.sum.buckets).toMatchObject({ skipped: 4 });
  });

  test('and its healer finds nothing to mend', async () => {
    const { counts } = await createHealer({ pool: live.pool, logger: silent }).runOnce();
    expect(counts['healed'] ?? 0).toBe(0);
    expect(await prisma().auditEntry.count({ where: { action: 'job.heal' } })).toBe(0);
  });
});

/** As they stood when the fixture was made. */
const FROZEN = ['0ab33d47e34e8ecf', 'fffe1f42f514f9d4'];

type OldTable = { columns: string[]; rows: number; sum: string };

/** What a later migration changes on purpose; tests above look at it. */
const CHANGED: Readonly<Record<string, readonly string[]>> = {
  user: ['role'],
  invitation: ['role'],
};

/** A sum of each table's rows; with `as`, of the tables and columns that those had. */
async function tablesOf(
  { sql }: TestDatabase,
  as?: ReadonlyMap<string, OldTable>,
): Promise<Map<string, OldTable>> {
  const tables = await sql<{ name: string; columns: string[] }>(
    `SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND c.relname <> '_prisma_migrations'
      GROUP BY 1`,
  );
  const found = new Map<string, OldTable>();
  for (const { name, columns: all } of tables) {
    if (as && !as.has(name)) continue;
    const columns =
      as?.get(name)?.columns ?? all.filter((column) => !CHANGED[name]?.includes(column));
    const list = columns.map((column) => `"${column}"`).join(', ');
    const [row] = await sql<{ rows: number; sum: string }>(
      `SELECT count(*) AS rows, coalesce(sum(hashtextextended(t::text, 0)), 0)::text AS sum FROM (SELECT ${list} FROM "${name}") t`,
    );
    found.set(name, { columns, ...row! });
  }
  return found;
}

async function fill(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(readFileSync(FIXTURE, 'utf8'));
  } finally {
    await client.end();
  }
}
