import { isAlive } from '#tests/support/start.ts';
import type { TestWorker } from '#tests/support/worker.ts';
import { fault } from '../fault.ts';
import type { World } from '../world.ts';
import { HOUR_MS, untilOnTime } from './on-time.ts';
import { LEASE_MS, ownerOf, startLongRun, untilRescued } from './rounds.ts';

const YEAR_2200_MS = Date.parse('2200-06-01T00:00:00Z') - Date.parse('2026-06-01T00:00:00Z');

fault(19, { all: 6, minutes: 15, clock: true }, async (world) => {
  // A second's job with every tick made up for would keep this machine busy for an hour after an hour's jump.
  await world.job({ everySeconds: 1, catchUp: 'latest' });
  await world.job({
    everySeconds: 2,
    beats: 6,
    overlap: 'queue_all',
    mayRunTwice: false,
    catchUp: 'none',
  });
  await world.job({ everySeconds: 5, beats: 20, overlap: 'skip', catchUp: 'latest' });
  const workers = await Promise.all([world.worker(), world.worker()]);
  for (let round = 0; round < world.rounds; round++) {
    const byMs = [YEAR_2200_MS, -HOUR_MS, HOUR_MS][round % 3]!;
    await untilOnTime(world, 0);
    await world.during(async () => {
      await world.moveClock(byMs);
      // By a clock that went back all has been planned: it is waited for, and nothing begins twice.
      if (byMs > 0) await untilOnTime(world, byMs);
      else await world.live(world.ms(LEASE_MS / 2));
      const long = await startLongRun(world, byMs);
      const owner = await ownerOf(world, long.run, workers);
      await owner.kill();
      workers.splice(workers.indexOf(owner), 1);
      await world.moveClock(0);
      // What was granted by the other clock doesn't last for an hour, or until 2200.
      await untilRescued(world, long);
    });
    workers.push(await world.worker());
    await untilOnTime(world, 0);
  }
  await staysSmall(world, workers);
});

async function staysSmall(world: World, workers: readonly TestWorker[]): Promise<void> {
  const [{ rows } = { rows: 0 }] = await world.db.sql<{ rows: number }>(
    'SELECT (SELECT count(*) FROM run) + (SELECT count(*) FROM gap) AS rows',
  );
  if (rows > 20_000) world.finds(`${rows} rows were made`);
  for (const { pid } of workers) if (!isAlive(pid)) world.finds('a worker ended');
}
