import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Entry } from './contender.ts';
import type { FromWorker, Start, ToWorker } from './worker-side.ts';

export type WorkerProcess = {
  pid: number;
  /** Resolves when the worker takes jobs. */
  start(): Promise<void>;
  /** The no-ops that have started since the last call. */
  starts(): Promise<Start[]>;
  /** Processor time so far, ms, and memory, bytes: all that is resident, and that without what it shares with every Node. */
  use(): Promise<{ cpuMs: number; residentBytes: number; ownBytes: number }>;
  end(): Promise<void>;
};

const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** A worker process of a contender, loaded and not started yet. */
export async function loadWorker(
  { workerModule, flags = [], environment = {}, settings }: Entry,
  url: string,
): Promise<WorkerProcess> {
  const child = fork(workerModule, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [...flags],
    // As `npm start` has it, and for everybody: what is compiled once isn't compiled, or stripped of types, again.
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: path.resolve('node_modules/.cache/node'),
      ...environment,
    },
  });
  alive.add(child);
  const ended = once(child, 'close').then(() => alive.delete(child));
  const heard = async <Is extends FromWorker['is']>(is: Is) => {
    for (;;) {
      const [message] = (await Promise.race([
        once(child, 'message'),
        ended.then(() => {
          throw new Error(`${workerModule} ended early.`);
        }),
      ])) as [FromWorker];
      if (message.is === is) return message as Extract<FromWorker, { is: Is }>;
    }
  };
  const ask = <Is extends FromWorker['is']>(message: ToWorker, is: Is) => {
    const answer = heard(is);
    child.send(message);
    return answer;
  };
  await heard('loaded');
  return {
    pid: child.pid!,
    start: async () => void (await ask({ do: 'start', url, settings }, 'started')),
    starts: async () => (await ask({ do: 'starts' }, 'starts')).starts,
    use: () => useOf(child.pid!),
    end: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const TICKS_A_SECOND = 100;

async function useOf(pid: number): ReturnType<WorkerProcess['use']> {
  const [stat, status] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readFile(`/proc/${pid}/status`, 'utf8'),
  ]);
  // After the name, which may have spaces: the 14th and 15th field of the line are user and system time.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const bytesOf = (name: string) =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) * 1024;
  return {
    cpuMs: (ticks * 1000) / TICKS_A_SECOND,
    residentBytes: bytesOf('VmRSS'),
    ownBytes: bytesOf('RssAnon'),
  };
}
