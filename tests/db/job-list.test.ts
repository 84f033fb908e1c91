import { beforeAll, describe, expect, test } from 'vitest';
import { listJobs, listLabels } from '#core/jobs/reads.ts';
import type { JobSummary } from '#core/jobs/job-summary.ts';
import { makeJob, type TestJob } from '../support/jobs.ts';
import { insertRun } from '../support/ledger.ts';
import { viewer, webDatabase } from '../support/web.ts';

const { db } = webDatabase();
const MINUTE_MS = 60_000;
const now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
const everyMinute = {
  type: 'interval' as const,
  everyMs: MINUTE_MS,
  anchor: '2026-01-01T00:00:00.000Z',
  timeZone: 'Europe/Berlin',
};
const jobs: Record<string, TestJob> = {};

async function job(key: string, overrides: Parameters<typeof makeJob>[1] = {}) {
  jobs[key] = await makeJob(db(), {
    key,
    createdAt: new Date(now - 100 * MINUTE_MS),
    ...overrides,
  });
  await db().sql('UPDATE job SET next_tick_at = $1 WHERE id = $2', [
    new Date(now + 5 * MINUTE_MS),
    jobs[key].id,
  ]);
  return jobs[key];
}

beforeAll(async () => {
  const { sql } = db();
  const fine = await job('a-fine', {
    schedule: everyMinute,
    labels: { team: 'infra' },
    owner: 'Ada',
  });
  for (let n = 1; n <= 40; n++) {
    await insertRun(sql, {
      jobId: fine.id,
      at: now - n * MINUTE_MS,
      // The latest five take twice as long.
      durationMs: n <= 5 ? 2_000 : 1_000 + n,
      attempt: n === 3 ? 3 : 1,
    });
  }
  const planned = await insertRun(sql, {
    jobId: fine.id,
    state: 'queued',
    at: now + 2 * MINUTE_MS,
  });
  expect(planned).toBeGreaterThan(0);

  const failing = await job('b-failing', {
    schedule: everyMinute,
    labels: { team: 'shop', tier: '1' },
  });
  await insertRun(sql, { jobId: failing.id, at: now - 9 * MINUTE_MS });
  for (const n of [7, 5, 4]) {
    await insertRun(sql, {
      jobId: failing.id,
      state: 'failed',
      at: now - n * MINUTE_MS,
      cause: 'exit 2',
    });
  }
  await insertRun(sql, { jobId: failing.id, state: 'skipped', at: now - 3 * MINUTE_MS });
  await insertRun(sql, { jobId: failing.id, state: 'cancelled', at: now - 2 * MINUTE_MS });

  const overdue = await job('c-overdue', { queue: 'reports' });
  await insertRun(sql, { jobId: overdue.id, at: now - 30 * MINUTE_MS, queue: 'reports' });
  await insertRun(sql, {
    jobId: overdue.id,
    state: 'queued',
    at: now - 20 * MINUTE_MS,
    queue: 'reports',
  });

  const running = await job('d-running');
  await insertRun(sql, {
    jobId: running.id,
    state: 'running',
    trigger: 'manual',
    at: now - MINUTE_MS,
  });

  const paused = await job('e-paused', { schedule: everyMinute });
  await insertRun(sql, { jobId: paused.id, state: 'lost', at: now - 50 * MINUTE_MS });
  const since = new Date(now - 30 * MINUTE_MS + 1);
  await sql(
    `UPDATE job SET paused_at = $1, paused_by = 'Ada', pause_reason = 'supplier down' WHERE id = $2`,
    [since, paused.id],
  );
  await sql(
    `INSERT INTO gap (job_id, revision, span, reason) VALUES ($1, 1, tstzrange($2, NULL), 'paused')`,
    [paused.id, since],
  );
  await job('f-never');
  const gone = await job('g-deleted');
  await sql('UPDATE job SET deleted_at = now() WHERE id = $1', [gone.id]);
});

async function list(input: Parameters<typeof listJobs>[1] = {}) {
  const outcome = await listJobs(viewer, input);
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return outcome.value;
}
const keys = (found: { jobs: JobSummary[] }) => found.jobs.map(({ key }) => key);
const one = async (search: string) => (await list({ search })).jobs[0]!;

describe('every job has one state', () => {
  test('what needs a person stands first, and all are counted', async () => {
    const found = await list();
    expect(found.jobs.map(({ key, state }) => `${key} ${state}`)).toEqual([
      'b-failing failing',
      'c-overdue overdue',
      'e-paused paused',
      'a-fine healthy',
      'd-running running',
      'f-never never_ran',
    ]);
    expect(found.total).toBe(6);
    expect(found.byState).toEqual({
      failing: 1,
      overdue: 1,
      running: 1,
      paused: 1,
      healthy: 1,
      never_ran: 1,
    });
  });

  test('failing says since when and how often, skipped and cancelled runs aside', async () => {
    expect(await one('b-failing')).toMatchObject({
      failing: { since: new Date(now - 7 * MINUTE_MS).toISOString(), runs: 3, isMore: false },
      lastRun: { state: 'failed', cause: 'exit 2' },
    });
  });

  test('overdue, running and paused say since when, and why', async () => {
    expect((await one('c-overdue')).overdue?.since).toBe(
      new Date(now - 20 * MINUTE_MS).toISOString(),
    );
    expect((await one('d-running')).running).toMatchObject({ runs: 1 });
    const paused = await one('e-paused');
    expect(paused.paused).toMatchObject({ by: 'Ada', reason: 'supplier down' });
    expect(paused.paused!.ticks).toBeGreaterThanOrEqual(30);
    expect(paused.nextTickAt).toBeNull();
    expect(paused.bars.map(({ state }) => state)).toEqual(['lost', 'gap']);
    expect(paused.bars[1]!.gapTicks).toBe(paused.paused!.ticks);
  });

  test('while everything is paused nothing is overdue and nothing is next', async () => {
    await db().sql(`UPDATE installation SET paused_at = now(), paused_by = 'Test'`);
    expect((await one('c-overdue')).state).toBe('healthy');
    expect((await one('a-fine')).nextTickAt).toBeNull();
    await db().sql(`UPDATE installation SET paused_at = NULL, paused_by = NULL`);
  });
});

test('a row has its last thirty bars, its durations and its next planned tick', async () => {
  const fine = await one('a-fine');
  expect(fine.bars).toHaveLength(30);
  expect(fine.bars.at(-1)).toMatchObject({
    at: new Date(now - MINUTE_MS).toISOString(),
    durationMs: 2_000,
  });
  expect(fine.bars.at(-3)).toMatchObject({ failedAttempts: 2 });
  expect(fine).toMatchObject({ medianMs: 1_025, p95Ms: 2_000, isSlowing: true });
  expect(fine.trend).toHaveLength(30);
  expect(fine.trend.at(-1)).toBe(2_000);
  expect(fine.nextTickAt).toBe(new Date(now + 2 * MINUTE_MS).toISOString());
  expect(fine.schedule).toEqual({
    description: {
      key: 'every',
      values: { count: 1, unit: 'minute', days: { kind: 'every_day' } },
    },
    timeZone: 'Europe/Berlin',
    isManual: false,
  });
});

test.each([
  [{ search: 'ADA' }, ['a-fine']],
  [{ states: ['failing', 'paused'] }, ['b-failing', 'e-paused']],
  [{ labels: ['team'] }, ['b-failing', 'a-fine']],
  [{ labels: ['team=shop', 'tier=1'] }, ['b-failing']],
  [{ queues: ['reports'] }, ['c-overdue']],
  [{ kinds: ['http'] }, []],
] as const)('filters: %o', async (input, expected) => {
  const found = await list(input);
  expect(keys(found)).toEqual(expected);
  expect(found.total).toBe(expected.length);
});

test('pages follow each other in every order', async () => {
  for (const order of ['needs', 'name', 'next', 'latest'] as const) {
    const all = keys(await list({ order }));
    const paged: string[] = [];
    let cursor: string | null = null;
    do {
      const found = await list({ order, cursor, limit: 2 });
      paged.push(...keys(found));
      cursor = found.next;
    } while (cursor !== null);
    expect(paged).toEqual(all);
    expect(all).toHaveLength(6);
  }
  expect(await listJobs(viewer, { cursor: 'broken' })).toMatchObject({
    refusal: { code: 'invalid' },
  });
});

test('the labels in use are counted', async () => {
  expect(await listLabels(viewer)).toEqual([
    { name: 'team', value: 'infra', jobs: 1 },
    { name: 'team', value: 'shop', jobs: 1 },
    { name: 'tier', value: '1', jobs: 1 },
  ]);
});
