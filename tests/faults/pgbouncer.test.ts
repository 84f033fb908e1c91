import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pauseJobs } from '#core/jobs/pause-jobs.ts';
import { readLog } from '#core/logs/logs.ts';
import { closeConnections } from '#core/prisma.ts';
import { cancelRuns } from '#core/runs/cancel-by-hand.ts';
import { freePort } from '../../cli/start/ports.ts';
import { buildConsole, generateClient } from '../../cli/start/build-console.ts';
import { callerOf } from '#tests/support/callers.ts';
import { punctual } from '#tests/support/command.ts';
import { startConsole } from '#tests/support/console.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seenYesterday } from '#tests/support/history.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { noPgBouncer, startPgBouncer, type TestPgBouncer } from '#tests/support/pgbouncer.ts';
import { makeRun } from '#tests/support/runs.ts';
import { startPunctual, temporaryFolder } from '#tests/support/start.ts';
import { until } from '#tests/support/wait.ts';
import { admin, makeUser, nameDatabase, TEST_AUTH_SECRET } from '#tests/support/web.ts';
import { startWorker } from '#tests/support/worker.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const missing = noPgBouncer();
const NAMELESS = { PUNCTUAL_NAMED_STATEMENTS: 'off' };
/** Whoever isn't told waits for a minute. */
const DEAF = { PUNCTUAL_POLL_MS: '60000' };
let db: TestDatabase;
let bouncer: TestPgBouncer;
/** Past it, as an operator names it. */
let direct: { PUNCTUAL_DIRECT_DATABASE_URL: string };

beforeAll(async () => {
  if (missing !== null) return;
  db = await createTestDatabase();
  bouncer = await startPgBouncer(db, { default_pool_size: '4' });
  direct = { PUNCTUAL_DIRECT_DATABASE_URL: db.url };
  nameDatabase(bouncer, { ...direct, ...NAMELESS });
});
afterAll(async () => {
  if (missing !== null) return;
  await closeConnections();
  await bouncer[Symbol.asyncDispose]();
  await db.drop();
});
beforeEach(({ skip }) => {
  if (missing !== null) skip(missing);
});

const script = (text: string) => ({
  work: { kind: 'script' as const, interpreter: 'sh' as const, text },
});
const everySecond = {
  type: 'interval' as const,
  everyMs: 1_000,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
};
const commandVariables = (): Record<string, string | undefined> => {
  const { PATH, HOME } = process.env;
  return {
    PATH,
    HOME,
    NODE_ENV: 'production',
    DATABASE_URL: bouncer.url,
    PUNCTUAL_AUTH_SECRET: TEST_AUTH_SECRET,
    ...direct,
    ...NAMELESS,
  };
};
const command = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
  punctual(bouncer, args, { env: { ...commandVariables(), ...more } });
const runsOf = (jobId: number) =>
  db.sql<{ id: number; state: string; attempt: number }>(
    'SELECT id, state, attempt FROM run WHERE job_id = $1 ORDER BY id',
    [jobId],
  );
const succeeded = async (jobId: number) =>
  (await runsOf(jobId)).filter(({ state }) => state === 'succeeded');
const stateOf = async (runId: number) => {
  const [run] = await db.sql<{ state: string }>('SELECT state FROM run WHERE id = $1', [runId]);
  return run!.state;
};

describe('an installation behind PgBouncer', () => {
  test('plans, claims, executes, keeps logs, hears, cancels and drops old months', async () => {
    await seenYesterday(db);
    await db.sql("SELECT make_month('2020-01-01')");
    const ticking = await makeJob(db, { schedule: everySecond, ...script('echo tick') });
    const worker = await startWorker(bouncer, { ...direct, ...NAMELESS, ...DEAF });
    await until(async () => (await succeeded(ticking.id)).length >= 3, {
      what: 'three ticks that ran',
    });
    const [first] = await succeeded(ticking.id);
    const log = valueOf(
      await readLog(admin, { runId: first!.id, at: { from: 'tail', lines: 10 } }),
    );
    expect(JSON.stringify(log)).toContain('tick');

    // Told by LISTEN: by looking alone they would come a minute later.
    const job = await makeJob(db, script('echo hello; sleep 0.2; echo bye'));
    const since = performance.now();
    const ran = await command(['run', job.key, '--wait']);
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    const slow = await makeJob(db, script('sleep 60'));
    const runId = await makeRun(db, slow);
    await db.sql(`SELECT pg_notify('punctual_work', '{"signal":"look"}')`);
    await until(async () => (await stateOf(runId)) === 'running', { what: 'the long run' });
    valueOf(await cancelRuns(admin, { runIds: [runId] }));
    await until(async () => (await stateOf(runId)) === 'cancelled', { what: 'its end' });
    expect(performance.now() - since).toBeLessThan(30_000);

    await until(
      async () => {
        const [row] = await db.sql<{ isGone: boolean }>(
          `SELECT to_regclass('run_done_2020_01') IS NULL AS "isGone"`,
        );
        return row!.isGone;
      },
      { what: 'the old month to go' },
    );

    // Its own, on which it listens as well; for a moment there are those besides that look after history.
    const own = await db.sql(
      `SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND application_name ~ '^punctual-worker .* heartbeat$'`,
    );
    expect(own).toHaveLength(1);
    expect(worker.errors()).toBe('');
    const warnings = worker.log.filter(({ level }) => Number(level) >= 40);
    expect(warnings).toEqual([]);
    valueOf(await pauseJobs(admin, { jobIds: [ticking.id], reason: 'The test is over.' }));
    expect(await worker.stop()).toMatchObject({ code: 0 });
  });

  test('is examined and backed up', async () => {
    const examined = await command(['doctor', '--json']);
    const { findings } = JSON.parse(String(examined.stdout)) as { findings: { check: string }[] };
    expect(findings.map(({ check }) => check)).not.toContain('route');
    expect(findings.map(({ check }) => check)).toContain('rights.trail');
    const folder = temporaryFolder();
    const file = path.join(folder, 'backup.gz');
    expect(await command(['backup', file])).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('goes on when PgBouncer restarts: runs live on meanwhile, and every tick runs', async () => {
    const ticking = await makeJob(db, { schedule: everySecond, overlap: 'allow' });
    const long = await makeJob(db, script('sleep 6'));
    const worker = await startWorker(bouncer, { ...direct, ...NAMELESS });
    const runId = await makeRun(db, long);
    await until(async () => (await stateOf(runId)) === 'running', { what: 'the long run' });
    await until(async () => (await succeeded(ticking.id)).length >= 2);

    await bouncer.stop();
    // Longer than a lease (2 s): heartbeats don't go through it.
    const [before] = await leases(worker.workerId);
    await until(async () => (await leases(worker.workerId))[0]! - before! > 3_000, {
      what: 'heartbeats',
    });
    expect(await stateOf(runId)).toBe('running');
    const meanwhile = (await succeeded(ticking.id)).length;
    await bouncer.start();

    await until(async () => (await succeeded(ticking.id)).length >= meanwhile + 5, {
      what: 'ticks after it',
    });
    await until(async () => (await stateOf(runId)) === 'succeeded', { what: 'the long run’s end' });
    expect(await runsOf(long.id)).toMatchObject([{ attempt: 1 }]);
    valueOf(await pauseJobs(admin, { jobIds: [ticking.id], reason: 'The test is over.' }));
    await worker.stop();
    const audited = await command(['audit-ticks', '--job', ticking.key]);
    expect(audited).toMatchObject({ exitCode: 0 });
  });
});

async function leases(workerId: number): Promise<number[]> {
  const rows = await db.sql<{ ms: number }>(
    'SELECT extract(epoch FROM lease_until)::float8 * 1000 AS ms FROM worker WHERE id = $1',
    [workerId],
  );
  return rows.map(({ ms }) => ms);
}

type Wrong = 'without a direct address' | 'with named statements before 1.21';
const WRONG: Wrong[] = ['without a direct address', 'with named statements before 1.21'];
const SENTENCES: Record<Wrong, RegExp> = {
  'without a direct address':
    /DATABASE_URL refuses what sessions ask for.*Set PUNCTUAL_DIRECT_DATABASE_URL/,
  'with named statements before 1.21': /names of statements.*Set PUNCTUAL_NAMED_STATEMENTS=off/,
};
const environmentOf = (which: Wrong): Record<string, string> =>
  which === 'without a direct address'
    ? { PUNCTUAL_DIRECT_DATABASE_URL: '', ...NAMELESS }
    : { ...direct, PUNCTUAL_NAMED_STATEMENTS: 'on' };

describe('where the settings don’t fit the pooler', () => {
  test.each(WRONG)('%s no worker starts; commands and doctor say what to do', async (which) => {
    const environment = environmentOf(which);
    await expect(startWorker(bouncer, environment)).rejects.toThrow(SENTENCES[which]);
    const ran = await command(['run', 'any'], environment);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toMatch(SENTENCES[which]);
    const ready = await command(['ready'], environment);
    expect(ready).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(SENTENCES[which]),
    });
    const { stdout, exitCode } = await command(['doctor', '--json'], environment);
    expect(exitCode).toBe(1);
    const { findings } = JSON.parse(String(stdout)) as {
      findings: { check: string; says: string; fix: string }[];
    };
    expect(findings.map(({ check }) => check)).toEqual(['route']);
    expect(`${findings[0]!.says} ${findings[0]!.fix}`).toMatch(SENTENCES[which]);
  });
});

describe('a console behind PgBouncer', () => {
  beforeAll(async () => {
    if (missing !== null) return;
    const never = new AbortController().signal;
    await generateClient(never);
    await buildConsole(never);
  }, 600_000);

  test('shows what goes on as it happens, also after a restart', async () => {
    const web = await startConsole(bouncer, { ...direct, ...NAMELESS });
    const { email } = await makeUser('watcher@example.org');
    const cookie = (await callerOf(email)).headers.get('cookie')!;
    const job = await makeJob(db);
    const jobs = await fetch(`${web.url}/api/console/jobs`, { headers: { cookie } });
    expect(await jobs.text()).toContain(job.key);

    const stream = await fetch(`${web.url}/api/events`, { headers: { cookie } });
    let heard = '';
    const reading = (async () => {
      for await (const bytes of stream.body!) heard += Buffer.from(bytes).toString();
    })().catch(() => {});
    await until(() => heard.includes('"*"'), { what: 'the stream' });
    await db.sql(`SELECT pg_notify('punctual_console', '{"topic":"run","ids":[4711]}')`);
    await until(() => heard.includes('4711'), { what: 'the change' });

    await bouncer.stop();
    await bouncer.start();
    await until(
      async () => (await fetch(`${web.url}/api/console/jobs`, { headers: { cookie } })).ok,
    );
    await web.kill();
    await reading;
  });

  test.each(WRONG)(
    '%s neither it nor `npm start` stays, and both say what to do',
    async (which) => {
      const environment = environmentOf(which);
      const started = await startPunctual(temporaryFolder(), {
        DATABASE_URL: bouncer.url,
        ...environment,
      });
      expect(await started.ended).toBe(1);
      expect(started.said.join('\n')).toMatch(SENTENCES[which]);
      const web = await execa(process.execPath, [path.join(ROOT, 'cli/web.ts')], {
        env: { ...commandVariables(), ...environment, PORT: String(await freePort()) },
        extendEnv: false,
        reject: false,
        timeout: 60_000,
      });
      expect(web).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(SENTENCES[which]) });
    },
  );
});
