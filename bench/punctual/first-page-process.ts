// Reads the first page of the list of runs again and again, as the console does for a page; prints how long each took, ms.
import { performance } from 'node:perf_hooks';
import { closeConnections } from '#core/prisma.ts';
import { listRuns } from '#core/runs/reads.ts';

const reader = { kind: 'system', name: 'the benchmark' } as const;
const TIMES = 60;
const WARM_UP = 10;

const tookMs: number[] = [];
for (let n = 0; n < WARM_UP + TIMES; n++) {
  const beganAtMs = performance.now();
  const page = await listRuns(reader, {});
  if (!page.ok) throw new Error(page.refusal.message);
  if (n >= WARM_UP) tookMs.push(performance.now() - beganAtMs);
}
await closeConnections();
console.log(JSON.stringify(tookMs));
