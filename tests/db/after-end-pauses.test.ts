import { expect, test } from 'vitest';
import { createBlackout, deleteBlackout } from '#core/blackouts/blackouts.ts';
import { pauseEverything, resumeEverything } from '#core/installation/pause-everything.ts';
import { pauseJobs, resumeJobs } from '#core/jobs/pause-jobs.ts';
import { readPause } from '#core/jobs/read-pause.ts';
import { afterEndJobs, HOUR_MS, MINUTE_MS } from '#tests/support/after-end.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { admin } from '#tests/support/web.ts';

const { clock, later, make, ranOnce, plan, start, end, live, next, expectEven } = afterEndJobs(
  new Date('2027-05-03T08:00:00.000Z'),
);

test('while it is paused nothing comes; skipped, the interval begins at the end of the pause', async () => {
  const job = await ranOnce();
  valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
  await clock.advance(2 * HOUR_MS);
  await plan();
  expect(await live(job)).toEqual([]);
  const asked = valueOf(await readPause(admin, { jobIds: String(job.id) }));
  expect(asked).toMatchObject({
    ticks: 1,
    jobsAfterEnd: 1,
    latestAt: later(1 + 11 * MINUTE_MS).toISOString(),
  });
  valueOf(await resumeJobs(admin, { jobIds: [job.id], answer: { rule: 'skip' } }));
  await plan();
  expect(await next(job)).toEqual(new Date(clock.now().getTime() + 1 + 10 * MINUTE_MS));
  await expectEven(job);
});

test('resumed with any other answer it runs at once, and once', async () => {
  const job = await ranOnce();
  valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
  await clock.advance(2 * HOUR_MS);
  const resumed = valueOf(
    await resumeJobs(admin, { jobIds: [job.id], answer: { rule: 'latest', spreadMinutes: 0 } }),
  );
  expect(resumed.runs).toBe(1);
  await plan();
  expect(await live(job)).toEqual([new Date(clock.now().getTime() + 1)]);
  await expectEven(job);
});

test('a pause that ends before the interval is over changes nothing', async () => {
  const job = await ranOnce();
  const due = later(1 + 11 * MINUTE_MS);
  valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
  await clock.advance(MINUTE_MS);
  expect(valueOf(await readPause(admin, { jobIds: String(job.id) })).ticks).toBe(0);
  valueOf(await resumeJobs(admin, { jobIds: [job.id], answer: { rule: 'skip' } }));
  await plan();
  expect(await next(job)).toEqual(due);
});

test('a run that outlasts its pause is waited for', async () => {
  const job = await make();
  await plan();
  await clock.advance(1);
  await start(job);
  valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
  await clock.advance(HOUR_MS);
  valueOf(await resumeJobs(admin, { jobIds: [job.id], answer: { rule: 'skip' } }));
  await plan();
  expect(await live(job)).toEqual([later(1)]);
  await clock.advance(MINUTE_MS);
  await end(job);
  await plan();
  expect(await next(job)).toEqual(new Date(clock.now().getTime() + 10 * MINUTE_MS));
  await expectEven(job);
});

test('a pause of everything holds it as its own does', async () => {
  const job = await ranOnce();
  valueOf(await pauseEverything(admin, { reason: 'Works' }));
  await clock.advance(HOUR_MS);
  await plan();
  expect(await live(job)).toEqual([]);
  expect(valueOf(await readPause(admin, {})).jobsAfterEnd).toBe(1);
  valueOf(await resumeEverything(admin, { answer: { rule: 'skip' } }));
  await plan();
  expect(await next(job)).toEqual(new Date(clock.now().getTime() + 1 + 10 * MINUTE_MS));
  await expectEven(job);
});

test.each(['skip', 'hold'] as const)(
  'no tick lies in a blackout that may %s: it comes at its end',
  async (effect) => {
    const job = await ranOnce();
    const due = later(1 + 11 * MINUTE_MS);
    expect(await next(job)).toEqual(due);
    const { id } = valueOf(
      await createBlackout(admin, {
        name: 'Works',
        effect,
        times: {
          type: 'once',
          from: later(5 * MINUTE_MS).toISOString(),
          to: later(HOUR_MS).toISOString(),
        },
        scope: { type: 'jobs', jobIds: [job.id] },
      }),
    );
    await plan();
    expect(await next(job)).toEqual(later(HOUR_MS));
    valueOf(await deleteBlackout(admin, { id }));
    await plan();
    expect(await next(job)).toEqual(due);
    await expectEven(job);
  },
);
