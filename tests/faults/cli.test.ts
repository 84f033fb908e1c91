import { hostname, userInfo } from 'node:os';
import { describe, expect, onTestFinished, test } from 'vitest';
import { migrate } from '#prisma/migrate.ts';
import { usualGrant } from '#core/auth/usual-grant.ts';
import type { Role } from '#core/auth/permission-table.ts';
import { createPool, type Sql, sqlOf } from '#core/db.ts';
import type { AuditedJob, TickAudit } from '#core/audit-ticks/audit-ticks.ts';
import type { JobDefinitionInput } from '#core/jobs/definition.ts';
import { startEmbeddedPostgres } from '../../cli/start/embedded-postgres.ts';
import { punctual } from '#tests/support/command.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { temporaryFolder } from '#tests/support/start.ts';
import { until } from '#tests/support/wait.ts';
import { startWorker } from '#tests/support/worker.ts';

const ME = `${userInfo().username}@${hostname()}`;

const script = (text: string): Pick<JobDefinitionInput, 'work'> => ({
  work: { kind: 'script', interpreter: 'sh', text },
});
const lines = (text: unknown) => String(text).split('\n').filter(Boolean);
const objects = <T>(text: unknown) => lines(text).map((line) => JSON.parse(line) as T);

async function addUser(db: TestDatabase, email: string, role: Role): Promise<void> {
  const name = email.split('@')[0];
  await db.sql('INSERT INTO "user" (id, name, email, grants) VALUES ($1, $1, $2, $3)', [
    name,
    email,
    JSON.stringify([usualGrant(role)]),
  ]);
}

async function runsOf(db: { sql: Sql }) {
  return db.sql<{ id: number; state: string; requestedBy: string; parameters: unknown }>(
    `SELECT id, state, requested_by AS "requestedBy", parameters FROM run ORDER BY id`,
  );
}

describe('punctual run', () => {
  test('--wait follows a run to its end and says no other than the run', async () => {
    await using db = await createTestDatabase();
    await startWorker(db);
    const good = await makeJob(db, script('echo hello; sleep 0.3'));
    const bad = await makeJob(db, script('echo the disk is full >&2; exit 3'));
    const slow = await makeJob(db, { ...script('sleep 20'), timeoutMs: 1_000 });

    const succeeded = await punctual(db, ['run', good.key, '--wait', '--note', 'a test']);
    expect(succeeded).toMatchObject({ exitCode: 0, stderr: '' });
    const said = lines(succeeded.stdout);
    expect(said[0]).toMatch(new RegExp(`run \\d+ of ${good.key} is queued|running`));
    expect(said.at(-1)).toMatch(/succeeded after/);

    const failed = await punctual(db, ['run', bad.key, '--wait', '--json']);
    expect(failed.exitCode).toBe(1);
    const shown = objects<Record<string, unknown>>(failed.stdout);
    expect(shown.at(-1)).toMatchObject({
      jobKey: bad.key,
      state: 'failed',
      attempts: 1,
      cause: expect.stringContaining('3'),
      requestedBy: ME,
    });

    const late = await punctual(db, ['run', slow.key, '--wait']);
    expect(late.exitCode).toBe(1);
    expect(lines(late.stdout).at(-1)).toMatch(/timed out after .*: /);

    const trail = await db.sql(
      `SELECT actor, action, reason FROM audit_entry WHERE action = 'job.trigger' ORDER BY id LIMIT 1`,
    );
    expect(trail).toEqual([{ actor: ME, action: 'job.trigger', reason: 'a test' }]);
  });

  test('tells the stretch that a run covered; --test runs a paused job, and moves nothing', async () => {
    await using db = await createTestDatabase();
    await startWorker(db);
    const job = await makeJob(db, script('echo "test: $PUNCTUAL_TEST"'));
    const run = async (...options: string[]) => {
      const { stdout } = await punctual(db, ['run', job.key, '--wait', '--json', ...options]);
      return objects<{ trigger: string; coversFrom: string | null; coversTo: string }>(stdout).at(
        -1,
      )!;
    };
    const first = await run();
    expect(first).toMatchObject({ trigger: 'manual', coversFrom: null });
    await db.sql(`UPDATE job SET paused_at = now(), paused_by = 'Operator' WHERE id = $1`, [
      job.id,
    ]);
    expect(await run('--test')).toMatchObject({ trigger: 'test', coversFrom: first.coversTo });
    expect(await run()).toMatchObject({ trigger: 'manual', coversFrom: first.coversTo });
  });

  test('a run that is skipped or cancelled ends with 1, and Ctrl-C stops the waiting alone', async () => {
    await using db = await createTestDatabase();
    await startWorker(db);
    const job = await makeJob(db, { ...script('echo begun; sleep 30'), overlap: 'skip' });
    const first = punctual(db, ['run', job.key, '--wait']);
    await until(async () => (await runsOf(db))[0]?.state === 'running', { what: 'the first run' });
    const second = await punctual(db, ['run', job.key, '--wait']);
    expect(second.exitCode).toBe(1);
    expect(lines(second.stdout).at(-1)).toMatch(
      /skipped \(overlap\): run \d+ .* was still running/,
    );

    // Skipped runs have no log: the latest that may have one is the first.
    const waiting = punctual(db, ['logs', job.key, '-f']);
    const seen: string[] = [];
    waiting.stdout?.on('data', (data: Buffer) => seen.push(...lines(data)));
    await until(() => seen.includes('begun'), { what: 'the log' });
    first.kill('SIGINT');
    const stopped = await first;
    expect(stopped.exitCode).toBe(130);
    expect(stopped.stderr).toMatch(/^Stopped waiting\. Run \d+ goes on: punctual logs \d+ -f/);
    const [run] = await runsOf(db);
    expect(run?.state).toBe('running');
    waiting.kill('SIGINT');
    expect((await waiting).exitCode).toBe(130);

    const again = punctual(db, ['logs', String(run!.id), '-f']);
    await db.sql(
      `UPDATE run SET cancel_requested_at = now(), cancelled_by = 'Test' WHERE id = $1 AND is_live`,
      [run!.id],
    );
    await db.sql(`SELECT pg_notify('punctual_work', '{"signal":"cancel"}')`);
    const ended = await again;
    expect(ended).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('cancelled') });
  });

  test('parameters are read by their types; what is wrong is said with the next step, and nothing runs', async () => {
    await using db = await createTestDatabase();
    const job = await makeJob(db, {
      parameters: [
        { name: 'limit', type: 'number', default: 10 },
        { name: 'region', type: 'choice', choices: ['eu', 'us'], default: 'eu' },
      ],
    });
    const refused = async (...args: string[]) => {
      const { exitCode, stderr, stdout } = await punctual(db, args);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      return stderr;
    };
    expect(await refused('run', `${job.key}x`)).toContain(`Did you mean ${job.key}`);
    expect(await refused('run', job.key, '--param', 'limit=lots')).toBe('limit is a number.');
    expect(await refused('run', job.key, '--param', 'size=1')).toContain('It has limit, region.');
    expect(await refused('run', job.key, '--param', 'limit')).toContain('name=value');
    expect(await refused('run', job.key, '--as', 'nobody@example.org')).toContain('Nobody has');
    expect(await refused('run')).toContain('missing required argument');
    expect(await runsOf(db)).toEqual([]);

    const made = await punctual(db, ['run', job.key, '--param', 'limit=5', '--json']);
    expect(made.exitCode).toBe(0);
    expect(objects(made.stdout)).toMatchObject([{ jobKey: job.key, state: 'queued', attempts: 0 }]);
    expect(await runsOf(db)).toMatchObject([
      { requestedBy: ME, parameters: { limit: 5, region: 'eu' } },
    ]);
  });

  test('--as acts with an account’s role and in its name', async () => {
    await using db = await createTestDatabase();
    await addUser(db, 'vera@example.org', 'viewer');
    await addUser(db, 'adam@example.org', 'admin');
    const job = await makeJob(db);
    const viewer = await punctual(db, ['run', job.key, '--as', 'vera@example.org']);
    expect(viewer).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('role') });
    expect(await runsOf(db)).toEqual([]);
    expect((await punctual(db, ['run', job.key, '--as', 'Adam@example.org'])).exitCode).toBe(0);
    expect(await db.sql('SELECT actor, address FROM audit_entry')).toEqual([
      { actor: 'adam', address: `terminal of ${ME}` },
    ]);
    await db.sql(`UPDATE "user" SET disabled_at = now() WHERE name = 'adam'`);
    const off = await punctual(db, ['run', job.key, '--as', 'adam@example.org']);
    expect(off).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('switched off') });
  });
});

describe('punctual logs', () => {
  test('prints a log stream by stream, the latest of a job, its end, and as JSON', async () => {
    await using db = await createTestDatabase();
    await startWorker(db);
    const colours = String.raw`printf '\033[32mgreen\033[0m\n'; echo oops >&2; echo last`;
    const job = await makeJob(db, script(colours));
    const none = await punctual(db, ['logs', job.key]);
    expect(none).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('hasn’t run yet') });
    await punctual(db, ['run', job.key, '--wait']);
    const [run] = await runsOf(db);

    const printed = await punctual(db, ['logs', job.key]);
    expect(printed).toMatchObject({ exitCode: 0, stdout: 'green\nlast' });
    expect(lines(printed.stderr)).toContain('oops');
    const tail = await punctual(db, ['logs', String(run!.id), '--tail', '1', '--json']);
    expect(objects(tail.stdout)).toHaveLength(1);
    const all = objects<{ stream: string; text: string }>(
      (await punctual(db, ['logs', String(run!.id), '--json'])).stdout,
    );
    expect(all).toContainEqual(
      expect.objectContaining({ run: run!.id, attempt: 1, stream: 'stderr', text: 'oops' }),
    );
    const unknown = await punctual(db, ['logs', '999999']);
    expect(unknown).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/no run 999999/) });
  });

  test('-f shows lines as they are written, through a restart of Postgres, to the last one', async () => {
    const folder = temporaryFolder();
    let server = await startEmbeddedPostgres(folder);
    await migrate(server.url, { applicationUrl: server.applicationUrl });
    const pool = createPool({ url: server.url, max: 3, applicationName: 'punctual-test' });
    onTestFinished(() => pool.end());
    const db = { url: server.url, sql: sqlOf(pool) };
    // A lease that outlives the restart: it is the log that is asked here.
    const patient = { PUNCTUAL_LEASE_MS: '60000', PUNCTUAL_SELF_KILL_MS: '50000' };
    await startWorker(db, patient);
    const job = await makeJob(db, script('for n in $(seq 1 60); do echo line $n; sleep 0.1; done'));
    // Without DATABASE_URL the commands find the server of the data folder.
    const place = { dataFolder: folder };
    expect((await punctual(place, ['run', job.key])).exitCode).toBe(0);

    const log = punctual(place, ['logs', job.key, '-f'], { buffer: true });
    const seen: string[] = [];
    log.stdout?.on('data', (data: Buffer) => seen.push(...lines(data)));
    await until(() => seen.includes('line 5'), { what: 'the first lines', timeoutMs: 20_000 });
    expect(seen).not.toContain('line 60');
    let complaints = '';
    log.stderr?.on('data', (data: Buffer) => (complaints += String(data)));
    await server.stop();
    await until(() => complaints.includes('doesn’t answer'), { what: 'it to notice' });
    server = await startEmbeddedPostgres(folder);
    const { exitCode, stdout, stderr } = await log;
    expect({ exitCode, printed: lines(stdout) }).toEqual({
      exitCode: 0,
      printed: Array.from({ length: 60 }, (_, n) => `line ${n + 1}`),
    });
    expect(stderr).toMatch(/doesn’t answer[^]*answers again[^]*succeeded/);
  });
});

describe('punctual audit-ticks', () => {
  test('adds up after real workers, one of them killed; a run that goes is noticed and named', async () => {
    await using db = await createTestDatabase();
    const everySecond = {
      type: 'interval',
      everyMs: 1_000,
      anchor: '2026-01-01T00:00:00Z',
      timeZone: 'UTC',
    } as const;
    const job = await makeJob(db, { schedule: everySecond, overlap: 'allow' });
    const paused = await makeJob(db, {
      schedule: everySecond,
      overlap: 'skip',
      ...script('sleep 2'),
    });
    const [victim] = await Promise.all([startWorker(db), startWorker(db)]);
    const ended = async () =>
      (await db.sql(`SELECT FROM run WHERE job_id = $1 AND state = 'succeeded'`, [job.id])).length;
    await until(async () => (await ended()) >= 3, { what: 'some runs', timeoutMs: 20_000 });
    await victim.kill();
    await until(async () => (await ended()) >= 8, { what: 'more runs', timeoutMs: 30_000 });

    const audited = await punctual(db, ['audit-ticks', '--from', '1h', '--json']);
    const audit = JSON.parse(String(audited.stdout)) as TickAudit;
    expect(audit.jobs.map(({ key, isEven, findings }) => ({ key, isEven, findings }))).toEqual(
      [job.key, paused.key].toSorted().map((key) => ({ key, isEven: true, findings: [] })),
    );
    expect(audit.sum.expected).toBeGreaterThanOrEqual(16);
    expect(audited.exitCode).toBe(0);

    const [gone] = await db.sql<{ at: Date }>(
      `DELETE FROM run WHERE job_id = $1 AND NOT is_live AND id = (
         SELECT id FROM run WHERE job_id = $1 AND state = 'succeeded' ORDER BY id LIMIT 1)
       RETURNING scheduled_for AS at`,
      [job.id],
    );
    const noticed = await punctual(db, ['audit-ticks', '--job', job.key, '--from', '1h']);
    expect(noticed.exitCode).toBe(1);
    expect(noticed.stdout).toContain('MISMATCH');
    expect(noticed.stdout).toContain(
      `missing: the tick of ${gone!.at.toISOString()} stands in no run and in no gap`,
    );
    expect(noticed.stdout).toMatch(/expected \d+ ≠ ran \d+ \+ skipped/);
  });

  test('what can’t be asked ends with 2 and the next step', async () => {
    await using db = await createTestDatabase();
    const job: Pick<AuditedJob, 'key'> = await makeJob(db);
    const says = async (...args: string[]) => {
      const { exitCode, stderr } = await punctual(db, ['audit-ticks', ...args]);
      expect(exitCode).toBe(2);
      return stderr;
    };
    expect(await says('--from', 'yesterday')).toContain('--from yesterday is no instant');
    expect(await says('--from', '1h', '--to', '2h')).toContain('begins before it ends');
    expect(await says('--job', `${job.key}y`)).toContain(`Did you mean ${job.key}`);
    expect(await says('--form', '1h')).toContain('unknown option');
    const nowhere = { url: 'postgresql://127.0.0.1:1/nowhere' };
    expect(await punctual(nowhere, ['audit-ticks'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^The database doesn’t answer\./),
    });
    expect(await punctual({ dataFolder: '/nowhere' }, ['audit-ticks'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^Punctual isn’t running on .*npm start/),
    });
  });
});
