import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrate, migrationState, programMigrations } from '#prisma/migrate.ts';
import {
  createEmptyDatabase,
  createTestDatabase,
  type TestDatabase,
} from '#tests/support/database.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { insertRun } from '#tests/support/ledger.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'punctual-backup-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let source: TestDatabase;
const file = path.join(folder, 'whole.backup.gz');
beforeAll(async () => {
  source = await createTestDatabase();
  await fillWithALot(source);
  expect(await punctual(source, 'backup', file)).toMatchObject({ code: 0 });
});
afterAll(() => source.drop());

describe('a backup', () => {
  test('is put back row by row into an empty database, and everything stays paused', async () => {
    await using target = await createEmptyDatabase();
    const restored = await punctual(target, 'restore', file, '--json');
    expect(restored).toMatchObject({ code: 0 });
    expect(JSON.parse(restored.out)).toMatchObject({ isPaused: true, rows: { job: 3, run: 400 } });
    const [installation] = await target.sql<{ by: string; reason: string }>(
      'SELECT paused_by AS by, pause_reason AS reason FROM installation',
    );
    expect(installation!.reason).toMatch(/^Restored from a backup of /);
    // What the pause itself writes lies in these tables and no other.
    const changed = ['installation', 'gap', 'audit_entry', 'audit_pending', 'job', 'invitation'];
    const [before, after] = [await contentOf(source), await contentOf(target)];
    for (const name of changed) expect(after[name]).toBeDefined();
    expect(without(after, changed)).toEqual(without(before, changed));
    const [audited] = await target.sql<{ action: string }>(
      `SELECT action FROM audit_entry WHERE action = 'installation.restore'`,
    );
    expect(audited).toBeDefined();
  });

  test('goes on where it was with --run: the same rows, and new ids after the old ones', async () => {
    await using target = await createEmptyDatabase();
    expect(await punctual(target, 'restore', file, '--run')).toMatchObject({ code: 0 });
    const told = ['audit_entry', 'audit_pending', 'invitation'];
    expect(without(await contentOf(target), told)).toEqual(without(await contentOf(source), told));
    const [next] = await target.sql<{ id: number; last: number }>(
      `SELECT nextval('run_id_seq') AS id, (SELECT max(id) FROM run) AS last`,
    );
    expect(next!.id).toBeGreaterThan(next!.last);
    // An invitation that was used since then would be good a second time.
    const invitations = await target.sql('SELECT token_hash AS hash FROM invitation');
    expect(invitations).toEqual([{ hash: 'accepted' }]);
    // Old months take old runs.
    await insertRun(target.sql, { jobId: 1, state: 'succeeded', at: Date.UTC(2024, 2, 3) });
  });

  test('holds no sign-in, and only its owner may read it', async () => {
    const text = gunzipSync(await readFile(file)).toString('latin1');
    expect(text).not.toContain('token-of-a-session');
    expect(text).toContain('nightly-copy');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('never writes over a file', async () => {
    const there = path.join(folder, 'there.gz');
    await writeFile(there, 'precious');
    const { code, err } = await punctual(source, 'backup', there);
    expect([code, err]).toEqual([2, expect.stringContaining('exists already')]);
    expect(await readFile(there, 'utf8')).toBe('precious');
  });

  test('of an older version is migrated once its rows are there', async () => {
    const names = await programMigrations();
    const older = names[0]!;
    await using old = await createEmptyDatabase();
    await migrate(old.url, { through: older });
    await old.sql(
      `INSERT INTO "user" (id, name, email, role) VALUES ('u1', 'One', 'one@example.org', 'admin')`,
    );
    const oldFile = path.join(folder, 'older.gz');
    const { takeBackup } = await import('#core/backup/take-backup.ts');
    const pieces: Buffer[] = [];
    for await (const piece of takeBackup(old.url, () => {})) pieces.push(piece);
    await writeFile(oldFile, gzipSync(Buffer.concat(pieces)));

    await using target = await createEmptyDatabase();
    expect(await punctual(target, 'restore', oldFile)).toMatchObject({ code: 0 });
    expect(await migrationState(target.url)).toEqual({ state: 'current' });
    expect(await target.sql('SELECT id FROM "user"')).toEqual([{ id: 'u1' }]);
  });
});

describe('a restore is refused, and changes nothing,', () => {
  test.each([
    ['over data', async () => file, createTestDatabaseInUse, /in use: it has 1 jobs? and 0 people/],
    ['of a file that ends too early', cutOff, createEmptyDatabase, /ends too early|isn’t whole/],
    ['of a file with rows taken away', withoutRows, createEmptyDatabase, /isn’t whole|says that/],
    ['of a changed file', scrambled, createEmptyDatabase, /was changed|isn’t whole|no backup/],
    ['of any other file', async () => import.meta.filename, createEmptyDatabase, /no backup/],
    ['of any other packed file', otherPacked, createEmptyDatabase, /no backup/],
    ['of a newer version', newer, createEmptyDatabase, /newer version of Punctual/],
    ['of no file', async () => path.join(folder, 'nope'), createEmptyDatabase, /no such place/],
    ['of a folder', async () => folder, createEmptyDatabase, /is a folder/],
  ])('%s', async (_name, make, database, sentence) => {
    await using target = await database();
    const before = await jobsAndPeople(target);
    const { code, err } = await punctual(target, 'restore', await make());
    expect(err).toMatch(sentence);
    expect(err).not.toMatch(/\n\s+at /);
    expect(code).toBe(2);
    expect(await jobsAndPeople(target)).toEqual(before);
  });
});

async function createTestDatabaseInUse(): Promise<TestDatabase> {
  const db = await createTestDatabase();
  await makeJob(db);
  return db;
}

async function jobsAndPeople(db: TestDatabase): Promise<unknown> {
  const [table] = await db.sql<{ found: boolean }>(
    `SELECT to_regclass('job') IS NOT NULL AS found`,
  );
  // A refused file may have left empty tables.
  if (!table!.found) return [{ jobs: 0, people: 0 }];
  return db.sql(
    'SELECT (SELECT count(*) FROM job) AS jobs, (SELECT count(*) FROM "user") AS people',
  );
}

async function cutOff(): Promise<string> {
  const whole = await readFile(file);
  return kept('cut.gz', whole.subarray(0, whole.length / 2));
}

async function withoutRows(): Promise<string> {
  const lines = gunzipSync(await readFile(file))
    .toString('latin1')
    .split('\n');
  const at = lines.findIndex((line) => line.includes('nightly-copy') && !line.startsWith('{'));
  return kept('fewer.gz', gzipSync(Buffer.from(lines.toSpliced(at, 1).join('\n'), 'latin1')));
}

async function scrambled(): Promise<string> {
  const whole = Buffer.from(await readFile(file));
  for (let at = 2_000; at < 2_200; at++) whole[at]! ^= 0x55;
  return kept('scrambled.gz', whole);
}

async function otherPacked(): Promise<string> {
  return kept('other.gz', gzipSync('{"format":"tar"}\nhello\n'));
}

async function newer(): Promise<string> {
  const text = gunzipSync(await readFile(file)).toString('latin1');
  const changed = text.replace(
    '"migrations":["',
    '"migrations":["29990101000000_from_the_future","',
  );
  return kept('newer.gz', gzipSync(Buffer.from(changed, 'latin1')));
}

async function kept(name: string, content: Buffer): Promise<string> {
  const place = path.join(folder, name);
  await writeFile(place, content);
  return place;
}

/** All tables with every value that COPY must not change: quotes, tabs, line ends, arrays, ranges, JSON, old months. */
async function fillWithALot(db: TestDatabase): Promise<void> {
  const { id } = await makeJob(db, {
    key: 'nightly-copy',
    notes: 'a\tb\\n "c"\r\nŻółć 時 \\. \\N',
  });
  await makeJob(db, { key: 'second-copy', labels: { team: 'x' } });
  await makeJob(db, { key: 'third-copy' });
  await db.sql(
    `INSERT INTO invitation (token_hash, expires_at, accepted_at)
     VALUES ('accepted', now() + interval '1 day', now()), ('open', now() + interval '1 day', NULL)`,
  );
  for (let n = 0; n < 400; n++) {
    await insertRun(db.sql, {
      jobId: id,
      trigger: 'manual',
      state: n % 7 === 0 ? 'failed' : 'succeeded',
      at: Date.now() - n * 60_000,
      cause: n % 7 === 0 ? 'line one\nline two\\' : null,
    });
  }
  await db.sql(`SELECT make_month('2024-03-01')`);
  await db.sql(
    `INSERT INTO gap (job_id, revision, span, reason, ticks, note)
     VALUES ($1, 1, tstzrange('2024-03-01', '2024-03-02'), 'missed', 12, E'tab\\tend')`,
    [id],
  );
  await db.sql(
    `INSERT INTO "user" (id, name, email, grants) VALUES ('u1', 'One', 'one@example.org', '[{"role": "admin"}]')`,
  );
  await db.sql(
    `INSERT INTO session (id, user_id, token, expires_at) VALUES ('s1', 'u1', 'token-of-a-session', now() + interval '1 day')`,
  );
  await db.sql(
    `INSERT INTO log_chunk (run_id, scheduled_for, seq, attempt, first_line, line_count, byte_count, body)
     SELECT id, scheduled_for, 0, 1, 1, 1, 5, repeat(E'x\\ty\\\\', 20000) FROM run ORDER BY id LIMIT 20`,
  );
}

/** A hash of each table's rows, whatever their order; sign-ins aside. */
async function contentOf(db: TestDatabase): Promise<Record<string, string>> {
  const tables = await db.sql<{ name: string }>(
    `SELECT relname AS name FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
        AND relname NOT IN ('_prisma_migrations', 'session', 'verification', 'rate_limit')`,
  );
  const content: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await db.sql<{ hash: string }>(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '') AS hash FROM "${name}" t`,
    );
    content[name] = row!.hash;
  }
  return content;
}

const without = (content: Record<string, string>, names: readonly string[]) =>
  Object.fromEntries(Object.entries(content).filter(([name]) => !names.includes(name)));

async function punctual(db: TestDatabase, ...words: string[]) {
  const program = path.resolve(import.meta.dirname, '../../cli/punctual.ts');
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, ...words], {
      env: { ...process.env, DATABASE_URL: db.url },
    });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}
