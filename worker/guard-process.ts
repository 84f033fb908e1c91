// The guard of one worker process (worker/guard.ts): `node guard-process.ts <pid of the worker>`. Each line on standard
// input says after how many ms of silence to end what that worker has started; the end of the input says that it is gone.
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { folderPrefixOf } from './kinds/process/attempt-folder.ts';
import { endEverythingTagged } from './kinds/process/tagged.ts';

const prefix = folderPrefixOf(Number(process.argv[2]));
let timer: NodeJS.Timeout | undefined;

// Signals are for the worker; the guard ends after it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

createInterface({ input: process.stdin })
  .on('line', (line) => {
    clearTimeout(timer);
    timer = setTimeout(() => void endEverythingTagged(prefix), Number(line));
  })
  .on('close', () => void endForGood());

/** Twice: a process may have been about to start when the worker died. */
async function endForGood(): Promise<void> {
  clearTimeout(timer);
  await endEverythingTagged(prefix);
  await pause(100);
  await endEverythingTagged(prefix);
  await removeFolders();
  process.exit(0);
}

async function removeFolders(): Promise<void> {
  const parent = dirname(prefix);
  for (const name of await readdir(parent).catch(() => [])) {
    if (!name.startsWith(basename(prefix))) continue;
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => {});
  }
}
