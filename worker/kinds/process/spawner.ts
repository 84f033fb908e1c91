import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
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
  STALE_AFTER_MS,
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

/** Nobody knows whether there is a process, or nobody reads what it prints. */
export class StartLost extends Error {
  /** What was about to become the process still carries the spawner's tag. */
  readonly spawnerTag: string;

  constructor(message: string, spawnerTag: string) {
    super(message);
    this.spawnerTag = spawnerTag;
  }
}

/** It takes milliseconds. */
const ANSWERS_WITHIN_MS = 30_000;
/** After that many in a row it isn't for want of a folder. */
const MOST_UNREACHABLE = 3;
/** The address of a socket may have 104 bytes on some systems. */
const LONGEST_PARENT = 60;

/** One starts a process while the other waits for what it starts to get going. */
const MOST_SPAWNERS = Math.min(2, availableParallelism());
const LONG_LINE = 4;
/** Where one couldn't be started, or ended at once, the next may not be sooner than that. */
const TRY_AGAIN_MS = 5_000;

const NODE_NEEDS = ['NODE_COMPILE_CACHE', 'LD_LIBRARY_PATH'];

let count = 0;

type Asked = {
  askedAtMs: number;
  outputs: Partial<Record<StreamName, Socket>>;
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
  readonly #process: ChildProcess;
  readonly #tag = `${spawnerTagOf(process.pid)}${(count += 1)}.`;
  #folder = '';
  #server: Server | undefined;
  readonly #asked = new Map<number, Asked>();
  readonly #running = new Map<number, (exit: Exit) => void>();
  #lastId = 0;
  #unreachable = 0;
  isReady = false;
  isLost = false;

  /** @throws what the system says: no space, no permission */
  constructor() {
    this.#listen();
    // Nothing of the worker's secrets; by this tag the guard finds it, and whatever it is about to start.
    const environment: Record<string, string> = { PUNCTUAL_RESULT: this.#tag };
    for (const name of NODE_NEEDS) {
      const value = process.env[name];
      if (value !== undefined) environment[name] = value;
    }
    const script = fileURLToPath(new URL('./spawner-process.ts', import.meta.url));
    try {
      this.#process = spawn(process.execPath, ['--max-semi-space-size=1', script], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        env: environment as NodeJS.ProcessEnv,
        // In a session of its own: what is sent to the worker's group must not reach it.
        detached: true,
      });
    } catch (error) {
      this.#unlisten();
      throw error;
    }
    this.#process.unref();
    this.#process.channel?.unref();
    this.#process.on('message', (report) => this.#hear(report as Report));
    this.#process.once('error', () => this.#lose());
    // After the last that it has said.
    this.#process.once('disconnect', () => this.#lose());
    if (this.#process.channel) return;
    this.#lose();
    throw new Error('no memory, processes or files are left for the process that starts commands');
  }

  get pid(): number {
    return this.#process.pid!;
  }

  /** How many processes it is yet to start. */
  get line(): number {
    return this.#asked.size;
  }

  /** What it was asked for first it hasn't started for so long: it may hang, as on a working folder that is on a file server. */
  get isSlow(): boolean {
    const [oldest] = this.#asked.values();
    return oldest !== undefined && monotonicMs() - oldest.askedAtMs > STALE_AFTER_MS;
  }

  get #address(): string {
    return join(this.#folder, 's');
  }

  #listen(): void {
    const parent = tmpdir().length > LONGEST_PARENT ? '/tmp' : tmpdir();
    this.#folder = mkdtempSync(join(parent, `punctual-${process.pid}-`));
    this.#server?.close();
    this.#server = createServer((output) => this.#take(output)).on('error', () => {});
    this.#server.listen(this.#address).unref();
  }

  /**
   * @returns null when it wasn't started, and may be asked for again, by whoever still may
   * @throws what the system says, with its `code`, or StartLost
   */
  async start(start: Start): Promise<Child | null> {
    const id = (this.#lastId += 1);
    // The answer may lie there, if it was this process that stood still.
    const timer = setTimeout(() => setImmediate(() => this.#giveUp(id)), ANSWERS_WITHIN_MS);
    const exited = new Promise<Exit>((resolve) => this.#running.set(id, resolve));
    try {
      return await new Promise((resolve, reject) => {
        const askedAtMs = monotonicMs();
        this.#asked.set(id, {
          askedAtMs,
          outputs: {},
          pid: null,
          exited,
          settle: (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)),
        });
        const order: Order = { id, askedAtMs, address: this.#address, ...start };
        this.#process.send(order, (error) => error && this.#end());
      });
    } finally {
      clearTimeout(timer);
      this.#asked.delete(id);
    }
  }

  /** The outputs of a process come before or after the word that it has started. */
  #take(output: Socket): void {
    const open = () => {
      const bytes = output.read(OPENING_BYTES) as Buffer | null;
      if (bytes === null) return;
      output.off('readable', open);
      const { id, stream } = readOpening(bytes);
      const asked = this.#asked.get(id);
      if (!asked) return void output.destroy();
      asked.outputs[stream] = output;
      settleIfComplete(asked);
    };
    output.on('error', () => {});
    output.on('readable', open);
  }

  #hear(report: Report): void {
    if (report.what === 'ready') {
      this.isReady = true;
      return;
    }
    if (report.what === 'exited') {
      this.#running.get(report.id)?.(report);
      this.#running.delete(report.id);
      return;
    }
    const asked = this.#asked.get(report.id);
    if (!asked) return;
    if (report.what === 'started') {
      this.#unreachable = 0;
      asked.pid = report.pid;
      settleIfComplete(asked);
      return;
    }
    this.#running.delete(report.id);
    for (const output of Object.values(asked.outputs)) output.destroy();
    if (report.what === 'refused') {
      asked.settle(Object.assign(new Error(report.message), { code: report.code }));
    } else asked.settle(report.what === 'stale' ? null : this.#reachable(report.address));
  }

  /** Null: it may be tried again. */
  #reachable(unreachable: string): Error | null {
    // Others have noticed before, and there is another by now.
    if (unreachable !== this.#address) return null;
    this.#unreachable += 1;
    if (this.#unreachable > MOST_UNREACHABLE) return new Error(`nobody answers at ${unreachable}`);
    try {
      this.#listen();
      return null;
    } catch (error) {
      return error as Error;
    }
  }

  #giveUp(id: number): void {
    const asked = this.#asked.get(id);
    // One that says nothing at all knows nothing of the others either.
    if (asked?.pid === null) this.#end();
    else asked?.settle(new StartLost('its output could not be taken', this.#tag));
  }

  #end(): void {
    this.#process.kill('SIGKILL');
    this.#lose();
  }

  #lose(): void {
    if (this.isLost) return;
    this.isLost = true;
    for (const asked of this.#asked.values()) {
      for (const output of Object.values(asked.outputs)) output.destroy();
      asked.settle(new StartLost('the process that starts commands ended', this.#tag));
    }
    for (const end of this.#running.values()) end({ code: null, signal: null });
    this.#running.clear();
    this.#unlisten();
  }

  #unlisten(): void {
    this.#server?.close();
    rm(this.#folder, { recursive: true, force: true }).catch(() => {});
  }
}

function settleIfComplete({ outputs: { stdout, stderr }, pid, exited, settle }: Asked): void {
  if (stdout && stderr && pid !== null) settle({ pid, stdout, stderr, exited });
}

let spawners: Spawner[] = [];
let anotherTriedAtMs = -Infinity;

/**
 * The spawner with the shortest line. There is a second where one isn't enough; one that was lost is followed by another.
 * They end with this process.
 *
 * @throws what the system says, where there is none and can't be one
 */
export function theSpawner(): Spawner {
  spawners = spawners.filter(({ isLost }) => !isLost);
  const [first] = spawners
    .filter(({ isReady }, index) => isReady || index === 0)
    .toSorted((one, other) => Number(one.isSlow) - Number(other.isSlow) || one.line - other.line);
  if (first) {
    if (spawners.length >= MOST_SPAWNERS || (first.line < LONG_LINE && !first.isSlow)) return first;
    if (performance.now() < anotherTriedAtMs + TRY_AGAIN_MS) return first;
    anotherTriedAtMs = performance.now();
  }
  try {
    const another = new Spawner();
    spawners.push(another);
    // Until it is ready the first is sooner done.
    return first ?? another;
  } catch (error) {
    if (first) return first;
    throw error;
  }
}

/** Whose children are the first processes of attempts, and nothing else. */
export const spawnerPids = (): number[] => spawners.map(({ pid }) => pid);

export function prepareToSpawn(): void {
  try {
    theSpawner();
  } catch {
    // No room for its folder: whoever wants to start a process is told.
  }
}
