import { stat } from 'node:fs/promises';
import { errorCode } from '#core/db.ts';
import type { Answer } from '../kind.ts';

export type Exit = { code: number | null; signal: NodeJS.Signals | null };

/** What the end of a process says. A signal of ours isn't blamed on memory. */
export function answerForExit({ code, signal }: Exit, wasStopped: boolean): Answer {
  if (code === 0) return { ok: true, exitCode: 0 };
  if (code !== null) {
    return { ok: false, failure: 'exit_code', exitCode: code, cause: causeOfCode(code) };
  }
  const name = signal ?? 'a signal';
  const cause =
    signal === 'SIGKILL' && !wasStopped
      ? 'killed by SIGKILL, as the system does when memory runs out'
      : `killed by ${name}`;
  return { ok: false, failure: 'exit_code', signal: name, cause };
}

// By the shells' convention (POSIX, Shell Command Language 2.8.2); above 128 stands a signal's number.
function causeOfCode(code: number): string {
  if (code === 126) return 'exit 126: found but not executable';
  if (code === 127) return 'exit 127: a command was not found';
  if (code === 137)
    return 'exit 137: a command was killed by SIGKILL, as the system does when memory runs out';
  return `exit ${code}`;
}

/** Why a process didn't start, in a sentence that says what to look at. */
export async function causeOfStart(error: unknown, program: string, cwd: string): Promise<string> {
  const code = errorCode(error);
  const folder = await stat(cwd).catch(() => null);
  if (!folder?.isDirectory()) {
    return folder
      ? `the working folder ${cwd} is not a folder`
      : `there is no working folder ${cwd}`;
  }
  switch (code) {
    case 'ENOENT':
      if (program.includes('/') && (await stat(program).catch(() => null))) {
        return `${program} names an interpreter in its first line that is not on this worker`;
      }
      return program.includes('/')
        ? `there is no program ${program} on this worker`
        : `there is no program ${program} in the worker's PATH`;
    case 'EACCES':
    case 'EPERM':
      return `the worker's user may not start ${program}: is it executable, and ${cwd} open to that user?`;
    case 'E2BIG':
      return 'arguments and environment are together larger than the system allows (one value: 128 kB)';
    case 'EAGAIN':
    case 'ENOMEM':
      return `the worker's host has no room for another process (${code})`;
    case 'EMFILE':
    case 'ENFILE':
      return `the worker has too many files open to start a process (${code})`;
    default:
      return `${program} could not be started: ${error instanceof Error ? error.message : String(error)}`;
  }
}
