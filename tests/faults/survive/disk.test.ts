import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { isAlive } from '#tests/support/start.ts';
import { until } from '#tests/support/wait.ts';
import { fault } from '../fault.ts';
import { atWork, goesOn, jobWithState } from '../unharmed.ts';
import { CannotBeMade, type World } from '../world.ts';

const SMALL_WAL = { max_wal_size: '64MB', min_wal_size: '32MB' };

fault(17, { all: 4, quick: 1, server: SMALL_WAL }, async (world) => {
  const disk = await moveToSmallDisk(world);
  const refusals = (level: 'ERROR' | 'PANIC') => {
    const said = readFileSync(path.join(world.server.folder, 'postgres.log'), 'utf8');
    return said.match(new RegExp(`${level}: .*No space left on device`, 'g'))?.length ?? 0;
  };
  await world.steadyJobs();
  await jobWithState(world);
  await Promise.all([world.worker(), world.worker()]);
  for (let rounds = 0; rounds < world.rounds; rounds++) {
    await atWork(world);
    // While the disk is full there is no new connection to be had.
    const admin = await connected(world);
    // What was written ahead is kept for a standby that never comes: else the server goes on in the files that it has.
    await admin.query(`SELECT pg_create_physical_replication_slot('absent', true)`);
    await world.during(async () => {
      disk.fill();
      await world.live(world.ms(30_000));
      // Rows find room in pages that are there already; sooner or later one needs a new page.
      await until(() => refusals('ERROR') > 0, {
        timeoutMs: 60_000,
        what: 'a statement that finds no room',
      });
      // Until there is no room for what is to be written ahead either: that ends the server.
      const panics = refusals('PANIC');
      await until(() => writeAhead(admin).then(() => refusals('PANIC') > panics), {
        timeoutMs: 60_000,
        what: 'PostgreSQL to give up',
      });
      disk.free();
      await until(() => isUp(world), { timeoutMs: 60_000, everyMs: 200, what: 'PostgreSQL' });
    });
    await goesOn(world);
  }
  for (const [level, who] of [
    ['ERROR', 'no statement'],
    ['PANIC', 'not the server'],
  ] as const) {
    const met = refusals(level);
    if (met > 0) world.notes.push(`${met} times ${level}: no space left on device`);
    else world.finds(`${who} met the full disk`);
  }
});

/** Moves the data to a file system with 150 MB left. @throws CannotBeMade where nothing can be mounted */
async function moveToSmallDisk(world: World): Promise<{ fill(): void; free(): void }> {
  const data = path.join(world.server.folder, 'postgres');
  const away = path.join(world.server.folder, 'away');
  const { uid, gid } = statSync(data);
  const usedKb = Number(execFileSync('du', ['-sk', data], { encoding: 'utf8' }).split('\t')[0]);
  const sizeKb = usedKb + 150_000;
  await endServer(world, 'SIGINT');
  renameSync(data, away);
  mkdirSync(data);
  const options = `size=${sizeKb}k,mode=700,uid=${uid},gid=${gid}`;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', data], { stdio: 'pipe' });
  } catch (error) {
    throw new CannotBeMade(`no small file system can be mounted here: ${String(error)}`);
  }
  let filling: NodeJS.Timeout | undefined;
  onTestFinished(async () => {
    clearInterval(filling);
    if (isAlive(world.server.pid)) await endServer(world, 'SIGQUIT');
    execFileSync('umount', ['-l', data]);
  });
  execFileSync('cp', ['-a', `${away}/.`, data]);
  await world.server.startAgain();

  const ballast = path.join(data, 'ballast');
  const piece = Buffer.alloc(65_536);
  const fill = () => {
    try {
      for (let kb = 0; kb < sizeKb; kb += 64) appendFileSync(ballast, piece);
    } catch {
      // It is full. What the server gives up later is taken as well.
    }
  };
  return {
    fill() {
      fill();
      filling = setInterval(fill, 20);
    },
    free() {
      clearInterval(filling);
      rmSync(ballast);
    },
  };
}

async function endServer({ server }: World, signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
  const { pid } = server;
  process.kill(pid, signal);
  await until(() => !isAlive(pid), { timeoutMs: 60_000, what: 'the end of Postgres' });
}

/** It comes back by itself, where it finds room for that, or is started; then nobody is waited for any more. */
async function isUp(world: World): Promise<boolean> {
  if (!isAlive(world.server.pid)) await world.server.startAgain();
  return world.db.sql('SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots').then(
    () => true,
    () => false,
  );
}

async function writeAhead(admin: pg.Client): Promise<void> {
  await admin
    .query(`SELECT pg_logical_emit_message(true, 'fault', repeat('x', 1000000)), pg_switch_wal()`)
    .catch(() => new Promise((resolve) => setTimeout(resolve, 20)));
}

async function connected({ db }: World): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: db.url });
  client.on('error', () => {});
  onTestFinished(() => client.end().catch(() => {}));
  await client.connect();
  return client;
}
