import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnerTagOf } from './attempt-folder.ts';
import {
  type Exit,
  monotonicMs,
  OPENING_BYTES,
  type Order,
  readOpening,
  type Report,
  type Start,
  type StreamName,
} from './spawner-protocol.ts';

/** A process that the spawner has started. */
export type Child = {
  pid: number;
  stdout: Socket;
  stderr: Socket;
  /** The end of the process itself; what it started may go on. */
  exited: Promise<Exit>;
};

/** The spawner ended while it was asked for a process: nobody knows whether there is one. */
export class SpawnerLost extends Error {}

/** It takes milliseconds. */
const ANSWERS_WITHIN_MS = 30_000;
/** The address of a socket may have 104 bytes on some systems. */
const LONGEST_PARENT = 60;

type Asked = {
  lines: Partial<Record<StreamName, Socket>>;
  pid: number | null;
  exited: Promise<Exit>;
  settle(outcome: Child | null | Error): void;
};

/**
 * A small process beside the worker that starts the processes of attempts. The kernel copies the tables of the parent's
 * memory for each: the worker would stand still for milliseconds, and the ticks that are due meanwhile with it. What a
 * process prints comes straight from it, over two sockets.
 */
class Spawner {
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #server: Server;
  readonly #asked = new Map<number, Asked>();
  readonly #running = new Map<number, (exit: Exit) => void>();
  #lastId = 0;
  isLost = false;

  /** @throws what the system says: no space, no permission */
  constructor() {
    const parent = tmpdir().length > LONGEST_PARENT ? '/tmp' : tmpdir();
    this.#folder = mkdtempSync(join(parent, `punctual-${process.pid}-`));
    const address = join(this.#folder, 's');
    this.#server = createServer((line) => this.#take(line));
    this.#server.on('error', () => this.#end());
    this.#server.listen(address).unref();
    // Nothing of the worker's secrets; by this tag the guard finds it, and whatever it is about to start.
    const environment: Record<string, string> = { PUNCTUAL_RESULT: spawnerTagOf(process.pid) };
    const { NODE_COMPILE_CACHE: compiled } = process.env;
    if (compiled) environment['NODE_COMPILE_CACHE'] = compiled;
    const script = fileURLToPath(new URL('./spawner-process.ts', import.meta.url));
    this.#process = spawn(process.execPath, ['--max-semi-space-size=1', script, address], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: environment as NodeJS.ProcessEnv,
      // In a session of its own: what is sent to the worker's group must not reach it.
      detached: true,
    });
    this.#process.unref();
    this.#process.channel?.unref();
    this.#process.on('message', (report) => this.#hear(report as Report));
    this.#process.once('error', () => this.#lose());
    this.#process.once('exit', () => this.#lose());
  }

  /**
   * @returns null when so much time went by that it has to be asked again whether the process may start
   * @throws what the system says, with its `code`, or SpawnerLost
   */
  async start(start: Start): Promise<Child | null> {
    const id = (this.#lastId += 1);
    const timer = setTimeout(() => this.#end(), ANSWERS_WITHIN_MS);
    const exited = new Promise<Exit>((resolve) => this.#running.set(id, resolve));
    try {
      return await new Promise((resolve, reject) => {
        this.#asked.set(id, {
          lines: {},
          pid: null,
          exited,
          settle: (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)),
        });
        const order: Order = { id, askedAtMs: monotonicMs(), ...start };
        this.#process.send(order, (error) => error && this.#end());
      });
    } finally {
      clearTimeout(timer);
      this.#asked.delete(id);
    }
  }

  /** The lines of a process come before or after the word that it has started. */
  #take(line: Socket): void {
    const open = () => {
      const bytes = line.read(OPENING_BYTES) as Buffer | null;
      if (bytes === null) return;
      line.off('readable', open);
      const { id, stream } = readOpening(bytes);
      const asked = this.#asked.get(id);
      if (!asked) return void line.destroy();
      asked.lines[stream] = line;
      settleIfComplete(asked);
    };
    line.on('error', () => {});
    line.on('readable', open);
  }

  #hear(report: Report): void {
    if (report.what === 'exited') {
      this.#running.get(report.id)?.(report);
      this.#running.delete(report.id);
      return;
    }
    const asked = this.#asked.get(report.id);
    if (!asked) return;
    if (report.what === 'started') {
      asked.pid = report.pid;
      settleIfComplete(asked);
      return;
    }
    this.#running.delete(report.id);
    for (const line of Object.values(asked.lines)) line.destroy();
    asked.settle(
      report.what === 'stale'
        ? null
        : Object.assign(new Error(report.message), { code: report.code }),
    );
  }

  #end(): void {
    this.#process.kill('SIGKILL');
    this.#lose();
  }

  #lose(): void {
    if (this.isLost) return;
    this.isLost = true;
    this.#server.close();
    rmSync(this.#folder, { recursive: true, force: true });
    for (const asked of this.#asked.values()) {
      for (const line of Object.values(asked.lines)) line.destroy();
      asked.settle(new SpawnerLost('the process that starts commands ended'));
    }
    for (const end of this.#running.values()) end({ code: null, signal: null });
    this.#running.clear();
  }
}

function settleIfComplete({ lines: { stdout, stderr }, pid, exited, settle }: Asked): void {
  if (stdout && stderr && pid !== null) settle({ pid, stdout, stderr, exited });
}

let spawner: Spawner | undefined;

/** The spawner of this process; one that was lost is followed by another. It ends with this process. */
export function theSpawner(): Spawner {
  if (!spawner || spawner.isLost) spawner = new Spawner();
  return spawner;
}

export function prepareToSpawn(): void {
  try {
    theSpawner();
  } catch {
    // No room for its folder: whoever wants to start a process is told.
  }
}
