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
    expect(look).toMatchObject({ queues: ['default'], run: { id, attempt: 1 } });
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
    expect(await takeAlone()).toMatchObject({ run: null });
    await db.sql('DELETE FROM run_live WHERE id = $1', [second]);
    expect(await taken()).toBe(id);
  });

  it('is so as far as the queues go that the worker serves', async () => {
    const job = await makeJob(db, { overlap: 'allow' });
    await makeRun(db, job);
    const other = await makeRun(db, job, { queue: 'reports' });
    expect(await takeAlone({ queues: ['sync'] })).toMatchObject({
      queues: [],
      isDueElsewhere: true,
    });
    expect(await takeAlone({ queues: ['reports'] })).toMatchObject({
      run: { id: other },
      isDueElsewhere: true,
    });
    expect(await takeAlone()).toMatchObject({ queues: ['default'], isDueElsewhere: false });
  });

  it('stays where two are due by the time of the claim', async () => {
    const job = await makeJob(db, { overlap: 'allow' });
    await makeRun(db, job);
    const run = await transaction(db.pool, async (sql) => {
      expect(await lookForAlone(sql, [])).toMatchObject({ queues: ['default'] });
      await makeRun(db, job);
      return claimAlone(sql, { workerId: worker, kinds: [], labels: {}, jobsBeyond: [] });
    });
    expect(run).toBeNull();
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

  it('rule 6: under cancel_previous while a later one of its job is due in another queue', async () => {
    const job = await makeJob(db, { overlap: 'cancel_previous' });
    const id = await makeRun(db, job, { dueAt: at(2_000) });
    const later = await makeRun(db, job, { dueAt: at(1_000), queue: 'reports' });
    expect(await taken({ queues: ['default'] })).toBeNull();
    await db.sql('DELETE FROM run_live WHERE id = $1', [later]);
    expect(await taken({ queues: ['default'] })).toBe(id);
  });

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
        await sql(`SELECT set_config('punctual.alone_in', 'default', true)`);
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
