import { randomBytes } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import type { Sql } from '#core/db.ts';
import { triggerJob } from '#core/runs/trigger.ts';
import { addSecret } from '#core/secrets/change-secrets.ts';
import { registerWorker } from '#core/workers/lease.sql.ts';
import { drainWorker } from '#core/workers/workers.ts';
import { makeJob, type TestJobOverrides } from '#tests/support/jobs.ts';
import { insertRun } from '#tests/support/ledger.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { emptyLedger } from '#tests/support/runs.ts';
import { until } from '#tests/support/wait.ts';
import { whyOf } from '#tests/support/why.ts';
import { admin, webDatabase } from '#tests/support/web.ts';
import { startWorker } from '#tests/support/worker.ts';

// Each cause here is made by real worker processes, or by their absence.

const web = webDatabase();
const sql: Sql = (text, values) => web.db().sql(text, values);

beforeEach(async () => {
  await emptyLedger(web.db());
  await sql('UPDATE queue SET max_running = 10, max_waiting = 100');
});

const start = (environment: Record<string, string> = {}) =>
  startWorker(web.db(), { PUNCTUAL_WORKER_NAME: 'w-a1', ...environment });
const triggered = async (jobId: number) => valueOf(await triggerJob(admin, { jobId })).runId;

/** A job whose runs go on until their worker is ended. */
const longJob = (overrides: TestJobOverrides = {}) =>
  makeJob(web.db(), {
    work: { kind: 'script', interpreter: 'sh', text: 'sleep 600' },
    ...overrides,
  });

async function started(runId: number): Promise<void> {
  await until(
    async () =>
      (await sql(`SELECT FROM run WHERE id = $1 AND is_live AND state = 'running'`, [runId]))
        .length === 1,
    { what: `the start of run ${runId}` },
  );
}

async function running(overrides: TestJobOverrides = {}) {
  const job = await longJob(overrides);
  const runId = await triggered(job.id);
  await started(runId);
  return { job, runId };
}

test('no worker is alive; the one that was is named', async () => {
  const job = await longJob();
  const runId = await triggered(job.id);
  const nobody = await whyOf(runId);
  expect(nobody.keys).toEqual(['no_worker']);
  expect(nobody.evidenceOf('no_worker')).toEqual([]);

  const worker = await start();
  await started(runId);
  await worker.kill();
  const killed = await until(
    async () => {
      const told = await whyOf(job.key);
      return told.keys[0] === 'no_worker' && told;
    },
    { what: 'the end of its lease' },
  );
  expect(killed.sentence).toBe(
    'No worker is alive, so nothing starts. Start one with npm run worker.',
  );
  expect(killed.evidenceOf('no_worker')[0]).toMatch(/^Last heard of: w-a1, \d\d:\d\d, \d s ago$/);
  expect(killed.actionsOf('no_worker')).toEqual(['npm run worker', 'Open the workers']);
});

test('the kind is switched off', async () => {
  await start({ PUNCTUAL_KINDS: 'http,command' });
  const runId = await triggered((await longJob()).id);
  const told = await whyOf(runId);
  expect(told.keys).toEqual(['kind_off']);
  expect(told.sentence).toBe(
    'Jobs of the kind script are switched off here: the worker that is alive doesn’t execute it. Add it to PUNCTUAL_KINDS of one, or leave that unset.',
  );
  expect(told.evidenceOf('kind_off')).toEqual(['w-a1: executes http and command']);
});

test('no worker serves the queue', async () => {
  await start({ PUNCTUAL_WORKER_QUEUES: 'sync,archive' });
  const told = await whyOf(await triggered((await longJob({ queue: 'reports' })).id));
  expect(told.keys).toEqual(['queue_unserved']);
  expect(told.sentence).toMatch(/^The worker that is alive doesn’t serve queue reports\./);
  expect(told.evidenceOf('queue_unserved')).toEqual(['w-a1: serves sync and archive']);
});

test('a secret that it uses isn’t there, or isn’t for it', async () => {
  await start();
  valueOf(
    await addSecret(admin, { name: 'HERE', value: 'correct-horse', limits: { jobs: ['x'] } }),
  );
  const using = (name: string) =>
    longJob({
      work: {
        kind: 'script',
        text: 'true',
        environment: [{ name: 'A', value: `{{secret.${name}}}` }],
      },
    });
  const told = await whyOf((await using('GONE')).key);
  expect(told.keys[0]).toBe('secret_missing');
  expect(told.sentence).toMatch(/^It uses GONE, which isn’t there or isn’t for it: each run fails/);
  expect(told.evidenceOf('secret_missing')).toEqual(['GONE: there is no such secret']);
  expect(told.actionsOf('secret_missing')).toEqual(['Look at the secrets', 'Edit the job']);
  const limited = await whyOf((await using('HERE')).key);
  expect(limited.evidenceOf('secret_missing')).toEqual(['HERE: it is limited to other jobs']);
});

test('no worker has the key of its secrets', async () => {
  await start({ PUNCTUAL_SECRET_KEY: randomBytes(32).toString('hex') });
  const name = `SEALED_${randomBytes(4).toString('hex').toUpperCase()}`;
  valueOf(await addSecret(admin, { name, value: 'correct-horse' }));
  const job = await longJob({
    work: {
      kind: 'script',
      text: 'true',
      environment: [{ name: 'A', value: `{{secret.${name}}}` }],
    },
  });
  const runId = await triggered(job.id);
  // The first claim may come before the worker knows of the secret: it gives the run back.
  const told = await until(
    async () => {
      const now = await whyOf(runId);
      return now.keys[0] === 'secret_key_wrong' && now;
    },
    { what: 'the worker to leave the run alone' },
  );
  expect(told.keys).toEqual(['secret_key_wrong']);
  expect(told.sentence).toMatch(/^Its secrets were sealed with another key than worker w-a1 has\./);
  expect(told.evidenceOf('secret_key_wrong')).toEqual(['w-a1: has another key']);
});

test('no worker has the labels', async () => {
  await start({ PUNCTUAL_WORKER_LABELS: 'region=eu' });
  const job = await longJob({ runsOn: { region: 'us', disk: 'ssd' } });
  const told = await whyOf(await triggered(job.id));
  expect(told.keys).toEqual(['labels_unserved']);
  expect(told.sentence).toMatch(
    /^It runs only on workers with disk=ssd and region=us, and the worker that is alive hasn’t them\./,
  );
  expect(told.evidenceOf('labels_unserved')).toEqual(['w-a1: has region=eu']);
  // It is said before anything is due as well.
  const planned = await makeJob(web.db(), {
    runsOn: { region: 'us' },
    schedule: {
      type: 'interval',
      everyMs: 86_400_000,
      anchor: '2026-01-01T00:00:00Z',
      timeZone: 'UTC',
    },
  });
  expect((await whyOf(planned.key)).keys).toEqual(['labels_unserved', 'next_tick_later']);
});

test('each thing is offered by some worker, all of them by none', async () => {
  await Promise.all([
    start({ PUNCTUAL_WORKER_QUEUES: 'sync' }),
    start({ PUNCTUAL_WORKER_NAME: 'w-b2', PUNCTUAL_KINDS: 'http' }),
  ]);
  const told = await whyOf(await triggered((await longJob({ queue: 'reports' })).id));
  expect(told.keys).toEqual(['none_fits']);
  expect(told.sentence).toBe(
    'It needs a worker for queue reports and kind script. Some worker has each of these, none has all of them.',
  );
  expect(told.evidenceOf('none_fits')).toEqual(['w-a1: lacks reports', 'w-b2: lacks script']);
});

test('the workers that fit drain', async () => {
  const worker = await start();
  await running();
  valueOf(await drainWorker(admin, worker.workerId));
  const told = await whyOf(await triggered((await longJob()).id));
  expect(told.keys).toEqual(['draining']);
  expect(told.sentence).toBe(
    'The worker that fits, w-a1, drains: what runs finishes, and nothing new starts. Take one back, or start another.',
  );
  expect(told.evidenceOf('draining')).toEqual(['w-a1: drains, asked by Test; 1 run left']);
  expect(told.actionsOf('draining')).toEqual(['Take w-a1 back', 'Open the workers']);
});

test('an earlier run of the job keeps it back', async () => {
  await start();
  const { job, runId } = await running({ overlap: 'queue_all' });
  const waiting = await triggered(job.id);
  const told = await whyOf(waiting);
  expect(told.keys).toEqual(['overlap']);
  expect(told.sentence).toMatch(
    new RegExp(
      `^It waits for run ${runId} of the same job, which has been running for \\d s\\. Only one may run at a time\\.$`,
    ),
  );
  expect(told.actionsOf('overlap')).toEqual([
    `Open run ${runId}`,
    `Cancel run ${runId}`,
    'Edit the job',
  ]);
  // Its timeout of 5 min is all that is known of how long it may take.
  expect(Date.parse(told.why.startsAt!) - Date.now()).toBeGreaterThan(280_000);
  expect(Date.parse(told.why.startsAt!) - Date.now()).toBeLessThan(301_000);
});

test('as many of its runs go as it allows', async () => {
  await start();
  const { job } = await running({ overlap: 'allow', maxParallel: 1 });
  const told = await whyOf(await triggered(job.id));
  expect(told.keys).toEqual(['max_parallel']);
  expect(told.sentence).toBe('1 of its runs is going, as many as it allows side by side.');
});

test('the queue is full: by whom, since when, and when there is room', async () => {
  await start();
  await sql(`UPDATE queue SET max_running = 1 WHERE name = 'reports'`);
  const { job, runId } = await running({ queue: 'reports' });
  // It usually takes a minute.
  for (let day = 1; day <= 5; day++) {
    await insertRun(web.db().sql, {
      jobId: job.id,
      at: Date.now() - day * 86_400_000,
      durationMs: 60_000,
    });
  }
  const told = await whyOf(await triggered((await longJob({ queue: 'reports' })).id));
  expect(told.keys).toEqual(['queue_full']);
  expect(told.sentence).toBe('It waits for room in queue reports: 1 of 1 is running.');
  expect(told.evidenceOf('queue_full')).toEqual([
    'In the queue: 1 of 1 running',
    expect.stringMatching(new RegExp(`^${job.key}: run ${runId} for \\d s, usually 1 min$`)),
  ]);
  const startsInMs = Date.parse(told.why.startsAt!) - Date.now();
  expect(startsInMs).toBeGreaterThan(50_000);
  expect(startsInMs).toBeLessThan(60_001);
});

test('all slots are in use, and others come first', async () => {
  await start({ PUNCTUAL_WORKER_SLOTS: '1' });
  const { job, runId } = await running();
  await triggered((await longJob({ priority: 2 })).id);
  await triggered((await longJob()).id);
  const told = await whyOf(await triggered((await longJob()).id));
  expect(told.keys).toEqual(['slots_busy', 'others_first']);
  expect(told.sentence).toBe('It waits for a slot: the worker that fits has its 1 slot in use.');
  expect(told.evidenceOf('slots_busy')).toEqual([
    'Slots: 1 of 1 in use on 1 worker',
    expect.stringMatching(new RegExp(`^${job.key}: run ${runId} for \\d s$`)),
  ]);
  expect(told.sentenceOf('others_first')).toBe(
    '2 runs stand before it in queue default, 1 of a higher priority.',
  );
  expect(told.evidenceOf('others_first')).toEqual([
    'Waiting: number 3 in line, 1 before it of a higher priority',
  ]);
  // Nobody knows how long those before it take.
  expect(told.why.startsAt).toBeNull();
});

test('an attempt went wrong, and the next one waits', async () => {
  await start();
  const job = await makeJob(web.db(), {
    work: { kind: 'script', interpreter: 'sh', text: 'exit 3' },
    retry: { maxAttempts: 3, backoff: 'fixed', delayMs: 3_600_000 },
  });
  const runId = await triggered(job.id);
  const told = await until(
    async () => {
      const answer = await whyOf(job.key);
      return answer.keys[0] === 'retry_waits' && answer;
    },
    { what: 'the first attempt' },
  );
  expect(told.keys).toEqual(['retry_waits']);
  expect(told.sentence).toMatch(
    new RegExp(
      `^Attempt 1 of run ${runId} went wrong\\. Attempt 2 starts .+, as its retry rule says\\.$`,
    ),
  );
  expect(Date.parse(told.why.startsAt!) - Date.now()).toBeGreaterThan(3_500_000);
});

test('a worker’s clock is off: it is told, and keeps nothing from running', async () => {
  await registerWorker(web.db().sql, {
    name: 'w-late',
    host: 'test',
    pid: 1,
    version: '0.0.0',
    labels: {},
    queues: [],
    kinds: [],
    slots: 4,
    leaseMs: 60_000,
    clockOffsetMs: 5_000,
    secretKeys: [],
  });
  const told = await whyOf((await longJob()).key);
  expect(told.keys).toEqual(['manual_only', 'clock_off']);
  expect(told.sentenceOf('clock_off')).toMatch(
    /^The clock of worker w-late is 5\.0 s behind the database’s\. Runs start on time all the same/,
  );
});
