import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

export type TestPostgres = {
  /** Address of the database `punctual`; its user may do everything. */
  url: string;
  /** Process id of the server, for tests that kill or freeze it; another after `startAgain`. */
  readonly pid: number;
  /** Holds data (`postgres/`), password and log of the server. */
  folder: string;
  /** Starts it again, on the same data and address, after a test has ended it. */
  startAgain(): Promise<void>;
  /** Ends the server and removes its folder. */
  stop(): Promise<void>;
};

// Nothing outlives the run, so nothing need survive a power cut.
const FAST = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'on' };
const ROOMY = { max_connections: '300', shared_buffers: '256MB', max_wal_size: '2GB' };

/**
 * Starts a PostgreSQL that ends with this process, also when it is killed.
 *
 * @param settings further settings of the server; `{ fsync: 'on' }` where a test asks what survives a crash
 * @param environment variables of the server's process on top of its own
 * @param copy folder of a server that has ended: this one begins with what is in it
 * @param parent where its folder is made
 */
export async function startTestPostgres(
  settings: Readonly<Record<string, string>> = {},
  environment: Readonly<Record<string, string>> = {},
  copy?: string,
  parent = tmpdir(),
): Promise<TestPostgres> {
  const script = path.join(import.meta.dirname, 'postgres-server.ts');
  const all = JSON.stringify({ ...FAST, ...ROOMY, ...settings });
  const keeper = spawn(
    process.execPath,
    [script, all, JSON.stringify(environment), ...(copy ? [copy] : [])],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, TMPDIR: parent },
      // In a session of its own it doesn't hear Ctrl-C, and ends the server in order when the pipe closes.
      detached: true,
    },
  );
  const ended = once(keeper, 'close');
  const lines = createInterface({ input: keeper.stdout });
  const started = async () => {
    const line = await Promise.race([once(lines, 'line'), ended.then(() => null)]);
    if (!line) throw new Error('The PostgreSQL for tests did not start; its output stands above.');
    return JSON.parse(String(line[0])) as { url: string; pid: number; folder: string };
  };
  const { url, pid: firstPid, folder } = await started();
  let pid = firstPid;
  return {
    url,
    folder,
    get pid() {
      return pid;
    },
    startAgain: async () => {
      keeper.stdin.write('\n');
      ({ pid } = await started());
    },
    stop: async () => {
      keeper.stdin.end();
      await ended;
    },
  };
}

const MEMORY = '/dev/shm';
const ROOM_BYTES = 4_000_000_000;

/**
 * Where a server works fastest that makes and drops hundreds of databases: in memory, if this machine has the room
 * (Linux); on a disk the files of a database cost more than what is asked of it.
 */
export function fastestPlace(): string {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return Math.min(bavail * bsize, process.availableMemory()) > ROOM_BYTES ? MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}
