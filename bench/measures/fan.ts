import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Measure } from '../measure.ts';
import { openProducerOf, punctual } from '../punctual/punctual.ts';
import { percentile } from '../percentile.ts';
import { loadWorker } from '../worker-process.ts';

const A_SECOND = 100;
const SECONDS = 20;
const WARM_UP = 200;

/** 100 HTTP jobs a second against a server of this host: from the request of a run until its request arrives there. */
export const fan: Measure = {
  name: 'fan',
  unit: (figure) =>
    figure === 'worker’s processor' ? '% of a core' : figure.startsWith('p') ? 'ms' : 'MB',
  better: 'less',
  entrants: [
    {
      name: punctual.name,
      prepare: punctual.prepare,
      async once({ url }) {
        const arrivedAtMs = new Map<number, number>();
        const server = createServer((request, response) => {
          arrivedAtMs.set(Number(request.url!.slice(1)), performance.now());
          response.end('ok');
        });
        server.listen(0, '127.0.0.1');
        await once(server, 'listening');
        const { port } = server.address() as AddressInfo;
        const settings = { PUNCTUAL_HTTP_ALLOW: `127.0.0.1:${port}` };
        const worker = await loadWorker({ ...punctual, settings }, url);
        await worker.start();
        const producer = await openProducerOf(url, {
          work: { kind: 'http', url: `http://127.0.0.1:${port}/{{param.n}}` },
        });
        const askedAtMs: number[] = [];
        let before = { cpuMs: 0 };
        let sinceMs = 0;
        for (let n = 0; n < WARM_UP + A_SECOND * SECONDS; n++) {
          if (n === WARM_UP) {
            before = await worker.use();
            sinceMs = performance.now();
          }
          askedAtMs[n] = performance.now();
          void producer.request(n);
          await pause(1_000 / A_SECOND);
        }
        const after = await worker.use();
        const tookMs = performance.now() - sinceMs;
        await pause(2_000);
        const waits = askedAtMs.slice(WARM_UP).map((atMs, n) => {
          const arrived = arrivedAtMs.get(n + WARM_UP);
          if (arrived === undefined) throw new Error(`Request ${n} did not arrive.`);
          return arrived - atMs;
        });
        await producer.close();
        await worker.end();
        server.close();
        return {
          p50: percentile(waits, 50),
          p99: percentile(waits, 99),
          'worker’s processor': ((after.cpuMs - before.cpuMs) / tookMs) * 100,
          'worker’s memory': after.residentBytes / 1e6,
        };
      },
    },
  ],
};
