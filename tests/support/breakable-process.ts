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
  if (at.where === 'after claim') breakAtLastFile(at);
  else breakAtProcess(at);
  syncBuiltinESMExports();
}

/** Once the last file is written that an attempt's process will find: nothing is left to wait for before its start. */
function breakAtLastFile({ how, nth = 1 }: Break): void {
  const { writeFile } = filesystem;
  let attempts = 0;
  const breaking = async (...args: Parameters<typeof writeFile>) => {
    await writeFile(...args);
    if (isStateFile(args[0]) && ++attempts === nth) breakNow(how, {});
  };
  filesystem.writeFile = breaking;
}

const isStateFile = (file: unknown) =>
  typeof file === 'string' &&
  path.basename(file) === 'state' &&
  path.basename(path.dirname(file)).startsWith(`punctual-${process.pid}-`);

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
