import { fakeTime } from '#tests/support/faketime.ts';
import { fault } from '../fault.ts';
import { LEASE_MS, ownerOf, startLongRun, untilRescued } from './rounds.ts';

fault(20, { all: 3 }, async (world) => {
  await world.steadyJobs();
  const offsets = [5 * 60_000, -5 * 60_000];
  for (let round = 0; round < world.rounds; round++) {
    const clocks = offsets.map((byMs) => {
      const clock = fakeTime();
      clock?.move(byMs);
      return clock;
    });
    const workers = await Promise.all(
      clocks.map((clock, index) => world.worker(clock?.environment ?? shifted(offsets[index]!))),
    );
    await world.during(() => world.live(world.ms(LEASE_MS)));
    const long = await startLongRun(world);
    const owner = await ownerOf(world, long.run, workers);
    await world.during(async () => {
      await owner.kill();
      await untilRescued(world, long);
    });
    await Promise.all(workers.filter((worker) => worker !== owner).map((worker) => worker.stop()));
    for (const clock of clocks) clock?.remove();
  }
  await world.worker();
});

/** Environment of a worker whose own Date is off, where the machine has nothing that moves all of a process's clocks. */
function shifted(byMs: number): Record<string, string> {
  const program = `const Real = Date; globalThis.Date = class extends Real {
    constructor(...given) { super(...(given.length === 0 ? [Real.now() + ${byMs}] : given)); }
    static now() { return Real.now() + ${byMs}; }
  }; delete process.env.NODE_OPTIONS;`;
  return { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(program)}` };
}
