import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmdirSync,
  unlinkSync,
} from 'node:fs';
import { chmod, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorCode } from '#core/error-code.ts';
import { textWithin } from '../text-within.ts';

export const MOST_RESULT_BYTES = 64 * 1024;

/** A folder that belongs to one attempt and is gone after it. */
export type AttemptFolder = {
  path: string;
  /** The process's own empty working folder. */
  work: string;
  /** TMPDIR of the process. */
  temporary: string;
  /** PUNCTUAL_RESULT; its name, which nobody can guess, also tags the attempt's processes. */
  result: string;
  /** PUNCTUAL_STATE: what the job kept before, for it to rewrite. */
  state: string;
  /** PUNCTUAL_PARAMETERS_FILE, for a job that is told of changed parameters. */
  parameters: string;
};

/** What the paths of all attempt folders of a worker process begin with: the guard finds its processes by it. */
export const folderPrefixOf = (workerPid: number) => join(tmpdir(), `punctual-${workerPid}-`);

/** What PUNCTUAL_RESULT of a worker's spawners begins with: the guard ends them as it ends what they have started. */
export const spawnerTagOf = (workerPid: number) => `${folderPrefixOf(workerPid)}spawner-`;

// The few small things that each attempt needs of its folder are done in place: a trip through the thread pool costs many
// times what they do.

/** @throws what the file system says: no space, no permission. */
export function makeAttemptFolder(): AttemptFolder {
  const path = `${folderPrefixOf(process.pid)}${randomBytes(12).toString('hex')}`;
  const folder = {
    path,
    work: join(path, 'work'),
    temporary: join(path, 'tmp'),
    result: join(path, 'result'),
    state: join(path, 'state'),
    parameters: join(path, 'parameters.json'),
  };
  for (const made of [path, folder.work, folder.temporary]) mkdirSync(made, { mode: 0o700 });
  return folder;
}

/** @returns false when something in it can't be removed, for example a file of another user. */
export async function removeAttemptFolder(folder: AttemptFolder): Promise<boolean> {
  if (removedAtOnce(folder.path)) return true;
  const remove = () => rm(folder.path, { recursive: true, force: true, maxRetries: 2 });
  try {
    await remove();
    return true;
  } catch {
    try {
      // A folder without write permission keeps its content from anybody but root.
      await openUp(folder.path, 5);
      await remove();
      return true;
    } catch {
      return false;
    }
  }
}

const MOST_AT_ONCE = 16;
/** Most file systems count what an entry takes: of a larger folder even the names take long to read. */
const LARGEST_FOLDER_BYTES = 8192;
const LARGEST_AT_ONCE = 1024 * 1024;

/** Whether it was as good as empty, and is gone. */
function removedAtOnce(path: string): boolean {
  try {
    if (lstatSync(path).size > LARGEST_FOLDER_BYTES) return false;
    const entries = readdirSync(path, { withFileTypes: true });
    if (entries.length > MOST_AT_ONCE) return false;
    for (const entry of entries) {
      const inside = join(path, entry.name);
      if (entry.isDirectory()) rmdirSync(inside);
      else if (lstatSync(inside).size > LARGEST_AT_ONCE) return false;
      else unlinkSync(inside);
    }
    rmdirSync(path);
    return true;
  } catch {
    return false;
  }
}

async function openUp(path: string, depth: number): Promise<void> {
  await chmod(path, 0o700);
  if (depth === 0) return;
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.isDirectory()) await openUp(join(path, entry.name), depth - 1);
  }
}

/** What the process wrote to PUNCTUAL_RESULT: at most 64 kB of text, null if nothing. */
export function readResult(folder: AttemptFolder): { text: string; wasCut: boolean } | null {
  const bytes = readWithin(folder.result, MOST_RESULT_BYTES);
  return Buffer.isBuffer(bytes) && bytes.length > 0 ? textWithin(bytes, MOST_RESULT_BYTES) : null;
}

/**
 * A file that the job may have put there: its bytes, and one more than `mostBytes` where it has more. A link to elsewhere
 * isn't followed, and a pipe in its place doesn't make us wait.
 */
export function readWithin(path: string, mostBytes: number): Buffer | 'missing' | 'unreadable' {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  let file;
  try {
    if (!lstatSync(path, { throwIfNoEntry: false })) return 'missing';
    file = openSync(path, flags);
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? 'missing' : 'unreadable';
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return 'unreadable';
    const buffer = Buffer.alloc(Math.min(stat.size, mostBytes) + 1);
    let size = 0;
    while (size < buffer.length) {
      const bytesRead = readSync(file, buffer, size, buffer.length - size, size);
      if (bytesRead === 0) break;
      size += bytesRead;
    }
    return buffer.subarray(0, size);
  } catch {
    return 'unreadable';
  } finally {
    closeSync(file);
  }
}
