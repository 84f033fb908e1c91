import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { freePort } from '../../cli/start/ports.ts';
import { cloneDatabase, type TestDatabase } from '../support/clone-database.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
export const AUTH_SECRET = 'a secret for journeys alone, 32 letters long';
export const SECRET_KEY = '6b1f0c5e9a7d4e2b8c3a5f60718293a4b5c6d7e8f90a1b2c3d4e5f6071829304';

/** A console and its workers on a database of their own, as separate real processes. */
export type Installation = {
  url: string;
  db: TestDatabase;
  startWorker(environment?: Readonly<Record<string, string>>): Promise<RunningProcess>;
  startConsole(): Promise<void>;
  console: RunningProcess;
  stop(): Promise<void>;
};

export type RunningProcess = {
  pid: number;
  output(): string;
  /** Signals it and waits until it is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
  signal(name: NodeJS.Signals): void;
};

/** Leases scaled down, so that a killed worker is noticed within seconds. */
const WORKER = {
  PUNCTUAL_LEASE_MS: '3000',
  PUNCTUAL_HEARTBEAT_MS: '300',
  PUNCTUAL_SELF_KILL_MS: '2000',
  PUNCTUAL_RESCUE_MS: '300',
  PUNCTUAL_DRAIN_MS: '1000',
  PUNCTUAL_KILL_GRACE_MS: '500',
  PUNCTUAL_WORKER_NAME: 'w-1',
};

/**
 * @param server another PostgreSQL than the one of all journeys, with the template in it
 * @param environmentAt further variables of the console, which may need to know its address
 */
export async function startInstallation(
  server = process.env['PUNCTUAL_TEST_POSTGRES'],
  environmentAt: EnvironmentAt = async () => ({}),
): Promise<Installation> {
  if (!server) throw new Error('tests/support/e2e-setup.ts has not run.');
  return startInstallationOn(await cloneDatabase(server), environmentAt);
}

type EnvironmentAt = (url: string) => Promise<Readonly<Record<string, string>>>;

/** The same on a database that is there; it is dropped at the end. */
export async function startInstallationOn(
  db: TestDatabase,
  environmentAt: EnvironmentAt = async () => ({}),
): Promise<Installation> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const processes: RunningProcess[] = [];

  const more = await environmentAt(url);
  const startConsole = async () => {
    const started = run('cli/web.ts', {
      PUNCTUAL_SECRET_KEY: SECRET_KEY,
      ...more,
      DATABASE_URL: db.url,
      PORT: String(port),
      PUNCTUAL_AUTH_SECRET: AUTH_SECRET,
    });
    processes.push(started);
    installation.console = started;
    await untilTrue(
      async () => (await fetch(`${url}/api/health`)).ok,
      () => started.output(),
    );
  };
  const installation: Installation = {
    url,
    db,
    console: undefined as never,
    startConsole,
    startWorker: async (environment = {}) => {
      const started = run('worker/main.ts', {
        DATABASE_URL: db.url,
        PUNCTUAL_SECRET_KEY: SECRET_KEY,
        ...WORKER,
        PUNCTUAL_HTTP_ALLOW: `127.0.0.1:${port}`,
        ...environment,
      });
      processes.push(started);
      await untilTrue(
        async () => started.output().includes('worker ready'),
        () => started.output(),
      );
      return started;
    },
    stop: async () => {
      // What a process has compiled is kept for the next only if it ends in order.
      const inOrder = Promise.all(processes.map((child) => child.end('SIGTERM')));
      await Promise.race([inOrder, new Promise((resolve) => setTimeout(resolve, LEAVE_MS))]);
      await Promise.all(processes.map((child) => child.end('SIGKILL')));
      await db.drop();
    },
  };
  await startConsole();
  return installation;
}

function run(script: string, environment: Readonly<Record<string, string>>): RunningProcess {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [path.join(ROOT, script)], {
    cwd: ROOT,
    env: { PATH, HOME, NODE_COMPILE_CACHE, NODE_ENV: 'production', ...environment },
    // The channel tells the child when this process is gone, so that a crashed run leaves none behind.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = endOf(child);
  return {
    pid: child.pid ?? 0,
    output: () => output,
    signal: (name) => child.kill(name),
    end: async (signal) => {
      child.kill(signal);
      await ended;
    },
  };
}

async function endOf(child: ChildProcess): Promise<void> {
  await once(child, 'close');
}

const START_TIMEOUT_MS = 30_000;
const LEAVE_MS = 2_000;

async function untilTrue(probe: () => Promise<boolean>, output: () => string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    if (await probe().catch(() => false)) return;
    if (Date.now() > deadline) throw new Error(`It didn't start:\n${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
