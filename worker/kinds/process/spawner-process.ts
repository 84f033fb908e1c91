// The spawner of one worker process (spawner.ts). The end of the channel says that the worker is gone; what it has started
// is the guard's then.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { errorCode } from '#core/error-code.ts';
import {
  monotonicMs,
  openingOf,
  type Order,
  type Report,
  STALE_AFTER_MS,
} from './spawner-protocol.ts';

const LOOK_AGAIN_MS = 10;

let folder: string | undefined;

// Signals are for the worker; the spawner ends with it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => {
  if (folder) rmSync(folder, { recursive: true, force: true });
  process.exit(0);
});

// One after the other: copying a process is the processor's work, and this process has nothing else to do.
let last = Promise.resolve();
process.on('message', (order: Order) => {
  last = last.then(() => carryOut(order));
});

report({ what: 'ready' });

async function carryOut(order: Order): Promise<void> {
  const { id, program, args, cwd, environment, address } = order;
  folder = dirname(address);
  const isStale = () => monotonicMs() > order.askedAtMs + STALE_AFTER_MS;
  const outputs: Socket[] = [];
  try {
    for (const stream of ['stdout', 'stderr'] as const) {
      outputs.push(await connected(address, openingOf(id, stream), isStale));
    }
  } catch {
    for (const output of outputs) output.destroy();
    return report(isStale() ? { id, what: 'stale' } : { id, what: 'unreachable', address });
  }
  try {
    if (isStale()) return report({ id, what: 'stale' });
    const child = spawn(program, [...args], {
      cwd,
      env: environment as NodeJS.ProcessEnv,
      stdio: ['ignore', outputs[0], outputs[1]],
      // The leader of a process group of its own.
      detached: true,
      shell: false,
    });
    child.on('error', () => {});
    child.once('exit', (code, signal) => report({ id, what: 'exited', code, signal }));
    // 'error' comes instead of 'spawn' when there is no such program.
    await once(child, 'spawn');
    report({ id, what: 'started', pid: child.pid! });
  } catch (error) {
    const { message } = error as Error;
    report({ id, what: 'refused', code: errorCode(error), message });
  } finally {
    for (const output of outputs) output.destroy();
  }
}

/** @throws when nobody answers at the address */
async function connected(address: string, opening: string, isLate: () => boolean): Promise<Socket> {
  for (;;) {
    const output = connect(address);
    output.write(opening);
    try {
      await once(output, 'connect');
      output.on('error', () => {});
      return output;
    } catch (error) {
      // The worker hasn't taken those of before yet.
      if (errorCode(error) !== 'EAGAIN' || isLate()) throw error;
      await pause(LOOK_AGAIN_MS);
    }
  }
}

function report(report: Report): void {
  process.send?.(report, undefined, {}, () => {});
}
