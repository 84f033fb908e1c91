import { once } from 'node:events';
import { statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildConsole, generateClient } from '../../cli/start/build-console.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import {
  childrenOf,
  isAlive,
  serverPid,
  type Started,
  startPunctual,
  temporaryFolder,
} from '#tests/support/start.ts';
import { until } from '#tests/support/wait.ts';

describe('npm start', () => {
  beforeAll(async () => {
    const never = new AbortController().signal;
    await generateClient(never);
    await buildConsole(never);
  }, 180_000);

  test('becomes a page that can be used, and Ctrl-C leaves nothing behind', async () => {
    const folder = temporaryFolder();
    const punctual = await startPunctual(folder);
    const link = await punctual.says(/first admin's account/);
    expect(link).toContain(`http://localhost:${punctual.port}/`);
    expect(await answer(punctual, '/api/health')).toEqual({ status: 200 });
    for (const secret of ['auth-secret', 'secret-key', 'postgres-password', 'lock']) {
      expect(statSync(path.join(folder, secret)).mode & 0o777).toBe(0o600);
    }

    const processes = [...childrenOf(punctual.pid).map((child) => child.pid), serverPid(folder)!];
    expect(processes.length).toBeGreaterThanOrEqual(3);
    punctual.signal('SIGINT');
    expect(await punctual.ended).toBe(0);
    expect(processes.filter(isAlive)).toEqual([]);
    expect(punctual.said).toContain('Stopped.');
  });

  test('twice in a row keeps the data', async () => {
    const folder = temporaryFolder();
    const first = await startPunctual(folder, ADMIN);
    await first.says(/is ready/);
    first.signal('SIGTERM');
    expect(await first.ended).toBe(0);
    const second = await startPunctual(folder);
    await second.says(/is ready/);
    // The account made by the first start is there, so nobody is asked to make one.
    expect(second.said.join('\n')).not.toContain("first admin's account");
    expect(second.said.join('\n')).not.toMatch(/Making the database|Made its tables|Migrated/);
  });

  test('a second start on the same data is refused by the name of the first, which goes on', async () => {
    const folder = temporaryFolder();
    const first = await startPunctual(folder);
    await first.says(/is ready/);
    const second = await startPunctual(folder);
    expect(await second.ended).toBe(1);
    const words = second.said.join('\n');
    expect(words).toContain(`process ${first.pid}`);
    expect(words).toContain(`http://localhost:${first.port}`);
    expect(await answer(first, '/api/health')).toEqual({ status: 200 });
  });

  test('a PORT that is taken is an error that names it, before anything starts', async () => {
    const folder = temporaryFolder();
    const server = createServer().listen(0, '127.0.0.1');
    await until(() => server.listening);
    const { port } = server.address() as { port: number };
    const punctual = await startPunctual(folder, { PORT: String(port) });
    expect(await punctual.ended).toBe(1);
    expect(punctual.said.join('\n')).toMatch(
      new RegExp(`PORT is ${port}, and another program listens`),
    );
    expect(serverPid(folder)).toBeNull();
    server.close();
  });

  test('a variable that cannot be used is named with what it may be', async () => {
    const punctual = await startPunctual(temporaryFolder(), { PUNCTUAL_LEASE_MS: 'soon' });
    expect(await punctual.ended).toBe(1);
    expect(punctual.said.join('\n')).toMatch(/PUNCTUAL_LEASE_MS must be a whole number of milli/);
  });

  test('after kill -9 console and worker end by themselves, and the next start takes PostgreSQL over', async () => {
    const folder = temporaryFolder();
    const first = await startPunctual(folder, ADMIN);
    await first.says(/is ready/);
    const parts = childrenOf(first.pid)
      .filter((child) => /web\.ts|worker\/main\.ts|next-server/.test(child.command))
      .map((child) => child.pid);
    expect(parts).toHaveLength(2);
    const postgres = serverPid(folder);
    first.signal('SIGKILL');
    await first.ended;
    await until(() => !parts.some(isAlive), { what: 'the end of the children', timeoutMs: 30_000 });
    expect(serverPid(folder)).toBe(postgres);

    const second = await startPunctual(folder);
    await second.says(new RegExp(`Took over .*process ${postgres}`));
    await second.says(/is ready/);
    second.signal('SIGINT');
    expect(await second.ended).toBe(0);
    expect(serverPid(folder)).toBeNull();
  });

  test('a console, a worker and a database that die are started again', async () => {
    const punctual = await startPunctual(temporaryFolder());
    await punctual.says(/is ready/);
    const worker = childrenOf(punctual.pid).find((child) => /worker/.test(child.command))!;
    const web = childrenOf(punctual.pid).find((child) => /web|next/.test(child.command))!;
    process.kill(worker.pid, 'SIGKILL');
    process.kill(web.pid, 'SIGKILL');
    process.kill(serverPid(punctual.folder)!, 'SIGKILL');
    await punctual.says(/The worker ended by itself/);
    await punctual.says(/The console ended by itself/);
    await punctual.says(/PostgreSQL ended by itself/);
    await until(async () => (await answer(punctual, '/api/ready')).status === 200, {
      timeoutMs: 30_000,
      what: 'readiness',
    });
  });

  test('Ctrl-C says what it waits for and lets it finish', async () => {
    await using db = await createTestDatabase();
    const punctual = await startPunctual(temporaryFolder(), { DATABASE_URL: db.url });
    await punctual.says(/is ready/);
    const job = await everySecond(db, 'sleep 3');
    await runIs(db, job, 'running');
    punctual.signal('SIGINT');
    await punctual.says(new RegExp(`Waiting for 1 run: ${job.key} `));
    expect(await punctual.ended).toBe(0);
    await runIs(db, job, 'succeeded');
  });

  test('a second Ctrl-C hurries', async () => {
    await using db = await createTestDatabase();
    const punctual = await startPunctual(temporaryFolder(), {
      DATABASE_URL: db.url,
      PUNCTUAL_KILL_GRACE_MS: '500',
    });
    await punctual.says(/is ready/);
    const job = await everySecond(db, 'sleep 60');
    await runIs(db, job, 'running');
    const firstAt = performance.now();
    punctual.signal('SIGINT');
    await punctual.says(/Waiting for 1 run/);
    // What comes sooner is the same press, which npm passes on once more.
    await until(() => performance.now() - firstAt > 500);
    const pressedAt = performance.now();
    punctual.signal('SIGINT');
    await punctual.says(/Hurrying/);
    expect(await punctual.ended).toBe(0);
    expect(performance.now() - pressedAt).toBeLessThan(10_000);
    // Neither left running nor taken for a success.
    const [run] = await db.sql<{ state: string }>('SELECT state FROM run WHERE attempt > 0');
    expect(['lost', 'cancelled', 'queued']).toContain(run?.state);
  });

  test('what a browser holds open does not hold Ctrl-C up', async () => {
    const punctual = await startPunctual(temporaryFolder(), ADMIN);
    await punctual.says(/is ready/);
    const origin = `http://localhost:${punctual.port}`;
    const signIn = await fetch(`${origin}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin },
      body: JSON.stringify({
        email: ADMIN.PUNCTUAL_ADMIN_EMAIL,
        password: ADMIN.PUNCTUAL_ADMIN_PASSWORD,
      }),
    });
    const cookie = signIn.headers.getSetCookie().map((each) => each.split(';')[0]);
    const stream = await fetch(`${origin}/api/events`, { headers: { cookie: cookie.join('; ') } });
    expect(stream.status).toBe(200);
    // Browsers open connections ahead of their need.
    const unused = connect(punctual.port, '127.0.0.1').on('error', () => {});
    await once(unused, 'connect');
    const pressedAt = performance.now();
    punctual.signal('SIGINT');
    await stream.text();
    expect(await punctual.ended).toBe(0);
    // Less than the 5 s for which the stream's connection would be kept.
    expect(performance.now() - pressedAt).toBeLessThan(4_000);
  });
});

function everySecond(db: TestDatabase, text: string): Promise<TestJob> {
  return makeJob(db, {
    work: { kind: 'script', interpreter: 'sh', text },
    schedule: { type: 'interval', everyMs: 1_000, anchor: '2026-01-01T00:00:00Z', timeZone: 'UTC' },
  });
}

async function runIs(db: TestDatabase, job: TestJob, state: string): Promise<void> {
  await until(
    () =>
      db
        .sql('SELECT 1 FROM run WHERE job_id = $1 AND state = $2', [job.id, state])
        .then((r) => r.length > 0),
    { timeoutMs: 30_000, what: `a run of ${job.key} that is ${state}` },
  );
}

const ADMIN = {
  PUNCTUAL_ADMIN_EMAIL: 'admin@example.com',
  PUNCTUAL_ADMIN_PASSWORD: 'correct horse battery staple',
};

async function answer(punctual: Started, address: string): Promise<{ status: number }> {
  try {
    const { status } = await fetch(`http://127.0.0.1:${punctual.port}${address}`);
    return { status };
  } catch {
    return { status: 0 };
  }
}
