import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../cli/start/ports.ts';
import { asAccount, type ServerAccount, serverAccount } from '../../cli/start/server-account.ts';
import { until } from './wait.ts';

export type TestPgBouncer = {
  /** The database's address, through it. */
  url: string;
  /** Ends it, and every connection with it, as a restart of its host would. */
  stop(): Promise<void>;
  /** On the same port, after `stop`. */
  start(): Promise<void>;
  /** All that it said. */
  log(): string;
  [Symbol.asyncDispose](): Promise<void>;
};

// Debian puts it where ordinary users don't look.
const PLACES = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin'];
const PROGRAM = PLACES.map((place) => path.join(place, 'pgbouncer')).find((file) =>
  existsSync(file),
);

/** Why there is no PgBouncer for tests on this machine; null where there is one, as Debian packages it. */
export const noPgBouncer = (): string | null =>
  PROGRAM === undefined || process.env['PUNCTUAL_NO_PGBOUNCER']
    ? 'PgBouncer isn’t installed here: apt-get install pgbouncer'
    : null;

/**
 * A real PgBouncer in front of a database, with the settings of deploy/pgbouncer.ini.
 * @param settings of its section [pgbouncer], besides
 */
export async function startPgBouncer(
  database: { url: string },
  settings: Readonly<Record<string, string>> = {},
): Promise<TestPgBouncer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'punctual-pgbouncer-'));
  const port = await freePort();
  const { file, url } = writeSettings(folder, new URL(database.url), {
    listen_port: String(port),
    ...settings,
  });
  const account = giveAway(folder);
  let running: ChildProcess | null = null;
  let output = '';

  async function start(): Promise<void> {
    const child = spawn('/bin/sh', ['-c', UNTIL_STDIN_ENDS, 'sh', PROGRAM!, file], {
      ...asAccount(account),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    running = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    await until(() => accepts(port), { what: 'PgBouncer' }).catch((cause) => {
      throw new Error(`PgBouncer didn’t start:\n${output}`, { cause });
    });
  }
  async function end(): Promise<void> {
    const child = running;
    running = null;
    if (!child) return;
    const ended = once(child, 'close');
    child.stdin?.end();
    await ended;
  }
  async function remove(): Promise<void> {
    await end();
    rmSync(folder, { recursive: true, force: true });
  }

  await start();
  return { url, start, stop: end, log: () => output, [Symbol.asyncDispose]: remove };
}

/** When the process of the tests is gone, however it went, so is PgBouncer. */
const UNTIL_STDIN_ENDS = '"$1" "$2" & trap "kill -9 $!" EXIT; read -r _';

/** As deploy/pgbouncer.ini has it, but for where things are. */
function writeSettings(
  folder: string,
  target: URL,
  settings: Readonly<Record<string, string>>,
): { file: string; url: string } {
  const { hostname, port, username, password, pathname } = target;
  const users = path.join(folder, 'userlist.txt');
  writeFileSync(users, `"${decodeURIComponent(username)}" "${decodeURIComponent(password)}"\n`);
  const database = pathname.slice(1);
  const all = {
    ...exampleSettings(),
    listen_addr: '127.0.0.1',
    auth_file: users,
    logfile: '',
    pidfile: '',
    unix_socket_dir: '',
    ...settings,
  };
  const lines = [
    '[databases]',
    `${database} = host=${hostname} port=${port} dbname=${database}`,
    '[pgbouncer]',
    ...Object.entries(all).map(([name, value]) => `${name} = ${value}`),
  ];
  const file = path.join(folder, 'pgbouncer.ini');
  writeFileSync(file, `${lines.join('\n')}\n`);
  const url = new URL(target);
  url.port = settings['listen_port']!;
  return { file, url: url.href };
}

function exampleSettings(): Record<string, string> {
  const file = path.resolve(import.meta.dirname, '../../deploy/pgbouncer.ini');
  const [, section = ''] = readFileSync(file, 'utf8').split('[pgbouncer]');
  return Object.fromEntries(
    [...section.matchAll(/^(\w+) = (.*)$/gm)].map(([, name, value]) => [name, value]),
  );
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

/** PgBouncer refuses to run as root: then it runs as whoever the tests' PostgreSQL runs as. */
function giveAway(folder: string): ServerAccount | null {
  const account = serverAccount(folder);
  if (account === null) return null;
  for (const name of ['', 'userlist.txt', 'pgbouncer.ini']) {
    chownSync(path.join(folder, name), account.uid, account.gid);
  }
  return account;
}
