import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { sqlOf, transaction } from '#core/db.ts';
import { claimAlone, lookForAlone, type Taker } from '#core/runs/claim-alone.sql.ts';
import { lockQueuesForClaim } from '#core/runs/due.sql.ts';
import { claimingWorker } from '#tests/support/claiming.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { claimFor, emptyLedger, makeRun, makeWorker, readLedger } from '#tests/support/runs.ts';

let db: TestDatabase;
let worker: number;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  await emptyLedger(db);
  await db.sql('DELETE FROM circuit');
  await db.sql(
    'UPDATE queue SET max_running = 10, max_waiting = 1000, rate_starts = NULL, rate_ms = NULL',
  );
  await db.sql('UPDATE installation SET paused_at = NULL, paused_by = NULL');
  worker = await makeWorker(db);
});

const at = (agoMs: number) => new Date(Date.now() - agoMs);
const soon = () => new Date(Date.now() + 60_000);

function takeAlone({ queues = [], ...more }: Partial<Taker> & { queues?: readonly string[] } = {}) {
  return transaction(db.pool, async (sql) => {
    const look = await lookForAlone(sql, queues);
    const taker = { workerId: worker, kinds: [], labels: {}, jobsBeyond: [], ...more };
    return { ...look, run: await claimAlone(sql, taker) };
  });
}

const taken = async (more?: Parameters<typeof takeAlone>[0]) =>
  (await takeAlone(more)).run?.id ?? null;

describe('a run that is due alone', () => {
  it('is taken with the look that finds it, and is what a claim among many would have taken', async () => {
    const job = await makeJob(db, { overlap: 'allow' });
    const parameters = { day: 'monday' };
    const id = await makeRun(db, job, { parameters });
    await makeRun(db, job, { dueAt: soon() });
    const look = await takeAlone();
    expect(look).toMatchObject({ due: 1, run: { id, attempt: 1 } });
    expect(look.nextDueInMs).toBeGreaterThan(55_000);
    expect(await readLedger(db, [id])).toMatchObject([{ state: 'running', workerId: worker }]);
    const later = await makeRun(db, job, { parameters });
    const [usual] = await claimFor(db, worker);
    const own = { id, scheduledFor: 0, dueAt: 0, startedAt: 0, coversTo: 0 };
    expect({ ...look.run, ...own }).toEqual({ ...usual, ...own });
    expect(usual?.id).toBe(later);
  });

  it.each([
    ['of one queue', {}],
    ['of two priorities', { priority: 2 }],
    ['of two queues', { queue: 'reports' }],
  ])('isn’t any of two %s', async (_what, other) => {
    const job = await makeJob(db, { overlap: 'allow' });
    const id = await makeRun(db, job);
    const second = await makeRun(db, job, other);
    expect(await takeAlone()).toMatchObject({ due: 2, run: null });
    await db.sql('DELETE FROM run_live WHERE id = $1', [second]);
    expect(await taken()).toBe(id);
  });

  it('is nobody’s where it waits in a queue that the worker doesn’t serve', async () => {
    const id = await makeRun(db, await makeJob(db), { queue: 'reports' });
    expect(await takeAlone({ queues: ['sync'] })).toMatchObject({ due: 1, run: null });
    expect(await taken({ queues: ['sync', 'reports'] })).toBe(id);
    expect(await takeAlone()).toMatchObject({ due: 0, nextDueInMs: null, run: null });
  });

  it('says when the next is due, or an open circuit may be tried', async () => {
    const job = await makeJob(db, { overlap: 'allow' });
    await makeRun(db, job, { dueAt: new Date(Date.now() + 60_000) });
    await makeRun(db, job, { dueAt: new Date(Date.now() + 90_000) });
    const { nextDueInMs } = await takeAlone();
    expect(nextDueInMs).toBeGreaterThan(55_000);
    expect(nextDueInMs).toBeLessThan(61_000);
    await db.sql(
      `INSERT INTO circuit (host, opened_at, open_until, open_ms, cause)
       VALUES ('api.example.org', now(), now() + interval '30 s', 30000, 'HTTP 500')`,
    );
    expect((await takeAlone()).nextDueInMs).toBeLessThan(31_000);
  });

  it('brings what its job covered, and is left to a claim among many where that reaches its tick', async () => {
    const job = await makeJob(db, { overlap: 'allow' });
    const covered = at(3_600_000);
    await db.sql(
      `INSERT INTO job_progress (job_id, covered_until, covered_by, state_version) VALUES ($1, $2, 1, 3)`,
      [job.id, covered],
    );
    const id = await makeRun(db, job);
    expect((await takeAlone()).run).toMatchObject({ id, coversFrom: covered, stateVersion: 3 });
    for (const scheduledFor of [covered, at(7_200_000)]) {
      const early = await makeRun(db, job, { scheduledFor });
      expect(await takeAlone()).toMatchObject({ due: 1, run: null });
      expect(await claimFor(db, worker)).toMatchObject([{ id: early, coversFrom: null }]);
    }
  });

  it('brings the stretch of the run that it tests', async () => {
    const job = await makeJob(db);
    await db.sql(
      `INSERT INTO job_progress (job_id, covered_until, covered_by, state_version) VALUES ($1, now(), 1, 3)`,
      [job.id],
    );
    const id = await makeRun(db, job, { trigger: 'test' });
    const [coversFrom, coversTo] = [at(7_200_000), at(3_600_000)];
    await db.sql('UPDATE run_live SET covers_from = $1, covers_to = $2', [coversFrom, coversTo]);
    expect((await takeAlone()).run).toMatchObject({ id, coversFrom, coversTo, stateVersion: 3 });
  });

  /** Takes it after something has happened since the look that locked its queue. */
  const takenAfter = (happens: () => Promise<unknown>) =>
    transaction(db.pool, async (sql) => {
      expect(await lookForAlone(sql, [])).toMatchObject({ due: 1 });
      await happens();
      const taker = { workerId: worker, kinds: [], labels: {}, jobsBeyond: [] };
      return (await claimAlone(sql, taker))?.id ?? null;
    });

  it('isn’t where more became due since the look', async () => {
    const job = await makeJob(db, { overlap: 'allow' });
    await makeRun(db, job);
    expect(await takenAfter(() => makeRun(db, job, { queue: 'reports' }))).toBeNull();
  });

  it.each([
    ['moved to another queue', `queue = 'reports'`],
    ['held', `hold = 'paused'`],
    ['put off', `due_at = now() + interval '1 hour'`],
  ])('isn’t where it was %s since the look', async (_what, change) => {
    await makeRun(db, await makeJob(db));
    expect(await takenAfter(() => db.sql(`UPDATE run_live SET ${change}`))).toBeNull();
  });
});

describe('it isn’t taken', () => {
  it.each([
    ['of a queue that has a rate', 'UPDATE queue SET rate_starts = 100, rate_ms = 1000'],
    [
      'while a circuit is open',
      `INSERT INTO circuit (host, opened_at, open_until, open_ms, cause)
       VALUES ('api.example.org', now(), now() + interval '1 hour', 3600000, 'HTTP 500')`,
    ],
    ['by a worker that drains', `UPDATE worker SET state = 'draining'`],
    ['past the lease', `UPDATE worker SET lease_until = clock_timestamp() - interval '1 ms'`],
    ['while all is paused', `UPDATE installation SET paused_at = now(), paused_by = 'Test'`],
  ])('%s', async (_when, change) => {
    await makeRun(db, await makeJob(db));
    await db.sql(change);
    expect(await taken()).toBeNull();
  });

  it.each([
    ['while it is held', { hold: 'paused' }],
    ['after its time', { startBy: at(1) }],
    ['a second time', { attempt: 1 }],
    ['by a worker without its labels', { runsOn: { gpu: 'yes' } }],
  ] as const)('%s', async (_when, run) => {
    await makeRun(db, await makeJob(db), run);
    expect(await taken()).toBeNull();
  });

  it('by a worker that hasn’t its kind or can’t open its secrets', async () => {
    const job = await makeJob(db);
    const id = await makeRun(db, job);
    expect(await taken({ kinds: ['http'] })).toBeNull();
    expect(await taken({ jobsBeyond: [job.id] })).toBeNull();
    expect(await taken({ kinds: ['script'], jobsBeyond: [job.id + 1] })).toBe(id);
  });

  it.each(['skip', 'queue_one', 'queue_all', 'cancel_previous'] as const)(
    'rule 6: under %s while another of its job runs or waits for its retry',
    async (overlap) => {
      const job = await makeJob(db, { overlap });
      const before = await makeRun(db, job, { attempt: 1, dueAt: soon() });
      const id = await makeRun(db, job);
      expect(await taken()).toBeNull();
      await db.sql('UPDATE run_live SET due_at = now() WHERE id = $1', [before]);
      expect(await claimFor(db, worker)).toMatchObject([{ id: before }]);
      expect(await taken()).toBeNull();
      await db.sql('DELETE FROM run_live WHERE id = $1', [before]);
      expect(await taken()).toBe(id);
    },
  );

  it('rule 7: where as many of its queue run as may', async () => {
    await db.sql(`UPDATE queue SET max_running = 2 WHERE name = 'default'`);
    const job = await makeJob(db, { overlap: 'allow' });
    for (let runs = 0; runs < 2; runs++) {
      const id = await makeRun(db, job);
      expect(await taken()).toBe(id);
    }
    await makeRun(db, job);
    expect(await taken()).toBeNull();
  });

  it('rule 7: where as many of its job run as may', async () => {
    const job = await makeJob(db, { overlap: 'allow', maxParallel: 2 });
    for (let runs = 0; runs < 2; runs++) {
      const id = await makeRun(db, job);
      expect(await taken()).toBe(id);
    }
    await makeRun(db, job);
    expect(await taken()).toBeNull();
  });
});

describe('beside another claim that hasn’t ended', () => {
  /** What is taken while another claim holds the row of the queue and has made this run running. */
  async function besideClaimOf(run: number, take: () => Promise<number | null>) {
    const client = await db.pool.connect();
    const sql = sqlOf(client);
    try {
      await sql('BEGIN');
      await lockQueuesForClaim(sql, ['default']);
      await sql(
        `UPDATE run_live SET hold = NULL, state = 'running', worker_id = $2, attempt = 1, started_at = now() WHERE id = $1`,
        [run, worker],
      );
      return await take();
    } finally {
      await sql('COMMIT');
      client.release();
    }
  }

  it('rule 3: no run is two workers’, and nobody is waited for', async () => {
    const id = await makeRun(db, await makeJob(db));
    expect(await besideClaimOf(id, () => taken())).toBeNull();
    expect(await taken()).toBeNull();
  });

  it('rule 7: the limit of the queue counts what that has started', async () => {
    await db.sql(`UPDATE queue SET max_running = 1 WHERE name = 'default'`);
    const job = await makeJob(db, { overlap: 'allow' });
    const first = await makeRun(db, job, { hold: 'paused' });
    await makeRun(db, job);
    expect(await besideClaimOf(first, () => taken())).toBeNull();
    expect(await taken()).toBeNull();
  });

  it('CONTROL: without the lock on the queue it doesn’t', async () => {
    await db.sql(`UPDATE queue SET max_running = 1 WHERE name = 'default'`);
    const job = await makeJob(db, { overlap: 'allow' });
    const first = await makeRun(db, job, { hold: 'paused' });
    const id = await makeRun(db, job);
    const withoutLock = () =>
      transaction(db.pool, async (sql) => {
        await sql(
          `SELECT set_config('punctual.alone', id::text, true), set_config('punctual.alone_at', ctid::text, true),
             set_config('punctual.alone_in', queue, true) FROM run_live WHERE id = $1`,
          [id],
        );
        const taker = { workerId: worker, kinds: [], labels: {}, jobsBeyond: [] };
        return (await claimAlone(sql, taker))?.id ?? null;
      });
    expect(await besideClaimOf(first, withoutLock)).toBe(id);
  });
});

describe('a worker that is woken', () => {
  it('takes what is due alone, then what is due together, by all rules', async () => {
    const own = await claimingWorker(db);
    const look = async () => (await own.look()).map(({ id }) => id);
    expect(await look()).toEqual([]);
    const job = await makeJob(db, { overlap: 'allow' });
    for (let runs = 0; runs < 3; runs++) {
      const id = await makeRun(db, job);
      const asked = vi.spyOn(db.pool, 'query');
      expect(await look()).toEqual([id]);
      // The usual look and the limits would ask the pool.
      expect(asked).not.toHaveBeenCalled();
      asked.mockRestore();
    }
    const together = [await makeRun(db, job), await makeRun(db, job)];
    expect(await look()).toEqual(together);
    const last = await makeRun(db, job);
    expect(await look()).toEqual([last]);
    expect(own.sleepsMs()).toBeGreaterThan(1_000);
  });

  it('ends what is due alone and may not start: under skip, while another of its job runs', async () => {
    const own = await claimingWorker(db);
    await own.look();
    const job = await makeJob(db, { overlap: 'skip' });
    const running = await makeRun(db, job);
    expect(await own.look()).toMatchObject([{ id: running }]);
    const late = await makeRun(db, job);
    expect(await own.look()).toEqual([]);
    expect(await readLedger(db, [late])).toMatchObject([
      { state: 'skipped', skipReason: 'overlap' },
    ]);
  });

  it('ends what may not start in queues that nobody serves, while it takes what is due alone in its own', async () => {
    const own = await claimingWorker(db, { queues: ['default'] });
    const other = await claimingWorker(db, { name: 'w-other', queues: ['reports'] });
    await Promise.all([own.look(), other.look()]);
    const job = await makeJob(db, { overlap: 'skip', queue: 'reports' });
    const running = await makeRun(db, job);
    expect(await other.look()).toMatchObject([{ id: running }]);
    const tick = await makeRun(db, job);
    const id = await makeRun(db, await makeJob(db));
    expect(await own.look()).toMatchObject([{ id }]);
    expect(await readLedger(db, [tick])).toMatchObject([{ state: 'skipped' }]);
    const late = await makeRun(db, job, { startBy: at(1) });
    expect(await own.look()).toEqual([]);
    expect(await readLedger(db, [late])).toMatchObject([{ state: 'skipped', skipReason: 'late' }]);
  });

  it('takes nothing without a free slot', async () => {
    const own = await claimingWorker(db, { slots: 0 });
    await own.look();
    await makeRun(db, await makeJob(db));
    expect(await own.look()).toEqual([]);
  });

  it('leaves what is due alone and can’t start here, and takes what comes after it', async () => {
    const own = await claimingWorker(db);
    await own.look();
    const job = await makeJob(db, { overlap: 'allow' });
    const elsewhere = await makeRun(db, job, { runsOn: { gpu: 'yes' } });
    expect(await own.look()).toEqual([]);
    const id = await makeRun(db, job);
    expect(await own.look()).toMatchObject([{ id }]);
    expect(await readLedger(db, [elsewhere])).toMatchObject([{ state: 'queued' }]);
  });
});
