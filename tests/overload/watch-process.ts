import { readFileSync } from 'node:fs';

export type ProcessUse = {
  /** Resident memory at the beginning, at most, and at the end, bytes. */
  firstBytes: number;
  mostBytes: number;
  lastBytes: number;
  /** Of the processors, ms. */
  cpuMs: number;
};

const TICKS_A_SECOND = 100;

/** Looks at a process of this machine (Linux) four times a second; not at its children. */
export function watchProcess(pid: number): { stop(): ProcessUse } {
  const cpuBefore = cpuMsOf(pid);
  const seen = [memoryOf(pid)];
  const timer = setInterval(() => seen.push(memoryOf(pid)), 250);
  return {
    stop: () => {
      clearInterval(timer);
      seen.push(memoryOf(pid));
      return {
        firstBytes: seen[0]!,
        mostBytes: Math.max(...seen),
        lastBytes: seen.at(-1)!,
        cpuMs: cpuMsOf(pid) - cpuBefore,
      };
    },
  };
}

function memoryOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

function cpuMsOf(pid: number): number {
  // The name in brackets may hold spaces.
  const fields = read(`/proc/${pid}/stat`).split(') ').at(-1)!.split(' ');
  return ((Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 1000) / TICKS_A_SECOND;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
