import { setTimeout as pause } from 'node:timers/promises';
import { CONTENDERS } from '../contenders.ts';
import { countWire } from '#tests/support/count-wire.ts';
import { asEntrants, type Measure } from '../measure.ts';
import { loadWorker } from '../worker-process.ts';

const JOBS = 10_000;
const SETTLE_MS = 20_000;
const MINUTE_MS = 60_000;

/**
 * One worker with 10,000 schedules, none of them due for a long time: what it asks the database for, and what it takes, a
 * minute of so many. In five minutes every duty of Punctual has looked.
 */
export const idle = (minutes: number): Measure => ({
  name: 'idle',
  unit: (figure) =>
    figure === 'worker’s processor'
      ? 'ms a minute'
      : figure === 'traffic'
        ? 'kB a minute'
        : 'a minute',
  better: 'less',
  rounds: 1,
  entrants: asEntrants(CONTENDERS, async (contender, { url }) => {
    const settings = await contender.schedule(url, JOBS, 'yearly');
    await using wire = await countWire(url);
    const worker = await loadWorker(
      { ...contender, settings: { ...contender.settings, ...settings } },
      wire.url,
    );
    await worker.start();
    await pause(SETTLE_MS);
    const before = { ...wire.counted(), ...(await worker.use()) };
    await pause(minutes * MINUTE_MS);
    const after = { ...wire.counted(), ...(await worker.use()) };
    await worker.end();
    return {
      statements: (after.statements - before.statements) / minutes,
      traffic: (after.bytes - before.bytes) / 1_000 / minutes,
      'worker’s processor': (after.cpuMs - before.cpuMs) / minutes,
    };
  }),
});
