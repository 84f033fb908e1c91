import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, renameSync, statSync, type WriteStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { restartDelay } from './restart-delay.ts';
import { say } from './say.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const LARGEST_LOG_BYTES = 10_000_000;
const KEPT_LINES = 20;

export type SupervisedOptions = {
  /** As people call it: `console`, `worker`. */
  name: string;
  /** Script and arguments, run with this very Node. */
  script: string[];
  environment: NodeJS.ProcessEnv;
  /** Everything that it writes goes here. */
  logFile: string;
  /** Of a line that it writes: what to show at the terminal, or null. */
  worthSaying(line: string, stream: 'stdout' | 'stderr'): string | null;
};

export type Supervised = {
  name: string;
  /** Of the process that runs now; null between two. */
  pid(): number | null;
  /** How often it ended without being told to. */
  crashes(): number;
  /** Sends a signal and starts it no more. */
  end(signal: NodeJS.Signals): void;
  /** Resolves when it is gone for good. */
  gone: Promise<void>;
};

/**
 * Runs a process of ours for as long as we run: started again after a crash, less and less often. It gets a channel
 * that closes when we are gone, however that happened, so that it never stays behind alone.
 */
export function supervise(options: SupervisedOptions): Supervised {
  const gone = Promise.withResolvers<void>();
  const log = openLog(options.logFile);
  const lastLines: string[] = [];
  let child: ChildProcess | null = null;
  let timer: NodeJS.Timeout | undefined;
  let stopping = false;
  let crashes = 0;
  let inARow = 0;
  let lastCrash = '';

  const launch = () => {
    const startedAt = Date.now();
    child = spawnChild(options);
    readLines(child.stdout, 'stdout');
    readLines(child.stderr, 'stderr');
    child.once('close', (code, signal) => {
      child = null;
      if (stopping) return finish();
      crashes += 1;
      const next = restartDelay(inARow, Date.now() - startedAt);
      inARow = next.inARow;
      // A process that keeps ending for the same reason says it once.
      const crash = lastLines.splice(0).join('\n');
      if (crash !== lastCrash) say(crash);
      lastCrash = crash;
      say(
        `The ${options.name} ended by itself (${signal ?? `exit code ${code}`}); starting it again in ` +
          `${next.delayMs / 1000} s. All that it wrote is in ${options.logFile}.`,
      );
      timer = setTimeout(launch, next.delayMs);
    });
  };

  const readLines = (stream: Readable | null, from: 'stdout' | 'stderr') => {
    if (!stream) return;
    createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`);
      if (line.trim() !== '') lastLines.push(line);
      if (lastLines.length > KEPT_LINES) lastLines.shift();
      const words = options.worthSaying(line, from);
      if (words !== null) say(`${options.name}: ${words}`);
    });
  };

  const finish = () => {
    log.end();
    gone.resolve();
  };

  launch();
  return {
    name: options.name,
    pid: () => child?.pid ?? null,
    crashes: () => crashes,
    end: (signal) => {
      const isFirst = !stopping;
      stopping = true;
      clearTimeout(timer);
      if (child) child.kill(signal);
      else if (isFirst) finish();
    },
    gone: gone.promise,
  };
}

function spawnChild(options: SupervisedOptions): ChildProcess {
  return spawn(process.execPath, options.script, {
    cwd: ROOT,
    env: options.environment,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A group of its own: Ctrl-C reaches us alone, and we end things in their order.
    detached: true,
  });
}

/** The log of the last start is kept beside it once it is large. */
function openLog(file: string): WriteStream {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LARGEST_LOG_BYTES) {
    renameSync(file, `${file}.1`);
  }
  return createWriteStream(file, { flags: 'a', mode: 0o600 });
}
