import type { World } from '../world.ts';
import { makeRun } from '#tests/support/runs.ts';
import { until } from '#tests/support/wait.ts';
import type { TestJob } from '#tests/support/jobs.ts';
import type { TestWorker } from '#tests/support/worker.ts';

/** In earnest. */
export const LEASE_MS = 60_000;

export type AttemptOf = { run: number; attempt: number };

/** A run whose first attempt goes on for longer than any fault, and has begun; the database's clock is so far off. */
export async function startLongRun(
  world: World,
  clockByMs = 0,
): Promise<AttemptOf & { job: TestJob }> {
  const job = await world.job({ beats: 20_000, laterBeats: 2, overlap: 'skip' });
  const dueAt = new Date(Date.now() + clockByMs - 1_000);
  const run = await makeRun(world.db, job, { dueAt });
  await until(() => hasStarted(world, { run, attempt: 1 }), {
    timeoutMs: 30_000,
    what: 'the start of the long run',
  });
  return { run, attempt: 1, job };
}

export const hasStarted = (world: World, { run, attempt }: AttemptOf) =>
  world
    .record()
    .some((line) => line.run === run && line.attempt === attempt && line.what === 'start');

/** Which of these processes executes the run. */
export async function ownerOf(
  world: World,
  run: number,
  workers: readonly TestWorker[],
): Promise<TestWorker> {
  const [row] = await world.db.sql<{ pid: number }>(
    'SELECT w.pid FROM run r JOIN worker w ON w.id = r.worker_id WHERE r.id = $1 AND r.is_live',
    [run],
  );
  return workers.find(({ pid }) => pid === row?.pid)!;
}

/** Until somebody else has brought the attempt to an end. */
export const untilRescued = (world: World, { run, attempt }: AttemptOf) =>
  until(
    () =>
      world.db
        .sql('SELECT FROM attempt WHERE run_id = $1 AND number = $2', [run, attempt])
        .then(({ length }) => length > 0),
    { timeoutMs: 2 * world.ms(LEASE_MS) + 30_000, everyMs: 200, what: 'the rescue' },
  );

/** So many rounds, two at a time. */
export async function inPairs(
  rounds: number,
  make: (round: number) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < rounds; round += 2) {
    await Promise.all([make(round), ...(round + 1 < rounds ? [make(round + 1)] : [])]);
  }
}
