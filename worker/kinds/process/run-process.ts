import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, Work } from '../kind.ts';
import {
  type AttemptFolder,
  makeAttemptFolder,
  MOST_RESULT_BYTES,
  readResult,
  removeAttemptFolder,
} from './attempt-folder.ts';
import { processEnvironment } from './environment.ts';
import { answerForExit, causeOfStart } from './exit-cause.ts';
import { ProcessFamily } from './family.ts';
import { followParameters, writeParameters } from './parameters-file.ts';
import { Pump } from './pump.ts';
import { type Child, spawnerPids, StartLost, theSpawner } from './spawner.ts';
import type { Exit, Start } from './spawner-protocol.ts';
import { answerWithState, writeState } from './state-file.ts';
import { endEverythingTagged } from './tagged.ts';

/** What to start. `prepare` may write into the attempt's folder first. */
export type ProcessPlan = {
  program: string;
  args: readonly string[];
  /** Null: the attempt's own empty folder. */
  cwd: string | null;
  variables: readonly { name: string; value: string }[];
};

/** What a job leaves behind gets less time than one that is told to stop: its run has already ended. */
const LEFT_BEHIND_GRACE_MS = 2_000;
/** After the end of all processes; a spawner that is itself frozen says nothing. */
const TOLD_WITHIN_MS = 3_000;

/**
 * Runs one process as an attempt: without a shell, in a process group of its own, standard input closed. Resolves when
 * the process and all that it started have ended, whether it ended by itself or because `work.signal` was aborted.
 */
export async function runProcess(
  work: Work<unknown>,
  plan: (folder: AttemptFolder) => Promise<ProcessPlan>,
): Promise<Answer> {
  let folder: AttemptFolder;
  try {
    folder = makeAttemptFolder();
  } catch (error) {
    return { ok: false, cause: `no folder for the attempt: ${messageOf(error)}` };
  }
  try {
    const { program, args, cwd, variables } = await plan(folder);
    writeState(folder, work.state);
    if (work.parameterFeed) await writeParameters(folder, work.parameters);
    const environment = processEnvironment(work, variables, folder);
    return await execute(work, folder, { program, args, cwd: cwd ?? folder.work, environment });
  } finally {
    if (!(await removeAttemptFolder(folder))) {
      work.log.note(`The attempt's folder ${folder.path} could not be removed.`);
    }
  }
}

async function execute(work: Work<unknown>, folder: AttemptFolder, start: Start): Promise<Answer> {
  const askedAtMs = performance.now();
  let child: Child | null;
  try {
    child = await startOf(start, work);
  } catch (error) {
    if (error instanceof StartLost) {
      // First what was about to become the process.
      await endEverythingTagged(error.spawnerTag);
      await endEverythingTagged(folder.result);
    }
    const place = { cwd: start.cwd, searched: start.environment['PATH'] ?? '' };
    return { ok: false, cause: await causeOfStart(error, start.program, place) };
  }
  if (!child) return { ok: false, wasStopped: true, cause: 'stopped before it started' };
  const pumps = [
    new Pump(child.stdout, (bytes) => work.log.write('stdout', bytes)),
    new Pump(child.stderr, (bytes) => work.log.write('stderr', bytes)),
  ];
  const family = new ProcessFamily(child.pid, folder.result, askedAtMs);
  const unfollow =
    work.parameterFeed && followParameters(work.parameterFeed, child.pid, folder, work.log);
  const { exit, wasStopped } = await endOf(child, family, work);
  await unfollow?.();
  if (!wasStopped && !(isKnown(exit) && family.leftNobody(spawnerPids())))
    await endFamily(family, work);
  await Promise.all(pumps.map((pump) => pump.drain(work.signal)));
  if (pumps.some((pump) => pump.wasCutOff)) {
    work.log.note(
      'A process that Punctual can’t find still holds the output open; it is read no further.',
    );
  }
  const ended = { ...answerForExit(exit, wasStopped), wasStopped };
  const answer = answerWithState(ended, folder, work.state);
  const result = readResult(folder);
  if (!result) return answer;
  if (result.wasCut) work.log.note(`The result was cut at ${MOST_RESULT_BYTES / 1024} kB.`);
  return { ...answer, result: result.text };
}

/** Null: it may not start any more. */
async function startOf(start: Start, work: Work<unknown>): Promise<Child | null> {
  let child: Child | null = null;
  while (child === null && work.mayGoOn()) child = await theSpawner().start(start);
  return child;
}

/** Waits for the end of the first process. 'exit', not 'close': a grandchild may hold the pipes for ever. */
async function endOf(
  child: Child,
  family: ProcessFamily,
  work: Work<unknown>,
): Promise<{ exit: Exit; wasStopped: boolean }> {
  let stop: () => void = () => {};
  const stopped = new Promise<'stop'>((resolve) => {
    stop = () => resolve('stop');
    work.signal.addEventListener('abort', stop, { once: true });
    if (work.signal.aborted) stop();
  });
  const first = await Promise.race([child.exited, stopped]);
  work.signal.removeEventListener('abort', stop);
  if (first !== 'stop') return { exit: first, wasStopped: false };
  const { left } = await family.end(work.killGraceMs);
  if (left > 0) {
    // Nobody can end a process that waits inside the kernel; the attempt doesn't wait for it.
    work.log.note(`${left} of the job's processes did not end when killed.`);
    return { exit: { code: null, signal: 'SIGKILL' }, wasStopped: true };
  }
  const killed: Exit = { code: null, signal: 'SIGKILL' };
  return {
    exit: await Promise.race([child.exited, pause(TOLD_WITHIN_MS, killed, { ref: false })]),
    wasStopped: true,
  };
}

/** Else the process itself may be alive. */
const isKnown = ({ code, signal }: Exit) => code !== null || signal !== null;

async function endFamily(family: ProcessFamily, work: Work<unknown>): Promise<void> {
  const { found, left } = await family.end(Math.min(work.killGraceMs, LEFT_BEHIND_GRACE_MS));
  if (found > 0) {
    const were =
      found === 1
        ? '1 process that the job left behind was'
        : `${found} processes that the job left behind were`;
    work.log.note(left === 0 ? `${were} ended.` : `${were} told to end; ${left} did not.`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
