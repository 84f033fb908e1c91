import { setTimeout as pause } from 'node:timers/promises';
import type { Startable } from '../contender.ts';
import { CONTENDERS } from '../contenders.ts';
import { least } from '../least/least.ts';
import { asEntrants, type Measure } from '../measure.ts';
import { percentile } from '../percentile.ts';
import { loadWorker } from '../worker-process.ts';

const A_SECOND = 40;
const WARM_UP = 80;
const REQUESTS = 400;

/** From the request of a run to the first line of its no-op, on a worker that has nothing else to do. */
export const start: Measure = {
  name: 'start',
  unit: 'ms',
  better: 'less',
  entrants: asEntrants<Startable>([...CONTENDERS, least], async (contender, { url }) => {
    const worker = await loadWorker(contender, url);
    await worker.start();
    const producer = await contender.openProducer(url);
    const askedAtMs = new Map<number, number>();
    for (let n = 1; n <= WARM_UP + REQUESTS; n++) {
      askedAtMs.set(n, performance.timeOrigin + performance.now());
      void producer.request(n);
      await pause(1_000 / A_SECOND);
    }
    await pause(3_000);
    const waits = (await worker.starts())
      .filter(([n]) => n > WARM_UP)
      .map(([n, atMs]) => atMs - askedAtMs.get(n)!);
    await producer.close();
    await worker.end();
    if (waits.length < REQUESTS)
      throw new Error(`${contender.name} started ${waits.length} of ${REQUESTS}.`);
    return { p50: percentile(waits, 50), p99: percentile(waits, 99) };
  }),
};
