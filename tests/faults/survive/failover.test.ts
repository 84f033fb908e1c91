import { spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { startTestPostgres, type TestPostgres } from '#tests/support/postgres.ts';
import { isAlive } from '#tests/support/start.ts';
import { until } from '#tests/support/wait.ts';
import { fault, IS_ALL } from '../fault.ts';
import { atWork, goesOn, jobWithState } from '../unharmed.ts';
import type { World } from '../world.ts';

fault(18, { all: 3, quick: 1, server: {} }, async (world) => {
  await world.steadyJobs();
  await jobWithState(world);
  const workers = await Promise.all([world.worker(), world.worker()]);
  for (let round = 1; round <= world.rounds; round++) {
    await atWork(world);
    await (IS_ALL && round === world.rounds ? failOver(world) : beReadOnly(world));
    await goesOn(world);
  }
  const refused = workers.flatMap(({ log }) =>
    log.filter((line) => JSON.stringify(line).includes('read-only transaction')),
  );
  if (refused.length === 0) world.finds('no worker met a database that takes no writes');
});

/** New sessions take no writes, and stay like that when later ones do: as with a server that was the first before. */
async function beReadOnly(world: World): Promise<void> {
  const admin = await connected(world);
  const database = new URL(world.db.url).pathname.slice(1);
  await world.during(async () => {
    await admin.query(`ALTER DATABASE ${database} SET default_transaction_read_only = on`);
    await admin.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
      [database],
    );
    await world.live(world.ms(30_000));
    await admin.query(`ALTER DATABASE ${database} RESET default_transaction_read_only`);
  });
}

/**
 * The server ends, its standby answers at its address, and is promoted a while later. What was committed is on both:
 * commits wait for the standby.
 */
async function failOver(world: World): Promise<void> {
  const standby = await startStandby(world);
  await world.during(async () => {
    await endOf(world.server.pid, 'SIGQUIT');
    await endOf(standby.pid, 'SIGINT');
    const { port } = new URL(world.server.url);
    writeFileSync(path.join(standby.folder, 'postgres/postmaster.opts'), `port=${port}`);
    await standby.startAgain();
    await world.live(world.ms(30_000));
    await (await connected(world)).query('SELECT pg_promote()');
  });
  world.notes.push('a standby, fed by streaming and synchronous, took over in the last round');
}

async function startStandby(world: World): Promise<TestPostgres> {
  const admin = await connected(world);
  const copy = mkdtempSync(path.join(tmpdir(), 'punctual-test-standby-'));
  const data = path.join(copy, 'postgres');
  await admin.query(`SELECT pg_backup_start('standby', true)`);
  // Files may go while they are copied; what is written ahead makes up for it.
  spawnSync('cp', ['-a', `${world.server.folder}/.`, copy]);
  const { rows } = await admin.query<{ label: string }>(
    'SELECT labelfile AS label FROM pg_backup_stop(false)',
  );
  const { uid, gid } = statSync(data);
  for (const [name, text] of Object.entries({
    backup_label: rows[0]!.label,
    'standby.signal': '',
  })) {
    writeFileSync(path.join(data, name), text);
    chownSync(path.join(data, name), uid, gid);
  }
  for (const name of ['postmaster.pid', 'postmaster.opts']) rmSync(path.join(data, name));
  const { port, username, password } = new URL(world.server.url);
  const standby = await startTestPostgres(
    { primary_conninfo: `host=127.0.0.1 port=${port} user=${username} password=${password}` },
    {},
    copy,
  );
  rmSync(copy, { recursive: true });
  onTestFinished(() => standby.stop());
  await admin.query(`ALTER SYSTEM SET synchronous_standby_names = '*'`);
  await admin.query('SELECT pg_reload_conf()');
  await until(
    async () =>
      (await admin.query(`SELECT FROM pg_stat_replication WHERE sync_state = 'sync'`)).rowCount,
    { timeoutMs: 60_000, what: 'the standby to follow' },
  );
  return standby;
}

async function endOf(pid: number, signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
  process.kill(pid, signal);
  await until(() => !isAlive(pid), { timeoutMs: 60_000, what: 'the end of PostgreSQL' });
}

async function connected({ db }: World): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: db.url });
  client.on('error', () => {});
  onTestFinished(() => client.end().catch(() => {}));
  await client.connect();
  return client;
}
