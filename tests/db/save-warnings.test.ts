import { describe, expect, test } from 'vitest';
import type { Schedule } from '#core/schedules/schedule.ts';
import { readSaveWarnings } from '#core/warnings/save-warnings.ts';
import { makeJob } from '../support/jobs.ts';
import { insertRun, insertWorker } from '../support/ledger.ts';
import { admin, viewer, webDatabase } from '../support/web.ts';

const { db } = webDatabase();
const MINUTE_MS = 60_000;
const cron = (...lines: string[]): Schedule => ({ type: 'cron', lines, timeZone: 'UTC' });

const asked = {
  schedule: cron('0 2 * * *'),
  key: 'typed',
  queue: 'default',
  overlap: 'skip',
  retentionDays: null,
} as const;

describe('before a job is saved', () => {
  test('whoever would start with it in its queue is named, without itself and other queues', async () => {
    await insertWorker(db().sql, { slots: 3 });
    const own = await makeJob(db(), { key: 'meets', schedule: cron('0 4 * * *') });
    for (const key of ['meets-a', 'meets-b', 'meets-c']) {
      await makeJob(db(), { key, schedule: cron('0 4 * * *') });
    }
    await makeJob(db(), { key: 'elsewhere', queue: 'sync', schedule: cron('0 4 * * *') });
    const found = await readSaveWarnings(viewer, {
      ...asked,
      schedule: cron('0 4 * * *'),
      jobId: own.id,
    });
    expect(found).toMatchObject({
      value: [
        {
          key: 'collides',
          slots: 3,
          jobs: 3,
          named: ['meets-a', 'meets-b', 'meets-c'],
          minute: 1,
          jobsThen: 0,
        },
      ],
    });
    expect(await readSaveWarnings(viewer, { ...asked, schedule: cron('1 4 * * *') })).toEqual({
      ok: true,
      value: [],
    });
  });

  test('one that doesn’t fire within a day is held against the next week of its queue', async () => {
    const at = new Date(Date.now() + 3 * 86_400_000);
    const line = `7 5 * * ${at.getUTCDay()}`;
    for (const key of ['weekly-a', 'weekly-b', 'weekly-c']) {
      await makeJob(db(), { key, schedule: cron(line) });
    }
    const found = await readSaveWarnings(viewer, { ...asked, schedule: cron(line) });
    expect(found).toMatchObject({
      value: [{ key: 'collides', named: ['weekly-a', 'weekly-b', 'weekly-c'] }],
    });
  });

  test('its own durations are held against its interval, and nobody’s else', async () => {
    const own = await makeJob(db(), {
      key: 'slow',
      queue: 'archive',
      schedule: cron('*/10 * * * *'),
    });
    for (let n = 1; n <= 20; n++) {
      const durationMs = n === 20 ? 12 * MINUTE_MS : 11 * MINUTE_MS;
      await insertRun(db().sql, { jobId: own.id, at: Date.now() - n * 20 * MINUTE_MS, durationMs });
    }
    const question = { ...asked, queue: 'archive', schedule: cron('*/10 * * * *') };
    expect(await readSaveWarnings(viewer, { ...question, jobId: own.id })).toMatchObject({
      value: [
        {
          key: 'slower_than_interval',
          longMs: 11 * MINUTE_MS,
          everyMs: 10 * MINUTE_MS,
          enoughMs: 15 * MINUTE_MS,
        },
      ],
    });
    expect(JSON.stringify(await readSaveWarnings(viewer, question))).not.toContain('slower');
  });

  test('nothing is said of what is in the middle of being typed', async () => {
    const calendar = { key: 'nowhere', rule: 'skip' } as const;
    for (const schedule of [cron('0 2 * *'), { ...cron('0 2 * * *'), calendar }, null]) {
      const answer = await readSaveWarnings(admin, { ...asked, schedule });
      expect(answer).toEqual({ ok: true, value: [] });
    }
  });

  test('2,000 jobs are looked at in time for whoever types', async () => {
    await db().sql(
      `WITH made AS (
         INSERT INTO job (key, revision, kind, queue, has_schedule, planned_until, next_tick_at)
         SELECT 'crowd-' || n, 1, 'script', CASE WHEN n % 2 = 0 THEN 'default' ELSE 'reports' END, true, now(), now()
           FROM generate_series(1, 2000) AS n
         RETURNING id, key, queue)
       INSERT INTO revision (job_id, number, definition, created_by)
       SELECT id, 1, jsonb_build_object('key', key, 'queue', queue, 'runsOn', '{}'::jsonb, 'priority', 0, 'overlap', 'skip',
              'schedule', jsonb_build_object('type', 'cron', 'timeZone', 'UTC', 'lines',
                jsonb_build_array((id % 60) || ' * * * *'))), 'Test' FROM made`,
    );
    const ask = async (minute: number) => {
      const since = performance.now();
      const found = await readSaveWarnings(viewer, {
        ...asked,
        schedule: cron(`${minute} 2 * * *`),
      });
      expect(found.ok).toBe(true);
      return performance.now() - since;
    };
    const first = await ask(1);
    const next = [await ask(2), await ask(3), await ask(4)];
    console.log(`2,000 jobs: ${first.toFixed(0)} ms, then ${Math.min(...next).toFixed(0)} ms`);
    // The forecast is reckoned once, and kept for a while.
    expect(Math.min(...next)).toBeLessThan(600);
  });
});
