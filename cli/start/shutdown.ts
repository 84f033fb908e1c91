import { hostname } from 'node:os';
import { createClient, sqlOf } from '#core/db.ts';
import type { Environment } from '#core/environment.ts';
import { readRunningJobs } from '#core/health/health.sql.ts';
import { say } from './say.ts';
import type { Supervised } from './supervised.ts';

// One Ctrl-C arrives twice: from the terminal and once more from npm.
const SAME_PRESS_MS = 400;
const LOOK_EVERY_MS = 1_000;
const CONSOLE_TIMEOUT_MS = 8_000;
// What a worker may need beyond the time that its runs get: to write down how they ended.
const LAST_WORDS_MS = 5_000;

export type Hurry = { readonly times: number; onHurry(listener: () => void): void };

/**
 * Listens for SIGINT, SIGTERM and SIGHUP. The first one aborts `signal`; each later one hurries.
 */
export function listenForStop(): { signal: AbortSignal; hurry: Hurry } {
  const controller = new AbortController();
  const listeners: (() => void)[] = [];
  let lastAt = -Infinity;
  let times = 0;
  const heard = () => {
    const at = performance.now();
    if (at - lastAt < SAME_PRESS_MS) return;
    lastAt = at;
    if (!controller.signal.aborted) return controller.abort();
    times += 1;
    for (const listener of listeners) listener();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, heard);
  return {
    signal: controller.signal,
    hurry: {
      get times() {
        return times;
      },
      onHurry: (listener) => listeners.push(listener),
    },
  };
}

export type ShutdownOptions = {
  parts: readonly Supervised[];
  directUrl: string;
  environment: Pick<Environment, 'PUNCTUAL_DRAIN_MS' | 'PUNCTUAL_KILL_GRACE_MS'>;
  hurry: Hurry;
};

/** Ends console and worker: runs get the drain time, a second signal cuts it short, a third kills at once. */
export async function endParts(options: ShutdownOptions): Promise<void> {
  const { parts, hurry } = options;
  const worker = parts.find((part) => part.name === 'worker');
  say('Stopping. Ctrl-C again ends the runs now.');
  for (const part of parts) part.end('SIGTERM');
  hurry.onHurry(() => {
    const isLast = hurry.times >= 2;
    say(isLast ? 'Killing what is left.' : 'Hurrying: ending the runs now.');
    for (const part of parts) part.end(isLast || part !== worker ? 'SIGKILL' : 'SIGTERM');
  });
  const timers = parts.map((part) =>
    setTimeout(
      () => {
        say(`The ${part.name} doesn't end; killing it.`);
        part.end('SIGKILL');
      },
      part === worker ? longestDrainMs(options) : CONSOLE_TIMEOUT_MS,
    ),
  );
  const enough = worker ? sayWhatItWaitsFor(worker, options) : () => {};
  await Promise.all(parts.map((part) => part.gone));
  enough();
  for (const timer of timers) clearTimeout(timer);
}

function longestDrainMs({ environment }: ShutdownOptions): number {
  return environment.PUNCTUAL_DRAIN_MS + environment.PUNCTUAL_KILL_GRACE_MS + LAST_WORDS_MS;
}

function sayWhatItWaitsFor(worker: Supervised, options: ShutdownOptions): () => void {
  let last = '';
  let done = false;
  const look = async () => {
    const words = await runningWords(options.directUrl, worker.pid());
    if (done || words === '' || words === last) return;
    last = words;
    const seconds = Math.ceil(options.environment.PUNCTUAL_DRAIN_MS / 1000);
    say(`Waiting for ${words} (${seconds} s at most).`);
  };
  void look();
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  return () => {
    done = true;
    clearInterval(timer);
  };
}

/** `2 runs: nightly-backup, sync`; empty when nothing runs or the database can't say. */
async function runningWords(url: string, pid: number | null): Promise<string> {
  if (pid === null) return '';
  const client = createClient(url, 'punctual-start');
  try {
    await client.connect();
    const jobs = await readRunningJobs(sqlOf(client), hostname(), pid);
    const runs = jobs.reduce((sum, job) => sum + job.runs, 0);
    const keys = jobs.slice(0, 5).map((job) => job.key);
    if (jobs.length > keys.length) keys.push(`${jobs.length - keys.length} more`);
    return runs === 0 ? '' : `${runs} ${runs === 1 ? 'run' : 'runs'}: ${keys.join(', ')}`;
  } catch {
    return '';
  } finally {
    await client.end().catch(() => {});
  }
}
