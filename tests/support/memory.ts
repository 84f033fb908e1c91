import { readFileSync, writeFileSync } from 'node:fs';

/** The most memory that a process had at once since its start or the last `forgetMostMemory`, bytes (Linux). */
export function mostMemory(pid: number): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return Number(kilobytes) * 1_024;
}

/** From now on: what it had before doesn't count. */
export function forgetMostMemory(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}
