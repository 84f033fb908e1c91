import { PgBoss } from 'pg-boss';
import type { NoOp } from '../contender.ts';
import { noteStart, serve } from '../worker-side.ts';
import { QUEUE } from './pg-boss-queue.ts';

serve(async (url, settings) => {
  const { constructor, work } = settings as { constructor: object; work: object };
  const boss = new PgBoss({ connectionString: url, ...constructor });
  boss.on('error', console.error);
  await boss.start();
  await boss.work<NoOp>(QUEUE, work, async (jobs) => {
    for (const { data } of jobs) noteStart(data.n);
  });
});
