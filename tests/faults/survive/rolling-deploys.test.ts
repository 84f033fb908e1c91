import { fault } from '../fault.ts';
import type { World } from '../world.ts';

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
