import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from '../../cli/start/ports.ts';
import { until } from './wait.ts';
import { TEST_AUTH_SECRET, TEST_SECRET_KEY } from './web.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const READY_TIMEOUT_MS = 60_000;

export type TestConsole = {
  /** `http://127.0.0.1:<port>` */
  url: string;
  /** All that it said. */
  output(): string;
  /** kill -9, and waits until it is gone. */
  kill(): Promise<void>;
};

/**
 * Starts a real console on `database` and waits until it answers. It is killed after the test at the latest. The build must
 * stand (cli/start/build-console.ts). Sessions that tests/support/callers.ts makes are good for it.
 */
export async function startConsole(
  database: { url: string },
  environment: Readonly<Record<string, string>> = {},
): Promise<TestConsole> {
  const port = Number(environment['PORT'] ?? (await freePort()));
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [path.join(ROOT, 'cli/web.ts')], {
    cwd: ROOT,
    env: {
      PATH,
      HOME,
      NODE_ENV: 'production',
      DATABASE_URL: database.url,
      PUNCTUAL_AUTH_SECRET: TEST_AUTH_SECRET,
      PUNCTUAL_SECRET_KEY: TEST_SECRET_KEY,
      ...environment,
      PORT: String(port),
    },
    // The channel tells the console when this process is gone, so that a crashed run leaves none behind.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const output = collect(child);
  const ended = once(child, 'close');
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(kill);
  const url = `http://127.0.0.1:${port}`;
  await until(() => isUp(url), { timeoutMs: READY_TIMEOUT_MS, everyMs: 50 }).catch((cause) => {
    throw new Error(`The console didn't start:\n${output()}`, { cause });
  });
  return { url, output, kill };
}

const isUp = (url: string): Promise<boolean> =>
  fetch(`${url}/api/health`).then(
    ({ ok }) => ok,
    () => false,
  );

function collect(child: ChildProcess): () => string {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return () => output;
}
