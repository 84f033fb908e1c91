import { isAlive } from '#tests/support/start.ts';
import { until } from '#tests/support/wait.ts';
import { fault } from '../fault.ts';

fault(5, { all: 12, quick: 3, server: { fsync: 'on' } }, async (world) => {
  await world.steadyJobs();
  await Promise.all([world.worker(), world.worker()]);
  for (let stops = 0; stops < world.rounds; stops++) {
    await world.live(world.ms(5_000 + Math.random() * 5_000));
    // The moment after a start is the worst: what said so may not have reached the disk.
    const before = world.record().length;
    await until(() => world.record().length > before, { everyMs: 5, what: 'a line in the record' });
    await world.during(async () => {
      const { pid } = world.server;
      process.kill(pid, 'SIGQUIT');
      await until(() => !isAlive(pid), { what: 'the end of Postgres' });
      await world.server.startAgain();
    });
  }
});
