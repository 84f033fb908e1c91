import type { Actor } from '#core/auth/permissions.ts';
import { readRun } from '#core/runs/read-run.ts';
import { isFinal } from '#core/runs/states.ts';
import type { RunSummary } from '#core/runs/summary.ts';
import { listenForChanges } from './changes.ts';
import { CommandProblem } from './installation.ts';
import { askUntilAnswered } from './patience.ts';

/** A change is heard of at once; this is how often it is looked for besides. */
const LOOK_MS = 1_000;
const STILL_QUEUED_MS = 5_000;

/**
 * Tells each change of a run's state until its end, whatever becomes of the database meanwhile.
 *
 * @returns the run at its end; null when `signal` aborted before
 */
export async function followRun(
  actor: Actor,
  directUrl: string,
  runId: number,
  signal: AbortSignal,
  tell: (run: RunSummary, nowMs: number) => void,
): Promise<RunSummary | null> {
  const changes = listenForChanges(directUrl, runId, ['run']);
  const since = performance.now();
  let told = '';
  let isHinted = false;
  try {
    while (!signal.aborted) {
      const read = await askUntilAnswered(() => readRun(actor, runId), signal);
      if (!read.ok) throw new CommandProblem(read.refusal.message);
      const { run } = read.value;
      const state = `${run.state} ${run.attempts}`;
      if (state !== told) tell(run, Date.now());
      told = state;
      if (isFinal(run.state)) return run;
      const isWaiting = run.state === 'queued' && run.attempts === 0;
      if (isWaiting && !isHinted && performance.now() - since > STILL_QUEUED_MS) {
        isHinted = true;
        console.error(`Still queued: punctual why --run ${runId} says why.`);
      }
      await changes.next(LOOK_MS, signal);
    }
    return null;
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  } finally {
    await changes.end();
  }
}
