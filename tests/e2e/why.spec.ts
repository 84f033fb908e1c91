import type { Page } from '@playwright/test';
import type { Sql } from '#core/db.ts';
import type { TestJobOverrides } from '../support/jobs.ts';
import { insertRun, insertWorker } from '../support/ledger.ts';
import { makeRun } from '../support/runs.ts';
import { expect, expectAccessible, test } from './fixtures.ts';

const sleeps = { kind: 'script', interpreter: 'sh', text: 'sleep 600' } as const;
const yearly: TestJobOverrides['schedule'] = {
  type: 'cron',
  lines: ['0 3 29 2 *'],
  timeZone: 'UTC',
};

/** Asks on the page of the job; the panel with the answer. */
async function ask(page: Page, key: string) {
  await page.goto(`/jobs/${key}`);
  return opened(page, () => page.getByRole('button', { name: 'Why isn’t it running?' }).click());
}

/** The panel, opened by what counts once the page has come to life. */
async function opened(page: Page, open: () => Promise<void>) {
  await expect(async () => {
    if (!(await answer(page).isVisible())) await open();
    await expect(answer(page)).toBeVisible({ timeout: 1_000 });
  }).toPass();
  return answer(page);
}

function answer(page: Page) {
  return page.getByRole('dialog', { name: /^Why isn’t .+ running\?$/ });
}

test.beforeEach(async ({ installation: { db } }) => {
  await db.sql('DELETE FROM run');
  await db.sql('DELETE FROM worker');
  await db.sql('UPDATE installation SET paused_at = NULL, paused_by = NULL, pause_reason = NULL');
});

test('a run that waits for room says so, and goes on once the one before it is cancelled', async ({
  page,
  job,
  worker,
  installation: { db },
}) => {
  await worker({ PUNCTUAL_WORKER_NAME: 'w-a1' });
  await db.sql(`UPDATE queue SET max_running = 1 WHERE name = 'reports'`);
  const first = await job({ key: 'monthly-report', queue: 'reports', work: sleeps });
  const runId = await makeRun(db, first);
  await expect
    .poll(() => db.sql(`SELECT FROM run WHERE id = $1 AND state = 'running'`, [runId]))
    .toHaveLength(1);
  const second = await job({ key: 'refresh-prices', queue: 'reports', work: sleeps });
  const waiting = await makeRun(db, second);

  await page.goto(`/runs/${waiting}`);
  const line = page.locator('[data-why="queue_full"]');
  await expect(line).toContainText('It waits for room in queue reports: 1 of 1 is running.');
  await expect(line).toContainText('If nothing is done, it starts about');
  await expectAccessible(page);
  const panel = await opened(page, () =>
    line.getByRole('button', { name: 'The evidence' }).click(),
  );
  await expect(panel).toContainText('Queue reports is full');
  await expect(panel).toContainText(/monthly-report\s*run \d+ for \d+\ss/);
  await expect(panel).toContainText('Looked at, and fine');
  await expectAccessible(page);
  await page.screenshot({ path: test.info().outputPath('queue-full.png') });

  await panel.getByRole('button', { name: `Cancel run ${runId}` }).click();
  await expect(panel).toContainText('It is running', { timeout: 15_000 });
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
  await expect(line).toBeHidden();
});

test('a pause is ended where it is explained', async ({
  page,
  job,
  worker,
  installation: { db },
}) => {
  await worker();
  const { id } = await job({ key: 'nightly-backup', schedule: yearly });
  await db.sql(
    `UPDATE job SET paused_at = now() - interval '28 min', paused_by = 'Operator', pause_reason = 'deploy freeze'
      WHERE id = $1`,
    [id],
  );
  const panel = await ask(page, 'nightly-backup');
  await expect(panel).toContainText(/^.*Paused by Operator since .+: “deploy freeze”\./);
  await expect(panel).toContainText('no tick so far');
  await panel.getByRole('button', { name: 'Resume', exact: true }).click();
  await expect(panel).toContainText('Nothing is wrong: it is due 29 Feb');
});

test('the palette asks about any job, and a pause of everything comes first', async ({
  page,
  job,
  installation: { db },
}) => {
  await job({ key: 'nightly-backup', schedule: yearly });
  await db.sql(
    `UPDATE installation SET paused_at = now(), paused_by = 'Operator', pause_reason = 'the storage moves'`,
  );
  await page.goto('/runs');
  await expect(async () => {
    await page.keyboard.press('ControlOrMeta+k');
    await expect(page.getByRole('combobox')).toBeFocused({ timeout: 1_000 });
  }).toPass();
  await page.keyboard.type('why nightly');
  await page.getByRole('option', { name: 'Why isn’t nightly-backup running?' }).click();
  const panel = answer(page);
  await expect(panel).toContainText('Everything is paused by Operator');
  await expect(panel).toContainText('No worker is alive');
  await panel.getByRole('button', { name: 'Resume everything' }).click();
  const question = page.getByRole('dialog', { name: 'Resume everything' });
  await question.getByRole('button', { name: 'Resume everything' }).click();
  await expect(question).toBeHidden();
  await expect(panel).not.toContainText('Everything is paused');
  await expect(panel).toContainText('No worker is alive, so nothing starts.');
});

test('no worker: the page says it by itself, and takes it back when one comes', async ({
  page,
  job,
  worker,
}) => {
  await job({ key: 'nightly-backup', schedule: yearly });
  await page.goto('/jobs/nightly-backup');
  const line = page.locator('[data-why]');
  await expect(line).toContainText('No worker is alive, so nothing starts.');
  await line.getByRole('button', { name: 'npm run worker' }).click();
  await expect(page.getByText('The command is copied')).toBeVisible();
  await worker();
  await expect(line).toBeHidden({ timeout: 20_000 });
});

test('a reader who may only look gets the same answer, and no act', async ({
  pageAs,
  job,
  installation: { db },
}) => {
  const { id } = await job({ key: 'nightly-backup', schedule: yearly });
  await db.sql(`UPDATE job SET paused_at = now(), paused_by = 'Operator' WHERE id = $1`, [id]);
  const panel = await ask(await pageAs('viewer'), 'nightly-backup');
  await expect(panel.getByRole('button', { name: 'Resume', exact: true })).toBeDisabled();
});

const NEEDS_WORKER: [
  name: string,
  environment: Record<string, string>,
  overrides: TestJobOverrides,
  says: RegExp,
][] = [
  ['kind', { PUNCTUAL_KINDS: 'http' }, {}, /Jobs of the kind script are switched off here/],
  [
    'queue',
    { PUNCTUAL_WORKER_QUEUES: 'sync' },
    { queue: 'archive' },
    /doesn’t serve queue archive/,
  ],
  ['labels', {}, { runsOn: { region: 'us' } }, /runs only on workers with region=us/],
];
for (const [name, environment, overrides, says] of NEEDS_WORKER) {
  test(`no worker for its ${name}`, async ({ page, job, worker }) => {
    await worker(environment);
    await job({ key: 'nightly-backup', schedule: yearly, ...overrides });
    await expect(await ask(page, 'nightly-backup')).toContainText(says);
  });
}

const everyMinute: TestJobOverrides['schedule'] = {
  type: 'interval',
  everyMs: 60_000,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
};

async function blackoutOver(sql: Sql, jobId: number, effect: 'skip' | 'hold'): Promise<number> {
  const [from, to] = [-60_000, 3_600_000].map((ms) => new Date(Date.now() + ms).toISOString());
  const [made] = await sql<{ id: number }>(
    `INSERT INTO blackout (name, effect, times, scope, created_by, ends_at)
     VALUES ('Freeze', $1::text, $2::jsonb, $3::jsonb, 'Operator', $4::timestamptz) RETURNING id`,
    [
      effect,
      JSON.stringify({ type: 'once', from, to }),
      JSON.stringify({ type: 'jobs', jobIds: [jobId] }),
      to,
    ],
  );
  return made!.id;
}

const IN_THE_WAY: [
  name: string,
  overrides: TestJobOverrides,
  make: (sql: Sql, jobId: number) => Promise<unknown>,
  says: RegExp,
][] = [
  [
    'a blackout that its next tick falls in',
    { schedule: everyMinute },
    (sql, jobId) => blackoutOver(sql, jobId, 'skip'),
    /falls in the blackout “Freeze”, made by Operator, which leaves ticks out until/,
  ],
  [
    'a blackout that holds its run',
    { schedule: yearly },
    async (sql, jobId) => {
      const id = await blackoutOver(sql, jobId, 'hold');
      const runId = await insertRun(sql, {
        jobId,
        state: 'queued',
        dueAt: Date.now() + 3_600_000,
      });
      await sql('UPDATE run SET held_by = $2 WHERE id = $1 AND is_live', [runId, id]);
    },
    /The blackout “Freeze”, made by Operator, holds the tick of .+ until/,
  ],
  [
    'an open circuit',
    { schedule: yearly, circuit: { failures: 1 } },
    (sql, jobId) =>
      sql(
        `INSERT INTO circuit (job_id, opened_at, open_until, open_ms, cause)
         VALUES ($1, now(), now() + interval '10 min', 600000, 'exit 1')`,
        [jobId],
      ),
    /Its circuit is open until .+, so ticks are skipped until then/,
  ],
  [
    'a tick that met an open circuit',
    { schedule: yearly },
    (sql, jobId) =>
      insertRun(sql, {
        jobId,
        state: 'skipped',
        skipReason: 'circuit_open',
        at: Date.now() - 60_000,
      }),
    /was skipped: the circuit was open at the time/,
  ],
  [
    'a rate',
    { queue: 'sync' },
    async (sql, jobId) => {
      const log = JSON.stringify([[Date.now(), 1]]);
      await sql(
        `UPDATE queue SET rate_starts = 1, rate_ms = 600000, rate_log = $1::jsonb WHERE name = 'sync'`,
        [log],
      );
      const at = Date.now() - 60_000;
      await insertRun(sql, { jobId, state: 'queued', trigger: 'manual', queue: 'sync', at });
    },
    /Queue sync starts at most 1 run in 10\smin, and has reached that/,
  ],
  [
    'ticks that nobody planned',
    { schedule: yearly },
    (sql, jobId) =>
      sql(
        `INSERT INTO gap (job_id, revision, span, reason, ticks)
         VALUES ($1, 1, tstzrange(now() - interval '30 min', now() - interval '1 min'), 'missed', 3)`,
        [jobId],
      ),
    /3 ticks were missed from .+: no worker was there to plan them/,
  ],
];
for (const [name, overrides, make, says] of IN_THE_WAY) {
  test(`in its way: ${name}`, async ({ page, job, installation: { db } }) => {
    await insertWorker(db.sql, { name: 'w-a1', slots: 1 });
    const { id } = await job({
      key: 'nightly-backup',
      createdAt: new Date(Date.now() - 3_600_000),
      ...overrides,
    });
    await make(db.sql, id);
    await expect(await ask(page, 'nightly-backup')).toContainText(says);
    await db.sql('UPDATE blackout SET deleted_at = now() WHERE deleted_at IS NULL');
    await db.sql('DELETE FROM circuit');
    await db.sql('UPDATE queue SET rate_starts = NULL, rate_ms = NULL');
  });
}

test('each other cause is told on the page of its job', async ({
  page,
  job,
  installation: { db },
}) => {
  test.slow();
  const now = Date.now();
  const minute = 60_000;
  const workerId = await insertWorker(db.sql, { name: 'w-a1', slots: 1 });
  const told = async (key: string, says: RegExp) => {
    await expect(await ask(page, key)).toContainText(says);
  };

  await job({ key: 'by-hand' });
  await told('by-hand', /by-hand has no schedule: it runs when somebody triggers it\./);

  await job({ key: 'leap-day', schedule: yearly });
  await told('leap-day', /Nothing is wrong: it is due 29 Feb/);

  const over = await job({
    key: 'only-once',
    schedule: { type: 'dates', at: [new Date(now + minute).toISOString()], timeZone: 'UTC' },
  });
  await db.sql(
    `UPDATE revision SET definition = jsonb_set(definition, '{schedule,at,0}', '"2026-01-01T00:00:00.000Z"')
      WHERE job_id = $1`,
    [over.id],
  );
  await told('only-once', /Its schedule has come to its end/);

  const late = await job({ key: 'too-late', schedule: yearly });
  await insertRun(db.sql, {
    jobId: late.id,
    state: 'skipped',
    skipReason: 'late',
    at: now - minute,
  });
  await told('too-late', /was skipped: it could not start within its start deadline of 1\sday/);

  const behind = await job({ key: 'unplanned', schedule: yearly });
  await db.sql(`UPDATE job SET next_tick_at = now() - interval '10 min' WHERE id = $1`, [
    behind.id,
  ]);
  await told('unplanned', /Planning is 10\smin/);

  const retries = await job({ key: 'tries-again' });
  await insertRun(db.sql, {
    jobId: retries.id,
    state: 'queued',
    trigger: 'manual',
    attempt: 1,
    at: now - minute,
    dueAt: now + 30 * minute,
  });
  await told('tries-again', /Attempt 2 starts .+, as its retry rule says\./);

  const busy = await job({ key: 'goes-on', schedule: yearly });
  const going = await insertRun(db.sql, {
    jobId: busy.id,
    state: 'running',
    at: now - 42 * minute,
    workerId,
  });
  await insertRun(db.sql, {
    jobId: busy.id,
    state: 'skipped',
    skipReason: 'overlap',
    at: now - minute,
  });
  await page.goto('/jobs/goes-on');
  await page
    .locator('[data-why]')
    .getByRole('button', { name: /causes|evidence/ })
    .click();
  await expect(answer(page)).toContainText(`Run ${going} has been running for 42`);

  const queued = await job({ key: 'one-by-one', overlap: 'queue_all' });
  await insertRun(db.sql, {
    jobId: queued.id,
    state: 'queued',
    trigger: 'manual',
    at: now - 2 * minute,
    overlap: 'queue_all',
  });
  await told('one-by-one', /It waits for a slot: the worker that fits has its 1 slot in use\./);
  const urgent = await job({ key: 'urgent' });
  await insertRun(db.sql, {
    jobId: urgent.id,
    state: 'queued',
    trigger: 'manual',
    at: now - minute,
    priority: 2,
  });
  await told('one-by-one', /1 run stands before it in queue default, 1 of a higher priority\./);

  const second = await insertRun(db.sql, {
    jobId: queued.id,
    state: 'queued',
    trigger: 'manual',
    at: now - minute,
    overlap: 'queue_all',
  });
  await page.goto(`/runs/${second}`);
  await expect(page.locator('[data-why="overlap"]')).toContainText(
    /of the same job, which comes first/,
  );

  await db.sql(`UPDATE worker SET state = 'draining', drain_requested_by = 'Operator'`);
  await told('one-by-one', /The worker that fits, w-a1, drains/);
  await answer(page).getByRole('button', { name: 'Take w-a1 back' }).click();
  await expect(answer(page)).not.toContainText('drains');

  await db.sql(`UPDATE worker SET clock_offset_ms = 5000`);
  await told('leap-day', /The clock of worker w-a1 is 5\.0\ss behind the database’s/);
});
