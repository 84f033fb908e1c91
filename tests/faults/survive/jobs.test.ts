import { randomUUID } from 'node:crypto';
import { processesCalled } from '#tests/support/start.ts';
import { makeRun } from '#tests/support/runs.ts';
import { until } from '#tests/support/wait.ts';
import { fault } from '../fault.ts';
import { recordingHead } from '../outside/record.ts';
import type { World } from '../world.ts';
import { LEASE_MS } from './rounds.ts';

fault(27, { all: 2 }, async (world) => {
  await world.steadyJobs();
  await world.db.sql(
    `INSERT INTO queue (name, max_running, max_waiting, default_timeout_ms) VALUES ('long', 6, 1000, 3600000)`,
  );
  const worker = await world.worker({ PUNCTUAL_WORKER_SLOTS: '12' });
  for (let round = 0; round < world.rounds; round++) {
    // More long ones than their queue lets run: places are left for the others.
    const inQueue = await fill(world, { queue: 'long', runs: 20, running: 6 });
    await world.during(async () => {
      const before = starts(world);
      await world.live(world.ms(LEASE_MS));
      const began = starts(world) - before;
      if (began < 2) world.finds(`beside a full queue ${began} runs of other queues began`);
    });
    // All places of the worker: the others wait, and the worker goes on serving what runs.
    const everywhere = await fill(world, { queue: 'default', runs: 12, running: 6 });
    await world.during(async () => {
      await world.live(world.ms(1.5 * LEASE_MS));
      const [one] = await running(world, everywhere);
      await cancel(world, [one!]);
      await until(async () => !(await running(world, everywhere)).includes(one!), {
        what: 'the cancelled run to end',
      });
      await cancelAll(world, everywhere);
      await cancelAll(world, inQueue);
    });
  }
  const lost = await world.db.sql(`SELECT FROM worker WHERE state <> 'active'`);
  if (lost.length > 0) world.finds('the worker lost its lease while its places were taken');
  if (worker.errors()) world.finds(worker.errors());
});

/** A job of one queue whose runs don't end; resolves with its id once so many run. */
async function fill(
  world: World,
  { queue, runs, running: atOnce }: { queue: string; runs: number; running: number },
): Promise<number> {
  // Before all others: the steady jobs are to find no place.
  const job = await world.job({ beats: 20_000, queue, priority: 2 });
  for (let count = 0; count < runs; count++) await makeRun(world.db, job);
  await until(async () => (await running(world, job.id)).length >= atOnce, {
    timeoutMs: 30_000,
    what: 'the long runs to start',
  });
  return job.id;
}

const starts = (world: World) => world.record().filter(({ what }) => what === 'start').length;

async function running(world: World, jobId: number): Promise<number[]> {
  const rows = await world.db.sql<{ id: number }>(
    `SELECT id FROM run_live WHERE job_id = $1 AND state = 'running' ORDER BY id`,
    [jobId],
  );
  return rows.map(({ id }) => id);
}

const cancel = (world: World, runs: readonly number[]) =>
  world.db.sql(
    `UPDATE run SET cancel_requested_at = now(), cancelled_by = 'Test' WHERE is_live AND id = ANY ($1)`,
    [runs],
  );

/** Those that wait never start, and those that run are ended. */
async function cancelAll(world: World, jobId: number): Promise<void> {
  await world.db.sql(
    `UPDATE run SET is_live = false, state = 'cancelled', cause = 'cancelled by Test', finished_at = now()
      WHERE is_live AND job_id = $1 AND state = 'queued'`,
    [jobId],
  );
  await cancel(world, await running(world, jobId));
  await until(async () => (await running(world, jobId)).length === 0, {
    timeoutMs: 30_000,
    what: 'the long runs to end',
  });
}

fault(29, { all: 5, quick: 1, minutes: 15 }, async (world) => {
  await world.steadyJobs();
  const mark = `stubborn-${randomUUID()}`;
  const forEver = `sh -c 'trap "" TERM HUP INT; while :; do rec beat; sleep 0.2; done' ${mark}`;
  const head = `${recordingHead(world.recordFile)}
export -f rec 2>/dev/null
trap "" TERM HUP INT`;
  const exclusive = { overlap: 'queue_all', mayRunTwice: true } as const;
  // Ignores TERM, forks, leaves its session, and never ends.
  const endless = await world.job({
    ...exclusive,
    timeoutMs: 1_000,
    script: bash(`${head}
rec start
${inBash(forEver)} &
setsid ${inBash(forEver)} &
(setsid ${inBash(forEver)} &)
${inBash(forEver)}`),
  });
  // Ends at once, and leaves children that hold its pipes.
  const leaver = await world.job({
    ...exclusive,
    script: bash(`${head}
rec start
(setsid ${inBash(forEver)} &)
${inBash(forEver)} &
rec end
exit 0`),
  });
  const workers = await Promise.all([world.worker(), world.worker()]);
  const runs: number[] = [];
  await world.during(async () => {
    for (let round = 0; round < world.rounds; round++) {
      for (const job of [endless, leaver]) {
        runs.push(await makeRun(world.db, job), await makeRun(world.db, job));
      }
      // One of them loses its worker as well.
      await until(() => processesCalled(mark).length > 2, {
        timeoutMs: 30_000 + world.ms(2 * LEASE_MS),
        what: 'its start',
      });
      await workers.shift()!.kill();
      workers.push(await world.worker());
    }
    await until(() => areOver(world, runs), {
      timeoutMs: 60_000 + world.rounds * world.ms(2 * LEASE_MS),
      everyMs: 200,
      what: 'the end of the stubborn runs',
    });
  });
  const left = processesCalled(mark);
  if (left.length > 0) world.finds(`${left.length} processes outlived their runs`);
  const states = await world.db.sql<{ job: number; state: string; cause: string | null }>(
    'SELECT job_id AS job, state, cause FROM run WHERE id = ANY ($1)',
    [runs],
  );
  for (const { job, state, cause } of states) {
    const isRight = job === endless.id ? state === 'timed_out' : state === 'succeeded';
    // Each round kills a worker: one of them may meet three in a row, and that is the end of it.
    const hasMetThree = state === 'lost' && cause?.endsWith('for the 3rd time in a row');
    if (hasMetThree) world.notes.push('a stubborn run lost three workers in a row');
    else if (!isRight) world.finds(`a stubborn run is ${state}: ${cause}`);
  }
});

/** As text for `bash -c`, which knows the function that was exported. */
const inBash = (text: string) => text.replace(/^sh -c/, 'bash -c');
/** A script for bash: its functions can be handed to the shells that it starts. */
const bash = (text: string) => `exec bash -c ${quoted(text)}`;
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

async function areOver(world: World, runs: readonly number[]): Promise<boolean> {
  const rows = await world.db.sql('SELECT FROM run WHERE is_live AND id = ANY ($1)', [runs]);
  return rows.length === 0;
}

fault(32, { all: 10, quick: 2 }, async (world) => {
  await world.steadyJobs();
  const worker = await world.worker();
  const head = `${recordingHead(world.recordFile)}\nrec start`;
  // What starves itself, and what a reader of the ledger must be told.
  const starving: { script: string; cause: RegExp }[] = [
    {
      script: `ulimit -n 4\nexec 8</dev/null 9</dev/null\nls | cat`,
      cause: /descriptor|open files|Pipe call/i,
    },
    {
      script: `exec "${process.execPath}" --max-old-space-size=30 -e 'const all = []; for (;;) all.push(new Array(1000).fill({}).map(() => ({})))'`,
      cause: /out of memory|SIGABRT/i,
    },
    {
      script: `ulimit -v 60000\nx=$(head -c 200000000 /dev/zero | tr '\\0' x)`,
      cause: /SIGSEGV|139|memory|space/i,
    },
    // As the kernel does it to the one who has most.
    { script: 'kill -9 $$', cause: /SIGKILL/ },
  ];
  const jobs = await Promise.all(
    starving.map(({ script }) => world.job({ overlap: 'allow', script: `${head}\n${script}` })),
  );
  const runs: { id: number; cause: RegExp }[] = [];
  await world.during(async () => {
    for (let round = 0; round < world.rounds; round++) {
      for (const [index, job] of jobs.entries()) {
        runs.push({ id: await makeRun(world.db, job), cause: starving[index]!.cause });
      }
      await until(
        () =>
          areOver(
            world,
            runs.map(({ id }) => id),
          ),
        {
          timeoutMs: 60_000,
          what: 'the end of the starving runs',
        },
      );
    }
  });
  for (const { id, cause } of runs) {
    const [run] = await world.db.sql<{ state: string; attempt: number; cause: string }>(
      'SELECT state, attempt, cause FROM run WHERE id = $1',
      [id],
    );
    if (run?.state !== 'failed' || run.attempt !== 1 || !cause.test(run.cause)) {
      world.finds(`a run that starved itself is ${JSON.stringify(run)}`);
    }
  }
  const active = await world.db.sql(`SELECT FROM worker WHERE state = 'active' AND id = $1`, [
    worker.workerId,
  ]);
  if (active.length !== 1) world.finds('its worker suffered');
});
