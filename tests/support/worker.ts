import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { until } from './wait.ts';

/** One line of a worker's own log. */
export type WorkerLogLine = { msg?: string; [field: string]: unknown };

export type TestWorker = {
  pid: number;
  /** Its row in `worker`, as it said when it was ready. After a lost lease it has another. */
  workerId: number;
  /** Its own log so far; grows. */
  log: readonly WorkerLogLine[];
  /** What it wrote to standard error: nothing, if all is well. */
  errors(): string;
  /** The next line, past or future, that fits. */
  logged(fits: (line: WorkerLogLine) => boolean, timeoutMs?: number): Promise<WorkerLogLine>;
  /** Asks it to stop (SIGTERM) and waits until it has. */
  stop(): Promise<WorkerEnd>;
  /** kill -9, and waits until it is gone. */
  kill(): Promise<WorkerEnd>;
  /** Stops its clock (SIGSTOP). */
  freeze(): void;
  /** Lets it go on (SIGCONT). */
  thaw(): void;
  /** Resolves when the process is gone, however it went. */
  ended: Promise<WorkerEnd>;
};

export type WorkerEnd = { code: number | null; signal: NodeJS.Signals | null };

const ROOT = path.resolve(import.meta.dirname, '../..');
const READY_TIMEOUT_MS = 60_000;

/** Leases and intervals scaled down, so that what takes a minute in earnest takes two seconds in a test. */
const SCALED_DOWN = {
  PUNCTUAL_LEASE_MS: '2000',
  PUNCTUAL_HEARTBEAT_MS: '200',
  PUNCTUAL_SELF_KILL_MS: '1300',
  PUNCTUAL_RESCUE_MS: '200',
  PUNCTUAL_POLL_MS: '200',
  PUNCTUAL_DRAIN_MS: '5000',
  PUNCTUAL_KILL_GRACE_MS: '500',
  PUNCTUAL_LOG_LEVEL: 'debug',
};

const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/**
 * Starts a real worker process on `database` and waits until it is ready. It is ended after the test at the latest.
 *
 * @param environment variables on top of the scaled-down ones; nothing else of the test's environment reaches it
 * @param root the folder of the program; another than this one to try a program that was changed
 * @throws Error with the worker's output when it isn’t ready within a minute
 */
export async function startWorker(
  database: { url: string },
  environment: Readonly<Record<string, string>> = {},
  root = ROOT,
): Promise<TestWorker> {
  const child = spawnWorker(database.url, environment, root);
  const ended = endOf(child);
  const { log, errors } = collect(child);
  endAfterTest(child, ended);

  const logged: TestWorker['logged'] = (fits, timeoutMs = 10_000) =>
    until(() => log.find(fits), { timeoutMs, what: 'a line in the log of the worker' });
  const ready = await readyLine(logged, ended, () => `${JSON.stringify(log)}\n${errors()}`);

  const end = (signal: NodeJS.Signals) => async () => {
    child.kill(signal);
    return ended;
  };
  return {
    pid: child.pid ?? 0,
    workerId: Number(ready['workerId']),
    log,
    errors,
    logged,
    stop: end('SIGTERM'),
    kill: end('SIGKILL'),
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
    ended,
  };
}

function spawnWorker(
  url: string,
  environment: Readonly<Record<string, string>>,
  root: string,
): ChildProcess {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  return spawn(process.execPath, [path.join(root, 'worker/main.ts')], {
    cwd: root,
    env: {
      PATH,
      HOME,
      NODE_COMPILE_CACHE,
      NODE_ENV: 'test',
      DATABASE_URL: url,
      ...SCALED_DOWN,
      ...environment,
    },
    // The channel tells the worker when this process is gone, so that a crashed run leaves none behind.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

async function endOf(child: ChildProcess): Promise<WorkerEnd> {
  alive.add(child);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  alive.delete(child);
  return { code, signal };
}

function collect(child: ChildProcess): { log: WorkerLogLine[]; errors: () => string } {
  const log: WorkerLogLine[] = [];
  let errors = '';
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', (line) => log.push(parsed(line)));
  }
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  return { log, errors: () => errors };
}

function parsed(line: string): WorkerLogLine {
  try {
    return JSON.parse(line) as WorkerLogLine;
  } catch {
    return { msg: line };
  }
}

async function readyLine(
  logged: TestWorker['logged'],
  ended: Promise<WorkerEnd>,
  output: () => string,
): Promise<WorkerLogLine> {
  try {
    return await Promise.race([
      logged((line) => line.msg === 'worker ready', READY_TIMEOUT_MS),
      ended.then(({ code, signal }) => {
        throw new Error(`It ended with ${signal ?? code}.`);
      }),
    ]);
  } catch (cause) {
    throw new Error(`The worker didn't get ready. ${(cause as Error).message}\n${output()}`, {
      cause,
    });
  }
}

function endAfterTest(child: ChildProcess, ended: Promise<WorkerEnd>): void {
  try {
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await ended;
    });
  } catch {
    // Started in beforeAll, outside any test: whoever started it stops it, and the exit of this process at the latest.
  }
}
