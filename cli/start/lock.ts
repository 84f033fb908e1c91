import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  link,
  mkdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

/** Who holds a lock. `address` is where its console can be reached, once it is known. */
export type LockHolder = {
  pid: number;
  host: string;
  /** Tells a process from a later one with the same number; empty where the system doesn't say. */
  processStart: string;
  address: string | null;
};

export type Lock = {
  /** Tells later comers where the console is. */
  announce(address: string): Promise<void>;
  release(): Promise<void>;
};

export type LockResult = { ok: true; lock: Lock } | { ok: false; holder: LockHolder };

const TOUCH_MS = 5_000;
// On another host we can't ask after the process: silent for so long, it is held to be gone.
const SILENT_MS = 30_000;

/**
 * Takes the lock file, also from a holder that was killed: its process is gone, or its number belongs to another one
 * now. Of several that try at the same time exactly one gets it.
 */
export async function takeLock(file: string): Promise<LockResult> {
  const self: LockHolder = {
    pid: process.pid,
    host: hostname(),
    processStart: processStart(process.pid),
    address: null,
  };
  for (;;) {
    if (await place(file, self)) return { ok: true, lock: held(file, self) };
    const holder = await readHolder(file);
    if (holder && (await isHeld(file, holder))) return { ok: false, holder };
    if (await replaceStale(file, self)) return { ok: true, lock: held(file, self) };
  }
}

function held(file: string, self: LockHolder): Lock {
  const touch = setInterval(() => {
    void utimes(file, new Date(), new Date()).catch(() => {});
  }, TOUCH_MS).unref();
  return {
    announce: (address) => replace(file, { ...self, address }),
    release: async () => {
      clearInterval(touch);
      await rm(file, { force: true });
    },
  };
}

// A link either appears whole or not at all, so nobody ever reads half a lock.
async function place(file: string, self: LockHolder): Promise<boolean> {
  const draft = draftOf(file);
  await writeFile(draft, JSON.stringify(self), { mode: 0o600 });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function readHolder(file: string): Promise<LockHolder | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as LockHolder;
  } catch {
    return null;
  }
}

async function isHeld(file: string, holder: LockHolder): Promise<boolean> {
  if (holder.host === hostname()) {
    return isAlive(holder.pid) && processStart(holder.pid) === holder.processStart;
  }
  const touched = await stat(file).catch(() => null);
  return touched !== null && Date.now() - touched.mtimeMs < SILENT_MS;
}

// Two may find the same stale lock, and the later one must not replace the lock of the first: one at a time looks again
// and replaces it. Making a folder is what exactly one can do.
async function replaceStale(file: string, self: LockHolder): Promise<boolean> {
  const turn = `${file}.turn`;
  try {
    await mkdir(turn);
  } catch {
    await endAbandonedTurn(turn);
    return false;
  }
  try {
    const holder = await readHolder(file);
    if (holder && (await isHeld(file, holder))) return false;
    await replace(file, self);
    return true;
  } finally {
    await rmdir(turn).catch(() => {});
  }
}

// A turn takes a few milliseconds; one that is so old was cut short by a crash.
const LONGEST_TURN_MS = 5_000;

async function endAbandonedTurn(turn: string): Promise<void> {
  const made = await stat(turn).catch(() => null);
  if (made && Date.now() - made.mtimeMs > LONGEST_TURN_MS) await rmdir(turn).catch(() => {});
  else await pause(10);
}

async function replace(file: string, holder: LockHolder): Promise<void> {
  const draft = draftOf(file);
  await writeFile(draft, JSON.stringify(holder), { mode: 0o600 });
  await rename(draft, file);
}

function draftOf(file: string): string {
  return `${file}.${randomUUID()}`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The kernel's start time of a process, where /proc has it. */
function processStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name stands in parentheses and may hold spaces; the start time is the 20th field after it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
