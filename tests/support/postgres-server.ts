// A process of its own that runs one throw-away PostgreSQL for as long as its standard input is open. When the test
// run ends, however it ends, the pipe closes, and server and folder go. Its first line of output is the server as JSON;
// each line that it is given starts the server again, on its folder and port, and is answered by another.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { startEmbeddedPostgres } from '../../cli/start/embedded-postgres.ts';

const settings = JSON.parse(process.argv[2] ?? '{}') as Record<string, string>;
const folder = await mkdtemp(path.join(tmpdir(), 'punctual-test-'));
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
