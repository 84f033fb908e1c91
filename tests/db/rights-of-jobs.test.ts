import { describe, expect, test } from 'vitest';
import { type Grant, Grants } from '#core/auth/grants.ts';
import { type Actor, NotAllowed } from '#core/auth/permissions.ts';
import { closeCircuit } from '#core/circuits/circuits.ts';
import { changePauseEnd } from '#core/jobs/pause-end.ts';
import { pauseJobs, resumeJobs } from '#core/jobs/pause-jobs.ts';
import { prisma } from '#core/prisma.ts';
import { cancelRuns } from '#core/runs/cancel-by-hand.ts';
import { retryRuns } from '#core/runs/retry-by-hand.ts';
import { triggerJobs } from '#core/runs/trigger.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { insertRun } from '#tests/support/ledger.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { until } from '#tests/support/wait.ts';
import { admin, webDatabase } from '#tests/support/web.ts';

const web = webDatabase();
const billing = { team: 'billing' };
const shipping = { team: 'shipping' };
const hourly = {
  type: 'interval',
  everyMs: 3_600_000,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
} as const;

const somebody = (...grants: (Partial<Grant> & Pick<Grant, 'role'>)[]): Actor => ({
  kind: 'user',
  id: 'somebody',
  name: 'Somebody',
  email: 'somebody@example.org',
  grants: Grants.parse(grants),
  address: null,
});
const ofBilling = { role: 'operator', label: { name: 'team', value: 'billing' } } as const;
/** Sees all, acts on one label’s. */
const operator = somebody({ role: 'viewer' }, ofBilling);
/** Knows of one label’s alone. */
const stranger = somebody(ofBilling);

const jobWith = (labels: Record<string, string>): Promise<TestJob> =>
  makeJob(web.db(), { labels, schedule: hourly });
const isPaused = async ({ id }: TestJob) =>
  (await prisma().job.findUniqueOrThrow({ where: { id } })).pausedAt !== null;

async function refusal(asked: Promise<unknown>): Promise<string> {
  const error: unknown = await asked.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(NotAllowed);
  return (error as NotAllowed).message;
}

describe('several at once are all or nothing', () => {
  test('one that one may not touch refuses the whole, by name, and nothing is changed', async () => {
    const [own, theirs, alsoTheirs] = [
      await jobWith(billing),
      await jobWith(shipping),
      await jobWith(shipping),
    ];
    const jobIds = [own.id, theirs.id, alsoTheirs.id];
    const named = `You may do this for 1 of these 3 jobs, not for ${theirs.key} and ${alsoTheirs.key}`;
    expect(await refusal(pauseJobs(operator, { jobIds }))).toContain(named);
    expect(await refusal(triggerJobs(operator, { jobIds }))).toContain(named);
    expect(await isPaused(own)).toBe(false);

    valueOf(await pauseJobs(admin, { jobIds }));
    expect(await refusal(resumeJobs(operator, { jobIds }))).toContain(named);
    expect(await refusal(changePauseEnd(operator, { jobIds, end: null }))).toContain(named);
    expect(await isPaused(own)).toBe(true);
    expect(await prisma().run.count({ where: { jobId: { in: jobIds } } })).toBe(0);
  });

  test('also of runs', async () => {
    const jobs = [await jobWith(billing), await jobWith(shipping)];
    const runOf = (state: 'queued' | 'failed') => (job: TestJob) =>
      insertRun(web.db().sql, { jobId: job.id, state, trigger: 'manual' });
    const live = await Promise.all(jobs.map(runOf('queued')));
    const ended = await Promise.all(jobs.map(runOf('failed')));
    const named = `not for ${jobs[1]!.key}, so nothing was changed`;
    expect(await refusal(cancelRuns(operator, { runIds: live }))).toContain(named);
    expect(await refusal(retryRuns(operator, { runIds: ended }))).toContain(named);
    const states = await prisma().run.groupBy({
      by: ['state'],
      where: { jobId: { in: jobs.map(({ id }) => id) } },
      _count: true,
    });
    expect(Object.fromEntries(states.map(({ state, _count }) => [state, _count]))).toEqual({
      failed: 2,
      queued: 2,
    });
  });

  test('one that one may not know of is left out, like one that was deleted', async () => {
    const [own, theirs] = [await jobWith(billing), await jobWith(shipping)];
    const paused = await pauseJobs(stranger, { jobIds: [own.id, theirs.id] });
    expect(valueOf(paused)).toEqual({ jobIds: [own.id], unchanged: 1 });
    expect([await isPaused(own), await isPaused(theirs)]).toEqual([true, false]);
  });

  test('the circuit of a host takes the right to each job that goes by it', async () => {
    const circuit = { per: 'host', failures: 1, withinMs: 60_000, openMs: 60_000 } as const;
    const work = { kind: 'http', url: 'https://shared.example.org/ping' } as const;
    const [own, theirs] = [
      await makeJob(web.db(), { labels: billing, circuit, work }),
      await makeJob(web.db(), { labels: shipping, circuit, work }),
    ];
    await web.db().sql(
      `INSERT INTO circuit (host, opened_at, open_until, open_ms, cause)
       SELECT substr(circuit, 6), now(), now() + interval '1 min', 60000, '1 failure' FROM job WHERE id = $1`,
      [own.id],
    );
    expect(await refusal(closeCircuit(operator, { jobId: own.id }))).toContain(theirs.key);
    const unnamed = await refusal(closeCircuit(stranger, { jobId: own.id }));
    expect(unnamed).toContain('1 that you don’t see');
    expect(unnamed).not.toContain(theirs.key);
    expect(valueOf(await closeCircuit(admin, { jobId: own.id }))).toEqual({
      isChanged: true,
      jobs: 2,
    });
  });
});

test('a label that is taken away while somebody waits for the job decides', async () => {
  const job = await jobWith(billing);
  const editing = await web.db().pool.connect();
  try {
    await editing.query('BEGIN');
    await editing.query('UPDATE job SET labels = $2 WHERE id = $1', [job.id, shipping]);
    const pausing = refusal(pauseJobs(operator, { jobIds: [job.id] }));
    await until(async () => {
      const [row] = await web.db().sql<{ waits: boolean }>(
        `SELECT EXISTS (SELECT FROM pg_stat_activity
                         WHERE datname = current_database() AND wait_event_type = 'Lock') AS waits`,
      );
      return row!.waits;
    });
    await editing.query('COMMIT');
    expect(await pausing).toContain('It takes an operator’s role');
  } finally {
    editing.release();
  }
  expect(await isPaused(job)).toBe(false);
});
