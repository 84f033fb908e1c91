import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Measure } from '../measure.ts';
import { punctual, requestRuns } from '../punctual/punctual.ts';
import { loadWorker } from '../worker-process.ts';

const RUNS = 2_000;
/** What a worker executes at once by default. */
const AT_ONCE = 20;

/** `true` as a child process, against a loop that does nothing but spawn it and read what it says. */
export const commands: Measure = {
  name: 'commands',
  unit: 'runs/s',
  better: 'more',
  entrants: [
    {
      name: punctual.name,
      prepare: punctual.prepare,
      async once({ url, pool }) {
        await requestRuns(url, RUNS, { work: { kind: 'command', program: 'true' } });
        const worker = await loadWorker(punctual, url);
        const startedAtMs = performance.now();
        await worker.start();
        while (!(await punctual.isDrained(pool))) await pause(50);
        const seconds = (performance.now() - startedAtMs) / 1_000;
        const failed = await pool.query(`SELECT FROM run_done WHERE state <> 'succeeded'`);
        await worker.end();
        if (failed.rowCount! > 0) throw new Error(`${failed.rowCount} commands did not succeed.`);
        return { rate: RUNS / seconds };
      },
    },
    {
      name: 'a bare loop of spawn',
      prepare: async () => {},
      async once() {
        const startedAtMs = performance.now();
        let left = RUNS;
        await Promise.all(
          Array.from({ length: AT_ONCE }, async () => {
            while (left-- > 0) {
              const child = spawn('true', { stdio: ['ignore', 'pipe', 'pipe'] });
              child.stdout.resume();
              child.stderr.resume();
              await once(child, 'close');
            }
          }),
        );
        return { rate: RUNS / ((performance.now() - startedAtMs) / 1_000) };
      },
    },
  ],
};
