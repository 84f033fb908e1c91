import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { freePort } from '../../cli/start/ports.ts';
import { until } from './wait.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

export type Started = {
  pid: number;
  port: number;
  folder: string;
  /** Every line that it said so far. */
  said: readonly string[];
  /** Waits for a line that fits. */
  says(pattern: RegExp, timeoutMs?: number): Promise<string>;
  signal(name: NodeJS.Signals): void;
  /** Exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>;
};

/** A data folder that goes after the test, with whatever still runs on it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'punctual-start-'));
  chmodSync(folder, 0o711);
  onTestFinished(async () => {
    const postgres = serverPid(folder);
    if (postgres !== null) {
      process.kill(postgres, 'SIGQUIT');
      await until(() => !isAlive(postgres), { what: 'the end of PostgreSQL' });
    }
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Runs `npm start`'s program on `folder`, on a free port. It is killed after the test at the latest. */
export async function startPunctual(
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Started> {
  const port = await freePort();
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [path.join(ROOT, 'cli/start.ts')], {
    cwd: ROOT,
    env: {
      PATH,
      HOME,
      NODE_ENV: 'production',
      PUNCTUAL_DATA_DIR: folder,
      PORT: String(port),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => said.push(line));
  }
  const ended = endOf(child);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    pid: child.pid ?? 0,
    port: Number(environment['PORT'] ?? port),
    folder,
    said,
    says: async (pattern, timeoutMs = 90_000) =>
      until(() => said.find((line) => pattern.test(line)), {
        timeoutMs,
        what: `${pattern} among:\n${said.join('\n')}`,
      }),
    signal: (name) => child.kill(name),
    ended,
  };
}

async function endOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
  const [code, signal] = (await once(child, 'close')) as [number, NodeJS.Signals | null];
  return signal ?? code;
}

/** Process id of the server on `folder`, by its lock file; null when there is none. */
export function serverPid(folder: string): number | null {
  try {
    const pid = Number(
      readFileSync(path.join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0],
    );
    return isAlive(pid) ? pid : null;
  } catch {
    return null;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The children of a process, with how they were called (Linux). */
export function childrenOf(pid: number): { pid: number; command: string }[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children
    .split(' ')
    .filter(Boolean)
    .map((child) => ({
      pid: Number(child),
      command: readFileSync(`/proc/${child}/cmdline`, 'utf8').replaceAll('\0', ' ').trim(),
    }));
}

/** Pids of all processes that have this among their words (Linux). */
export function processesCalled(word: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && wordsOf(pid).includes(word));
}

function wordsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
