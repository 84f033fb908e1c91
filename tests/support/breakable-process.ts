// Loaded into a worker before its own program (`node --import`), by tests that break it where no signal can: the event
// loop blocks, or the process dies, stops or blocks beside the start or the end of an attempt's process.
import childProcess from 'node:child_process';
import filesystem, { writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { spawnerTagOf } from '#worker/kinds/process/attempt-folder.ts';
import type { Order, Report } from '#worker/kinds/process/spawner-protocol.ts';
import type { Break } from './broken-worker.ts';

const { PUNCTUAL_TEST_BREAK: given, PUNCTUAL_TEST_BLOCK_MS: blockMs } = process.env;
// Its guard and its spawner are programs of their own, and aren't broken.
for (const name of ['NODE_OPTIONS', 'PUNCTUAL_TEST_BREAK', 'PUNCTUAL_TEST_BLOCK_MS']) {
  delete process.env[name];
}

process.on('SIGUSR2', () => {
  say({ msg: 'blocked here', ms: Number(blockMs) });
  block(Number(blockMs));
  say({ msg: 'went on here' });
});

if (given) {
  const at = JSON.parse(given) as Break;
  if (at.where === 'after claim') breakAtLastFile(at);
  else breakAtProcess(at);
  syncBuiltinESMExports();
}

/** Once the last file is written that an attempt's process will find: nothing is left to wait for before its start. */
function breakAtLastFile({ how, nth = 1 }: Break): void {
  const { writeFileSync } = filesystem;
  let attempts = 0;
  filesystem.writeFileSync = (...args: Parameters<typeof writeFileSync>) => {
    writeFileSync(...args);
    if (isStateFile(args[0]) && ++attempts === nth) breakNow(how, {});
  };
}

const isStateFile = (file: unknown) =>
  typeof file === 'string' &&
  path.basename(file) === 'state' &&
  path.basename(path.dirname(file)).startsWith(`punctual-${process.pid}-`);

/** Where the worker asks its spawner for the process of an attempt, and where it is told of it. */
function breakAtProcess({ where, how, nth = 1 }: Break): void {
  const { spawn } = childProcess;
  // Of all its spawners.
  let attempts = 0;
  const breaking = (...args: Parameters<typeof spawn>) => {
    const child = spawn(...args);
    const tag = args[2].env?.['PUNCTUAL_RESULT'];
    if (!tag?.startsWith(spawnerTagOf(process.pid))) return child;
    const send = child.send.bind(child) as (...sent: unknown[]) => boolean;
    let hit: { id: number; runId: number; attempt: number } | undefined;
    const breaksAt = (here: Break['where']) => {
      if (here === where && hit) breakNow(how, hit);
    };
    child.send = (...sent: unknown[]) => {
      const { id, environment } = sent[0] as Order;
      if (++attempts === nth) {
        hit = {
          id,
          runId: Number(environment['PUNCTUAL_RUN_ID']),
          attempt: Number(environment['PUNCTUAL_ATTEMPT']),
        };
        breaksAt('before start');
      }
      return send(...sent);
    };
    // Heard before the worker's own listener.
    child.on('message', (message) => {
      const report = message as Report;
      if (report.what === 'ready' || report.id !== hit?.id) return;
      const { what } = report;
      if (what === 'started') breaksAt('after start');
      if (what === 'exited') breaksAt('after exit');
    });
    return child;
  };
  childProcess.spawn = breaking as typeof spawn;
}

function breakNow(how: Break['how'], at: object): void {
  say({ msg: 'broken here', ...at });
  if (how === 'block') block(Number(blockMs));
  else process.kill(process.pid, how);
  say({ msg: 'went on here' });
}

function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function say(line: object): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}
