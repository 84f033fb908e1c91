import { type CauseRule, lasting, openWorkers } from '../cause.ts';
import { isAlive } from '../snapshot.ts';

/** Past this a worker's clock is worth a word; due times follow the database's, so nothing starts early or late. */
const OFF_AFTER_MS = 2_000;
const MOST_NAMED = 5;

export const clockOff: CauseRule = {
  find: ({ workers }) => {
    const off = workers
      .filter((worker) => isAlive(worker) && Math.abs(worker.clockOffsetMs) > OFF_AFTER_MS)
      .toSorted((a, b) => Math.abs(b.clockOffsetMs) - Math.abs(a.clockOffsetMs));
    const [worst] = off;
    if (worst === undefined) return null;
    return {
      tone: 'tells',
      values: {
        worker: worst.name,
        off: lasting(Math.abs(worst.clockOffsetMs)),
        direction: worst.clockOffsetMs > 0 ? 'behind' : 'ahead',
        others: off.length - 1,
      },
      evidence: off.slice(0, MOST_NAMED).map((worker) => ({
        key: 'worker_clock',
        values: {
          worker: worker.name,
          off: lasting(Math.abs(worker.clockOffsetMs)),
          direction: worker.clockOffsetMs > 0 ? 'behind' : 'ahead',
        },
        link: { to: 'workers' },
      })),
      actions: [openWorkers],
    };
  },
  fine: ({ workers }) => {
    const alive = workers.filter(isAlive);
    if (alive.length === 0) return null;
    return {
      within: lasting(Math.max(...alive.map(({ clockOffsetMs }) => Math.abs(clockOffsetMs)))),
    };
  },
};
