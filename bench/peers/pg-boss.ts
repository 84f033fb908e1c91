import path from 'node:path';
import { PgBoss } from 'pg-boss';
import { type Contender, CRON_LINES, isTrue } from '../contender.ts';
import { QUEUE } from './pg-boss-queue.ts';

const open = async (url: string) => {
  const boss = new PgBoss({ connectionString: url, supervise: false, schedule: false });
  boss.on('error', console.error);
  await boss.start();
  return boss;
};

const shared = {
  system: 'pg-boss',
  workerModule: path.join(import.meta.dirname, 'pg-boss-process.ts'),
  async prepare(url) {
    const boss = await open(url);
    await boss.createQueue(QUEUE, { notify: true });
    await boss.stop();
  },
  async fill(url, count) {
    const boss = await open(url);
    for (let from = 0; from < count; from += 5_000) {
      const length = Math.min(5_000, count - from);
      await boss.insert(
        QUEUE,
        Array.from({ length }, (_, n) => ({ data: { n: from + n } })),
      );
    }
    await boss.stop();
  },
  isDrained: (pool) =>
    isTrue(
      pool,
      `SELECT NOT EXISTS (SELECT FROM pgboss.job WHERE name = '${QUEUE}' AND state < 'completed') AS "isTrue"`,
    ),
  async schedule(url, count, how) {
    const boss = await open(url);
    for (let n = 0; n < count; n++) {
      await boss.schedule(QUEUE, CRON_LINES[how], { n }, { key: `no-op-${n}` });
    }
    await boss.stop();
    return {};
  },
  async openProducer(url) {
    const boss = await open(url);
    return {
      request: async (n) => void (await boss.send(QUEUE, { n })),
      close: () => boss.stop(),
    };
  },
} satisfies Omit<Contender, 'name' | 'settings'>;

// Out of the box it polls every 2 s for one job: LISTEN/NOTIFY is what its documentation has for quick starts. A worker that
// is told polls every 30 s besides, so what was there before it is slow: ten fetch one each by then.
export const pgBosses: Contender[] = [
  {
    ...shared,
    name: 'pg-boss, as documented',
    settings: { constructor: { useListenNotify: true }, work: { localConcurrency: 10 } },
  },
  {
    ...shared,
    name: 'pg-boss, tuned',
    settings: {
      // Batches of 5,000, the next at once while they are full, are the fastest that was found; two fetchers, so that one
      // works while the other waits for the database, and a pool with room for both. Schedules are looked at, and what they
      // send is fetched, as often as it allows: by default every 30 s and every 5 s.
      constructor: {
        useListenNotify: true,
        max: 10,
        cronMonitorIntervalSeconds: 1,
        cronWorkerIntervalSeconds: 1,
      },
      work: {
        batchSize: 5_000,
        burstWhenBatchFull: true,
        localConcurrency: 2,
        pollingIntervalSeconds: 0.5,
        notifyPollingIntervalSeconds: 0.5,
      },
    },
  },
];
