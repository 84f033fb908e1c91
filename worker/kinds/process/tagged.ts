import { setTimeout as pause } from 'node:timers/promises';
import { listProcesses, type ProcessEntry } from './snapshot.ts';

const LOOK_AGAIN_MS = 10;
const WITHIN_MS = 3_000;

/**
 * Kills, without grace, every process whose tag begins with `prefix` and all that belongs to it, until none is left.
 * For whoever has to do so when the worker itself can't.
 */
export async function endEverythingTagged(prefix: string): Promise<void> {
  const deadline = performance.now() + WITHIN_MS;
  for (;;) {
    const alive = taggedFamily(await listProcesses(), prefix).filter(({ isZombie }) => !isZombie);
    if (alive.length === 0 || performance.now() > deadline) return;
    for (const { pid } of alive) kill(pid);
    await pause(LOOK_AGAIN_MS);
  }
}

/** The processes that carry such a tag, those in a group that one of them leads, and whatever descends from any. */
export function taggedFamily(all: readonly ProcessEntry[], prefix: string): ProcessEntry[] {
  const members = new Set(
    all.filter(({ tag }) => tag?.startsWith(prefix) === true).map(({ pid }) => pid),
  );
  for (let before = -1; before !== members.size;) {
    before = members.size;
    for (const { pid, parentPid, groupId } of all) {
      if (members.has(parentPid) || members.has(groupId)) members.add(pid);
    }
  }
  return all.filter(({ pid }) => members.has(pid));
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already, or not ours to kill.
  }
}
