import { beforeEach, describe, expect, test } from 'vitest';
import { NotAllowed } from '#core/auth/permissions.ts';
import { CircuitRule } from '#core/circuits/circuit-rule.ts';
import { closeCircuit } from '#core/circuits/circuits.ts';
import { readCircuitOfJob } from '#core/circuits/circuits.sql.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import { prisma } from '#core/prisma.ts';
import { createDefinitions } from '#worker/definitions.ts';
import { createRescuer } from '#worker/rescuer.ts';
import { type ClaimingWorker, claimingWorker } from '#tests/support/claiming.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { refusalOf, valueOf } from '#tests/support/outcomes.ts';
import { silent } from '#tests/support/planning.ts';
import { emptyLedger, makeRun, readLedger } from '#tests/support/runs.ts';
import { admin, viewer, webDatabase } from '#tests/support/web.ts';

const web = webDatabase();
let [one, two]: ClaimingWorker[] = [];
beforeEach(async () => {
  await emptyLedger(web.db());
  await web.db().sql('DELETE FROM circuit');
  await web.db().sql('UPDATE job SET deleted_at = now() WHERE deleted_at IS NULL');
  one = await claimingWorker(web.db(), { name: 'one' });
  two = await claimingWorker(web.db(), { name: 'two' });
});

const rule = (given: Partial<CircuitRule> = {}) =>
  CircuitRule.parse({ failures: 2, withinMs: 600_000, openMs: 60_000, ...given });
const own = (given: Partial<CircuitRule> = {}) =>
  makeJob(web.db(), { overlap: 'allow', circuit: rule(given) });
const calling = (url: string, given: Partial<CircuitRule> = {}) =>
  makeJob(web.db(), {
    overlap: 'allow',
    work: { kind: 'http', url },
    circuit: rule({ per: 'host', ...given }),
  });
let ticks = 0;
const tick = (job: TestJob, more: Parameters<typeof makeRun>[2] = {}) =>
  makeRun(web.db(), job, {
    trigger: 'tick',
    scheduledFor: new Date(Date.now() - 500_000 + ++ticks),
    ...more,
  });
/** While it is open. */
async function circuitOf(job: TestJob) {
  const row = await readCircuitOfJob(web.db().sql, job.id);
  const open = row?.circuit.open;
  return open ? { ...open, host: row.host, probeRunId: row.circuit.probe?.runId ?? null } : null;
}
const stateOf = async (run: number) => (await readLedger(web.db(), [run]))[0]!;
/** Its time is over. */
const timePasses = () =>
  web.db().sql(`UPDATE circuit SET open_until = now() - interval '1 ms' WHERE open_until > now()`);

async function fail(...jobs: TestJob[]): Promise<void> {
  for (const job of jobs) {
    await tick(job);
    const [run] = await one!.look();
    await one!.finish(run!, 'failed');
  }
}

describe('a circuit of one job', () => {
  test('opens at its last failure, skips what becomes due, and says so', async () => {
    const job = await own();
    await fail(job);
    expect(await circuitOf(job)).toBeNull();
    await fail(job);
    const open = await circuitOf(job);
    expect(open).toMatchObject({ host: null, probeRunId: null });
    expect(open!.cause).toMatch(/^2 failures within 10 min, the last one run \d+$/);
    expect(open!.untilMs - open!.openedAtMs).toBe(60_000);
    const late = await tick(job);
    expect(await one!.look()).toEqual([]);
    expect(await stateOf(late)).toMatchObject({ state: 'skipped', skipReason: 'circuit_open' });
    expect((await stateOf(late)).cause).toMatch(
      /^the circuit of the job is open until 2\d{3}-\d\d-\d\d \d\d:\d\d:\d\d UTC: 2 failures within 10 min, the last one run \d+$/,
    );
  });

  test('is nobody else’s, and none where the job has no rule', async () => {
    const [job, other] = [await own(), await own()];
    const without = await makeJob(web.db(), { overlap: 'allow' });
    await fail(job, job, without, without, without);
    await tick(other);
    await tick(without);
    expect(await one!.look()).toHaveLength(2);
  });

  test('lets one run try when its time is over, and closes when that succeeds', async () => {
    const job = await own();
    await fail(job, job);
    await timePasses();
    const due = [await tick(job), await tick(job), await tick(job)];
    const started = await Promise.all([one!.look(), two!.look()]);
    expect(started.flat()).toHaveLength(1);
    const [probe] = started.flat();
    expect(probe).toMatchObject({ isProbe: true, waitedFor: 'circuit' });
    expect((await circuitOf(job))?.probeRunId).toBe(probe!.id);
    await one!.look();
    const rest = due.filter((id) => id !== probe!.id);
    for (const id of rest) {
      expect(await stateOf(id)).toMatchObject({
        skipReason: 'circuit_open',
        cause: `the circuit of the job is open: run ${probe!.id} tries whether all is well again`,
      });
    }
    await (started[0].length > 0 ? one : two)!.finish(probe!, 'succeeded');
    expect(await circuitOf(job)).toBeNull();
    const next = await tick(job);
    expect((await two!.look()).map(({ id }) => id)).toEqual([next]);
  });

  test('opens for twice as long when the try fails, and its retry waits for that', async () => {
    const job = await own();
    await fail(job, job);
    await timePasses();
    const run = await tick(job);
    const [probe] = await one!.look();
    await one!.finish(probe!, 'failed', new Date());
    const open = (await circuitOf(job))!;
    expect(open).toMatchObject({ cause: `run ${run}, which tried in vain`, probeRunId: null });
    const until = open.untilMs - Date.now();
    expect(until).toBeGreaterThan(110_000);
    expect(until).toBeLessThanOrEqual(120_000);
    expect(await one!.look()).toEqual([]);
    expect(await stateOf(run)).toMatchObject({ state: 'queued', attempt: 1 });
    await timePasses();
    const [again] = await two!.look();
    expect(again).toMatchObject({ id: run, attempt: 2, isProbe: true });
  });

  test('is not wedged by a probe whose worker died', async () => {
    const job = await own();
    await fail(job, job);
    await timePasses();
    const lost = await tick(job);
    await one!.look();
    await web
      .db()
      .sql(`UPDATE worker SET lease_until = now() - interval '1 s' WHERE id = $1`, [one!.workerId]);
    const rescuer = createRescuer({
      pool: web.db().pool,
      definitions: createDefinitions({ pool: web.db().pool }),
      logger: silent,
      leaseMs: 60_000,
      intervalMs: 1_000,
    });
    await rescuer.runOnce();
    expect((await stateOf(lost)).state).toBe('lost');
    expect(await circuitOf(job)).toMatchObject({ probeRunId: null });
    const next = await tick(job);
    expect((await two!.look()).map(({ id }) => id)).toEqual([next]);
  });

  test('nor by one that vanished without a word', async () => {
    const job = await own();
    await fail(job, job);
    await timePasses();
    await tick(job);
    const [probe] = await one!.look();
    await web.db().sql('DELETE FROM run WHERE id = $1', [probe!.id]);
    await tick(job);
    expect(await two!.look()).toHaveLength(1);
  });
});

describe('runs by hand while it is open', () => {
  test('try at once, one at a time, and close it when they succeed', async () => {
    const job = await own();
    await fail(job, job);
    const asked = [
      await makeRun(web.db(), job, { trigger: 'manual' }),
      await makeRun(web.db(), job, { trigger: 'manual' }),
    ];
    const [probe] = (await Promise.all([one!.look(), two!.look()])).flat();
    expect(probe).toMatchObject({ isProbe: true });
    expect(asked).toContain(probe!.id);
    expect(await one!.look()).toEqual([]);
    await one!.finish({ ...probe!, workerId: probe!.workerId }, 'succeeded');
    expect(await circuitOf(job)).toBeNull();
    expect(await one!.look()).toHaveLength(1);
  });

  test('change nothing when they fail ahead of time', async () => {
    const job = await own();
    await fail(job, job);
    const before = await circuitOf(job);
    await makeRun(web.db(), job, { trigger: 'manual' });
    const [probe] = await one!.look();
    await one!.finish(probe!, 'failed');
    expect(await circuitOf(job)).toEqual(before);
  });

  test('tests are let through and say nothing to it', async () => {
    const job = await own();
    await fail(job, job);
    const test = await makeRun(web.db(), job, { trigger: 'manual' });
    await web.db().sql(`UPDATE run SET trigger = 'test', covers = false WHERE id = $1`, [test]);
    const [run] = await one!.look();
    expect(run).toMatchObject({ id: test, isProbe: false });
    await one!.finish(run!, 'succeeded');
    expect(await circuitOf(job)).not.toBeNull();
  });
});

describe('the circuit of a host', () => {
  test('counts the failures of all jobs that call it, and lets one of them try', async () => {
    const [a, b] = [await calling('https://api.example/a'), await calling('https://API.example/b')];
    const elsewhere = await calling('https://other.example/');
    await fail(a, b);
    for (const job of [a, b]) expect(await circuitOf(job)).toMatchObject({ host: 'api.example' });
    expect(await circuitOf(elsewhere)).toBeNull();
    const skipped = [await tick(a), await tick(b)];
    const free = await tick(elsewhere);
    expect((await one!.look()).map(({ id }) => id)).toEqual([free]);
    for (const id of skipped) expect((await stateOf(id)).skipReason).toBe('circuit_open');
    await timePasses();
    await tick(a);
    await tick(b);
    const [probe, ...others] = (await Promise.all([one!.look(), two!.look()])).flat();
    expect(others).toEqual([]);
    await one!.finish(probe!, 'succeeded');
    for (const job of [a, b]) expect(await circuitOf(job)).toBeNull();
  });

  test('chooses one of them also where they wait in different queues', async () => {
    for (let round = 0; round < 8; round++) {
      const jobs = await Promise.all(
        ['default', 'sync', 'reports', 'archive'].map((queue) =>
          makeJob(web.db(), {
            queue,
            overlap: 'allow',
            work: { kind: 'http', url: `https://round${round}.example/` },
            circuit: rule({ per: 'host', failures: 1 }),
          }),
        ),
      );
      await fail(jobs[0]!);
      await timePasses();
      for (const job of jobs) await tick(job);
      const workers = await Promise.all(
        jobs.map(({ definition: { queue } }) =>
          claimingWorker(web.db(), { name: queue, queues: [queue] }),
        ),
      );
      const started = await Promise.all(workers.map((worker) => worker.look()));
      expect(started.flat()).toHaveLength(1);
      await workers[0]!.finish(started.flat()[0]!, 'succeeded');
      await emptyLedger(web.db());
      one = await claimingWorker(web.db());
    }
  });

  test('goes with the revision: whoever leaves it isn’t held back by it', async () => {
    const [a, b] = [await calling('https://api.example/a'), await calling('https://api.example/b')];
    await fail(a, b);
    valueOf(
      await editJob(admin, {
        jobId: a.id,
        basedOnRevision: 1,
        definition: { ...a.definition, circuit: null },
      }),
    );
    await tick(a);
    expect(await one!.look()).toHaveLength(1);
    expect(await circuitOf(a)).toBeNull();
  });
});

describe('closing it by hand', () => {
  test('lets its jobs start, with an entry in the trail', async () => {
    const [a, b] = [await calling('https://api.example/a'), await calling('https://api.example/b')];
    await fail(a, b);
    await expect(closeCircuit(viewer, { jobId: a.id })).rejects.toBeInstanceOf(NotAllowed);
    expect(valueOf(await closeCircuit(admin, { jobId: a.id }))).toEqual({
      isChanged: true,
      jobs: 2,
    });
    expect(valueOf(await closeCircuit(admin, { jobId: b.id })).isChanged).toBe(false);
    const entries = await prisma().auditEntry.findMany({ where: { subject: 'host:api.example' } });
    expect(entries).toMatchObject([{ action: 'circuit.close', actor: 'Test' }]);
    await tick(a);
    expect(await one!.look()).toHaveLength(1);
    // It begins to count anew.
    await fail(b);
    expect(await circuitOf(b)).toBeNull();
  });
});

test('a definition that can’t be is refused at its field', async () => {
  const job = await own();
  const edit = (circuit: CircuitRule) =>
    editJob(admin, {
      jobId: job.id,
      basedOnRevision: 1,
      definition: { ...job.definition, circuit },
    });
  expect(refusalOf(await edit(rule({ per: 'host' }))).fields?.[0]?.path).toEqual([
    'circuit',
    'per',
  ]);
  expect(refusalOf(await edit(rule({ longestOpenMs: 1_000 }))).fields?.[0]?.path).toEqual([
    'circuit',
    'longestOpenMs',
  ]);
});
