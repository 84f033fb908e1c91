import { breakable } from '#tests/support/broken-worker.ts';
import type { TestWorker } from '#tests/support/worker.ts';
import { fault } from '../fault.ts';
import { longestOutage } from '../outside/pace.ts';
import type { World } from '../world.ts';
import { holdWorkers } from './held-workers.ts';
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
  const hold = await holdWorkers(world);
  const workers = await Promise.all([world.worker(), world.worker()]);
  for (let round = 0; round < world.rounds; round++) {
    // One is frozen beside its long run, one just before it starts what it has claimed, one while it claims.
    const long = await startLongRun(world);
    const owner = await ownerOf(world, long.run, workers);
    const aboutTo = await world.worker(breakable({ where: 'after claim', how: 'SIGSTOP' }));
    const claiming = await world.worker({ PUNCTUAL_WORKER_NAME: `victim-${round}` });
    const claimed = await claimedOnly(world, aboutTo);
    await world.during(async () => {
      const from = world.record().length;
      owner.freeze();
      await hold(round, 'claim', () => Promise.resolve(claiming.freeze()));
      await world.live(2 * world.ms(LEASE_MS));
      await Promise.all([long, ...claimed].map((one) => untilRescued(world, one)));
      const before = await standing(world, [long, ...claimed]);
      for (const worker of [owner, aboutTo, claiming]) worker.thaw();
      await Promise.all([owner, aboutTo, claiming].map(startedAnew));
      const after = await standing(world, [long, ...claimed]);
      if (before !== after) world.finds(`a frozen worker wrote: ${before} became ${after}`);
      // What the one held that was claiming keeps everybody waiting for the 5 s that a brief transaction may idle.
      const outage = longestOutage(world.record().slice(from));
      if (outage > 20_000) world.finds(`nothing began for ${outage} ms`);
    });
    if (claimed.some((one) => hasStarted(world, one)))
      world.finds('what was claimed before the freeze began after it');
    workers.splice(workers.indexOf(owner), 1, aboutTo);
    await Promise.all([owner.stop(), claiming.stop()]);
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
      await Promise.all([long, ...claimed].map((one) => untilRescued(world, one)));
      await Promise.all([owner, aboutTo].map(startedAnew));
    });
    if (claimed.some((one) => hasStarted(world, one)))
      world.finds('what was claimed before the block began after it');
    workers.splice(workers.indexOf(owner), 1, aboutTo);
    await owner.stop();
  }
});

/** What a worker had claimed and not started when it broke. */
async function claimedOnly(world: World, worker: TestWorker): Promise<AttemptOf[]> {
  await worker.logged(({ msg }) => msg === 'broken here', 60_000);
  // Rescued by now or not.
  const rows = await world.db.sql<AttemptOf>(
    `SELECT id AS run, attempt FROM run_live WHERE worker_id = $1
     UNION SELECT run_id, number FROM attempt WHERE worker_id = $1`,
    [worker.workerId],
  );
  const claimed = rows.filter((row) => !hasStarted(world, row));
  if (claimed.length === 0) throw new Error('The worker was to break with a claimed run.');
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
