import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { chmod, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPartitioner } from '#worker/partitioner.ts';
import { createPruner } from '#worker/pruner.ts';
import { command } from '#tests/support/archive-command.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { clearHistory, fillMonth, hashesOfMonth } from '#tests/support/history.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { silent } from '#tests/support/planning.ts';
import { startS3Store } from '#tests/support/s3-store.ts';

const root = mkdtempSync(path.join(tmpdir(), 'punctual-archive-test-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let db: TestDatabase;
let store: string;
let variables: Record<string, string>;
let jobs: TestJob[];
const MONTH = '2026-03';

beforeEach(async () => {
  db = await createTestDatabase();
  store = mkdtempSync(path.join(root, 'store-'));
  variables = { PUNCTUAL_ARCHIVE: store };
  jobs = [await makeJob(db), await makeJob(db)];
  await db.sql(`SELECT make_month($1::date)`, [`${MONTH}-01`]);
  await fillMonth(db, { month: MONTH, jobIds: jobs.map(({ id }) => id), runs: 2_500 });
});
afterEach(() => db.drop());

const punctual = (...words: string[]) => command(db, variables, ...words);
const entriesOf = async (action: string) =>
  db.sql<{ actor: string; subject: string; after: Record<string, unknown> }>(
    'SELECT actor, subject, after FROM audit_entry WHERE action = $1 ORDER BY id',
    [action],
  );
const folderOf = async () => {
  const [installation] = await db.sql<{ uuid: string }>('SELECT uuid FROM installation');
  return path.join(store, 'punctual-archive', installation!.uuid, MONTH);
};
const archiveRow = async () =>
  (
    await db.sql<{ place: string | null; failure: string | null }>(
      'SELECT place, failure FROM archive',
    )
  )[0]!;

// Each command is a process of its own.
describe('a month in a folder', { timeout: 120_000 }, () => {
  test('comes back row by row as it was, after it was archived and dropped', async () => {
    const before = await hashesOfMonth(db, MONTH);
    expect(before['run']).toMatch(/^2500 /);
    expect(await clearHistory(db, variables)).toMatchObject({ failures: 0, months: 1, dropped: 1 });
    await createPruner({ pool: db.pool }).runOnce();
    expect(Object.values(await hashesOfMonth(db, MONTH)).map((hash) => hash.slice(0, 2))).toEqual([
      '0 ',
      '0 ',
      '0 ',
      '0 ',
    ]);
    expect(await punctual('archive', 'restore', MONTH, '--days', '3')).toMatchObject({
      code: 0,
      err: '',
    });
    expect(await hashesOfMonth(db, MONTH)).toEqual(before);
    expect((await entriesOf('archive.month'))[0]).toMatchObject({
      actor: 'Punctual',
      subject: `month:${MONTH}`,
      after: { place: store, runs: 2_500, gaps: 2 },
    });
    expect((await entriesOf('archive.restore'))[0]!.after).toMatchObject({ days: 3 });
    expect(await entriesOf('history.drop')).toHaveLength(1);

    // Nothing of it is pruned, also where a job keeps one day, and it isn't dropped before its time.
    await db.sql('UPDATE job SET retention_days = 1, keep_runs = 1');
    await createPruner({ pool: db.pool }).runOnce();
    await clearHistory(db, variables);
    expect(await hashesOfMonth(db, MONTH)).toEqual(before);
    await db.sql(`UPDATE history_month SET restored_until = now()`);
    expect(await clearHistory(db, variables)).toMatchObject({ parts: 0, months: 0, dropped: 1 });
    await createPruner({ pool: db.pool }).runOnce();
    expect((await hashesOfMonth(db, MONTH))['run']).toMatch(/^0 /);
    expect((await hashesOfMonth(db, MONTH))['gap']).toMatch(/^0 /);
    // And it can be brought back once more.
    expect((await punctual('archive', 'restore', MONTH)).code).toBe(0);
    expect(await hashesOfMonth(db, MONTH)).toEqual(before);
  });

  test('its files are readable by their owner alone, and none is half', async () => {
    await clearHistory(db, variables);
    const folder = await folderOf();
    const names = (await readdir(folder)).toSorted();
    expect(names).toEqual([
      'attempts-0001.jsonl.zst',
      'gaps-0001.jsonl.zst',
      'logs-0001.jsonl.zst',
      'manifest.json',
      'runs-0001.jsonl.zst',
    ]);
    for (const name of names) {
      expect((await stat(path.join(folder, name))).mode & 0o777).toBe(0o600);
    }
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  test('is verified: a byte that was changed, a part that is gone and another manifest are told', async () => {
    await clearHistory(db, variables);
    expect(await punctual('archive', 'verify')).toMatchObject({ code: 0 });
    const folder = await folderOf();
    const runs = path.join(folder, 'runs-0001.jsonl.zst');
    const bytes = await readFile(runs);
    const damaged = Buffer.from(bytes);
    damaged[damaged.length - 9]! ^= 1;
    await writeFile(runs, damaged);
    const found = await punctual('archive', 'verify', MONTH, '--json');
    expect(found.code).toBe(1);
    expect(found.out).toMatch(/runs-0001\.jsonl\.zst in .* is damaged/);
    // What is damaged isn't brought back, not even a part of it.
    expect(await punctual('archive', 'restore', MONTH)).toMatchObject({ code: 2 });
    expect(await db.sql(`SELECT FROM pg_class WHERE relname ~ 'run_done_2026_03$'`)).toEqual([]);
    await rm(runs);
    expect((await punctual('archive', 'verify')).out).toContain('it is gone');
    await writeFile(runs, bytes);
    const manifest = path.join(folder, 'manifest.json');
    const said = await readFile(manifest, 'utf8');
    await writeFile(manifest, said.replace('"2026-03"', '"2026-03" '));
    const other = await punctual('archive', 'restore', MONTH);
    expect(other.err).toContain('isn’t the one that was written');
    await writeFile(manifest, said);
    expect((await punctual('archive', 'verify')).code).toBe(0);
  });

  test('a month of a newer version is refused', async () => {
    await clearHistory(db, variables);
    await db.sql(
      `DELETE FROM _prisma_migrations WHERE migration_name = (SELECT max(migration_name) FROM _prisma_migrations)`,
    );
    const refused = await punctual('archive', 'restore', MONTH);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.err).toContain('archived by a newer version of Punctual');
    const manifest = path.join(await folderOf(), 'manifest.json');
    await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('archive/1', 'archive/2'));
    expect((await punctual('archive', 'verify')).out).toContain(
      'A newer version of Punctual wrote',
    );
  });

  test('is read as it lies there: one job, one stretch, with its logs, and nothing is loaded', async () => {
    await clearHistory(db, variables);
    const read = await punctual(
      'archive',
      'read',
      '--job',
      jobs[0]!.key,
      '--from',
      '2026-03-01',
      '--to',
      '2026-03-08',
      '--logs',
      '--json',
    );
    expect(read).toMatchObject({ code: 0 });
    const rows = read.out
      .trim()
      .split('\n')
      .map(
        (line) => JSON.parse(line) as { kind: string; row: Record<string, unknown>; runId: number },
      );
    const runs = rows.filter(({ kind }) => kind === 'run');
    // 2,500 runs in 28 days, every other one of this job, of which a week was asked for.
    expect(runs).toHaveLength(313);
    expect(new Set(runs.map(({ row }) => row['job_id']))).toEqual(new Set([jobs[0]!.id]));
    const ids = new Set(runs.map(({ row }) => row['id']));
    const logs = rows.filter(({ kind }) => kind === 'log');
    expect(logs).toHaveLength(626);
    expect(logs.every(({ runId }) => ids.has(runId))).toBe(true);
    expect(rows.filter(({ kind }) => kind === 'attempt').length).toBeGreaterThan(313);
    expect((await hashesOfMonth(db, MONTH))['run']).toMatch(/^0 /);
  });
});

describe('a month goes only once it is archived', { timeout: 120_000 }, () => {
  test('a folder that isn’t there is told, nothing is made in its place, and the month stays until it is back', async () => {
    await rename(store, `${store}-unplugged`);
    expect(await clearHistory(db, variables)).toMatchObject({ failures: 1, months: 0, dropped: 0 });
    expect((await archiveRow()).failure).toContain('isn’t there. Make it, or mount the disk');
    expect((await punctual('archive', 'list')).out).toContain('can’t be used since');
    await rename(`${store}-unplugged`, store);
    expect(await clearHistory(db, variables)).toMatchObject({ failures: 0, months: 1, dropped: 1 });
    expect((await archiveRow()).failure).toBeNull();
  });

  test('a worker that knows of no archive doesn’t drop it either, until an admin says so', async () => {
    await rename(store, `${store}-unplugged`);
    await clearHistory(db, variables);
    expect(await clearHistory(db, {})).toMatchObject({ dropped: 0 });
    expect(await punctual('archive', 'off')).toMatchObject({ code: 0 });
    expect((await entriesOf('archive.place')).at(-1)!.after).toEqual({ place: null });
    expect(await clearHistory(db, {})).toMatchObject({ dropped: 1 });
    expect((await punctual('archive', 'list')).out).toMatch(/2026-03 .*without an archive/);
    const refused = await punctual('archive', 'restore', MONTH);
    expect(refused.err).toContain('isn’t in the archive');
  });

  test('a row that came after it was archived, and before it went, is archived as well', async () => {
    await clearHistory(db, variables);
    await punctual('archive', 'restore', MONTH);
    // Past its own end nothing comes into a month any more; by hand it does.
    await db.sql(
      `INSERT INTO run (is_live, state, finished_at, job_id, revision, trigger, scheduled_for, due_at, queue, kind)
       VALUES (false, 'succeeded', now(), $1, 1, 'manual', '2026-03-30', '2026-03-30', 'default', 'script')`,
      [jobs[0]!.id],
    );
    const before = await hashesOfMonth(db, MONTH);
    expect(before['run']).toMatch(/^2501 /);
    await db.sql(`UPDATE history_month SET restored_until = now()`);
    const partitioner = createPartitioner({ pool: db.pool, logger: silent });
    expect((await partitioner.runOnce()).counts['dropped']).toBe(0);
    expect(await clearHistory(db, variables)).toMatchObject({ months: 1, dropped: 1 });
    expect(await punctual('archive', 'restore', MONTH)).toMatchObject({ code: 0 });
    expect(await hashesOfMonth(db, MONTH)).toEqual(before);
  });

  test('what the installation’s own rule would prune waits for its month’s archive', async () => {
    // One job keeps a year: the months stay that long, and the other's runs go one by one at 90 days.
    await db.sql('UPDATE job SET retention_days = 3650 WHERE id = $1', [jobs[0]!.id]);
    await rename(store, `${store}-unplugged`);
    await clearHistory(db, variables);
    const pruner = createPruner({ pool: db.pool });
    expect((await pruner.runOnce()).counts).toMatchObject({ runs: 0, gaps: 0 });
    // Its own shorter rule needs no archive.
    await db.sql('UPDATE job SET retention_days = 30 WHERE id = $1', [jobs[1]!.id]);
    expect((await pruner.runOnce()).counts['runs']).toBe(1_000);
    await db.sql('UPDATE job SET retention_days = NULL WHERE id = $1', [jobs[1]!.id]);
    await rename(`${store}-unplugged`, store);
    expect(await clearHistory(db, variables)).toMatchObject({ months: 1, dropped: 0 });
    while ((await pruner.runOnce()).nextInMs !== undefined);
    const left = await db.sql<{ job: number; runs: number }>(
      'SELECT job_id AS job, count(*)::int AS runs FROM run GROUP BY 1',
    );
    expect(left).toEqual([{ job: jobs[0]!.id, runs: 1_250 }]);
  });
});

describe('a month in a bucket', { timeout: 120_000 }, () => {
  test('comes back as it was; a wrong key, a full store and one that is away are told, and nothing goes meanwhile', async () => {
    const s3 = await startS3Store(path.join(store, 's3'));
    variables = s3.variables;
    try {
      const before = await hashesOfMonth(db, MONTH);
      const wrong = { ...variables, PUNCTUAL_ARCHIVE_SECRET_ACCESS_KEY: 'another' };
      expect(await clearHistory(db, wrong)).toMatchObject({ failures: 1, dropped: 0 });
      expect((await archiveRow()).failure).toContain('refuses the key of s3://history/team/a');
      const nowhere = { ...variables, PUNCTUAL_ARCHIVE: 's3://elsewhere' };
      expect(await clearHistory(db, nowhere)).toMatchObject({ failures: 1, dropped: 0 });
      expect((await archiveRow()).failure).toContain('knows no such bucket: s3://elsewhere');
      s3.set('full');
      expect(await clearHistory(db, variables)).toMatchObject({ failures: 1, dropped: 0 });
      expect((await archiveRow()).failure).toContain('has no room left');
      s3.set('away');
      expect(await clearHistory(db, variables)).toMatchObject({ failures: 1, dropped: 0 });
      expect((await archiveRow()).failure).toContain('doesn’t answer');
      s3.set('cut');
      expect(await clearHistory(db, variables)).toMatchObject({ failures: 1, dropped: 0 });
      s3.set('up');
      expect(await clearHistory(db, variables)).toMatchObject({
        failures: 0,
        months: 1,
        dropped: 1,
      });
      expect((await archiveRow()).failure).toBeNull();

      expect(await punctual('archive', 'verify')).toMatchObject({ code: 0 });
      s3.set('cut');
      expect(await punctual('archive', 'restore', MONTH)).toMatchObject({ code: 2 });
      s3.set('up');
      expect(await punctual('archive', 'restore', MONTH)).toMatchObject({ code: 0, err: '' });
      expect(await hashesOfMonth(db, MONTH)).toEqual(before);
      variables = { PUNCTUAL_ARCHIVE: store };
      const elsewhere = await punctual('archive', 'verify');
      expect(elsewhere.err).toContain('was archived in s3://history/team/a');
    } finally {
      await s3.close();
    }
  });
});

test('a log of a gigabyte, scaled to 30 MB, goes in parts of bounded size, and the worker’s memory stays', async () => {
  // More than what zstd looks back on, and without any order: as bad as a log can be.
  const bodies = Array.from({ length: 12 }, () => randomBytes(262_144).toString('hex'));
  for (let n = 0; n < 60; n += 30) {
    await db.sql(
      `INSERT INTO log_chunk (run_id, scheduled_for, seq, attempt, first_line, line_count, byte_count, stored_at, body)
       SELECT r.id, r.scheduled_for, 100 + n, 1, n, 1, 524288, r.finished_at, ($1::text[])[1 + n % 12]
         FROM (SELECT * FROM run_done_2026_03 ORDER BY id DESC LIMIT 1) AS r, generate_series($2::int + 1, $2::int + 30) n`,
      [bodies, n],
    );
  }
  const before = await hashesOfMonth(db, MONTH);
  const memory = () => process.memoryUsage.rss();
  const rssBefore = memory();
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, memory())), 50);
  const cleared = await clearHistory(db, variables);
  clearInterval(watch);
  expect(cleared).toMatchObject({ failures: 0, months: 1, dropped: 1 });
  const parts = (await readdir(await folderOf())).filter((name) => name.startsWith('logs-'));
  expect(parts.length).toBeGreaterThan(1);
  for (const name of parts) {
    expect((await stat(path.join(await folderOf(), name))).size).toBeLessThan(14_000_000);
  }
  console.log(
    `30 MB of logs in ${parts.length} parts; memory grew by ${Math.round((most - rssBefore) / 1e6)} MB`,
  );
  expect(most - rssBefore).toBeLessThan(200_000_000);
  expect(await punctual('archive', 'restore', MONTH)).toMatchObject({ code: 0 });
  expect(await hashesOfMonth(db, MONTH)).toEqual(before);
}, 240_000);

test.skipIf(process.getuid?.() === 0)('a folder that may not be written is told', async () => {
  await chmod(store, 0o500);
  expect(await clearHistory(db, variables)).toMatchObject({ failures: 1, dropped: 0 });
  expect((await archiveRow()).failure).toContain('may not use the archive’s folder');
});
