import { breakable, type Break } from '#tests/support/broken-worker.ts';
import { makeRun } from '#tests/support/runs.ts';
import { until } from '#tests/support/wait.ts';
import type { TestWorker } from '#tests/support/worker.ts';
import { fault } from '../fault.ts';
import type { World } from '../world.ts';

fault(1, { all: 200, quick: 6, minutes: 15 }, async (world) => {
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

fault(7, { all: 2, quick: 1, minutes: 12 }, async (world) => {
  await world.steadyJobs();
  const workers = await Promise.all([world.worker(), world.worker()]);
  for (let round = 0; round < world.rounds; round++) {
    // One is frozen beside its long run, another just before it starts what it has claimed.
    const long = await startLongRun(world);
    const owner = await ownerOf(world, long.run, workers);
    const aboutTo = await world.worker(breakable({ where: 'after claim', how: 'SIGSTOP' }));
    const claimed = await claimedOnly(world, aboutTo);
    await world.during(async () => {
      owner.freeze();
      await world.live(2 * world.ms(LEASE_MS));
      await Promise.all([long, claimed].map((one) => untilRescued(world, one)));
      const before = await standing(world, [long, claimed]);
      for (const worker of [owner, aboutTo]) worker.thaw();
      await Promise.all([owner, aboutTo].map(startedAnew));
      const after = await standing(world, [long, claimed]);
      if (before !== after) world.finds(`a frozen worker wrote: ${before} became ${after}`);
    });
    if (hasStarted(world, claimed))
      world.finds('what was claimed before the freeze began after it');
    workers.splice(workers.indexOf(owner), 1, aboutTo);
    await owner.stop();
  }
});

fault(8, { all: 2, quick: 1, minutes: 12 }, async (world) => {
  const blockMs = world.ms(90_000);
  await world.steadyJobs();
  const environment = breakable(null, { blockMs });
  const workers = await Promise.all([world.worker(environment), world.worker(environment)]);
  for (let round = 0; round < world.rounds; round++) {
    const long = await startLongRun(world);
    const owner = await ownerOf(world, long.run, workers);
    const atClaim = { where: 'after claim', how: 'block' } as const;
    const aboutTo = await world.worker(breakable(atClaim, { blockMs }));
    const claimed = await claimedOnly(world, aboutTo);
    await world.during(async () => {
      process.kill(owner.pid, 'SIGUSR2');
      await Promise.all([long, claimed].map((one) => untilRescued(world, one)));
      await Promise.all([owner, aboutTo].map(startedAnew));
    });
    if (hasStarted(world, claimed)) world.finds('what was claimed before the block began after it');
    workers.splice(workers.indexOf(owner), 1, aboutTo);
    await owner.stop();
  }
});

const LEASE_MS = 60_000;

type AttemptOf = { run: number; attempt: number };

/** A run whose first attempt goes on for longer than any fault, and has begun. */
async function startLongRun(world: World): Promise<AttemptOf> {
  const job = await world.job({ beats: 20_000, laterBeats: 2, overlap: 'skip' });
  const run = await makeRun(world.db, job);
  await until(() => hasStarted(world, { run, attempt: 1 }), {
    timeoutMs: 30_000,
    what: 'the start of the long run',
  });
  return { run, attempt: 1 };
}

const hasStarted = (world: World, { run, attempt }: AttemptOf) =>
  world
    .record()
    .some((line) => line.run === run && line.attempt === attempt && line.what === 'start');

/** Which of these processes executes the run. */
async function ownerOf(
  world: World,
  run: number,
  workers: readonly TestWorker[],
): Promise<TestWorker> {
  const [row] = await world.db.sql<{ pid: number }>(
    'SELECT w.pid FROM run r JOIN worker w ON w.id = r.worker_id WHERE r.id = $1 AND r.is_live',
    [run],
  );
  return workers.find(({ pid }) => pid === row?.pid)!;
}

/** The run that a worker was about to start when it broke. */
async function claimedOnly(world: World, worker: TestWorker): Promise<AttemptOf> {
  await worker.logged(({ msg }) => msg === 'broken here', 30_000);
  const rows = await world.db.sql<AttemptOf>(
    'SELECT id AS run, attempt FROM run_live WHERE worker_id = $1 ORDER BY started_at',
    [worker.workerId],
  );
  const claimed = rows.find((row) => !hasStarted(world, row));
  if (!claimed) throw new Error('The worker was to break with a claimed run.');
  return claimed;
}

/** Until somebody else has brought the attempt to an end. */
const untilRescued = (world: World, { run, attempt }: AttemptOf) =>
  until(
    () =>
      world.db
        .sql('SELECT FROM attempt WHERE run_id = $1 AND number = $2', [run, attempt])
        .then(({ length }) => length > 0),
    { timeoutMs: 2 * world.ms(LEASE_MS) + 30_000, everyMs: 200, what: 'the rescue' },
  );

/** A worker that has lost its lease ends its own runs and registers again. */
const startedAnew = (worker: TestWorker) =>
  worker.logged(
    ({ msg, former }) => msg === 'worker registered' && former === worker.workerId,
    120_000,
  );

/** What stands of these attempts and their logs, as text. */
async function standing(world: World, attempts: readonly AttemptOf[]): Promise<string> {
  const rows = await Promise.all(
    attempts.map(({ run, attempt }) =>
      world.db.sql(
        `SELECT a.outcome, a.finished_at, a.worker_id,
                (SELECT count(*) FROM log_chunk c WHERE c.run_id = a.run_id AND c.attempt = a.number) AS chunks
           FROM attempt a WHERE run_id = $1 AND number = $2`,
        [run, attempt],
      ),
    ),
  );
  return JSON.stringify(rows);
}

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

/** So many rounds, two at a time. */
async function inPairs(rounds: number, make: (round: number) => Promise<void>): Promise<void> {
  for (let round = 0; round < rounds; round += 2) {
    await Promise.all([make(round), ...(round + 1 < rounds ? [make(round + 1)] : [])]);
  }
}
