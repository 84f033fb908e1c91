import { setTimeout as pause } from 'node:timers/promises';
import type { Drainable } from '../contender.ts';
import { CONTENDERS } from '../contenders.ts';
import { leastThatKeeps } from '../least/keeping.ts';
import { asEntrants, type Measure, type Stage } from '../measure.ts';
import { loadWorker } from '../worker-process.ts';

const RUNS = 50_000;
/** Who needs longer than that is measured by what began until then. */
const LONGEST_MS = 60_000;

/** 50,000 no-ops that wait: from the start of the workers until the last is done and recorded. */
export const drain = (processes: 1 | 2): Measure => ({
  name: `drain by ${processes}`,
  unit: 'runs/s',
  better: 'more',
  entrants: asEntrants<Drainable>([...CONTENDERS, leastThatKeeps], async (contender, stage) => {
    return { rate: await drained(contender, stage, processes) };
  }),
});

/** How many a second. */
export async function drained(
  contender: Drainable,
  { url, pool }: Stage,
  processes: number,
): Promise<number> {
  await contender.fill(url, RUNS);
  await pool.query('VACUUM ANALYZE');
  const workers = await Promise.all(
    Array.from({ length: processes }, () => loadWorker(contender, url)),
  );
  const startedAtMs = performance.now();
  await Promise.all(workers.map((worker) => worker.start()));
  let isDrained = false;
  while (!isDrained && performance.now() - startedAtMs < LONGEST_MS) {
    isDrained = await contender.isDrained(pool);
    if (!isDrained) await pause(50);
  }
  const seconds = (performance.now() - startedAtMs) / 1_000;
  const starts = (await Promise.all(workers.map((worker) => worker.starts()))).flat();
  await Promise.all(workers.map((worker) => worker.end()));
  const ran = new Set(starts.map(([n]) => n));
  if (starts.length !== ran.size || (isDrained && ran.size !== RUNS)) {
    throw new Error(`${contender.name} ran ${ran.size} of ${RUNS}, in ${starts.length} starts.`);
  }
  return ran.size / seconds;
}
