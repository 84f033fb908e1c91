import path from 'node:path';
import { makeWorkerUtils } from 'graphile-worker';
import { type Contender, CRON_LINES, isTrue } from '../contender.ts';

const shared = {
  system: 'graphile-worker',
  workerModule: path.join(import.meta.dirname, 'graphile-worker-process.ts'),
  async prepare(url) {
    const utils = await makeWorkerUtils({ connectionString: url });
    await utils.migrate();
    await utils.release();
  },
  async fill(url, count) {
    const utils = await makeWorkerUtils({ connectionString: url });
    await utils.addJobs(
      Array.from({ length: count }, (_, n) => ({ identifier: 'no_op', payload: { n } })),
    );
    await utils.release();
  },
  isDrained: (pool) =>
    isTrue(pool, 'SELECT NOT EXISTS (SELECT FROM graphile_worker._private_jobs) AS "isTrue"'),
  async schedule(_url, count, how) {
    const lines = Array.from(
      { length: count },
      (_, n) => `${CRON_LINES[how]} no_op ?id=no_op_${n} {n: ${n}}`,
    );
    return { crontab: lines.join('\n') };
  },
  async openProducer(url) {
    const utils = await makeWorkerUtils({ connectionString: url });
    return {
      request: async (n) => void (await utils.addJob('no_op', { n })),
      close: async () => utils.release(),
    };
  },
} satisfies Omit<Contender, 'name' | 'settings'>;

export const graphileWorkers: Contender[] = [
  // Ten at once, of which its default is one; everything else as it comes.
  { ...shared, name: 'graphile-worker, as documented', settings: { concurrentJobs: 10 } },
  {
    ...shared,
    name: 'graphile-worker, tuned',
    // Its page on performance has 24 at once, a local queue of 500 and batches without delay; a local queue of 2,000 is
    // faster still where all jobs are no-ops.
    settings: {
      concurrentJobs: 24,
      maxPoolSize: 25,
      localQueue: { size: 2_000 },
      completeJobBatchDelay: 0,
      failJobBatchDelay: 0,
    },
  },
];
