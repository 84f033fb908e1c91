import { beforeEach, expect, test } from 'vitest';
import { AutoPauseRule } from '#core/auto-pause/auto-pause-rule.ts';
import { CircuitRule } from '#core/circuits/circuit-rule.ts';
import { pauseEverything, resumeEverything } from '#core/installation/pause-everything.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { type ClaimingWorker, claimingWorker } from '#tests/support/claiming.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { silent } from '#tests/support/planning.ts';
import { emptyLedger, makeRun } from '#tests/support/runs.ts';
import { whyOf } from '#tests/support/why.ts';
import { admin, webDatabase } from '#tests/support/web.ts';
import { createAutoPauser } from '#worker/auto-pauser.ts';

const web = webDatabase();
let worker: ClaimingWorker;
beforeEach(async () => {
  valueOf(await resumeEverything(admin));
  await emptyLedger(web.db());
  await web.db().sql('DELETE FROM circuit');
  await web.db().sql('UPDATE job SET deleted_at = now() WHERE deleted_at IS NULL');
  worker = await claimingWorker(web.db());
});

const daily: Schedule = { type: 'cron', lines: ['0 4 * * *'], timeZone: 'UTC' };
let ticks = 0;
const tick = (job: TestJob) =>
  makeRun(web.db(), job, {
    trigger: 'tick',
    scheduledFor: new Date(Date.now() - 100_000 + ++ticks),
  });
async function fail(job: TestJob): Promise<number> {
  const id = await tick(job);
  const [run] = await worker.look();
  await worker.finish(run!, 'failed');
  return id;
}

test('a circuit that is open: until when, why, and what closes it', async () => {
  const circuit = CircuitRule.parse({ per: 'host', failures: 1 });
  const job = await makeJob(web.db(), {
    schedule: daily,
    overlap: 'allow',
    work: { kind: 'http', url: 'https://api.example/x' },
    circuit,
  });
  const failed = await fail(job);
  const told = await whyOf(job.key);
  expect(told.keys[0]).toBe('circuit_open');
  expect(told.sentence).toMatch(
    new RegExp(
      `^The circuit of api\\.example is open until .*, so ticks are skipped until then\\. It opened after the failure of run ${failed}\\.$`,
    ),
  );
  expect(told.evidenceOf('circuit_open')).toContain(`Opened by: run ${failed}`);
  expect(told.actionsOf('circuit_open')).toEqual([
    'Close the circuit',
    'Trigger it now',
    'Edit the job',
  ]);
  const skipped = await tick(job);
  await worker.look();
  const ofSkipped = await whyOf(skipped);
  expect(ofSkipped.keys[0]).toBe('skipped_circuit_open');
  expect((await whyOf(job.key)).keys).toContain('skipped_circuit_open');

  // Its retry waits for the end of it.
  await web.db().sql(`UPDATE circuit SET open_until = now() - interval '1 s'`);
  expect((await whyOf(job.key)).sentence).toMatch(/was open until .*: the next run tries/);
  const probe = await tick(job);
  await worker.look();
  expect((await whyOf(job.key)).sentence).toMatch(
    new RegExp(`is open: run ${probe} tries whether all is well again`),
  );
  const asked = await makeRun(web.db(), job);
  await worker.look();
  expect((await whyOf(asked)).keys[0]).toBe('circuit_open');
});

test('a queue that has reached its rate, with the estimated start', async () => {
  await web
    .db()
    .sql(`UPDATE queue SET rate_starts = 2, rate_ms = 600000, rate_log = '[]' WHERE name = 'sync'`);
  const job = await makeJob(web.db(), { overlap: 'allow', queue: 'sync' });
  for (let n = 0; n < 3; n++) await makeRun(web.db(), job);
  expect(await worker.look()).toHaveLength(2);
  const told = await whyOf(job.key);
  expect(told.keys[0]).toBe('rate_reached');
  expect(told.sentence).toMatch(
    /^Queue sync starts at most 2 runs in 10 min, and has reached that\. Its next start is about .*\.$/,
  );
  const starts = Date.parse(told.why.startsAt!) - Date.now();
  expect(starts).toBeGreaterThan(590_000);
  expect(starts).toBeLessThanOrEqual(600_000);
  await web.db().sql(`UPDATE queue SET rate_starts = NULL, rate_ms = NULL WHERE name = 'sync'`);
});

test('a job that Punctual paused: by what, with the runs', async () => {
  const job = await makeJob(web.db(), {
    schedule: daily,
    overlap: 'allow',
    autoPause: AutoPauseRule.parse({ inRow: 2 }),
  });
  const runs = [await fail(job), await fail(job)];
  await createAutoPauser({ pool: web.db().pool, logger: silent, intervalMs: 1_000 }).runOnce();
  const told = await whyOf(job.key);
  expect(told.sentence).toMatch(
    new RegExp(
      `^Paused by Punctual since .*: “2 runs in a row went wrong, the last one run ${runs[1]}”\\. No tick starts until somebody resumes it\\.$`,
    ),
  );
  expect(told.evidenceOf('paused')).toEqual(
    expect.arrayContaining([`Why: run ${runs[1]} went wrong`, `Why: run ${runs[0]} went wrong`]),
  );
  expect(told.actionsOf('paused')).toContain('Resume');
});

test('everything paused until a time, and when it starts then', async () => {
  const job = await makeJob(web.db(), { schedule: daily });
  const until = new Date(Date.now() + 3_600_000).toISOString();
  valueOf(await pauseEverything(admin, { reason: 'x', end: { until } }));
  const told = await whyOf(job.key);
  expect(told.sentence).toMatch(/Nothing starts until .*, when it resumes by itself\.$/);
  expect(Date.parse(told.why.startsAt!)).toBeGreaterThanOrEqual(Date.parse(until));
});
