import { breakable, type Break } from '#tests/support/broken-worker.ts';
import { makeRun } from '#tests/support/runs.ts';
import { isAlive } from '#tests/support/start.ts';
import type { TestWorker } from '#tests/support/worker.ts';
import { fault } from '../fault.ts';
import { recordingHead } from '../outside/record.ts';
import type { World } from '../world.ts';
import { inPairs, ownerOf, startLongRun, untilRescued } from './rounds.ts';

fault(1, { all: 200, quick: 6, minutes: 25 }, async (world) => {
  await world.steadyJobs();
  const workers = await Promise.all([world.worker(), world.worker()]);
  for (let kills = 0; kills < world.rounds; kills++) {
    const next = world.worker();
    // A random point of whatever it is doing.
    await world.live(50 + Math.random() * 500);
    const [victim] = workers.splice(Math.floor(Math.random() * workers.length), 1);
    await world.during(() => victim!.kill());
    workers.push(await next);
  }
});

fault(2, { all: 30, quick: 2 }, async (world) => {
  await world.steadyJobs();
  await world.worker();
  await inPairs(world.rounds, async (round) => {
    // Its process doesn't exist yet, or the worker doesn't know yet that it does.
    const where = round % 2 === 0 ? 'before start' : 'after start';
    const { state, has } = await brokenAt(world, { where, how: 'SIGKILL', nth: 1 + (round % 3) });
    if (state !== 'running') world.finds(`the run was ${state} when its worker was killed`);
    if (where === 'before start' && has('start')) world.finds('the run had started before');
  });
});

fault(3, { all: 30, quick: 2 }, async (world) => {
  await world.steadyJobs();
  await world.worker();
  await inPairs(world.rounds, async (round) => {
    const at: Break = { where: 'after exit', how: 'SIGKILL', nth: 1 + (round % 3) };
    const { state, has } = await brokenAt(world, at);
    if (state !== 'running') world.finds(`the run was ${state} when its worker was killed`);
    if (!has('end')) world.finds('the run had not come to its end');
  });
});

fault(23, { all: 3, quick: 1, minutes: 12 }, async (world) => {
  await world.steadyJobs();
  const twin = { PUNCTUAL_WORKER_NAME: 'twin' };
  const twins = await Promise.all([world.worker(twin), world.worker(twin)]);
  for (let round = 0; round < world.rounds; round++) {
    // One is killed beside its run; the other and the next of the name go on, and its lease is its own.
    const long = await startLongRun(world);
    const owner = await ownerOf(world, long.run, twins);
    await world.during(() => owner.kill());
    twins.splice(twins.indexOf(owner), 1, await world.worker(twin));
    await untilRescued(world, long);
    const workers = await world.db.sql<{ pid: number; state: string }>(
      `SELECT pid, state FROM worker WHERE name = 'twin' AND id > 0 ORDER BY id`,
    );
    for (const { pid } of twins) {
      const rows = workers.filter((row) => row.pid === pid);
      if (rows.length !== 1 || rows[0]!.state !== 'active') {
        world.finds(`a twin that lives stands as ${JSON.stringify(rows)}`);
      }
    }
    if (workers.find(({ pid }) => pid === owner.pid)?.state !== 'lost') {
      world.finds('the twin that was killed is not lost');
    }
  }
});

fault(24, { all: 50, minutes: 25 }, async (world) => {
  await world.steadyJobs();
  const everyMinute: Parameters<World['job']>[0] = {
    schedule: {
      is: { type: 'cron', lines: ['* * * * *'], timeZone: 'UTC' },
      fires: ({ second }) => second === 0,
      timeZone: 'UTC',
    },
    mayRunTwice: false,
  };
  await world.job(everyMinute);
  await world.job({ everySeconds: 1, overlap: 'queue_all', mayRunTwice: false });
  const workers = await Promise.all([world.worker(), world.worker()]);
  let acrossMinutes = 0;
  for (let deploys = 0; deploys < world.rounds; deploys++) {
    const minute = Math.floor(Date.now() / 60_000);
    // One after the other: the new one first, as a deployment does.
    for (let index = 0; index < workers.length; index++) {
      const old = workers[index]!;
      workers[index] = await world.worker();
      await secondsEdge();
      const { code } = await world.during(() => old.stop());
      if (code !== 0) world.finds(`a worker that was told to stop ended with ${code}`);
    }
    if (Math.floor(Date.now() / 60_000) > minute) acrossMinutes += 1;
  }
  const lost = await world.db.sql(`SELECT FROM attempt WHERE outcome = 'lost'`);
  if (lost.length > 0) world.finds(`${lost.length} attempts were lost to deployments`);
  world.notes.push(`${acrossMinutes} of ${world.rounds} deployments went across a full minute`);
});

/** Some milliseconds before or after a whole second, when ticks are due. */
async function secondsEdge(): Promise<void> {
  const ms = 1_000 - (Date.now() % 1_000) + (Math.random() - 0.5) * 40;
  await new Promise((resolve) => setTimeout(resolve, ms));
}

fault(28, { all: 1, minutes: 12 }, async (world) => {
  await world.steadyJobs();
  await world.worker();
  const killer = await world.job({
    mayRunTwice: true,
    overlap: 'skip',
    script: `${recordingHead(world.recordFile)}
rec start
kill -9 $PPID
sleep 600`,
    runsOn: { kind: 'victim' },
  });
  const labels = { PUNCTUAL_WORKER_LABELS: 'kind=victim' };
  for (let round = 0; round < world.rounds; round++) {
    const run = await makeRun(world.db, killer, { runsOn: { kind: 'victim' } });
    await world.during(async () => {
      for (let losses = 1; losses <= 3; losses++) {
        // Somebody starts each that died again, as `npm start` and service managers do.
        const victim = await world.worker(labels);
        await victim.ended;
      }
    });
    const survivor = await world.worker(labels);
    await untilRescued(world, { run, attempt: 3 });
    const [row] = await world.db.sql<{ state: string; attempt: number; cause: string }>(
      'SELECT state, attempt, cause FROM run WHERE id = $1',
      [run],
    );
    if (row?.state !== 'lost' || row.attempt !== 3 || !row.cause.includes('3rd time in a row')) {
      world.finds(`the run that kills its workers is ${JSON.stringify(row)}`);
    }
    if (!isAlive(survivor.pid)) world.finds('it killed a fourth worker');
    await survivor.stop();
  }
});

/** Starts a worker that dies by itself at an attempt, and waits until it has; what had become of the attempt by then. */
async function brokenAt(world: World, at: Break) {
  const worker = await world.worker(breakable(at));
  const { runId, attempt } = await brokenHere(worker);
  await world.during(() => worker.ended);
  const [run] = await world.db.sql<{ state: string }>(
    'SELECT state FROM run WHERE id = $1 AND attempt = $2',
    [runId, attempt],
  );
  const ofAttempt = world.record().filter((line) => line.run === runId && line.attempt === attempt);
  return {
    state: run?.state ?? 'gone',
    has: (what: string) => ofAttempt.some((line) => line.what === what),
  };
}

async function brokenHere(worker: TestWorker): Promise<{ runId: number; attempt: number }> {
  const line = await worker.logged(({ msg }) => msg === 'broken here', 30_000);
  return { runId: Number(line['runId']), attempt: Number(line['attempt']) };
}
