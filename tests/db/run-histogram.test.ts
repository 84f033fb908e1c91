import { beforeAll, describe, expect, test } from 'vitest';
import { chooseBuckets, edgesOf } from '#core/runs/buckets.ts';
import { runHistogram } from '#core/runs/histogram.ts';
import { countRunsByBucket } from '#core/runs/reads-histogram.sql.ts';
import { listRuns } from '#core/runs/reads.ts';
import type { RunState } from '#core/runs/states.ts';
import { makeJob, type TestJob } from '../support/jobs.ts';
import { insertRun } from '../support/ledger.ts';
import { webDatabase, viewer } from '../support/web.ts';

const { db } = webDatabase();
const HOUR_MS = 3_600_000;
const now = Date.now();
const from = new Date(now - 48 * HOUR_MS);
const NO_FILTERS = {
  states: [],
  jobIds: null,
  queue: null,
  workerId: null,
  triggers: [],
  backfillId: null,
  from: null,
  to: null,
  text: null,
};
let jobs: TestJob[];

beforeAll(async () => {
  jobs = [await makeJob(db(), { overlap: 'allow' }), await makeJob(db(), { overlap: 'allow' })];
  const states: RunState[] = [
    'succeeded',
    'succeeded',
    'failed',
    'timed_out',
    'skipped',
    'succeeded',
  ];
  for (let n = 0; n < 300; n++) {
    await insertRun(db().sql, {
      jobId: jobs[n % 2]!.id,
      state: states[n % states.length]!,
      at: now - 47 * HOUR_MS + n * 500_000,
      trigger: n % 4 === 0 ? 'manual' : 'tick',
      queue: n % 7 === 0 ? 'reports' : 'default',
    });
  }
  for (const state of ['queued', 'running'] as const) {
    await insertRun(db().sql, { jobId: jobs[0]!.id, state, trigger: 'manual', at: now - 3_000 });
  }
});

type Filters = Omit<Parameters<typeof runHistogram>[1], 'buckets'>;

async function histogram(filters: Filters) {
  const outcome = await runHistogram(viewer, { from, ...filters });
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return outcome.value;
}

describe('counts the runs that the list shows', () => {
  test.each<[string, () => Filters]>([
    ['all', () => ({})],
    ['of one state', () => ({ states: ['failed'] })],
    ['that succeeded', () => ({ states: ['succeeded'] })],
    ['that are live', () => ({ states: ['queued', 'running'] })],
    ['of a job', () => ({ jobKey: jobs[1]!.key })],
    ['of a queue', () => ({ queue: 'reports' })],
    ['by hand, of a job', () => ({ jobKey: jobs[0]!.key, triggers: ['manual'] })],
  ])('%s', async (_name, given) => {
    const { buckets, bucketMs, total, isEstimate } = await histogram(given());
    const listed = [];
    let cursor: string | null = null;
    do {
      const list = await listRuns(viewer, { from, ...given(), cursor, limit: 200 });
      if (!list.ok) throw new Error(list.refusal.message);
      listed.push(...list.value.runs);
      cursor = list.value.older;
    } while (cursor !== null);
    expect(isEstimate).toBe(false);
    const counted: Record<string, number> = {};
    for (const run of listed) counted[run.state] = (counted[run.state] ?? 0) + 1;
    expect(total).toEqual(counted);
    expect(listed.length).toBeGreaterThan(0);
    for (const bucket of buckets) {
      const start = Date.parse(bucket.at);
      const inside = listed.filter(({ scheduledFor }) => {
        const at = Date.parse(scheduledFor);
        return at >= start && at < start + bucketMs;
      });
      const sum = Object.values(bucket.counts).reduce((a, b) => a + b, 0);
      expect(sum).toBe(inside.length);
    }
  });
});

test('of very many runs a part is counted, and the rest reckoned and said to be', async () => {
  await db().sql(
    `INSERT INTO run (is_live, job_id, revision, trigger, state, scheduled_for, due_at, attempt, worker_id, started_at,
       finished_at, queue, kind)
     SELECT false, $1, 1, 'manual', 'succeeded', $2::timestamptz + n * interval '0.1 s', now(), 1, 1, now(), now(), 'reports', 'sh'
       FROM generate_series(1, 100000) AS n`,
    [jobs[1]!.id, new Date(now - 46 * HOUR_MS)],
  );
  await db().sql('ANALYZE run');
  const edges = edgesOf(chooseBuckets(from.getTime(), now, 60, 0));
  for (const queue of [null, 'reports']) {
    const query = { ...NO_FILTERS, queue };
    const exact = await countRunsByBucket(db().sql, query, edges);
    // The size is reckoned by the month: far enough below 100,000 on any day of it.
    const limits = { inIndex: 2_000, inRows: 2_000 };
    const reckoned = await countRunsByBucket(db().sql, query, edges, limits);
    const succeeded = (counts: typeof exact) =>
      counts.reduce((all, { state, count }) => all + (state === 'succeeded' ? count : 0), 0);
    expect(exact.some(({ isEstimate }) => isEstimate)).toBe(false);
    expect(reckoned.some(({ isEstimate }) => isEstimate)).toBe(true);
    expect(succeeded(exact)).toBeGreaterThan(100_000);
    expect(succeeded(reckoned) / succeeded(exact)).toBeGreaterThan(0.9);
    expect(succeeded(reckoned) / succeeded(exact)).toBeLessThan(1.1);
    // What went wrong is few, and counted one by one whatever there is of the rest.
    if (queue === null) {
      const failed = reckoned.filter(({ state }) => state === 'failed');
      expect(failed.every(({ isEstimate }) => !isEstimate)).toBe(true);
      expect(failed.reduce((all, { count }) => all + count, 0)).toBe(50);
    }
  }
});
