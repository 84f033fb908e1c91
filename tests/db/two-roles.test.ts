import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertAuditEntries } from '#core/audit/audit.sql.ts';
import { readGuard } from '#core/audit/verify.sql.ts';
import { createPool, sqlOf } from '#core/db.ts';
import { migrate, MigrationError, programMigrations } from '#prisma/migrate.ts';
import { createAuditSealer } from '#worker/audit-sealer.ts';
import { createPartitioner } from '#worker/partitioner.ts';
import { createPruner } from '#worker/pruner.ts';
import { createTestDatabase } from '#tests/support/database.ts';
import { seenYesterday } from '#tests/support/history.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { insertRun } from '#tests/support/ledger.ts';
import { silent } from '#tests/support/planning.ts';
import { createTwoRoles, type TwoRoles } from '#tests/support/two-roles.ts';

const entry = {
  actor: 'Ada',
  action: 'job.pause',
  subject: 'queue:default',
  before: null,
  after: { n: 1 },
  reason: '',
  address: null,
};
const folder = mkdtempSync(path.join(tmpdir(), 'punctual-roles-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bring = (roles: TwoRoles) =>
  migrate(roles.ownerUrl, { applicationUrl: roles.applicationUrl });

describe('an owner and an application, two roles', () => {
  let roles: TwoRoles;
  beforeAll(async () => {
    roles = await createTwoRoles();
    await bring(roles);
  });
  afterAll(() => roles[Symbol.asyncDispose]());

  test('nothing that the application can do changes or removes what the trail says', async () => {
    await insertAuditEntries(roles.sql, [entry, entry, entry]);
    const pool = createPool({ url: roles.applicationUrl, max: 2, applicationName: 'test' });
    await createAuditSealer({ pool }).runOnce();
    await pool.end();
    const before = await roles.sql('SELECT * FROM audit_entry ORDER BY id');
    // Whoever may give nothing is warned, and nothing is given.
    await roles.sql(`GRANT UPDATE ON audit_entry TO ${roles.application}`);
    for (const attempt of [
      `UPDATE audit_entry SET reason = 'x'`,
      `UPDATE audit_entry SET at = now()`,
      'DELETE FROM audit_entry',
      'TRUNCATE audit_entry',
      'DROP TABLE audit_entry',
      'ALTER TABLE audit_entry DISABLE TRIGGER ALL',
      'ALTER TABLE audit_entry ADD COLUMN more text',
      `ALTER TABLE audit_entry OWNER TO ${roles.application}`,
      'DROP TRIGGER audit_entry_stands ON audit_entry',
      `CREATE TRIGGER mine BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
      'CREATE RULE mine AS ON INSERT TO audit_entry DO INSTEAD NOTHING',
      'CREATE OR REPLACE FUNCTION audit_stands() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$',
      'DROP FUNCTION audit_stands() CASCADE',
      `SET ROLE ${roles.owner}`,
      `SET session_replication_role = 'replica'`,
      'DROP SCHEMA public CASCADE',
      // Neither may it say when an entry was made, or which one it is.
      `INSERT INTO audit_entry (at, actor, action, subject) VALUES ('2026-01-01', 'Ada', 'job.edit', 'job:x')`,
      `INSERT INTO audit_entry (id, actor, action, subject) VALUES (1000000, 'Ada', 'job.edit', 'job:x')`,
      'UPDATE audit_seal SET seq = seq + 1',
      'DELETE FROM audit_seal',
      'TRUNCATE audit_seal',
      'DROP TABLE audit_seal',
      'DROP TABLE audit_head',
      'DELETE FROM audit_head',
      'DROP TABLE audit_pending',
      'TRUNCATE audit_pending CASCADE',
      `SELECT setval('audit_entry_id_seq', 1)`,
      'DELETE FROM _prisma_migrations',
    ]) {
      const outcome = roles.sql(attempt).then(
        () => `done: ${attempt}`,
        (error: Error) => error.message,
      );
      expect(await outcome).toMatch(
        /permission denied|must be owner|only be set|only added to|must be able to SET ROLE|cannot insert a non-DEFAULT/,
      );
    }
    expect(await roles.sql('SELECT * FROM audit_entry ORDER BY id')).toEqual(before);
    expect(await readGuard(roles.sql)).toEqual({
      role: roles.application,
      owner: roles.owner,
      couldBeLifted: false,
    });
  });

  test('everything else is the application’s own: months come and go, history is pruned', async () => {
    const pool = createPool({ url: roles.applicationUrl, max: 2, applicationName: 'test' });
    const own = { sql: sqlOf(pool) };
    try {
      const job = await makeJob(own, { retentionDays: 1 });
      const old = Date.now() - 200 * 86_400_000;
      await own.sql(`SELECT make_month(date_trunc('month', $1::timestamptz)::date)`, [
        new Date(old).toISOString(),
      ]);
      await insertRun(own.sql, { jobId: job.id, at: old });
      await insertRun(own.sql, { jobId: job.id, at: Date.now() - 3 * 86_400_000 });
      await seenYesterday(own);
      const { counts } = await createPartitioner({ pool, logger: silent }).runOnce();
      expect(counts['dropped']).toBe(1);
      expect((await createPruner({ pool }).runOnce()).counts).toMatchObject({ runs: 1 });
      await own.sql('UPDATE installation SET retention_days = 30');
      const owners = await own.sql<{ name: string }>(
        `SELECT relname AS name FROM pg_class
          WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S') AND pg_get_userbyid(relowner) <> $1
          ORDER BY 1`,
        [roles.application],
      );
      expect(owners.map(({ name }) => name)).toEqual([
        '_prisma_migrations',
        'audit_entry',
        'audit_entry_id_seq',
        'audit_head',
        'audit_pending',
        'audit_seal',
      ]);
    } finally {
      await pool.end();
    }
  });

  test('a backup is taken as the application and put back as the owner, and the chain holds', async () => {
    await insertAuditEntries(roles.sql, [entry]);
    const file = path.join(folder, 'two.gz');
    const { applicationUrl: DATABASE_URL } = roles;
    expect(await punctual({ DATABASE_URL }, 'backup', file)).toMatchObject({ code: 0 });

    await using target = await createTwoRoles();
    // Somebody looked at it first, so that the trail has entries which the restore has to empty.
    await bring(target);
    await insertAuditEntries(target.sql, [entry]);
    const both = {
      DATABASE_URL: target.applicationUrl,
      PUNCTUAL_OWNER_DATABASE_URL: target.ownerUrl,
    };
    expect(await punctual(both, 'restore', file)).toMatchObject({ code: 0, err: '' });
    const pool = createPool({ url: target.applicationUrl, max: 2, applicationName: 'test' });
    while ((await createAuditSealer({ pool }).runOnce()).counts['sealed']! > 0);
    const { couldBeLifted } = await readGuard(sqlOf(pool));
    await pool.end();
    expect(couldBeLifted).toBe(false);
    await expect(target.sql('DELETE FROM audit_entry')).rejects.toThrow(/permission denied/);
    const [sums] = await target.sql<{ entries: number; seals: number }>(
      `SELECT (SELECT count(*) FROM audit_entry) AS entries, (SELECT count(*) FROM audit_seal) AS seals`,
    );
    expect(sums!.seals).toBe(sums!.entries);
  });

  test('the application alone can’t restore: the owner’s address is asked for', async () => {
    await using target = await createTwoRoles();
    await bring(target);
    const file = path.join(folder, 'two.gz');
    const refused = await punctual({ DATABASE_URL: target.applicationUrl }, 'restore', file);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('PUNCTUAL_OWNER_DATABASE_URL');
  });
});

describe('coming from one role', () => {
  test('an installation that worked with one is handed over, with all that is in it', async () => {
    await using roles = await createTwoRoles();
    // As it was: one role made and owned everything, at an older schema.
    const older = (await programMigrations()).filter((name) => name < '20261121001300');
    await migrate(roles.ownerUrl, { through: older.at(-1)! });
    const pool = createPool({ url: roles.ownerUrl, max: 2, applicationName: 'test' });
    const own = sqlOf(pool);
    await own(
      `INSERT INTO audit_entry (actor, action, subject) SELECT 'Ada', 'job.pause', 'queue:' || n FROM generate_series(1, 5) n`,
    );
    await pool.end();
    const { applied } = await bring(roles);
    expect(applied).toContain('20261121001300_audit_chain');
    const application = createPool({
      url: roles.applicationUrl,
      max: 2,
      applicationName: 'test',
    });
    expect((await createAuditSealer({ pool: application }).runOnce()).counts).toEqual({
      sealed: 5,
    });
    await application.end();
    expect(await readGuard(roles.sql)).toMatchObject({ couldBeLifted: false });
    expect(await bring(roles)).toEqual({ applied: [] });
    // And back: the owner's address alone goes on.
    expect(await migrate(roles.ownerUrl)).toEqual({ applied: [] });
  });

  test('with one role the guard says that it could be lifted', async () => {
    await using db = await createTestDatabase();
    expect(await readGuard(db.sql)).toMatchObject({ couldBeLifted: true });
    await using roles = await createTwoRoles();
    await migrate(roles.ownerUrl);
    const pool = createPool({ url: roles.ownerUrl, max: 1, applicationName: 'test' });
    expect(await readGuard(sqlOf(pool))).toMatchObject({ couldBeLifted: true });
    await pool.end();
  });
});

describe('roles that don’t stand to each other as they must', () => {
  test('are refused with the statement that mends it', async () => {
    await using roles = await createTwoRoles();
    await roles.db.sql(`REVOKE ${roles.application} FROM ${roles.owner}`);
    await expect(bring(roles)).rejects.toThrow(`GRANT ${roles.application} TO ${roles.owner};`);
    await roles.db.sql(`GRANT ${roles.application} TO ${roles.owner}`);
    await roles.db.sql(`ALTER ROLE ${roles.application} SUPERUSER`);
    await expect(bring(roles)).rejects.toThrow(/no SUPERUSER/);
    await roles.db.sql(`ALTER ROLE ${roles.application} NOSUPERUSER`);
    await using other = await createTestDatabase();
    await expect(migrate(other.url, { applicationUrl: roles.applicationUrl })).rejects.toThrow(
      MigrationError,
    );
    expect((await bring(roles)).applied).toEqual([]);
  });
});

async function punctual(
  environment: Record<string, string>,
  ...words: string[]
): Promise<{ code: number; out: string; err: string }> {
  const command = path.resolve(import.meta.dirname, '../../cli/punctual.ts');
  const run = promisify(execFile)(process.execPath, [command, ...words], {
    env: { ...process.env, ...environment },
  });
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      out: error.stdout,
      err: error.stderr,
    }),
  );
}
