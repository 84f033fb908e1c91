import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './ports.ts';
import {
  findPrograms,
  type Place,
  placeIn,
  prepareDataFolder,
  serverEnvironment,
} from './postgres-folder.ts';
import {
  addressOf,
  applicationAddressOf,
  isAlive,
  makeDatabase,
  probe,
  readLock,
  recordedPort,
  removeStaleServerLock,
  signalProcess,
} from './postgres-probe.ts';
import { asAccount, type ServerAccount, serverAccount } from './server-account.ts';
import { StartError } from './start-error.ts';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;
const LARGEST_LOG_BYTES = 10_000_000;

export type EmbeddedPostgres = {
  /** Address of the database `punctual` as its owner, with the password: never print it. */
  url: string;
  /** The same as the application's user, who can't change the audit trail. */
  applicationUrl: string;
  port: number;
  pid: number;
  /** True when a server was found running on this folder, left by a process that was killed. */
  reused: boolean;
  /** Whether its process is there. */
  isAlive(): boolean;
  /** Ends the server, waiting for it; connections are cut, what is committed stays. */
  stop(): Promise<void>;
};

/**
 * Starts the PostgreSQL that this program carries on `folder`/postgres, making it first where there is none, or takes over the server that
 * already runs there. It listens on loopback alone, on a free port, with a random password that stands in
 * `folder`/postgres-password (mode 600). The server is no child that dies with its parent: `stop` ends it.
 *
 * @param settings further `-c name=value` of the server
 * @throws StartError when the server can't be made or started; the message says what to do
 */
export async function startEmbeddedPostgres(
  folder: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<EmbeddedPostgres> {
  const place = placeIn(folder);
  const running = await runningServer(place);
  if (running) return running;

  const account = serverAccount(place.data);
  const programs = findPrograms();
  prepareDataFolder(place, programs, account);
  removeStaleServerLock(place);
  return startServer(place, programs.postgres, account, settings);
}

async function startServer(
  place: Place,
  postgres: string,
  account: ServerAccount | null,
  settings: Readonly<Record<string, string>>,
): Promise<EmbeddedPostgres> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  let preferred = recordedPort(place);
  for (;;) {
    const port = await freePort(preferred);
    const server = launch(place, postgres, account, { ...settings, port: String(port) });
    const outcome = await answerOrExit(place, port, server, deadline);
    if (outcome === 'answers') return handleOf(place, port, server.pid ?? 0, false);
    const log = logTail(place.log);
    // Somebody took the port between our look and the server's: once more with another.
    if (outcome === 'ended' && /Address already in use/.test(log) && Date.now() < deadline) {
      preferred = undefined;
      continue;
    }
    if (outcome === 'silent') server.kill('SIGQUIT');
    throw new StartError(
      `The embedded PostgreSQL ${outcome === 'ended' ? 'ended at once' : "doesn't answer"}. ` +
        `The end of ${place.log}:\n${log}`,
    );
  }
}

function launch(
  place: Place,
  postgres: string,
  account: ServerAccount | null,
  settings: Readonly<Record<string, string>>,
): ChildProcess {
  const all = {
    listen_addresses: '127.0.0.1',
    // No socket in the file system: its path may be 107 bytes at most, and loopback with a password serves.
    unix_socket_directories: '',
    ...settings,
  };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = openLog(place.log);
  try {
    const server = spawn(postgres, ['-D', place.data, ...flags], {
      ...asAccount(account),
      env: serverEnvironment(),
      // Its own session: Ctrl-C reaches us alone, and the server outlives the last write of the worker.
      detached: true,
      stdio: ['ignore', log, log],
    });
    server.on('error', () => {});
    server.unref();
    return server;
  } finally {
    closeSync(log);
  }
}

function openLog(file: string): number {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LARGEST_LOG_BYTES)
    truncateSync(file);
  return openSync(file, 'a', 0o600);
}

async function answerOrExit(
  place: Place,
  port: number,
  server: ChildProcess,
  deadline: number,
): Promise<'answers' | 'ended' | 'silent'> {
  while (Date.now() < deadline) {
    if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) {
      return 'ended';
    }
    if ((await probe(place, port)) === 'ours') {
      await makeDatabase(place, port);
      return 'answers';
    }
    await pause(20);
  }
  return 'silent';
}

/**
 * The server that already runs on this folder. Its lock file names process and port; it is ours when it takes our
 * password and says that this folder is its own, so that a stale file or a port taken by another never misleads.
 */
async function runningServer(place: Place): Promise<EmbeddedPostgres | null> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const lock = readLock(place.data);
    if (!lock || !isAlive(lock.pid) || !existsSync(place.passwordFile)) return null;
    const answer = await probe(place, lock.port);
    if (answer === 'ours') {
      await makeDatabase(place, lock.port);
      return handleOf(place, lock.port, lock.pid, true);
    }
    // Starting up or shutting down: it will be ours or gone in a moment. Anything else is another process that
    // got the number of a dead one; the server itself checks the lock file more closely when it starts.
    if (answer !== 'busy' || Date.now() > deadline) return null;
    await pause(50);
  }
}

function handleOf(place: Place, port: number, pid: number, reused: boolean): EmbeddedPostgres {
  return {
    url: addressOf(place, port),
    applicationUrl: applicationAddressOf(place, port),
    port,
    pid,
    reused,
    isAlive: () => isAlive(pid),
    stop: () => stopServer(pid),
  };
}

async function stopServer(pid: number): Promise<void> {
  for (const [signal, timeoutMs] of [
    ['SIGINT', STOP_TIMEOUT_MS],
    ['SIGQUIT', STOP_TIMEOUT_MS],
    ['SIGKILL', 1_000],
  ] as const) {
    if (!signalProcess(pid, signal)) return;
    const deadline = Date.now() + timeoutMs;
    while (Date.now() < deadline) {
      if (!isAlive(pid)) return;
      await pause(20);
    }
  }
}

function logTail(file: string): string {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(-12).join('\n').trim();
  } catch {
    return '';
  }
}
