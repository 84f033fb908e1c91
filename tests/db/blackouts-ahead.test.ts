import { beforeEach, describe, expect, test } from 'vitest';
import { createBlackout } from '#core/blackouts/blackouts.ts';
import type { BlackoutScope } from '#core/blackouts/scope.ts';
import { previewSchedule, readTypedBlackouts } from '#core/jobs/preview-schedule.ts';
import { listJobs } from '#core/jobs/reads.ts';
import type { BlackoutEffect } from '#core/schedules/blackouts/blackout-times.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { admin, viewer, webDatabase } from '#tests/support/web.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const web = webDatabase();
beforeEach(async () => {
  await web.db().sql('UPDATE job SET deleted_at = now() WHERE deleted_at IS NULL');
  await web.db().sql('UPDATE blackout SET deleted_at = now() WHERE deleted_at IS NULL');
});

/** An interval whose next tick comes in so many minutes. */
const inMinutes = (minutes: number, everyMs = HOUR_MS): Schedule => ({
  type: 'interval',
  everyMs,
  anchor: new Date(Date.now() + minutes * MINUTE_MS - everyMs).toISOString(),
  timeZone: 'UTC',
});
const make = async (effect: BlackoutEffect, minutes: number, scope: BlackoutScope) => {
  const [from, to] = [Date.now() - MINUTE_MS, Date.now() + minutes * MINUTE_MS].map((ms) =>
    new Date(ms).toISOString(),
  );
  const times = { type: 'once' as const, from: from!, to: to! };
  valueOf(await createBlackout(admin, { name: 'Freeze', effect, times, scope }));
  return { from: from!, to: to! };
};

describe('the list of jobs', () => {
  const next = async (order: 'next' | 'name' = 'name') =>
    valueOf(await listJobs(viewer, { order })).jobs.map((job) => ({
      key: job.key,
      at: job.nextTickAt,
      ...(job.nextInBlackout && { in: job.nextInBlackout.name }),
    }));

  test('says when a run really starts: after a window that skips at the next tick, after one that holds at its end', async () => {
    const skipped = await makeJob(web.db(), {
      key: 'skipped',
      schedule: inMinutes(10),
      queue: 'default',
    });
    await makeJob(web.db(), { key: 'free', schedule: inMinutes(20) });
    await makeJob(web.db(), {
      key: 'held',
      schedule: inMinutes(5, 10 * MINUTE_MS),
      labels: { team: 'a' },
    });
    await make('skip', 90, { type: 'jobs', jobIds: [skipped.id] });
    const { to } = await make('hold', 60, { type: 'labels', labels: { team: 'a' } });
    const rows = await next();
    expect(rows).toMatchObject([
      { key: 'free' },
      { key: 'held', at: to, in: 'Freeze' },
      { key: 'skipped', in: 'Freeze' },
    ]);
    expect(rows[0]).not.toHaveProperty('in');
    const { schedule } = skipped.definition;
    const anchorMs = Date.parse((schedule as { anchor: string }).anchor);
    // 10 and 70 minutes ahead are left out.
    expect(Date.parse(rows[2]!.at!)).toBe(anchorMs + 3 * HOUR_MS);
  });

  test('ordered by the next tick: what rests stands where its window ends', async () => {
    const first = await makeJob(web.db(), { key: 'a-first', schedule: inMinutes(1) });
    await makeJob(web.db(), { key: 'b-soon', schedule: inMinutes(30) });
    await makeJob(web.db(), { key: 'c-later', schedule: inMinutes(59, 2 * HOUR_MS) });
    expect((await next('next')).map(({ key }) => key)).toEqual(['a-first', 'b-soon', 'c-later']);
    await make('hold', 45, { type: 'jobs', jobIds: [first.id] });
    expect((await next('next')).map(({ key }) => key)).toEqual(['b-soon', 'a-first', 'c-later']);
  });

  test('one that never lets go leaves no next run', async () => {
    const job = await makeJob(web.db(), {
      key: 'dates',
      schedule: inMinutes(5, 365 * 24 * HOUR_MS),
    });
    await make('skip', 10, { type: 'jobs', jobIds: [job.id] });
    await web.db().sql(
      `UPDATE blackout SET times = '{"type":"weekly","weekdays":[1,2,3,4,5,6,7],"from":"00:00","to":"00:00","timeZone":"UTC"}',
              ends_at = NULL WHERE deleted_at IS NULL`,
    );
    expect(await next()).toEqual([{ key: 'dates', at: null, in: 'Freeze' }]);
  });
});

describe('the ticks of a schedule that is being typed', () => {
  const names = async (input: Parameters<typeof readTypedBlackouts>[1]) =>
    valueOf(await readTypedBlackouts(viewer, input)).length;

  test('meet the blackouts of what is typed, not of what is saved', async () => {
    const job = await makeJob(web.db(), { schedule: inMinutes(5) });
    await make('skip', 30, { type: 'labels', labels: { team: 'typed' } });
    expect(await names({ jobId: job.id, queue: 'default', labels: {} })).toBe(0);
    expect(await names({ jobId: job.id, queue: 'default', labels: { team: 'typed' } })).toBe(1);
    await make('skip', 30, { type: 'queues', queues: ['default'] });
    expect(await names({ queue: 'default' })).toBe(1);
    expect(await names({ queue: 'other' })).toBe(0);
    await make('skip', 30, { type: 'jobs', jobIds: [job.id] });
    expect(await names({ jobId: job.id, queue: 'default' })).toBe(2);
  });

  test('say so where the server reckons them', async () => {
    const { to } = await make('hold', 30, { type: 'all' });
    const answer = valueOf(
      await previewSchedule(viewer, {
        schedule: inMinutes(5, 10 * MINUTE_MS),
        key: '',
        days: 1,
        ticks: 4,
        queue: 'default',
        labels: {},
      }),
    );
    const rows = answer && 'ticks' in answer ? answer.ticks.rows : [];
    const fates = rows.map((row) => (row.kind === 'tick' ? row.blackout?.runsAtMs : 'other'));
    expect(fates).toEqual([null, null, Date.parse(to), undefined]);
  });
});
