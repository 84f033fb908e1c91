import { processesOfWorker } from '#tests/support/processes.ts';
import { childrenOf, isAlive } from '#tests/support/start.ts';
import { until } from '#tests/support/wait.ts';
import { fault, IS_ALL } from '../fault.ts';
import { atWork, goesOn, jobWithState } from '../unharmed.ts';
import type { World } from '../world.ts';

fault(5, { all: 12, quick: 3, server: { fsync: IS_ALL ? 'on' : 'off' } }, async (world) => {
  await world.steadyJobs();
  await jobWithState(world);
  await Promise.all([world.worker(), world.worker()]);
  for (let stops = 0; stops < world.rounds; stops++) {
    await world.live(world.ms(5_000 + Math.random() * 5_000));
    // The moment after a start is the worst: what said so may not have reached the disk.
    await atWork(world);
    await world.during(async () => {
      await endServer(world, 'SIGQUIT');
      await world.server.startAgain();
    });
  }
});

fault(6, { all: 2, quick: 1, server: {} }, async (world) => {
  await world.steadyJobs();
  await jobWithState(world);
  const workers = await Promise.all([world.worker(), world.worker()]);
  for (let freezes = 0; freezes < world.rounds; freezes++) {
    await atWork(world);
    await world.during(async () => {
      const { pid } = world.server;
      const frozen = [pid, ...childrenOf(pid).map((child) => child.pid)];
      for (const each of frozen) process.kill(each, 'SIGSTOP');
      await world.live(world.ms(90_000));
      const left = await Promise.all(workers.map((worker) => processesOfWorker(worker.pid)));
      if (left.flat().length > 0)
        world.finds(`processes outlived the lease: ${left.flat().length}`);
      for (const each of frozen) process.kill(each, 'SIGCONT');
    });
    await goesOn(world);
  }
});

async function endServer(world: World, signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
  const { pid } = world.server;
  process.kill(pid, signal);
  await until(() => !isAlive(pid), { timeoutMs: 60_000, what: 'the end of Postgres' });
}
