import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { auditTicks } from '#core/audit-ticks/audit-ticks.ts';
import { startBackfill } from '#core/backfill/start-backfill.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import { pauseJobs, resumeJobs } from '#core/jobs/pause-jobs.ts';
import { closeConnections } from '#core/prisma.ts';
import { cancelRuns } from '#core/runs/cancel-by-hand.ts';
import { triggerJob } from '#core/runs/trigger.ts';
import { isAlive } from '#tests/support/start.ts';
import type { TestJob } from '#tests/support/jobs.ts';
import { until } from '#tests/support/wait.ts';
import { admin, TEST_SECRET_KEY } from '#tests/support/web.ts';
import type { TestWorker } from '#tests/support/worker.ts';
import { survive } from './fault.ts';
import { interval, openWorld, type World } from './world.ts';

const MINUTES = Number(process.env['PUNCTUAL_SOAK_MINUTES'] ?? 0);
const SEED = Number(process.env['PUNCTUAL_SOAK_SEED'] ?? 0);
const WORKERS = 3;

it.skipIf(MINUTES === 0)(
  `soak: ${MINUTES} min of faults, edits, pauses, backfills, readers and load, seed ${SEED}`,
  { timeout: (MINUTES + 10) * 60_000 },
  async ({ task }) => {
    const since = performance.now();
    const world = await openWorld({ name: 'soak', rounds: 0, scale: 0.1, server: { fsync: 'on' } });
    Object.assign(process.env, {
      DATABASE_URL: world.db.url,
      PUNCTUAL_AUTH_SECRET: 'a secret for tests alone, 32 letters long',
      PUNCTUAL_SECRET_KEY: TEST_SECRET_KEY,
    });
    onTestFinished(closeConnections);
    const row = await survive(world, (soaked) => soak(soaked, MINUTES * 60_000), {
      number: 0,
      name: `a soak of ${MINUTES} min, seed ${SEED}`,
    });
    task.meta.fault = { ...row, tookMs: Math.round(performance.now() - since) };
    expect(row.findings).toEqual([]);
  },
);

/** Numbers from 0 to 1 that a seed repeats: a linear congruential generator with the constants of Numerical Recipes. */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

async function soak(world: World, forMs: number): Promise<void> {
  const random = chance(SEED);
  const oneOf = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  await world.steadyJobs();
  const jobs: TestJob[] = [];
  for (const everySeconds of [1, 2, 3, 5, 10]) {
    for (const overlap of ['allow', 'queue_all', 'skip', 'queue_one'] as const) {
      const mayRunTwice = random() < 0.5;
      const catchUp = oneOf(['all', 'latest', 'none'] as const);
      jobs.push(await world.job({ everySeconds, overlap, mayRunTwice, catchUp, beats: 4 }));
    }
  }
  const workers = await Promise.all(Array.from({ length: WORKERS }, () => world.worker()));
  const done = new Map<string, number>();
  const readers = startReaders(jobs);

  const acts = actsOn(world, jobs, workers, { random, oneOf });
  const weighted = acts.flatMap(({ name, weight, act }) =>
    Array.from({ length: weight }, () => ({ name, act })),
  );
  const end = performance.now() + forMs;
  while (performance.now() < end) {
    await pause(200 + random() * 1_500);
    const { name, act } = oneOf(weighted);
    done.set(name, (done.get(name) ?? 0) + 1);
    await act();
    world.rounds += 1;
  }
  const { reads, refused } = await readers.stop();
  await resumeJobs(admin, { jobIds: jobs.map(({ id }) => id) });
  const list = [...done].map(([name, times]) => `${name} ${times}`).join(', ');
  world.notes.push(`${list}; ${reads} reads, ${refused} of them while the database was away`);
  const [stands] = await world.db.sql<Record<string, number>>(
    `SELECT (SELECT count(*) FROM revision) AS revisions, (SELECT count(*) FROM gap) AS gaps,
            (SELECT count(*) FROM backfill) AS backfills, (SELECT count(*) FROM worker) AS workers,
            (SELECT count(*) FROM run WHERE state = 'lost') AS "lost runs"`,
  );
  world.notes.push(
    Object.entries(stands!)
      .map(([what, count]) => `${count} ${what}`)
      .join(', '),
  );
}

type Act = { name: string; weight: number; act: () => Promise<unknown> };

/** All that may happen. What a person asks for while the database is away may fail, and then has changed nothing. */
function actsOn(
  world: World,
  jobs: readonly TestJob[],
  workers: TestWorker[],
  { random, oneOf }: { random: () => number; oneOf: <T>(list: readonly T[]) => T },
): Act[] {
  const { db } = world;
  const replace = async (end: (victim: TestWorker) => Promise<unknown>) => {
    const at = Math.floor(random() * workers.length);
    await world.during(() => end(workers[at]!));
    workers[at] = await world.worker();
  };
  const job = () => oneOf(jobs);
  return [
    { name: 'worker killed', weight: 6, act: () => replace((victim) => victim.kill()) },
    { name: 'worker stopped', weight: 4, act: () => replace((victim) => victim.stop()) },
    {
      name: 'worker frozen',
      weight: 2,
      act: async () => {
        const victim = oneOf(workers);
        const forMs = world.ms(10_000 + random() * 110_000);
        await world.during(async () => {
          victim.freeze();
          await pause(forMs);
          victim.thaw();
        });
      },
    },
    {
      name: 'Postgres crashed',
      weight: 2,
      act: () =>
        world.during(async () => {
          const { pid } = world.server;
          process.kill(pid, 'SIGQUIT');
          await until(() => !isAlive(pid), { what: 'the end of Postgres' });
          await world.server.startAgain();
        }),
    },
    {
      name: 'backends terminated',
      weight: 3,
      act: () =>
        world.during(() =>
          db.sql(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
              WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'punctual-worker%'`,
          ),
        ),
    },
    {
      name: 'runs locked',
      weight: 2,
      act: () => {
        const forMs = 500 + random() * 4_000;
        return world.during(async () => {
          const client = await db.pool.connect();
          try {
            await client.query('BEGIN; LOCK TABLE run IN EXCLUSIVE MODE');
            await pause(forMs);
            await client.query('ROLLBACK');
          } finally {
            client.release();
          }
        });
      },
    },
    { name: 'edit', weight: 8, act: () => edit(job(), oneOf([1, 2, 3, 5, 7, 10]), db) },
    { name: 'pause', weight: 5, act: () => tried(() => pauseJobs(admin, { jobIds: [job().id] })) },
    {
      name: 'resume',
      weight: 6,
      act: () => {
        const rule = oneOf(['skip', 'latest', 'all'] as const);
        return tried(() =>
          resumeJobs(admin, { jobIds: jobs.map(({ id }) => id), answer: { rule } }),
        );
      },
    },
    {
      name: 'backfill',
      weight: 3,
      act: () => {
        const from = new Date(Date.now() - 60_000);
        const rate = { perMinute: 600, atOnce: 2 };
        return tried(() => startBackfill(admin, { jobId: job().id, from, ...rate }));
      },
    },
    {
      name: 'burst of requests',
      weight: 3,
      act: async () => {
        const { id } = job();
        for (let requests = 0; requests < 30; requests++) {
          await tried(() => triggerJob(admin, { jobId: id }));
        }
      },
    },
    {
      name: 'cancel',
      weight: 4,
      act: () =>
        tried(async () => {
          const live = await db.sql<{ id: number }>(
            'SELECT id FROM run WHERE is_live AND due_at <= now() ORDER BY id LIMIT 5',
          );
          if (live.length > 0) await cancelRuns(admin, { runIds: live.map(({ id }) => id) });
        }),
    },
  ];
}

/** Another interval, if nobody else has edited the job since. */
function edit({ id, definition }: TestJob, seconds: number, db: World['db']): Promise<unknown> {
  return tried(async () => {
    const [job] = await db.sql<{ revision: number }>('SELECT revision FROM job WHERE id = $1', [
      id,
    ]);
    const changed = { ...definition, schedule: interval(seconds) };
    await editJob(admin, { jobId: id, basedOnRevision: job!.revision, definition: changed });
  });
}

/** What fails because the database is away may be asked again. */
async function tried(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch {
    return false;
  }
}

/** Two readers who recount the ledger over and over, as an operator's audit does. */
function startReaders(jobs: readonly TestJob[]) {
  let isOver = false;
  let reads = 0;
  let refused = 0;
  const read = async (offset: number) => {
    for (let n = offset; !isOver; n++) {
      const { key } = jobs[n % jobs.length]!;
      const answered = await tried(() =>
        auditTicks(admin, { key, from: new Date(Date.now() - 120_000) }),
      );
      reads += 1;
      if (!answered) refused += 1;
      await pause(100);
    }
  };
  const reading = Promise.all([read(0), read(7)]);
  return {
    stop: async () => {
      isOver = true;
      await reading;
      return { reads, refused };
    },
  };
}
