// What a fault must leave alone, and what it has to wait for, where several faults ask the same.
import type { TestJob } from '#tests/support/jobs.ts';
import { until } from '#tests/support/wait.ts';
import type { TestWorker } from '#tests/support/worker.ts';
import { recordingScript } from './outside/record.ts';
import type { World } from './world.ts';

/**
 * A job that keeps a state: what it is given is read between the claim and the start of each run, so that a fault meets
 * that moment too.
 */
export function jobWithState(world: World): Promise<TestJob> {
  const script = `${recordingScript(world.recordFile, { beats: 2 })}
echo "$PUNCTUAL_RUN_ID" > "$PUNCTUAL_STATE"`;
  return world.job({ everySeconds: 1, script, mayFail: false });
}

/** Finds whoever lost a lease: the fault is none of those that take one. */
export function keptLeases(world: World, workers: readonly TestWorker[]): void {
  for (const { log, workerId } of workers) {
    const lost = log.find(({ msg }) => msg === 'lease lost: ending own runs');
    if (lost) world.finds(`worker ${workerId} lost its lease: ${String(lost['why'])}`);
  }
}

/** Waits until a tick from now on has begun. */
export async function goesOn(world: World): Promise<void> {
  const from = Date.now();
  await until(() => world.record().some(({ what, told }) => what === 'start' && told >= from), {
    timeoutMs: 120_000,
    everyMs: 50,
    what: 'a tick that begins after the fault',
  });
}

/** Waits until the next line of the record, which stands for being in the middle of work. */
export async function atWork(world: World): Promise<void> {
  const before = world.record().length;
  await until(() => world.record().length > before, {
    timeoutMs: 60_000,
    everyMs: 5,
    what: 'a line in the record',
  });
}
