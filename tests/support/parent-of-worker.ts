// A process that starts a worker as `npm start` does, for a test that kills it: sends the worker's pid to its own parent.
import { fork } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';

const worker = fork(path.resolve(import.meta.dirname, '../../worker/main.ts'), {
  stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
});
createInterface({ input: worker.stdout! }).on('line', (line) => {
  if (line.includes('worker ready')) process.send?.(worker.pid);
});
