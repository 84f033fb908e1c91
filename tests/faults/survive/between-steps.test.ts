import { breakable, type Break } from '#tests/support/broken-worker.ts';
import type { TestWorker } from '#tests/support/worker.ts';
import { fault } from '../fault.ts';
import type { World } from '../world.ts';
import { inPairs } from './rounds.ts';

fault(2, { all: 30, quick: 2 }, async (world) => {
  await world.steadyJobs();
  await world.worker();
  await inPairs(world.rounds, async (round) => {
    // Its process doesn't exist yet, or the worker doesn't know yet that it does.
    const where = round % 2 === 0 ? 'before start' : 'after start';
    const { state, has } = await brokenAt(world, { where, how: 'SIGKILL', nth: 1 + (round % 3) });
    if (state !== 'running') world.finds(`the run was ${state} when its worker was killed`);
    if (where === 'before start' && has('start')) world.finds('the run had started before');
  });
});

fault(3, { all: 30, quick: 2 }, async (world) => {
  await world.steadyJobs();
  await world.worker();
  await inPairs(world.rounds, async (round) => {
    const at: Break = { where: 'after exit', how: 'SIGKILL', nth: 1 + (round % 3) };
    const { state, has } = await brokenAt(world, at);
    if (state !== 'running') world.finds(`the run was ${state} when its worker was killed`);
    if (!has('end')) world.finds('the run had not come to its end');
  });
});

/** Starts a worker that dies by itself at an attempt, and waits until it has; what had become of the attempt by then. */
async function brokenAt(world: World, at: Break) {
  const worker = await world.worker(breakable(at));
  const { runId, attempt } = await brokenHere(worker);
  await world.during(() => worker.ended);
  const [run] = await world.db.sql<{ state: string }>(
    'SELECT state FROM run WHERE id = $1 AND attempt = $2',
    [runId, attempt],
  );
  const ofAttempt = world.record().filter((line) => line.run === runId && line.attempt === attempt);
  return {
    state: run?.state ?? 'gone',
    has: (what: string) => ofAttempt.some((line) => line.what === what),
  };
}

async function brokenHere(worker: TestWorker): Promise<{ runId: number; attempt: number }> {
  const line = await worker.logged(({ msg }) => msg === 'broken here', 120_000);
  return { runId: Number(line['runId']), attempt: Number(line['attempt']) };
}
