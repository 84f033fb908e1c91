import pg from 'pg';
import { onTestFinished } from 'vitest';
import { once } from '#core/db.ts';
import { makeRun } from '#tests/support/runs.ts';
import { until } from '#tests/support/wait.ts';
import { fault } from '../fault.ts';
import { atWork, goesOn, jobWithState, keptLeases } from '../unharmed.ts';
import { beatsIn } from '../outside/record.ts';
import type { World } from '../world.ts';

fault(12, { all: 60, quick: 8 }, async (world) => {
  await world.steadyJobs();
  await jobWithState(world);
  const workers = await Promise.all([world.worker(), world.worker()]);
  for (let rounds = 0; rounds < world.rounds; rounds++) {
    await world.live(Math.random() * 1_000);
    await atWork(world);
    // Those of the round before may not have come back yet.
    await world.during(() =>
      until(() => terminateBackends(world), { timeoutMs: 60_000, what: 'a backend to terminate' }),
    );
  }
  await goesOn(world);
  keptLeases(world, workers);
});

/** Every one but its own; how many there were. */
async function terminateBackends({ db }: World): Promise<number> {
  const [row] = await db.sql<{ ended: number }>(
    `SELECT count(*) FILTER (WHERE pg_terminate_backend(pid))::int AS ended FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  return row!.ended;
}

fault(13, { all: 2, server: { max_connections: '24' } }, async (world) => {
  await world.steadyJobs();
  // It runs from before the fault until after it, and must not notice.
  const long = await world.job({ beats: beatsIn(world.ms(90_000)), mayRunTwice: false });
  const workers = await Promise.all([world.worker(), world.worker()]);
  const begun = () =>
    world.record().filter(({ job, what }) => job === long.key && what === 'start');
  for (let rounds = 1; rounds <= world.rounds; rounds++) {
    await makeRun(world.db, long, { scheduledFor: new Date() });
    await until(() => begun().length === rounds, { timeoutMs: 30_000, what: 'the long run' });
    await world.during(async () => {
      const hog = await useUpConnections(world);
      await world.live(world.ms(70_000));
      await hog.end();
    });
    await goesOn(world);
  }
  keptLeases(world, workers);
});

/** Takes every connection that there is, those of the workers too: all but their heartbeats, which are never free. */
async function useUpConnections(world: World): Promise<{ end(): Promise<void> }> {
  const held: pg.Client[] = [];
  let isOver = false;
  const take = async () => {
    const client = new pg.Client({ connectionString: world.db.url });
    client.on('error', () => {});
    try {
      await client.connect();
      held.push(client);
    } catch {
      await world.live(20);
    }
  };
  const taking = Array.from({ length: 4 }, async () => {
    while (!isOver) await take();
  });
  await until(() => held.length > 0, { timeoutMs: 30_000, what: 'a connection' });
  // They come back as fast as anybody else: again, until none of them has come through.
  const left = await until(
    async () => {
      const { rows } = await held[0]!.query<{ name: string; isEnded: boolean | null }>(
        `SELECT application_name AS name, CASE WHEN application_name NOT LIKE '%heartbeat' THEN pg_terminate_backend(pid) END
           AS "isEnded" FROM pg_stat_activity WHERE application_name LIKE 'punctual-worker%'`,
      );
      return rows.every(({ isEnded }) => isEnded === null) && rows.length;
    },
    { timeoutMs: 30_000, what: 'the workers to have their heartbeats alone' },
  );
  world.notes.push(`${held.length} connections were taken, and ${left} left, the heartbeats’`);
  return {
    async end() {
      isOver = true;
      await Promise.all(taking);
      await Promise.all(held.map((client) => client.end()));
    },
  };
}

fault(15, { all: 3, quick: 1 }, async (world) => {
  await world.steadyJobs();
  await jobWithState(world);
  const workers = await Promise.all([world.worker(), world.worker()]);
  for (let rounds = 0; rounds < world.rounds; rounds++) {
    await atWork(world);
    await world.during(async () => {
      const holder = await connected(world);
      await lockTheRuns(holder);
      await world.live(world.ms(60_000));
      const { rows } = await holder.query<{ waiting: number }>(
        `SELECT count(*)::int AS waiting FROM pg_stat_activity
          WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))`,
      );
      if (rows[0]!.waiting === 0) world.finds('nobody waited for the lock');
      await holder.query('ROLLBACK');
      await holder.end();
    });
    await goesOn(world);
  }
  keptLeases(world, workers);
});

/** A worker may hold a part of the table already and wait for the rest of it: one of the two gives way, maybe this one. */
const lockTheRuns = (holder: pg.Client) =>
  once(async () => {
    await holder.query('ROLLBACK');
    await holder.query('BEGIN; LOCK TABLE run IN ACCESS EXCLUSIVE MODE');
  });

// Whoever has waited for so long looks whether there is a deadlock, and gives way: a worker, 20 ms after it came.
fault(16, { all: 1, server: { deadlock_timeout: '20ms' } }, async (world) => {
  await world.steadyJobs();
  // Several that end at the same moment are recorded together, one row after the other.
  for (let jobs = 0; jobs < 4; jobs++) await jobWithState(world);
  await world.db.sql('CREATE SEQUENCE races_lost');
  await world.db.sql(LOSES_RACES);
  const workers = await Promise.all([world.worker(), world.worker()]);
  let ownDeadlocks = 0;
  await atWork(world);
  await world.during(async () => {
    for (const table of RACED) {
      // This one may lose a deadlock as well.
      await once(() =>
        world.db.sql(
          `CREATE TRIGGER loses_races BEFORE INSERT OR UPDATE ON ${table}
             FOR EACH ROW EXECUTE FUNCTION loses_races()`,
        ),
      );
    }
    const end = performance.now() + world.ms(80_000);
    const hostile = Array.from({ length: 3 }, () => lockAtRandom(world, end));
    ownDeadlocks = (await Promise.all(hostile)).reduce((sum, one) => sum + one, 0);
    for (const table of RACED) {
      await once(() => world.db.sql(`DROP TRIGGER IF EXISTS loses_races ON ${table}`));
    }
  });
  await goesOn(world);
  const [seen] = await world.db.sql<{ deadlocks: number; races: number }>(
    `SELECT deadlocks, (SELECT last_value FROM races_lost) AS races
       FROM pg_stat_database WHERE datname = current_database()`,
  );
  const deadlocks = seen!.deadlocks - ownDeadlocks;
  world.notes.push(`${deadlocks} deadlocks and ${seen!.races} lost races of the workers`);
  if (deadlocks < 1) world.finds('no worker met a deadlock');
  if (seen!.races < 10) world.finds(`the workers lost ${seen!.races} races`);
  keptLeases(world, workers);
});

/** What the workers write all the while. */
const RACED = ['run', 'attempt', 'log_chunk', 'job', 'job_progress', 'worker'];

const LOSES_RACES = `
CREATE FUNCTION loses_races() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF random() < 0.1 THEN
    PERFORM nextval('races_lost');
    RAISE EXCEPTION 'lost a race' USING ERRCODE = CASE WHEN random() < 0.5 THEN '40001' ELSE '40P01' END;
  END IF;
  RETURN new;
END $$`;

/** Locks rows that the workers lock, in any order, until `end` (monotonic). How often a deadlock hit itself. */
async function lockAtRandom(world: World, end: number): Promise<number> {
  const client = await connected(world);
  // A worker that waits for it is to give way first.
  await client.query(`SET deadlock_timeout = '1s'`);
  let deadlocks = 0;
  while (performance.now() < end) {
    const order = LOCKED.toSorted(() => Math.random() - 0.5).slice(0, 3);
    try {
      await client.query('BEGIN');
      for (const rows of order) {
        await client.query(rows);
        await world.live(Math.random() * 50);
      }
      await client.query('COMMIT');
    } catch (error) {
      if ((error as { code?: string }).code === '40P01') deadlocks += 1;
      await client.query('ROLLBACK');
    }
    await world.live(Math.random() * 200);
  }
  await client.end();
  return deadlocks;
}

const LOCKED = [
  `SELECT FROM run_live WHERE state = 'running' ORDER BY random() LIMIT 2 FOR UPDATE`,
  'SELECT FROM job_progress ORDER BY random() LIMIT 2 FOR UPDATE',
  'SELECT FROM job ORDER BY random() LIMIT 1 FOR UPDATE',
  `SELECT FROM queue WHERE name = 'default' FOR UPDATE`,
];

async function connected({ db }: World): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: db.url });
  client.on('error', () => {});
  onTestFinished(() => client.end().catch(() => {}));
  await client.connect();
  return client;
}
