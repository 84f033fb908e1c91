import { expect, test } from 'vitest';
import { readForecast, readStarts } from '#core/forecast/read-forecast.ts';
import {
  readSpread,
  readSpreadEffect,
  saveSpread,
  takeSpreadBack,
} from '#core/forecast/spread-jobs.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import { pauseJobs } from '#core/jobs/pause-jobs.ts';
import { createQueue } from '#core/queues/queues.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { makeJob, testDefinition, type TestJob } from '#tests/support/jobs.ts';
import { insertRun, insertWorker } from '#tests/support/ledger.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { admin, viewer, webDatabase } from '#tests/support/web.ts';

const web = webDatabase();
const sql = (text: string, values: unknown[] = []) => web.db().sql(text, values);

const daily: Schedule = { type: 'cron', lines: ['0 0 * * *'], timeZone: 'UTC' };
const midnight = () => new Date(Math.ceil(Date.now() / 86_400_000) * 86_400_000).toISOString();

async function queue(name: string, maxRunning: number) {
  const limits = { description: '', maxRunning, maxWaiting: 1_000, defaultTimeoutMs: 600_000 };
  valueOf(await createQueue(admin, { name, ...limits }));
}

/** Jobs that meet at midnight, each run of which takes so long. */
async function meeting(name: string, count: number, durationMs: number): Promise<TestJob[]> {
  const jobs: TestJob[] = [];
  for (let n = 0; n < count; n++) {
    const key = `${name}-${String(n).padStart(2, '0')}`;
    const job = await makeJob(web.db(), { key, queue: name, schedule: daily });
    const at = Date.now() - 3_600_000;
    await insertRun(web.db().sql, { jobId: job.id, trigger: 'manual', at, durationMs });
    jobs.push(job);
  }
  return jobs;
}

const forecast = async () => valueOf(await readForecast(viewer, { stretch: '24h' }));

test('what meets at midnight, who waits how long, and what a paused job doesn’t add', async () => {
  await queue('night', 4);
  await insertWorker(web.db().sql, { slots: 100 });
  const jobs = await meeting('night', 12, 60_000);
  await makeJob(web.db(), { key: 'night-unknown', queue: 'night', schedule: daily });
  const told = await forecast();
  const night = told.queues.find(({ name }) => name === 'night');
  expect(night).toMatchObject({ slots: 4, maxRunning: 4, workerSlots: 100 });
  expect(Math.max(...night!.load)).toBe(13);
  expect(night!.starts.reduce((sum, count) => sum + count, 0)).toBe(13);
  expect(told.assumedJobs).toBe(1);
  const worst = told.worst.find((minute) => minute.queue === 'night');
  // 13 by 4, a minute each: the last one waits for three.
  expect(worst).toMatchObject({ at: midnight(), jobs: 13, waiting: 9, waitMs: 180_000 });
  const to = new Date(Date.parse(midnight()) + 60_000).toISOString();
  const starts = valueOf(await readStarts(viewer, { queue: 'night', from: midnight(), to }));
  expect(starts.jobCount).toBe(13);
  expect(starts.jobs[0]).toMatchObject({ starts: 1, waitMs: 180_000 });
  expect(starts.jobs.find(({ key }) => key === 'night-unknown')).toMatchObject({
    isAssumed: true,
    usualMs: 60_000,
  });
  valueOf(await pauseJobs(admin, { jobIds: [jobs[0]!.id] }));
  const paused = await forecast();
  expect(paused.pausedJobs).toBe(1);
  expect(Math.max(...paused.queues.find(({ name }) => name === 'night')!.load)).toBe(12);
});

test('a meeting is spread by edits that are ordinary revisions, a conflict is told, and all can be taken back', async () => {
  await queue('peak', 10);
  const jobs = await meeting('peak', 42, 30_000);
  const asked = { queue: 'peak', at: midnight(), stretch: '24h' as const };
  expect(await readSpread(viewer, asked).catch((error: Error) => error.name)).toBe('NotAllowed');
  const spread = valueOf(await readSpread(admin, asked));
  expect(spread).toMatchObject({
    slots: 10,
    target: 5,
    before: { peak: 42, waitMs: 120_000 },
    after: { peak: 5, waitMs: 0 },
  });
  expect(spread.edits).toHaveLength(37);
  // Without the last seven that many more meet at midnight.
  const jobIds = jobs.map(({ id }) => id);
  const chosen = spread.edits.slice(0, 30).map(({ jobId, schedule }) => ({ jobId, schedule }));
  const effect = { queue: 'peak', stretch: '24h' as const, jobIds, edits: chosen };
  expect(await readSpreadEffect(viewer, effect).catch((error: Error) => error.name)).toBe(
    'NotAllowed',
  );
  expect(valueOf(await readSpreadEffect(admin, effect))).toMatchObject({
    before: { peak: 42, waitMs: 120_000 },
    after: { peak: 12, peakAt: midnight(), waitMs: 30_000 },
  });
  const [first, overtaken] = spread.edits;
  const other = jobs.find(({ id }) => id === overtaken!.jobId)!;
  valueOf(
    await editJob(admin, {
      jobId: other.id,
      basedOnRevision: 1,
      definition: { ...other.definition, owner: 'somebody else' },
      note: '',
    }),
  );
  const saved = valueOf(
    await saveSpread(admin, {
      edits: spread.edits.map(({ jobId, revision, schedule }) => ({
        jobId,
        basedOnRevision: revision,
        schedule,
      })),
      note: 'Spreads midnight.',
    }),
  );
  expect(saved.filter(({ revision }) => revision === 2)).toHaveLength(36);
  expect(saved[1]).toMatchObject({
    jobId: other.id,
    revision: null,
    problem: expect.stringContaining('saved revision 2 while you were editing'),
  });
  const revisions = await sql(
    `SELECT note, definition -> 'schedule' -> 'lines' AS lines FROM revision WHERE job_id = $1 ORDER BY number`,
    [first!.jobId],
  );
  expect(revisions).toEqual([
    { note: '', lines: ['0 0 * * *'] },
    { note: 'Spreads midnight.', lines: [first!.after.line] },
  ]);
  const peak = (await forecast()).queues.find(({ name }) => name === 'peak')!;
  // The five that stay, and the one that was overtaken.
  expect(Math.max(...peak.load)).toBe(6);
  const back = valueOf(
    await takeSpreadBack(admin, {
      edits: saved.flatMap(({ jobId, revision, before }) =>
        revision === null ? [] : [{ jobId, basedOnRevision: revision, revision: before }],
      ),
    }),
  );
  expect(back).toEqual({ restored: 36, problems: [] });
  const again = (await forecast()).queues.find(({ name }) => name === 'peak')!;
  expect(Math.max(...again.load)).toBe(42);
}, 60_000);

test('what isn’t there or can’t be is refused', async () => {
  expect(await readForecast(viewer, { timeZone: 'Nowhere' })).toMatchObject({
    refusal: { code: 'invalid' },
  });
  expect(await readSpread(admin, { queue: 'none', at: midnight() })).toMatchObject({
    refusal: { code: 'not_found' },
  });
  expect(await saveSpread(admin, { edits: [], note: '' })).toMatchObject({
    refusal: { code: 'invalid' },
  });
  const edits = [{ jobId: 99_999, basedOnRevision: 1, schedule: daily }];
  expect(valueOf(await saveSpread(admin, { edits, note: '' }))).toMatchObject([
    { revision: null, problem: expect.stringContaining('somebody deleted it') },
  ]);
});

test('1,000 jobs over 24 h', async () => {
  const lines = (n: number) =>
    n % 10 < 4
      ? `${n % 3 === 0 ? 0 : (n * 7) % 60} ${n % 24} * * *`
      : n % 10 < 7
        ? `${n % 2 === 0 ? 0 : (n * 7) % 60} * * * *`
        : n % 10 < 9
          ? '*/15 * * * *'
          : '*/5 * * * *';
  const definitions = Array.from({ length: 1_000 }, (_, n) =>
    testDefinition({
      key: `many-${n}`,
      schedule: { type: 'cron', lines: [lines(n)], timeZone: 'Europe/Berlin' },
    }),
  );
  await sql(
    `WITH given AS (SELECT value AS definition FROM jsonb_array_elements($1::jsonb)), made AS (
       INSERT INTO job (key, revision, kind, queue, has_schedule, planned_until, created_at)
       SELECT definition ->> 'key', 1, 'script', 'default', true, now(), now() FROM given
       RETURNING id, key
     ), revised AS (
       INSERT INTO revision (job_id, number, definition, created_by, created_at)
       SELECT made.id, 1, given.definition, 'Test', now()
         FROM made JOIN given ON given.definition ->> 'key' = made.key
     )
     INSERT INTO run (is_live, job_id, revision, trigger, state, scheduled_for, due_at, attempt, started_at, finished_at, queue, kind)
     SELECT false, made.id, 1, 'manual', 'succeeded', at, at, 1, at, at + (500 + made.id % 7000) * interval '1 ms', 'default', 'script'
       FROM made CROSS JOIN generate_series(now() - interval '60 min', now() - interval '31 min', interval '1 min') AS at`,
    [JSON.stringify(definitions)],
  );
  await sql('VACUUM ANALYZE run');
  const since = performance.now();
  const told = await forecast();
  const firstMs = performance.now() - since;
  const again = performance.now();
  await forecast();
  const keptMs = performance.now() - again;
  console.log(`first: ${Math.round(firstMs)} ms, kept: ${Math.round(keptMs)} ms`);
  expect(told.queues[0]!.starts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(54_000);
  expect(told.countedJobs).toBe(0);
  expect(firstMs).toBeLessThan(12_000);
}, 60_000);
