import { beforeAll, describe, expect, test } from 'vitest';
import { listRuns } from '#core/runs/reads.ts';
import type { RunSummary } from '#core/runs/summary.ts';
import type { RunState } from '#core/runs/states.ts';
import { makeJob, type TestJob } from '../support/jobs.ts';
import { insertRun } from '../support/ledger.ts';
import { admin, webDatabase, viewer } from '../support/web.ts';

const { db } = webDatabase();
type Filters = Omit<Parameters<typeof listRuns>[1], 'cursor' | 'limit'>;

let jobs: TestJob[];
let all: RunSummary[];
const HOUR_MS = 3_600_000;
const since = Date.now() - 40 * 24 * HOUR_MS;

beforeAll(async () => {
  jobs = [];
  for (let n = 0; n < 3; n++) jobs.push(await makeJob(db(), { overlap: 'allow' }));
  const states: RunState[] = [
    'succeeded',
    'succeeded',
    'succeeded',
    'failed',
    'lost',
    'skipped',
    'cancelled',
  ];
  for (let n = 0; n < 400; n++) {
    await insertRun(db().sql, {
      jobId: jobs[n % 3]!.id,
      state: states[(n * 3) % states.length]!,
      // Several runs share an instant, over two months.
      at: since + Math.floor(n / 3) * 7 * HOUR_MS,
      trigger: n % 5 === 0 ? 'manual' : 'tick',
      queue: n % 11 === 0 ? 'reports' : 'default',
      workerId: n % 4,
      cause: n % 13 === 0 ? 'disk FULL on /backup' : null,
    });
  }
  await insertRun(db().sql, { jobId: jobs[0]!.id, state: 'queued', at: Date.now() - 1_000 });
  await insertRun(db().sql, { jobId: jobs[0]!.id, state: 'running', at: Date.now() - 2_000 });
  await insertRun(db().sql, { jobId: jobs[0]!.id, state: 'queued', at: Date.now() + 60_000 });
  all = await collect({}, 200);
});

async function page(filters: Filters, cursor: string | null, limit: number) {
  const outcome = await listRuns(admin, { ...filters, cursor, limit });
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return outcome.value;
}

async function collect(filters: Filters, limit: number): Promise<RunSummary[]> {
  const runs: RunSummary[] = [];
  let cursor: string | null = null;
  do {
    const list = await page(filters, cursor, limit);
    runs.push(...list.runs);
    cursor = list.older;
  } while (cursor !== null);
  return runs;
}

test('all runs are there once, newest first, without the ticks that are still to come', () => {
  expect(all).toHaveLength(402);
  expect(new Set(all.map((run) => run.id)).size).toBe(402);
  const keys = all.map((run) => [Date.parse(run.scheduledFor), run.id] as const);
  expect(keys).toEqual(keys.toSorted(([a, x], [b, y]) => b - a || y - x));
});

describe('filters find exactly what fits, whatever the size of the page', () => {
  const filters: [string, () => Filters, (run: RunSummary) => boolean][] = [
    [
      'state',
      () => ({ states: ['failed', 'lost'] }),
      (run) => run.state === 'failed' || run.state === 'lost',
    ],
    [
      'live states',
      () => ({ states: ['queued', 'running'] }),
      (run) => run.state === 'queued' || run.state === 'running',
    ],
    ['job', () => ({ jobKey: jobs[1]!.key }), (run) => run.jobId === jobs[1]!.id],
    ['queue', () => ({ queue: 'reports' }), (run) => run.queue === 'reports'],
    ['worker', () => ({ workerId: 2 }), (run) => run.worker?.id === 2],
    ['trigger', () => ({ triggers: ['manual'] }), (run) => run.trigger === 'manual'],
    [
      'text in the cause',
      () => ({ text: 'Disk full' }),
      (run) => run.cause?.includes('FULL') ?? false,
    ],
    [
      'time',
      () => ({ from: new Date(since + 500 * HOUR_MS), to: new Date(since + 700 * HOUR_MS) }),
      (run) =>
        Date.parse(run.scheduledFor) >= since + 500 * HOUR_MS &&
        Date.parse(run.scheduledFor) < since + 700 * HOUR_MS,
    ],
    [
      'all together',
      () => ({
        jobKey: jobs[0]!.key,
        states: ['succeeded', 'skipped'],
        queue: 'default',
        triggers: ['tick'],
      }),
      (run) =>
        run.jobId === jobs[0]!.id &&
        (run.state === 'succeeded' || run.state === 'skipped') &&
        run.queue === 'default' &&
        run.trigger === 'tick',
    ],
  ];
  test.each(filters)('%s', async (_name, given, fits) => {
    const expected = all.filter(fits);
    expect(expected.length).toBeGreaterThan(0);
    for (const limit of [3, 50]) {
      expect((await collect(given(), limit)).map(({ id }) => id)).toEqual(
        expected.map(({ id }) => id),
      );
    }
  });
});

test('one can page back the way one came', async () => {
  const first = await page({}, null, 7);
  const second = await page({}, first.older, 7);
  const third = await page({}, second.older, 7);
  expect(await page({}, third.newer, 7)).toMatchObject({ runs: second.runs });
  const back = await page({}, second.newer, 7);
  expect(back.runs).toEqual(first.runs);
  expect(back.newer).toBeNull();
  expect(first.newer).toBeNull();
});

test('runs that come while one pages neither repeat nor hide others', async () => {
  const first = await page({}, null, 50);
  for (let n = 0; n < 20; n++) {
    await insertRun(db().sql, { jobId: jobs[2]!.id, trigger: 'manual', at: Date.now() - n });
    await insertRun(db().sql, { jobId: jobs[2]!.id, trigger: 'manual', at: since + n * HOUR_MS });
  }
  const ids = first.runs.map(({ id }) => id);
  let cursor = first.older;
  while (cursor !== null) {
    const list = await page({}, cursor, 50);
    ids.push(...list.runs.map(({ id }) => id));
    cursor = list.older;
  }
  expect(new Set(ids).size).toBe(ids.length);
  expect(all.every(({ id }) => ids.includes(id))).toBe(true);
  const newest = await page({}, first.older!.replace('o', 'n'), 200);
  expect(newest.runs.length).toBeGreaterThanOrEqual(20 + 49);
});

test('a search for what is rare stops after a while, says how far it looked, and goes on from there', async () => {
  await db().sql(
    `INSERT INTO run (is_live, job_id, revision, trigger, state, scheduled_for, due_at, attempt, worker_id, started_at,
       finished_at, queue, kind)
     SELECT false, $1, 1, 'manual', 'succeeded', now() - n * interval '10 s', now(), 1, 1, now(), now(), 'default', 'sh'
       FROM generate_series(1, 45000) AS n`,
    [jobs[2]!.id],
  );
  const needle = await insertRun(db().sql, {
    jobId: jobs[2]!.id,
    trigger: 'manual',
    at: Date.now() - 44_000 * 10_000,
    cause: 'needle',
  });
  const found: number[] = [];
  const stops: string[] = [];
  let cursor: string | null = null;
  do {
    const list = await page({ text: 'NEEDLE' }, cursor, 50);
    found.push(...list.runs.map(({ id }) => id));
    if (list.searchedTo) stops.push(list.searchedTo);
    cursor = list.older;
  } while (cursor !== null);
  expect(found).toEqual([needle]);
  expect(stops).toHaveLength(2);
});

test('what doesn’t fit is refused in a sentence, and an unknown key finds nothing', async () => {
  for (const input of [
    { cursor: 'x' },
    { states: ['done'] },
    { limit: 100_000 },
    { from: 'yesterday' },
  ]) {
    expect(await listRuns(admin, input as never)).toMatchObject({ refusal: { code: 'invalid' } });
  }
  expect(await page({ jobKey: 'no-such-job' }, null, 50)).toMatchObject({ runs: [], older: null });
});

test('a viewer reads runs', async () => {
  expect((await listRuns(viewer, {})).ok).toBe(true);
});
