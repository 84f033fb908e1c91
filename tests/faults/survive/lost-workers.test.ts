import { makeRun } from '#tests/support/runs.ts';
import { isAlive } from '#tests/support/start.ts';
import { fault } from '../fault.ts';
import { recordingHead } from '../outside/record.ts';
import { ownerOf, startLongRun, untilRescued } from './rounds.ts';

fault(23, { all: 3, quick: 1, minutes: 12 }, async (world) => {
  await world.steadyJobs();
  const twin = { PUNCTUAL_WORKER_NAME: 'twin' };
  const twins = await Promise.all([world.worker(twin), world.worker(twin)]);
  for (let round = 0; round < world.rounds; round++) {
    // One is killed beside its run; the other and the next of the name go on, and its lease is its own.
    const long = await startLongRun(world);
    const owner = await ownerOf(world, long.run, twins);
    await world.during(() => owner.kill());
    twins.splice(twins.indexOf(owner), 1, await world.worker(twin));
    await untilRescued(world, long);
    const workers = await world.db.sql<{ pid: number; state: string }>(
      `SELECT pid, state FROM worker WHERE name = 'twin' AND id > 0 ORDER BY id`,
    );
    for (const { pid } of twins) {
      const rows = workers.filter((row) => row.pid === pid);
      if (rows.length !== 1 || rows[0]!.state !== 'active') {
        world.finds(`a twin that lives stands as ${JSON.stringify(rows)}`);
      }
    }
    if (workers.find(({ pid }) => pid === owner.pid)?.state !== 'lost') {
      world.finds('the twin that was killed is not lost');
    }
  }
});

fault(28, { all: 1, minutes: 12 }, async (world) => {
  await world.steadyJobs();
  await world.worker();
  const killer = await world.job({
    mayRunTwice: true,
    overlap: 'skip',
    script: `${recordingHead(world.recordFile)}
rec start
kill -9 $(cut -d ' ' -f 4 /proc/$PPID/stat)
sleep 600`,
    runsOn: { kind: 'victim' },
  });
  const labels = { PUNCTUAL_WORKER_LABELS: 'kind=victim' };
  for (let round = 0; round < world.rounds; round++) {
    const run = await makeRun(world.db, killer, { runsOn: { kind: 'victim' } });
    await world.during(async () => {
      for (let losses = 1; losses <= 3; losses++) {
        // Somebody starts each that died again, as `npm start` and service managers do.
        const victim = await world.worker(labels);
        await victim.ended;
      }
    });
    const survivor = await world.worker(labels);
    await untilRescued(world, { run, attempt: 3 });
    const [row] = await world.db.sql<{ state: string; attempt: number; cause: string }>(
      'SELECT state, attempt, cause FROM run WHERE id = $1',
      [run],
    );
    if (row?.state !== 'lost' || row.attempt !== 3 || !row.cause.includes('3rd time in a row')) {
      world.finds(`the run that kills its workers is ${JSON.stringify(row)}`);
    }
    if (!isAlive(survivor.pid)) world.finds('it killed a fourth worker');
    await survivor.stop();
  }
});
