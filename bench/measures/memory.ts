import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { JobDefinitionInput } from '#core/jobs/definition.ts';
import type { Measure, Stage } from '../measure.ts';
import { openProducerOf, punctual } from '../punctual/punctual.ts';
import { loadWorker } from '../worker-process.ts';

const AT_ONCE = 50;
const ROUNDS = 10;
/** Each run takes so long: a little less than the time until the next fifty are asked for. */
const LASTS_MS = 2_500;
const ROUND_MS = 3_000;
const SAMPLE_MS = 250;

/** A worker that has nothing to do, and one with 50 runs at once, ten times one after the other: the most that was resident. */
export const memory: Measure = {
  name: 'memory',
  unit: 'MB',
  better: 'less',
  rounds: 2,
  entrants: [
    {
      name: punctual.name,
      prepare: punctual.prepare,
      async once(stage) {
        const server = createServer((_, response) =>
          setTimeout(() => response.end('ok'), LASTS_MS),
        );
        server.listen(0, '127.0.0.1');
        await once(server, 'listening');
        const { port } = server.address() as AddressInfo;
        const allowed = `127.0.0.1:${port}`;
        const http = await mostOf(stage, allowed, { kind: 'http', url: `http://${allowed}/` });
        server.close();
        const args = [`${LASTS_MS / 1_000}`];
        const commands = await mostOf(stage, allowed, { kind: 'command', program: 'sleep', args });
        return {
          'with nothing to do': http.atRest.resident,
          'with nothing to do, its own': http.atRest.own,
          '50 requests at once': http.most.resident,
          '50 requests at once, its own': http.most.own,
          '50 commands at once': commands.most.resident,
          '50 commands at once, its own': commands.most.own,
        };
      },
    },
  ],
};

/** `own`: without the program of Node itself, which every Node on the host shares. */
type Megabytes = { resident: number; own: number };

async function mostOf(
  { url }: Stage,
  allowed: string,
  work: JobDefinitionInput['work'],
): Promise<{ atRest: Megabytes; most: Megabytes }> {
  const settings = {
    ...punctual.settings,
    PUNCTUAL_HTTP_ALLOW: allowed,
    PUNCTUAL_WORKER_SLOTS: `${AT_ONCE}`,
  };
  const worker = await loadWorker({ ...punctual, settings }, url);
  await worker.start();
  const producer = await openProducerOf(url, { key: `memory-${work.kind}`, work });
  await pause(ROUND_MS);
  const megabytes = async (): Promise<Megabytes> => {
    const { residentBytes, ownBytes } = await worker.use();
    return { resident: residentBytes / 1e6, own: ownBytes / 1e6 };
  };
  const atRest = await megabytes();
  let most = atRest;
  for (let round = 0; round < ROUNDS; round++) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => producer.request(n)));
    const untilMs = performance.now() + ROUND_MS;
    while (performance.now() < untilMs) {
      const now = await megabytes();
      if (now.resident > most.resident) most = now;
      await pause(SAMPLE_MS);
    }
  }
  await producer.close();
  await worker.end();
  return { atRest, most };
}
