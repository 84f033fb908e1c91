// `npm start`: everything on one host. Prepares what is missing, then runs database, console and worker until it is
// told to stop.
import { once } from 'node:events';
import { enableCompileCache } from 'node:module';
import path from 'node:path';
import { EnvironmentError } from '#core/environment.ts';
import { hostAndPort } from '#core/host-and-port.ts';
import { consoleAddress, consolePort } from './start/console-port.ts';
import { authSecret, openDataFolder } from './start/data-folder.ts';
import type { Database } from './start/database.ts';
import { firstAdminLink } from './start/first-admin.ts';
import type { Lock } from './start/lock.ts';
import { lockFolder } from './start/lock-folder.ts';
import { startConsole, startWorker, untilAnswers } from './start/parts.ts';
import { prepare } from './start/prepare.ts';
import { say } from './start/say.ts';
import { secretsClosed } from './start/secrets-closed.ts';
import { secretKey } from './start/secret-key.ts';
import { readSettings, type Settings } from './start/settings.ts';
import { endParts, type Hurry, listenForStop } from './start/shutdown.ts';
import { StartError } from './start/start-error.ts';
import type { Supervised } from './start/supervised.ts';

type Start = {
  settings: Settings;
  folder: string;
  lock: Lock;
  stopping: AbortSignal;
  hurry: Hurry;
  isDevelopment: boolean;
};

// For this process and those that it starts: compiling is half of a start.
process.env['NODE_COMPILE_CACHE'] ??= path.resolve(
  import.meta.dirname,
  '../node_modules/.cache/node',
);
enableCompileCache();

// A terminal that is gone takes no more lines; that is no reason to leave without ending things.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

try {
  const settings = readSettings(process.env);
  const folder = openDataFolder(settings.environment.PUNCTUAL_DATA_DIR);
  const lock = await lockFolder(folder);
  const { signal: stopping, hurry } = listenForStop();
  const isDevelopment = process.argv.includes('--dev');
  try {
    await run({ settings, folder, lock, stopping, hurry, isDevelopment });
  } finally {
    await lock.release();
  }
} catch (error) {
  if (!(error instanceof StartError || error instanceof EnvironmentError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
// Whatever still holds the event loop is of no use any more.
process.exit();

async function run(start: Start): Promise<void> {
  const { environment } = start.settings;
  // A port that is taken is said at once, not after a build of half a minute.
  await consolePort(environment.PORT, environment.HOST);
  const database = await prepare(start);
  try {
    if (!start.stopping.aborted) await serve(start, database);
  } finally {
    await database.stop();
    if (start.stopping.aborted) say('Stopped.');
  }
}

async function serve(start: Start, database: Database): Promise<void> {
  const { settings, folder, stopping, hurry } = start;
  const { environment } = settings;
  const { HOST: host } = environment;
  const port = await consolePort(environment.PORT, host);
  const address = consoleAddress(port, host, environment.PUNCTUAL_URL);
  // Neither console nor worker can change the audit trail: whoever owns the tables is this process's to know.
  delete process.env['PUNCTUAL_OWNER_DATABASE_URL'];
  Object.assign(process.env, {
    DATABASE_URL: database.url,
    PUNCTUAL_AUTH_SECRET: authSecret(folder, environment.PUNCTUAL_AUTH_SECRET),
  });
  const key = secretKey(folder, environment.PUNCTUAL_SECRET_KEY, settings.embedded);
  if (key !== undefined) process.env['PUNCTUAL_SECRET_KEY'] = key;
  const parts: Supervised[] = [];
  try {
    const variables = { ...process.env };
    const web = startConsole({
      folder,
      port,
      host,
      isDevelopment: start.isDevelopment,
      environment: variables,
    });
    parts.push(web, startWorker(folder, { at: hostAndPort(host, port), address }, variables));
    const [link] = await Promise.all([
      firstAdminLink(address),
      untilAnswers(web, host, port, stopping),
    ]);
    const closed = await secretsClosed();
    await start.lock.announce(address);
    // From here on nothing is waited for but the end: its signal is heard once.
    if (stopping.aborted) return;
    welcome(start, address, link);
    if (closed !== null) say(closed);
    await once(stopping, 'abort');
  } finally {
    await endParts({ parts, directUrl: database.directUrl, environment, hurry });
  }
}

function welcome(start: Start, address: string, link: string | null): void {
  const { environment } = start.settings;
  const seconds = Math.max(1, Math.round(process.uptime()));
  say('');
  say(`Punctual is ready (${seconds} s): ${address}`);
  if (link !== null) {
    const minutes = Math.round(environment.PUNCTUAL_SIGN_UP_LINK_MS / 60_000);
    say(`Make the first admin's account, once and within ${minutes} min: ${link}`);
  }
  if (address.startsWith('http://') && environment.HOST !== '127.0.0.1') {
    say(
      'Cookies go over plain http. Behind a proxy with TLS, set PUNCTUAL_URL to its https address.',
    );
  }
  say(`Logs are in ${start.folder}. Ctrl-C stops it.`);
}
