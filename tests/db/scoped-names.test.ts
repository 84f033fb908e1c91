import { describe, expect, test } from 'vitest';
import { listBlackouts } from '#core/blackouts/read-blackouts.ts';
import { createBlackout } from '#core/blackouts/blackouts.ts';
import { type Actor, NotAllowed } from '#core/auth/permissions.ts';
import { readCalendar } from '#core/calendars/read-calendars.ts';
import { findJob } from '#core/jobs/find-job.ts';
import { isJobKnown, readJob } from '#core/jobs/read-job.ts';
import { listJobs } from '#core/jobs/reads.ts';
import { readLog } from '#core/logs/logs.ts';
import { listQueues } from '#core/queues/reads.ts';
import { readRun } from '#core/runs/read-run.ts';
import { listRuns } from '#core/runs/reads.ts';
import { readWhy } from '#core/why/read-why.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { insertRun } from '#tests/support/ledger.ts';
import { refusalOf, valueOf } from '#tests/support/outcomes.ts';
import { makeWorker } from '#tests/support/runs.ts';
import { blackoutSays, calendarOf, fresh, hourly, jobOf } from '#tests/support/seeds.ts';
import { tell } from '#tests/support/why.ts';
import { admin, viewer, viewerOf, webDatabase } from '#tests/support/web.ts';

const web = webDatabase();
const sql = (...statement: Parameters<ReturnType<typeof web.db>['sql']>) =>
  web.db().sql(...statement);

const team = (value: string) => ({ name: 'team', value });

describe('a key that several had', () => {
  test('means to each the job that they may know of', async () => {
    const key = fresh('nightly');
    const first = await makeJob(web.db(), { key, labels: { team: 'first' } });
    await sql('UPDATE job SET deleted_at = now() WHERE id = $1', [first.id]);
    const second = await makeJob(web.db(), { key, labels: { team: 'second' } });
    expect(valueOf(await readJob(viewerOf(team('first')), key))).toMatchObject({ id: first.id });
    expect(valueOf(await readJob(viewerOf(team('second')), key))).toMatchObject({ id: second.id });
    expect(valueOf(await findJob(viewerOf(team('second')), key))).toMatchObject({
      isDeleted: false,
    });
    expect(await isJobKnown(viewerOf(team('third')), key)).toBe(false);
    const { jobId } = valueOf(await findJob(viewerOf(team('first'), team('second')), key));
    expect(jobId).toBe(second.id);
  });

  test('and nobody is led to one by a near key', async () => {
    const own = await makeJob(web.db(), { key: 'ledger-close-a', labels: { team: 'own' } });
    await makeJob(web.db(), { key: 'ledger-close-b', labels: { team: 'other' } });
    const unknown = refusalOf(await findJob(viewerOf(team('own')), 'ledger-close-x')).message;
    expect(unknown).toBe(`There is no job ledger-close-x. Did you mean ${own.key}?`);
    const hidden = refusalOf(await findJob(viewerOf(team('own')), 'ledger-close-b')).message;
    expect(hidden).toBe(`There is no job ledger-close-b. Did you mean ${own.key}?`);
  });
});

test('labels that change take their job along, its history too', async () => {
  const job = await makeJob(web.db(), { labels: { team: 'before' } });
  const runId = await insertRun(web.db().sql, { jobId: job.id });
  expect((await readRun(viewerOf(team('before')), runId)).ok).toBe(true);
  await sql(`UPDATE job SET labels = '{"team": "after", "env": "prod"}' WHERE id = $1`, [job.id]);
  expect(refusalOf(await readRun(viewerOf(team('before')), runId)).code).toBe('not_found');
  for (const label of [team('after'), { name: 'env', value: 'prod' }]) {
    expect(valueOf(await readRun(viewerOf(label), runId)).run.id).toBe(runId);
  }
  // Neither a part of a value nor another label's value is the label.
  for (const label of [team('aft'), team('AFTER'), { name: 'env', value: 'after' }]) {
    expect((await readRun(viewerOf(label), runId)).ok).toBe(false);
  }
});

test('a log takes the right to read logs, of the job that it is about', async () => {
  const runOfTeam = async (value: string) => {
    const { id: jobId } = await makeJob(web.db(), { labels: { team: value } });
    return insertRun(web.db().sql, { jobId });
  };
  const [own, other] = [await runOfTeam('own'), await runOfTeam('other')];
  const bare: Actor = {
    ...viewer,
    grants: [
      { role: 'viewer', label: team('own'), extra: [] },
      { role: 'viewer', label: team('elsewhere'), extra: ['log:read'] },
    ],
  };
  const tail = (actor: Actor, runId: number) => readLog(actor, { runId, at: { from: 'tail' } });
  expect(valueOf(await tail(viewerOf(team('own')), own)).pieces).toEqual([]);
  await expect(tail(bare, own)).rejects.toThrow(NotAllowed);
  // Of what one may not know it isn't said that one may not read it.
  expect(refusalOf(await tail(bare, other)).code).toBe('not_found');
  expect(refusalOf(await tail(viewerOf(team('own')), other)).code).toBe('not_found');
});

describe('shared things name only the jobs that one may know of', () => {
  test('a queue that is full of others’ runs, and why one’s own waits', async () => {
    await sql(`UPDATE queue SET max_running = 2 WHERE name = 'reports'`);
    const workerId = await makeWorker(web.db(), { name: 'w-a1', leaseMs: 86_400_000 });
    const at = Date.now() - 60_000;
    const theirs = await jobOf(
      { db: web.db(), labels: { team: 'payroll' }, caller: nobody },
      { queue: 'reports', overlap: 'allow' },
    );
    const own = await jobOf(
      { db: web.db(), labels: { team: 'billing' }, caller: nobody },
      { queue: 'reports' },
    );
    const hidden = await insertRun(web.db().sql, {
      jobId: theirs.id,
      state: 'running',
      queue: 'reports',
      workerId,
      at: at - 1_000,
      trigger: 'manual',
      overlap: 'allow',
    });
    await insertRun(web.db().sql, {
      jobId: theirs.id,
      state: 'running',
      queue: 'reports',
      workerId,
      at,
      trigger: 'manual',
      overlap: 'allow',
    });
    const runId = await insertRun(web.db().sql, {
      jobId: own.id,
      state: 'queued',
      queue: 'reports',
      kind: 'http',
      trigger: 'manual',
      at,
    });
    const asked = viewerOf(team('billing'));
    const answer = valueOf(await readWhy(asked, { runId }));
    const told = tell(answer);
    expect(told.keys[0]).toBe('queue_full');
    expect(told.evidenceOf('queue_full').slice(1)).toEqual([
      expect.stringMatching(/^Another job: a run for /),
      expect.stringMatching(/^Another job: a run for /),
    ]);
    expect(told.actionsOf('queue_full')).toEqual(['Open the queues']);
    expect(JSON.stringify(answer)).not.toContain(theirs.key);
    expect(JSON.stringify(answer)).not.toMatch(new RegExp(`\\b${hidden}\\b`));
    const all = tell(valueOf(await readWhy(viewerOf(team('billing'), team('payroll')), { runId })));
    expect(all.evidenceOf('queue_full')[1]).toContain(theirs.key);
    const queue = async (actor: Actor) =>
      (await listQueues(actor)).find(({ name }) => name === 'reports')!;
    expect(await queue(asked)).toMatchObject({ running: 2, waiting: 1, runningNow: [] });
    expect((await queue(admin)).runningNow).toHaveLength(2);
  });

  test('the circuit of a host that another’s runs opened and try', async () => {
    const [own, theirs] = [
      await makeJob(web.db(), { labels: { team: 'billing' }, schedule: hourly }),
      await makeJob(web.db(), { labels: { team: 'payroll' } }),
    ];
    const [opened, tries] = [
      await insertRun(web.db().sql, { jobId: theirs.id, state: 'failed' }),
      await insertRun(web.db().sql, { jobId: theirs.id, state: 'running', trigger: 'manual' }),
    ];
    await sql(`UPDATE job SET circuit = 'host:api.example' WHERE id = $1`, [own.id]);
    await sql(
      `INSERT INTO circuit (host, opened_at, open_until, open_ms, cause, opened_by_run, probe_run_id, probe_attempt)
       VALUES ('api.example', now(), now() + interval '1 min', 60000, $3, $1, $2, 1)`,
      [opened, tries, `3 failures within 10 s, the last one run ${opened}`],
    );
    const answer = valueOf(await readWhy(viewerOf(team('billing')), { key: own.key }));
    const sentence = tell(answer).sentenceOf('circuit_open');
    expect(sentence).toContain('is open: a run of another job tries whether all is well again');
    expect(sentence).toContain('the last one a run of another job');
    for (const id of [opened, tries]) {
      expect(JSON.stringify(answer)).not.toMatch(new RegExp(`\\b${id}\\b`));
    }
    const all = valueOf(
      await readWhy(viewerOf(team('billing'), team('payroll')), { key: own.key }),
    );
    expect(tell(all).sentenceOf('circuit_open')).toContain(`run ${tries} tries`);
  });

  test('a calendar and a blackout count the others', async () => {
    const { key } = await calendarOf({ db: web.db(), labels: {}, caller: nobody });
    const jobs = [];
    for (const value of ['billing', 'payroll', 'payroll']) {
      const job = await makeJob(web.db(), { labels: { team: value }, schedule: hourly });
      await sql('UPDATE job SET calendar = $2 WHERE id = $1', [job.id, key]);
      jobs.push(job);
    }
    const calendar = valueOf(await readCalendar(viewerOf(team('billing')), { key }));
    expect(calendar).toMatchObject({ jobCount: 3, hiddenJobs: 2, jobs: [{ key: jobs[0]!.key }] });
    expect(valueOf(await readCalendar(admin, { key }))).toMatchObject({
      jobCount: 3,
      hiddenJobs: 0,
    });

    const scope = { type: 'jobs' as const, jobIds: jobs.map(({ id }) => id) };
    valueOf(await createBlackout(admin, { ...blackoutSays({}), name: 'Of three', scope }));
    const found = async (actor: Actor) =>
      (await listBlackouts(actor)).find(({ name }) => name === 'Of three');
    expect(await found(viewerOf(team('billing')))).toMatchObject({
      scope: { type: 'jobs', jobIds: [jobs[0]!.id] },
      scopeJobs: [{ key: jobs[0]!.key }],
      hiddenJobs: 2,
      jobs: 3,
    });
    expect(await found(admin)).toMatchObject({ scope, hiddenJobs: 0 });
  });
});

test('who has no grant that can be read may ask nothing', async () => {
  const none = viewerOf();
  await expect(listJobs(none, {})).rejects.toThrow(NotAllowed);
  await expect(listRuns(none, {})).rejects.toThrow(NotAllowed);
  await expect(listQueues(none)).rejects.toThrow(NotAllowed);
  await expect(readRun(none, 1)).rejects.toThrow(NotAllowed);
  await expect(isJobKnown(none, 'a')).rejects.toThrow(NotAllowed);
});

const nobody = { userId: '', sessionId: '' };
