// A process of its own that runs one throw-away PostgreSQL for as long as its standard input is open. When the test
// run ends, however it ends, the pipe closes, and server and folder go. Its first line of output is the server as JSON;
// each line that it is given starts the server again, on its folder and port, and is answered by another.
import childProcess, {
  type ChildProcess,
  execFileSync,
  type SpawnOptions,
} from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { startEmbeddedPostgres } from '../../cli/start/embedded-postgres.ts';

const [settings = {}, environment = {}] = process.argv
  .slice(2, 4)
  .map((text) => JSON.parse(text) as Record<string, string>);
if (Object.keys(environment).length > 0) addToEnvironment(environment);
const folder = await mkdtemp(path.join(tmpdir(), 'punctual-test-'));
const copy = process.argv[4];
if (copy) execFileSync('cp', ['-a', `${copy}/.`, folder]);
// PostgreSQL's user has to get through when root runs the tests.
await chmod(folder, 0o711);

// The run may be gone before it has read the line; that ends the server in order too.
process.stdout.on('error', () => {});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

try {
  let server = await start();
  for await (const _ of createInterface({ input: process.stdin })) server = await start();
  await server.stop();
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function start() {
  const started = await startEmbeddedPostgres(folder, settings);
  process.stdout.write(`${JSON.stringify({ url: started.url, pid: started.pid, folder })}\n`);
  return started;
}

/** The server gets an environment of its own making; what a test adds to it is put in where it is started. */
function addToEnvironment(added: Readonly<Record<string, string>>): void {
  const spawn = childProcess.spawn as (...given: Parameters<typeof spawnWithMore>) => ChildProcess;
  const spawnWithMore = (command: string, args: readonly string[], options: SpawnOptions) =>
    spawn(command, args, { ...options, env: { ...(options.env ?? process.env), ...added } });
  Object.assign(childProcess, { spawn: spawnWithMore });
  syncBuiltinESMExports();
}
