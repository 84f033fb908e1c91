import { fault } from '../fault.ts';

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
