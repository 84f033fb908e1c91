// The spawner of one worker process (spawner.ts): `node spawner-process.ts <socket>`. The end of the channel says that
// the worker is gone; what it has started is the guard's then.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { errorCode } from '#core/error-code.ts';
import {
  monotonicMs,
  openingOf,
  type Order,
  type Report,
  STALE_AFTER_MS,
} from './spawner-protocol.ts';

const address = process.argv[2]!;

// Signals are for the worker; the spawner ends with it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => {
  rmSync(dirname(address), { recursive: true, force: true });
  process.exit(0);
});

// One after the other: copying a process is the processor's work, and this process has nothing else to do.
let last = Promise.resolve();
process.on('message', (order: Order) => {
  last = last.then(() => carryOut(order));
});

async function carryOut(order: Order): Promise<void> {
  const { id, program, args, cwd, environment } = order;
  const lines: Socket[] = [];
  try {
    for (const stream of ['stdout', 'stderr'] as const) {
      const line = connect(address);
      lines.push(line);
      line.on('error', () => {});
      line.write(openingOf(id, stream));
    }
    await Promise.all(lines.map((line) => once(line, 'connect')));
    if (monotonicMs() > order.askedAtMs + STALE_AFTER_MS) return report({ id, what: 'stale' });
    const child = spawn(program, [...args], {
      cwd,
      env: environment as NodeJS.ProcessEnv,
      stdio: ['ignore', lines[0], lines[1]],
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
    for (const line of lines) line.destroy();
  }
}

function report(report: Report): void {
  process.send?.(report, undefined, {}, () => {});
}
