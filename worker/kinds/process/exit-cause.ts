import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from '#core/error-code.ts';
import type { Answer } from '../kind.ts';
import type { Exit } from './spawner-protocol.ts';

/** What the end of a process says. A signal of ours isn't blamed on memory. */
export function answerForExit({ code, signal }: Exit, wasStopped: boolean): Answer {
  if (code === 0) return { ok: true, exitCode: 0 };
  if (code !== null) {
    return { ok: false, failure: 'exit_code', exitCode: code, cause: causeOfCode(code) };
  }
  if (signal === null) {
    const cause =
      'nobody knows how it ended: the worker’s own process that starts commands was killed, and what it had started with it';
    return { ok: false, cause };
  }
  const cause =
    signal === 'SIGKILL' && !wasStopped
      ? 'killed by SIGKILL, as the system does when memory runs out'
      : `killed by ${signal}`;
  return { ok: false, failure: 'exit_code', signal, cause };
}

// By the shells' convention (POSIX, Shell Command Language 2.8.2); above 128 stands a signal's number.
function causeOfCode(code: number): string {
  if (code === 126) return 'exit 126: found but not executable';
  if (code === 127) return 'exit 127: a command was not found';
  if (code === 137)
    return 'exit 137: a command was killed by SIGKILL, as the system does when memory runs out';
  return `exit ${code}`;
}

/**
 * Why a process didn't start, in a sentence that says what to look at.
 *
 * @param searched the PATH that its program was looked for in
 */
export async function causeOfStart(
  error: unknown,
  program: string,
  { cwd, searched }: { cwd: string; searched: string },
): Promise<string> {
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
        : missingIn(searched, program);
    case 'EACCES':
    case 'EPERM':
      if (!program.includes('/') && !(await isIn(searched, program))) {
        return missingIn(searched, program);
      }
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

const foldersOf = (searched: string) => searched.split(path.delimiter).filter(Boolean);

/**
 * Whether any folder that may be entered holds the program. The system says EACCES where one of them can't be entered and
 * none of the others has it, as it does for a program that isn't executable.
 */
async function isIn(searched: string, program: string): Promise<boolean> {
  const found = await Promise.all(
    foldersOf(searched).map((folder) => stat(path.join(folder, program)).catch(() => null)),
  );
  return found.some((entry) => entry !== null);
}

async function missingIn(searched: string, program: string): Promise<string> {
  const closed: string[] = [];
  for (const folder of foldersOf(searched)) {
    // Another name in a folder that may not be entered is refused; in one that isn't there it is missing.
    const code = await access(path.join(folder, program)).then(() => null, errorCode);
    if (code === 'EACCES') closed.push(folder);
  }
  const missing = `there is no program ${program} in the worker's PATH`;
  return closed.length === 0
    ? missing
    : `${missing}, of which its user may not enter ${closed.join(', ')}`;
}
