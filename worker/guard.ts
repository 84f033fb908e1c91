import { type ChildProcess, spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { canListProcesses } from './kinds/process/snapshot.ts';

export type GuardConfig = {
  logger: Logger;
  /** After so long without a heartbeat that was answered, ms, the worker's own kill is over and the guard kills the rest. */
  killAfterMs: number;
};

export type Guard = {
  /** A heartbeat that was sent then (monotonic) has been answered. */
  alive(sentAtMs: number): void;
  /** The worker ends in order: the guard looks once more and goes. */
  close(): void;
};

const RESTART_MS = 1_000;

/**
 * A second process that outlives the worker by a moment. A worker that is killed with -9, frozen, or stuck can't end its
 * own runs, and what it started would go on beside the second attempt: the guard ends it, by the tag that every
 * attempt's process carries. Only where /proc says which processes there are; a host that is itself frozen has no guard.
 */
export function startGuard({ logger, killAfterMs }: GuardConfig): Guard {
  if (!canListProcesses) return { alive() {}, close() {} };
  let isClosed = false;
  let lastSentAtMs = performance.now();
  let child = start();

  return {
    alive(sentAtMs) {
      lastSentAtMs = sentAtMs;
      tell(child);
    },
    close() {
      isClosed = true;
      child.stdin?.end();
    },
  };

  function start(): ChildProcess {
    const script = fileURLToPath(new URL('./guard-process.ts', import.meta.url));
    const started = spawn(
      process.execPath,
      ['--max-semi-space-size=1', script, String(process.pid)],
      {
        stdio: ['pipe', 'ignore', 'ignore'],
        // In a session of its own: what is sent to the worker's group must not reach it.
        detached: true,
      },
    );
    // Neither it nor its pipe keeps a worker alive that has nothing else to do.
    started.unref();
    started.stdin?.on('error', () => {});
    started.on('error', (error) => logger.warn({ err: error }, 'the guard could not be started'));
    started.once('exit', restart);
    tell(started);
    return started;
  }

  function restart(): void {
    if (isClosed) return;
    logger.warn('the guard ended; starting another');
    setTimeout(() => {
      if (!isClosed) child = start();
    }, RESTART_MS).unref();
  }

  function tell({ stdin }: ChildProcess): void {
    const leftMs = Math.max(0, Math.round(lastSentAtMs + killAfterMs - performance.now()));
    if (stdin?.writable) stdin.write(`${leftMs}\n`);
  }
}
