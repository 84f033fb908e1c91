import { breakable } from '#tests/support/broken-worker.ts';
import type { TestWorker } from '#tests/support/worker.ts';
import { fault } from '../fault.ts';
import type { World } from '../world.ts';
import {
  type AttemptOf,
  hasStarted,
  LEASE_MS,
  ownerOf,
  startLongRun,
  untilRescued,
} from './rounds.ts';

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
