import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../cli/start/ports.ts';
import { punctual } from '#tests/support/command.ts';
import {
  createEmptyDatabase,
  createTestDatabase,
  type TestDatabase,
} from '#tests/support/database.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { insertRun, insertWorker } from '#tests/support/ledger.ts';

type Examined = {
  findings: { check: string; level: string; says: string; fix: string; mended: string | null }[];
  errors: number;
  advice: number;
  mended: number;
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'punctual-doctor-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function doctor(url: string, ...words: string[]): Promise<Examined & { code: number }> {
  const { stdout, stderr, exitCode } = await punctual({ url }, ['doctor', '--json', ...words], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      DATABASE_URL: url,
      PUNCTUAL_DATA_DIR: folder,
    },
  });
  if (!stdout) throw new Error(String(stderr));
  return { ...(JSON.parse(String(stdout)) as Examined), code: exitCode! };
}

/** The server of tests is fast and forgets all when it crashes; the doctor finds that each time. */
const OF_TEST_SERVER = ['setting.fsync', 'setting.full_page_writes'];

const wrong = ({ findings }: Examined) =>
  findings
    .filter(({ level, mended }) => level === 'error' && mended === null)
    .map(({ check }) => check)
    .filter((check) => !OF_TEST_SERVER.includes(check));

const hourly = {
  type: 'interval' as const,
  everyMs: 3_600_000,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
};

/** A job whose row and ledger are as a planner would have left them. */
async function plannedJob(db: TestDatabase) {
  const job = await makeJob(db, { schedule: hourly });
  await db.sql(
    `UPDATE job SET created_at = now(), planned_until = now(),
            next_tick_at = date_trunc('hour', now()) + interval '1 hour' WHERE id = $1`,
    [job.id],
  );
  return job;
}

test('of an installation that is well it says nothing wrong but of its server', async () => {
  await using db = await createTestDatabase();
  await insertWorker(db.sql);
  await plannedJob(db);
  const examined = await doctor(db.url);
  expect(wrong(examined)).toEqual([]);
  // The test's role is a superuser, and could change the trail.
  expect(examined.findings.map(({ check }) => check)).toEqual([...OF_TEST_SERVER, 'rights.trail']);
  expect(examined).toMatchObject({ errors: OF_TEST_SERVER.length, advice: 1, mended: 0 });
});

test('every damage is found once, with its fix; --fix mends what is safe, and the next run finds the rest', async () => {
  await using db = await createTestDatabase();
  await insertWorker(db.sql);
  const job = await plannedJob(db);
  const [next] = await db.sql<{ name: string }>(
    `SELECT 'log_chunk_' || to_char(date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month', 'YYYY_MM') AS name`,
  );
  await db.sql(`DROP TABLE ${next!.name}`);
  await db.sql("UPDATE job SET next_tick_at = now() + interval '3 days' WHERE id = $1", [job.id]);
  await db.sql(
    `INSERT INTO attempt (run_id, scheduled_for, number, outcome, worker_id, due_at, started_at, finished_at)
     SELECT 999, at, 1, 'succeeded', 1, at, at, at FROM (SELECT now() - interval '2 hours' AS at) AS x`,
  );
  await db.sql(
    `INSERT INTO log_chunk (run_id, scheduled_for, seq, attempt, first_line, line_count, byte_count, stored_at, body)
     VALUES (999, now() - interval '2 hours', 0, 1, 1, 1, 1, now() - interval '2 hours', 'x')`,
  );
  await insertRun(db.sql, { jobId: job.id, state: 'running', workerId: 4_711, trigger: 'manual' });
  await db.sql('ALTER TABLE gap DROP CONSTRAINT gap_no_overlap');
  await db.sql(
    `INSERT INTO gap (job_id, revision, span, reason, ticks)
     SELECT $1, 1, tstzrange(now() - interval '400 days', now() - interval '399 days'), 'missed', 1 FROM generate_series(1, 2)`,
    [job.id],
  );
  const key = path.join(folder, 'secret-key');
  writeFileSync(key, 'x');
  chmodSync(key, 0o644);
  onTestFinished(() => rmSync(key, { force: true }));

  const first = await doctor(db.url);
  expect(wrong(first).toSorted()).toEqual([
    'files',
    'gaps',
    'jobs',
    'orphans.runs',
    'orphans.workers',
    'partitions',
  ]);
  expect(first.code).toBe(1);
  for (const { says, fix } of first.findings) {
    expect(says).toMatch(/\.$/);
    expect(fix).not.toBe('');
  }

  const mending = await doctor(db.url, '--fix');
  expect(
    mending.findings
      .filter(({ mended }) => mended)
      .map(({ check }) => check)
      .toSorted(),
  ).toEqual(['files', 'jobs', 'orphans.runs', 'partitions']);
  expect(wrong(mending).toSorted()).toEqual(['gaps', 'orphans.workers']);
  expect(statSync(key).mode & 0o777).toBe(0o600);
  const entries = await db.sql<{ action: string; actor: string }>(
    "SELECT action, actor FROM audit_entry WHERE action = 'installation.mend'",
  );
  expect(entries).toHaveLength(4);
  expect(entries[0]!.actor).toMatch(/@/);

  const second = await doctor(db.url);
  expect(wrong(second).toSorted()).toEqual(['gaps', 'orphans.workers']);
});

describe('where it can’t look into the database it says so in a sentence', () => {
  test('that is away', async () => {
    const port = await freePort();
    const { stdout, stderr, exitCode } = await punctual(
      { url: `postgresql://ghost:geheim@127.0.0.1:${port}/nowhere` },
      ['doctor'],
    );
    expect(`${String(stdout)}${String(stderr)}`).toContain('The database doesn’t answer.');
    expect(`${String(stdout)}${String(stderr)}`).not.toContain('geheim');
    expect(exitCode).toBe(1);
  });

  test('that was never migrated', async () => {
    await using db = await createEmptyDatabase();
    const examined = await doctor(db.url);
    expect(wrong(examined)).toEqual(['migrations']);
    expect(examined.findings[0]!.fix).toContain('npm run db:migrate');
    expect(examined.code).toBe(1);
  });

  test('that is newer than the program', async () => {
    await using db = await createTestDatabase();
    await db.sql(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
       VALUES ('x', 'x', '29990101000000_from_the_future', now())`,
    );
    const examined = await doctor(db.url);
    expect(wrong(examined)).toEqual(['migrations']);
    expect(examined.findings[0]!.says).toContain('29990101000000_from_the_future');
  });

  test('whose embedded server isn’t running', async () => {
    const data = path.join(folder, 'data');
    mkdirSync(data);
    const { stderr, exitCode } = await punctual({ dataFolder: data }, ['doctor']);
    expect(String(stderr)).toContain('isn’t running');
    expect(exitCode).toBe(2);
  });
});

test('in a terminal it says what is wrong first, and what to do', async () => {
  await using db = await createTestDatabase();
  const { stdout, exitCode } = await punctual({ url: db.url }, ['doctor']);
  const lines = String(stdout).split('\n');
  expect(lines[0]).toBe('ERROR   worker: No worker is alive, so nothing starts.');
  expect(lines[1]).toContain('Fix: Start one with npm run worker');
  expect(lines.at(-1)).toMatch(/^3 errors, 1 to think about\.$/);
  expect(exitCode).toBe(1);
});
