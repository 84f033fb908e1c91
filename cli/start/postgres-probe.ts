import { randomBytes } from 'node:crypto';
import {
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { APPLICATION_USER, type Place, USER } from './postgres-folder.ts';

/** The application's database on the embedded server. */
export const DATABASE = 'punctual';

export type ServerLock = { pid: number; port: number };

/** Address of the application's database as its owner, with the password: never print it. */
export function addressOf(place: Place, port: number): string {
  const password = readFileSync(place.passwordFile, 'utf8');
  return `postgresql://${USER}:${password}@127.0.0.1:${port}/${DATABASE}`;
}

/** The same as the application's own user; as the owner where an older version made the folder and still runs. */
export function applicationAddressOf(place: Place, port: number): string {
  if (!existsSync(place.applicationPasswordFile)) return addressOf(place, port);
  const password = readFileSync(place.applicationPasswordFile, 'utf8');
  return `postgresql://${APPLICATION_USER}:${password}@127.0.0.1:${port}/${DATABASE}`;
}

/** What the server's own lock file says, if there is one. */
export function readLock(data: string): ServerLock | null {
  try {
    const lines = readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n');
    const pid = Number(lines[0]);
    const port = Number(lines[3]);
    return pid > 0 && port > 0 ? { pid, port } : null;
  } catch {
    return null;
  }
}

/**
 * Removes the lock file of a server that is gone, where its number belongs to a process that is no PostgreSQL: after a
 * power cut or in a container numbers come again, and the server would refuse to start. Only where /proc tells, and
 * never while any process still works in the data folder.
 */
export function removeStaleServerLock(place: Place): void {
  const lock = readLock(place.data);
  if (!lock || !isAlive(lock.pid) || commandOf(lock.pid) === 'postgres') return;
  if (commandOf(process.pid) === null || isWorkedIn(place.data)) return;
  rmSync(path.join(place.data, 'postmaster.pid'), { force: true });
}

function commandOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return null;
  }
}

// Every process of a server has the data folder as its working folder.
function isWorkedIn(folder: string): boolean {
  return readdirSync('/proc').some((entry) => {
    try {
      return /^\d+$/.test(entry) && readlinkSync(`/proc/${entry}/cwd`) === folder;
    } catch {
      return false;
    }
  });
}

/** The port that the server had the last time. */
export function recordedPort(place: Place): number | undefined {
  // The server writes the port that it was started with into its options file and leaves it there.
  try {
    const options = readFileSync(path.join(place.data, 'postmaster.opts'), 'utf8');
    const port = /port=(\d+)/.exec(options)?.[1];
    return port === undefined ? undefined : Number(port);
  } catch {
    return undefined;
  }
}

/**
 * Who listens on `port`: ours takes our password and says that this folder is its own; `busy` is a server that starts
 * or ends at the moment.
 */
export async function probe(
  place: Place,
  port: number,
): Promise<'ours' | 'busy' | 'other' | 'nobody'> {
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

/** Makes the application's database and its user unless they are there. */
export async function makeDatabase(place: Place, port: number): Promise<void> {
  const client = connection(place, port, 'postgres');
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
    await makeApplicationUser(client, place);
  } finally {
    await client.end();
  }
}

async function makeApplicationUser(client: pg.Client, place: Place): Promise<void> {
  const found = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [APPLICATION_USER]);
  const isThere = found.rowCount === 1;
  if (isThere && existsSync(place.applicationPasswordFile)) return;
  const password = randomBytes(24).toString('base64url');
  await client.query(
    `${isThere ? 'ALTER' : 'CREATE'} ROLE ${APPLICATION_USER} LOGIN PASSWORD '${password}'`,
  );
  writeFileSync(place.applicationPasswordFile, password, { mode: 0o600 });
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

/** Sends a signal; false when there is no such process. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

export function isAlive(pid: number): boolean {
  return signalProcess(pid, 0 as unknown as NodeJS.Signals);
}
