import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** One process of this host as /proc shows it. */
export type ProcessEntry = {
  pid: number;
  parentPid: number;
  groupId: number;
  /** Clock ticks since boot: with the pid it names a process even after the pid was given away again. */
  startTicks: number;
  /** A zombie has ended; only its parent hasn't asked for its exit code yet. */
  isZombie: boolean;
  /** Value of PUNCTUAL_RESULT in its environment: the attempt whose family it belongs to. */
  tag: string | null;
};

/** Whether this host can say which processes there are: Linux with /proc. Elsewhere only process groups are known. */
export const canListProcesses = process.platform === 'linux';

let underWay: Promise<ProcessEntry[]> | null = null;
let following: Promise<ProcessEntry[]> | null = null;

/**
 * All processes of this host, read after the call began. Attempts that end at the same time share one reading, so that
 * a burst of short runs doesn't read /proc once each.
 */
export function listProcesses(): Promise<ProcessEntry[]> {
  if (!canListProcesses) return Promise.resolve([]);
  if (!underWay) {
    underWay = readProcesses().finally(() => {
      underWay = null;
    });
    return underWay;
  }
  following ??= underWay.then(() => {
    following = null;
    return listProcesses();
  });
  return following;
}

// Reading a file of /proc is a copy out of kernel memory: doing it in place costs a tenth of a trip through the thread
// pool. A pause every so many keeps the worker's timers on time.
const BETWEEN_PAUSES = 40;

async function readProcesses(): Promise<ProcessEntry[]> {
  const entries: ProcessEntry[] = [];
  let read = 0;
  const settledBefore = ticksSinceBoot() - SETTLED_AFTER_TICKS;
  const settled = new Map<number, { startTicks: number; tag: string | null }>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const entry = readProcess(pid);
    if (entry) {
      entries.push(entry);
      if (entry.startTicks < settledBefore) settled.set(pid, entry);
    }
    if (++read % BETWEEN_PAUSES === 0) await nextTurn();
  }
  settledTags = settled;
  return entries;
}

const MOST_AFTER = 200;

/**
 * The processes that were started after that one, where they are few: a hundredth of a look at all of them. Pids are given
 * in order, and the system says which it gave last.
 *
 * @param spawners whose children lead families of their own: their tags aren't read. That of one which is about to execute its
 *   program comes when it has, and who reads it waits for that.
 * @returns null where only a look at all processes can tell: they are many, or the pids began anew
 */
export function processesAfter(pid: number, spawners: readonly number[]): ProcessEntry[] | null {
  // "0.20 0.18 0.12 1/80 11206": the last field.
  const last = Number(readWhole('/proc/loadavg')?.toString('latin1').trim().split(' ').at(-1));
  if (!(last >= pid && last - pid <= MOST_AFTER)) return null;
  const entries: ProcessEntry[] = [];
  for (let after = pid + 1; after <= last; after++) {
    const found = existsSync(`/proc/${after}`) ? readStat(after) : null;
    if (!found) continue;
    const isLeader = spawners.includes(found.parentPid);
    entries.push({ ...found, tag: isLeader ? null : tagOf(after, found.startTicks) });
  }
  return entries;
}

/** @returns null when there is no such process (any more). */
export function readProcess(pid: number): ProcessEntry | null {
  const found = readStat(pid);
  return found && { ...found, tag: tagOf(pid, found.startTicks) };
}

function readStat(pid: number): Omit<ProcessEntry, 'tag'> | null {
  const stat = readWhole(`/proc/${pid}/stat`);
  if (!stat) return null;
  // "4711 (name) S 1 4711 …": the name may hold spaces and parentheses, so count from its last one.
  const fields = stat
    .toString('latin1')
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ');
  const state = fields[0];
  return {
    pid,
    parentPid: Number(fields[1]),
    groupId: Number(fields[2]),
    startTicks: Number(fields[19]),
    isZombie: state === 'Z' || state === 'X',
  };
}

// A process gets its environment when it is forked or when it executes its program, which is soon. That of an older one
// is read once: half of what a look at 200 processes costs (8 ms).
const SETTLED_AFTER_TICKS = 1_000;
let settledTags: ReadonlyMap<number, { startTicks: number; tag: string | null }> = new Map();

function tagOf(pid: number, startTicks: number): string | null {
  const settled = settledTags.get(pid);
  if (settled?.startTicks === startTicks) return settled.tag;
  const environ = readWhole(`/proc/${pid}/environ`);
  return environ ? tagIn(environ) : null;
}

/** Linux counts them 100 a second for every program, whatever the kernel's own rate (USER_HZ). */
function ticksSinceBoot(): number {
  return Number.parseFloat(readWhole('/proc/uptime')?.toString('latin1') ?? '0') * 100;
}

const TAG = Buffer.from('PUNCTUAL_RESULT=');

function tagIn(environ: Buffer): string | null {
  let at = environ.indexOf(TAG);
  while (at > 0 && environ[at - 1] !== 0) at = environ.indexOf(TAG, at + 1);
  if (at < 0) return null;
  const end = environ.indexOf(0, at);
  return environ.toString('utf8', at + TAG.length, end < 0 ? environ.length : end);
}

const page = Buffer.allocUnsafe(64 * 1024);
const MOST_PAGES = 32;

/** Null when the process is gone or belongs to somebody else. The result is only good until the next call. */
function readWhole(path: string): Buffer | null {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    const size = readSync(descriptor, page, 0, page.length, null);
    if (size < page.length) return page.subarray(0, size);
    const pages = [Buffer.from(page)];
    for (let count = 1; count < MOST_PAGES; count++) {
      const more = readSync(descriptor, page, 0, page.length, null);
      if (more === 0) break;
      pages.push(Buffer.from(page.subarray(0, more)));
    }
    return Buffer.concat(pages);
  } catch {
    return null;
  } finally {
    closeSync(descriptor);
  }
}
