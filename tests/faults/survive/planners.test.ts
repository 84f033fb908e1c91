import { fault } from '../fault.ts';
import { holdWorkers } from './held-workers.ts';
import { inPairs } from './rounds.ts';

fault(4, { all: 40, quick: 2 }, async (world) => {
  await world.steadyJobs();
  const hold = await holdWorkers(world);
  // Looks ahead for a moment only, so that something is to be planned each second.
  const ahead = { PUNCTUAL_PLAN_AHEAD_MS: '2000' };
  await world.worker(ahead);
  await inPairs(world.rounds, async (round) => {
    const worker = await world.worker({ ...ahead, PUNCTUAL_WORKER_NAME: `victim-${round}` });
    await world.during(() =>
      hold(round, round % 2 === 0 ? 'ticks' : 'plan commit', async () => {
        await worker.kill();
      }),
    );
  });
});
