import { expect, test } from 'vitest';
import { readLedgerSums } from '#core/ledger-sums/read-ledger-sums.ts';
import { cancelRuns } from '#core/runs/cancel-by-hand.ts';
import {
  afterEnd,
  afterEndJobs,
  everyMinute,
  MINUTE_MS,
  SECOND_MS,
} from '#tests/support/after-end.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { admin } from '#tests/support/web.ts';

const { db, clock, later, make, ranOnce, plan, start, run, live, next, edit, expectEven } =
  afterEndJobs(new Date('2027-05-03T08:00:00.000Z'));

test('an edit of the interval counts from the same end, also where its tick is a row', async () => {
  const job = await ranOnce();
  const ended = clock.now().getTime();
  await edit(job, afterEnd(20 * MINUTE_MS));
  await plan();
  expect(await next(job)).toEqual(new Date(ended + 20 * MINUTE_MS));
  await clock.set(new Date(ended + 20 * MINUTE_MS - 10 * SECOND_MS));
  await plan();
  expect(await live(job)).toHaveLength(1);
  await edit(job, afterEnd(5 * MINUTE_MS));
  await plan();
  expect(await live(job)).toEqual([new Date(clock.now().getTime() + 1)]);
  await expectEven(job);
});

test('edited to this form and back again, every tick is accounted for', async () => {
  const job = await make();
  await edit(job, everyMinute);
  await plan();
  for (let n = 0; n < 3; n++) {
    await clock.advance(MINUTE_MS);
    await plan();
    await run(job, 5 * SECOND_MS);
  }
  const last = clock.now();
  await edit(job, afterEnd(2 * MINUTE_MS));
  await plan();
  expect(await next(job)).toEqual(new Date(last.getTime() + 2 * MINUTE_MS));
  await clock.advance(2 * MINUTE_MS);
  await plan();
  await run(job, 30 * SECOND_MS);
  await clock.advance(2 * MINUTE_MS);
  await plan();
  await clock.advance(1);
  await start(job);
  // The run that is going stays; the clock has the say again.
  await edit(job, everyMinute);
  await plan();
  await clock.advance(5 * MINUTE_MS);
  await plan();
  await expectEven(job);
  const sums = valueOf(
    await readLedgerSums(admin, {
      jobId: job.id,
      by: 'hour',
      from: later(-1),
      to: clock.now(),
    } as never),
  );
  expect(sums.unevenCount).toBe(0);
  expect(sums.sum.expected).toBeGreaterThan(8);
});

test('cancelled ahead of time, its time counts as the end of its run', async () => {
  const job = await make({ everyMs: MINUTE_MS });
  await plan();
  await clock.advance(1);
  await run(job, SECOND_MS);
  await clock.advance(40 * SECOND_MS);
  await plan();
  const [{ id }] = (await db().sql<{ id: number }>('SELECT id FROM run_live WHERE job_id = $1', [
    job.id,
  ])) as [{ id: number }];
  valueOf(await cancelRuns(admin, { runIds: [id] }));
  await plan();
  expect(await next(job)).toEqual(new Date(clock.now().getTime() + MINUTE_MS));
  await edit(job, afterEnd(20 * SECOND_MS));
  await plan();
  // It would fall on the one that was cancelled: both stay ticks of their own.
  expect(await live(job)).toEqual([new Date(clock.now().getTime() + 20 * SECOND_MS + 1)]);
  await clock.advance(MINUTE_MS);
  await plan();
  await expectEven(job);
});
