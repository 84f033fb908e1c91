// Loaded into a worker before its own program (`node --import`), by tests that break it where no signal can: the event
// loop blocks, or the process dies, stops or blocks beside the start or the end of an attempt's process.
import childProcess from 'node:child_process';
import { writeSync } from 'node:fs';
import filesystem from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import type { Break } from './broken-worker.ts';

const { PUNCTUAL_TEST_BREAK: given, PUNCTUAL_TEST_BLOCK_MS: blockMs } = process.env;
// Its guard is a program of its own, and isn't broken.
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
  if (at.where === 'after claim') breakAtFolder(at);
  else breakAtProcess(at);
  syncBuiltinESMExports();
}

/** While the attempt's folder is being made: its answer is there as soon as the process goes on. */
function breakAtFolder({ how, nth = 1 }: Break): void {
  const { mkdir } = filesystem;
  let attempts = 0;
  const breaking = (...args: Parameters<typeof mkdir>) => {
    const made = mkdir(...args);
    const isAttempts = path.basename(String(args[0])).startsWith(`punctual-${process.pid}-`);
    if (isAttempts && ++attempts === nth) breakNow(how, {});
    return made;
  };
  filesystem.mkdir = breaking as typeof mkdir;
}

function breakAtProcess({ where, how, nth = 1 }: Break): void {
  const { spawn } = childProcess;
  let attempts = 0;
  const breaking = (...args: Parameters<typeof spawn>) => {
    const env: Record<string, string | undefined> = args[2].env ?? {};
    const isHit = env['PUNCTUAL_RUN_ID'] !== undefined && ++attempts === nth;
    const hit = () =>
      breakNow(how, {
        runId: Number(env['PUNCTUAL_RUN_ID']),
        attempt: Number(env['PUNCTUAL_ATTEMPT']),
      });
    if (isHit && where === 'before start') hit();
    const child = spawn(...args);
    if (isHit && where === 'after start') hit();
    // Heard before the worker's own listener.
    if (isHit && where === 'after exit') child.once('exit', hit);
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
