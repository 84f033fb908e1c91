import { beforeEach, describe, expect, test } from 'vitest';
import type { JobDefinitionInput } from '#core/jobs/definition.ts';
import { ledgerCounts } from '#core/jobs/ledger-counts.ts';
import { readJobChart } from '#core/jobs/next-ticks.ts';
import { pauseJobs } from '#core/jobs/pause-jobs.ts';
import { readJob } from '#core/jobs/read-job.ts';
import { countRunsOf } from '#core/overview/counted-runs.ts';
import { prisma } from '#core/prisma.ts';
import { finishAttemptsIfStillOwned } from '#core/runs/finish.sql.ts';
import { readRun } from '#core/runs/read-run.ts';
import { listRuns } from '#core/runs/reads.ts';
import { retryRuns, runAsTest } from '#core/runs/retry-by-hand.ts';
import { triggerJob } from '#core/runs/trigger.ts';
import { endedAttempt } from '#tests/support/attempts.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { insertRun } from '#tests/support/ledger.ts';
import { refusalOf, valueOf } from '#tests/support/outcomes.ts';
import { claimFor, emptyLedger, makeRun, makeWorker } from '#tests/support/runs.ts';
import { admin, webDatabase } from '#tests/support/web.ts';

const web = webDatabase();
let worker: number;
let job: TestJob;

const MINUTE = 60_000;
const minutesAgo = (minutes: number) =>
  new Date(Math.floor(Date.now() / MINUTE - minutes) * MINUTE);
const region: JobDefinitionInput['parameters'] = [
  { name: 'region', type: 'text', default: 'eu' },
  { name: 'day', type: 'text' },
];

beforeEach(async () => {
  await emptyLedger(web.db());
  worker = await makeWorker(web.db());
  job = await makeJob(web.db(), { createdAt: minutesAgo(60) });
});

const startTest = async (parameters: Record<string, string> = {}) =>
  valueOf(await triggerJob(admin, { jobId: job.id, parameters, isTest: true })).runId;

async function end(outcome: 'succeeded' | 'failed' = 'succeeded') {
  const [run] = await claimFor(web.db(), worker);
  await finishAttemptsIfStillOwned(web.db().sql, [
    endedAttempt(run!, { outcome, elapsedMs: 60_000 }),
  ]);
  return run!;
}

const rowOf = (id: number) => prisma().run.findFirstOrThrow({ where: { id: BigInt(id) } });

describe('a test', () => {
  test('runs while its job is paused, and the trail tells it apart', async () => {
    valueOf(await pauseJobs(admin, { jobIds: [job.id], reason: 'deploy' }));
    const id = await startTest();
    expect((await end()).id).toBe(id);
    expect(valueOf(await readRun(admin, id)).run).toMatchObject({
      trigger: 'test',
      state: 'succeeded',
      covers: { from: null },
    });
    expect(await prisma().auditEntry.findMany({ where: { subject: `run:${id}` } })).toMatchObject([
      { action: 'job.test' },
    ]);
    expect(valueOf(await readJob(admin, job.key)).state).toBe('paused');
  });

  test('counts nowhere, however it ends', async () => {
    const { sql } = web.db();
    const at = minutesAgo(10).getTime();
    await insertRun(sql, { jobId: job.id, at, durationMs: 1_000 });
    const told = async () => {
      const detail = valueOf(await readJob(admin, job.key));
      const { state, lastRun, medianMs, p95Ms, bars, reliability } = detail;
      const chart = valueOf(await readJobChart(admin, { jobId: job.id }));
      const counts = valueOf(
        await ledgerCounts(admin, { jobId: job.id, from: minutesAgo(60).toISOString() }),
      );
      const day = await countRunsOf(sql, null, [minutesAgo(60), new Date(Date.now() + MINUTE)]);
      return {
        state,
        lastRun,
        medianMs,
        p95Ms,
        bars,
        reliability,
        chart: chart.bars,
        ran: counts.ran,
        day,
      };
    };
    const before = await told();
    expect(before).toMatchObject({ state: 'healthy', medianMs: 1_000 });
    expect(before.day).toMatchObject([{ state: 'succeeded', count: 1 }]);
    for (const outcome of ['failed', 'succeeded', 'failed'] as const) {
      await startTest();
      await end(outcome);
    }
    expect(await told()).toEqual(before);
    // CONTROL: the same of a run by hand is seen.
    valueOf(await triggerJob(admin, { jobId: job.id }));
    await end('failed');
    expect(await told()).not.toMatchObject({ state: 'healthy' });
  });

  test('stands in the lists, where one can look for it', async () => {
    await makeRun(web.db(), job);
    const id = await startTest();
    const list = async (triggers: ('test' | 'manual')[]) =>
      valueOf(await listRuns(admin, { jobKey: job.key, triggers })).runs.map((run) => run.id);
    expect(await list(['test'])).toEqual([id]);
    expect(await list([])).toHaveLength(2);
  });

  test('waits for a run that is under way, and is no reason to end one', async () => {
    for (const [overlap, expected] of [
      ['cancel_previous', 'queue_all'],
      ['skip', 'queue_all'],
      ['allow', 'allow'],
    ] as const) {
      job = await makeJob(web.db(), { overlap });
      expect((await rowOf(await startTest())).overlap).toBe(expected);
    }
  });

  test('isn’t tried again by the job’s rule, and one by hand is a test again', async () => {
    const id = await startTest();
    await end('failed');
    const retried = valueOf(await retryRuns(admin, { runIds: [id] })).runIds[0]!;
    expect(await rowOf(retried)).toMatchObject({
      trigger: 'test',
      retryOf: BigInt(id),
      covers: false,
      forTick: null,
    });
  });

  test('the database refuses one that would count', async () => {
    const id = await startTest();
    await expect(
      web.db().sql('UPDATE run SET covers = true WHERE id = $1', [id]),
    ).rejects.toMatchObject({ constraint: 'run_test_is_apart' });
    await expect(
      web.db().sql('UPDATE run SET for_tick = now() WHERE id = $1', [id]),
    ).rejects.toMatchObject({ constraint: 'run_test_is_apart' });
  });
});

describe('a run that is repeated as a test', () => {
  test('has its parameters and its stretch, whatever succeeded since', async () => {
    job = await makeJob(web.db(), { parameters: region });
    await makeRun(web.db(), job, {
      trigger: 'tick',
      scheduledFor: minutesAgo(30),
      parameters: { region: 'eu', day: 'Mon' },
    });
    await end();
    const second = await makeRun(web.db(), job, {
      trigger: 'tick',
      scheduledFor: minutesAgo(20),
      parameters: { region: 'us', day: 'Tue' },
    });
    await end();
    await makeRun(web.db(), job, {
      trigger: 'tick',
      scheduledFor: minutesAgo(10),
      parameters: { region: 'eu', day: 'Wed' },
    });
    await end();
    const { runId } = valueOf(await runAsTest(admin, { runId: second }));
    const claimed = await end();
    expect(claimed).toMatchObject({
      id: runId,
      trigger: 'test',
      parameters: { region: 'us', day: 'Tue' },
      coversFrom: minutesAgo(30),
      coversTo: minutesAgo(20),
    });
    // Repeated once more, it is still that stretch.
    const again = valueOf(await runAsTest(admin, { runId }));
    expect(await end()).toMatchObject({
      id: again.runId,
      coversFrom: minutesAgo(30),
      coversTo: minutesAgo(20),
    });
  });

  test('of the first stretch begins at the beginning again', async () => {
    const first = await makeRun(web.db(), job, { trigger: 'tick', scheduledFor: minutesAgo(30) });
    await end();
    valueOf(await runAsTest(admin, { runId: first }));
    expect(await end()).toMatchObject({ coversFrom: null, coversTo: minutesAgo(30) });
  });

  test('must be there, and its job too', async () => {
    expect(refusalOf(await runAsTest(admin, { runId: 999_999 })).code).toBe('not_found');
  });
});

describe('a run by hand', () => {
  test('covers for the job unless a parameter differs from its default', async () => {
    job = await makeJob(web.db(), { parameters: region });
    const covers = async (parameters: Record<string, string>) => {
      const { runId } = valueOf(await triggerJob(admin, { jobId: job.id, parameters }));
      return (await rowOf(runId)).covers;
    };
    expect(await covers({ day: 'Mon' })).toBe(true);
    expect(await covers({ day: 'Mon', region: 'eu' })).toBe(true);
    expect(await covers({ day: 'Mon', region: 'us' })).toBe(false);
  });
});
