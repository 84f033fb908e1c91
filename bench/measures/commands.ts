import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import type { Contender } from '../contender.ts';
import type { Entrant, Measure } from '../measure.ts';
import { punctual, requestRuns } from '../punctual/punctual.ts';
import { loadWorker } from '../worker-process.ts';

const RUNS = 2_000;
/** What a worker executes at once by default. */
const AT_ONCE = 20;
/** What a worker has beyond a Node that does nothing. */
const WORKER_MB = 90;
const LOOP = path.resolve(import.meta.dirname, '../least/spawn-loop-process.ts');

// Some file systems search for milliseconds where files come and go all the time (ext4 without a journal, for one).
const MEMORY = '/dev/shm';

/** `true` as a child process, against a loop that does nothing but spawn it and read what it says. */
export const commands: Measure = {
  name: 'commands',
  unit: 'runs/s',
  better: 'more',
  entrants: [
    entrant({ ...punctual, name: 'Punctual, TMPDIR in memory', environment: { TMPDIR: MEMORY } }),
    entrant(punctual),
    bareLoop('a bare loop of spawn', 0),
    bareLoop('the same, as large as a worker', WORKER_MB),
  ].filter((one) => existsSync(MEMORY) || !one.name.endsWith('in memory')),
};

function entrant(worker: Contender): Entrant {
  return {
    name: worker.name,
    prepare: worker.prepare,
    async once({ url, pool }) {
      await requestRuns(url, RUNS, { work: { kind: 'command', program: 'true' } });
      const process = await loadWorker(worker, url);
      const startedAtMs = performance.now();
      await process.start();
      while (!(await worker.isDrained(pool))) await pause(50);
      const seconds = (performance.now() - startedAtMs) / 1_000;
      const failed = await pool.query(`SELECT FROM run_done WHERE state <> 'succeeded'`);
      await process.end();
      if (failed.rowCount! > 0) throw new Error(`${failed.rowCount} commands did not succeed.`);
      return { rate: RUNS / seconds };
    },
  };
}

function bareLoop(name: string, megabytes: number): Entrant {
  return {
    name,
    prepare: async () => {},
    async once() {
      const { stdout } = await execa(process.execPath, [
        LOOP,
        `${RUNS}`,
        `${AT_ONCE}`,
        `${megabytes}`,
      ]);
      return { rate: RUNS / (Number(stdout) / 1_000) };
    },
  };
}
