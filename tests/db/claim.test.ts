import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sqlOf, transaction } from '#core/db.ts';
import { claimRuns } from '#core/runs/claim.sql.ts';
import { lockQueuesForClaim, readDueWork } from '#core/runs/due.sql.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { claimFor, emptyLedger, makeRun, makeWorker, readLedger } from '#tests/support/runs.ts';
import { until } from '#tests/support/wait.ts';

let db: TestDatabase;
let worker: number;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  await emptyLedger(db);
  await db.sql(`UPDATE queue SET max_running = 10, max_waiting = 1000`);
  await db.sql('UPDATE installation SET paused_at = NULL, paused_by = NULL');
  worker = await makeWorker(db);
});

const idsOf = (runs: readonly { id: number }[]) =>
  runs.map(({ id }) => id).toSorted((a, b) => a - b);
const at = (agoMs: number) => new Date(Date.now() - agoMs);

describe('a claim', () => {
  it('writes the fence: worker, attempt and start, by the database’s clock', async () => {
    const job = await makeJob(db);
    const id = await makeRun(db, job, { parameters: { day: 'monday' } });
    const [run] = await claimFor(db, worker);
    expect(run).toMatchObject({
      id,
      jobId: job.id,
      revision: 1,
      workerId: worker,
      attempt: 1,
      parameters: { day: 'monday' },
      defaultTimeoutMs: 300_000,
      earlier: [],
    });
    expect(run!.startedAt.getTime()).toBeGreaterThanOrEqual(run!.dueAt.getTime());
    expect(await readLedger(db)).toMatchObject([{ id, state: 'running', attempt: 1 }]);
  });

  it('starts nothing before it is due', async () => {
    const job = await makeJob(db);
    await makeRun(db, job, { dueAt: new Date(Date.now() + 60_000) });
    expect(await claimFor(db, worker)).toEqual([]);
    const due = await readDueWork(db.sql, []);
    expect(due.queues).toEqual([]);
    expect(due.nextDueInMs).toBeGreaterThan(55_000);
    expect(due.nextDueInMs).toBeLessThanOrEqual(60_000);
  });

  it('goes by priority, then by due time', async () => {
    const job = await makeJob(db, { overlap: 'allow' });
    const late = await makeRun(db, job, { dueAt: at(10) });
    const early = await makeRun(db, job, { dueAt: at(5_000) });
    const urgent = await makeRun(db, job, { dueAt: at(5), priority: 2 });
    const order: number[] = [];
    for (let claims = 0; claims < 3; claims++) order.push(...idsOf(await claimFor(db, worker, 1)));
    expect(order).toEqual([urgent, early, late]);
  });

  it('leaves alone what is held, late, for other labels, kinds and queues', async () => {
    const job = await makeJob(db, { overlap: 'allow' });
    await makeRun(db, job, { hold: 'paused' });
    await makeRun(db, job, { startBy: at(1) });
    await makeRun(db, job, { runsOn: { gpu: 'yes' } });
    expect(await claimFor(db, worker)).toEqual([]);
    const claim = {
      workerId: worker,
      room: { slots: 9 },
      queues: ['default'],
      labels: {},
      kinds: ['script'],
    };
    await makeRun(db, job);
    expect(await claimRuns(db.sql, { ...claim, kinds: ['http'] })).toEqual([]);
    expect(await claimRuns(db.sql, { ...claim, queues: ['reports'] })).toEqual([]);
    expect(await claimRuns(db.sql, claim)).toHaveLength(1);
    expect(await claimRuns(db.sql, { ...claim, labels: { gpu: 'yes', os: 'linux' } })).toHaveLength(
      1,
    );
  });

  it('ignores the start deadline of a retry', async () => {
    const job = await makeJob(db);
    await makeRun(db, job, { attempt: 1, startBy: at(1) });
    expect(await claimFor(db, worker)).toHaveLength(1);
  });

  it.each([
    ['draining', `UPDATE worker SET state = 'draining'`],
    ['past its lease', `UPDATE worker SET lease_until = clock_timestamp() - interval '1 ms'`],
    ['paused with everything', `UPDATE installation SET paused_at = now(), paused_by = 'Test'`],
  ])('takes nothing for a worker that is %s', async (_what, change) => {
    await makeRun(db, await makeJob(db));
    await db.sql(change);
    expect(await claimFor(db, worker)).toEqual([]);
  });
});

describe('the rules of a job', () => {
  it.each(['skip', 'queue_one', 'queue_all', 'cancel_previous'] as const)(
    'rule 6: under %s one run of a job starts, the one that was due first',
    async (overlap) => {
      const job = await makeJob(db, { overlap });
      const second = await makeRun(db, job, { dueAt: at(1_000) });
      const first = await makeRun(db, job, { dueAt: at(2_000) });
      expect(idsOf(await claimFor(db, worker))).toEqual([first]);
      expect(await claimFor(db, worker)).toEqual([]);
      expect((await readLedger(db, [second]))[0]?.state).toBe('queued');
    },
  );

  it('rule 6: a run that waits for its retry occupies its job; a held one doesn’t', async () => {
    const job = await makeJob(db, { overlap: 'queue_all' });
    const retry = await makeRun(db, job, { attempt: 1, dueAt: new Date(Date.now() + 60_000) });
    const fresh = await makeRun(db, job);
    expect(await claimFor(db, worker)).toEqual([]);
    await db.sql(`UPDATE run SET hold = 'paused' WHERE is_live AND id = $1`, [retry]);
    expect(idsOf(await claimFor(db, worker))).toEqual([fresh]);
  });

  it('rule 7: allow N lets N runs of a job run', async () => {
    const job = await makeJob(db, { overlap: 'allow', maxParallel: 3 });
    for (let runs = 0; runs < 5; runs++) await makeRun(db, job, { dueAt: at(5_000 - runs) });
    expect(await claimFor(db, worker)).toHaveLength(3);
    expect(await claimFor(db, worker)).toEqual([]);
  });

  it('rule 7: allow N counts what runs, what waits before it and is due, and of backfills only where it is one', async () => {
    const job = await makeJob(db, { overlap: 'allow', maxParallel: 2 });
    const backfill = async (agoMs: number) => {
      const id = await makeRun(db, job, { dueAt: at(agoMs) });
      await db.sql(`UPDATE run SET trigger = 'backfill' WHERE is_live AND id = $1`, [id]);
      return id;
    };
    const filled = [await backfill(9_000), await backfill(8_000)];
    await makeRun(db, job, { attempt: 1, dueAt: new Date(Date.now() + 60_000) });
    const fresh = [
      await makeRun(db, job, { attempt: 1, dueAt: at(5_000) }),
      await makeRun(db, job, { dueAt: at(4_000) }),
      await makeRun(db, job, { dueAt: at(3_000) }),
    ];
    expect(idsOf(await claimFor(db, worker))).toEqual(fresh.slice(0, 2));
    expect(await claimFor(db, worker)).toEqual([]);
    await db.sql(`DELETE FROM run_live WHERE id = $1`, [fresh[0]]);
    expect(idsOf(await claimFor(db, worker))).toEqual([fresh[2]]);
    await db.sql(`DELETE FROM run_live WHERE id = ANY ($1::bigint[])`, [fresh]);
    expect(idsOf(await claimFor(db, worker))).toEqual(filled);
  });

  it('a job that waits for itself holds up no other of its queue', async () => {
    const busy = await makeJob(db, { overlap: 'queue_all' });
    for (let runs = 0; runs < 50; runs++) await makeRun(db, busy, { dueAt: at(9_000 - runs) });
    const other = await makeRun(db, await makeJob(db), { dueAt: at(1) });
    await claimFor(db, worker, 1);
    expect(idsOf(await claimFor(db, worker, 1))).toEqual([other]);
  });
});

describe('the limit of a queue', () => {
  it('rule 7: holds for its running runs', async () => {
    await db.sql(`UPDATE queue SET max_running = 3 WHERE name = 'reports'`);
    const job = await makeJob(db, { overlap: 'allow', queue: 'reports' });
    for (let runs = 0; runs < 9; runs++) await makeRun(db, job, { priority: (runs % 5) - 2 });
    expect(await claimFor(db, worker)).toHaveLength(3);
    expect(await claimFor(db, worker)).toEqual([]);
  });

  /** Four workers, each with work that only it may take, claim at once. Returns how many run then. */
  async function runningAfterFourClaims(lock: boolean): Promise<number> {
    await db.sql(`UPDATE queue SET max_running = 5 WHERE name = 'default'`);
    const job = await makeJob(db, { overlap: 'allow' });
    const claimers = await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (host) => {
        for (let runs = 0; runs < 4; runs++) await makeRun(db, job, { runsOn: { host } });
        return { workerId: await makeWorker(db), labels: { host } };
      }),
    );
    await Promise.all(
      claimers.map((claimer) =>
        transaction(db.pool, async (sql) => {
          if (lock) await lockQueuesForClaim(sql, ['default']);
          await claimRuns(sql, { ...claimer, room: { slots: 4 }, queues: ['default'], kinds: [] });
          // The transaction stays open for a moment, as it would on a slow network.
          await pause(50);
        }),
      ),
    );
    const ledger = await readLedger(db);
    return ledger.filter(({ state }) => state === 'running').length;
  }

  it('rule 7: holds with four workers that claim at once', async () => {
    expect(await runningAfterFourClaims(true)).toBe(5);
  });

  it('CONTROL: without the lock on the queue it doesn’t', async () => {
    expect(await runningAfterFourClaims(false)).toBeGreaterThan(5);
  });
});

describe('a claim sent before it is known what rates and circuits say', () => {
  const blindly = () => claimFor(db, worker, 10, { isBlind: true });

  it('takes what is due where there are none', async () => {
    const id = await makeRun(db, await makeJob(db));
    expect(idsOf(await blindly())).toEqual([id]);
  });

  it('takes nothing of a queue that has a rate', async () => {
    const rated = await makeJob(db, { queue: 'sync' });
    const id = await makeRun(db, await makeJob(db));
    await makeRun(db, rated);
    await db.sql(`UPDATE queue SET rate_starts = 100, rate_ms = 1000 WHERE name = 'sync'`);
    expect(idsOf(await blindly())).toEqual([id]);
    await db.sql(`UPDATE queue SET rate_starts = NULL, rate_ms = NULL WHERE name = 'sync'`);
  });

  it('takes nothing while a circuit is open, whoever goes by it', async () => {
    await makeRun(db, await makeJob(db));
    await db.sql(
      `INSERT INTO circuit (host, opened_at, open_until, open_ms, cause)
       VALUES ('api.example.org', now(), now() + interval '1 hour', 3600000, 'HTTP 500')`,
    );
    expect(await blindly()).toEqual([]);
    await db.sql('DELETE FROM circuit');
    expect(await blindly()).toHaveLength(1);
  });
});

describe('claims that race', () => {
  it('rule 3: no run is two workers’', async () => {
    await db.sql(`UPDATE queue SET max_running = 1000`);
    const job = await makeJob(db, { overlap: 'allow' });
    const made = await Promise.all(Array.from({ length: 200 }, () => makeRun(db, job)));
    const claimed: number[] = [];
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        const workerId = await makeWorker(db);
        for (;;) {
          const runs = await transaction(db.pool, async (sql) => {
            await lockQueuesForClaim(sql, ['default']);
            return claimRuns(sql, {
              workerId,
              room: { slots: 7 },
              queues: ['default'],
              kinds: [],
              labels: {},
            });
          });
          if (runs.length === 0) return;
          claimed.push(...idsOf(runs));
        }
      }),
    );
    expect(claimed.toSorted((a, b) => a - b)).toEqual(made.toSorted((a, b) => a - b));
  });

  it('rule 6: the unique index refuses a second run of an exclusive job that came through another queue', async () => {
    const job = await makeJob(db, { overlap: 'queue_all' });
    const first = await makeRun(db, job, { dueAt: at(2_000), queue: 'default' });
    const clientA = await db.pool.connect();
    const clientB = await db.pool.connect();
    const sqlA = sqlOf(clientA);
    const sqlB = sqlOf(clientB);
    const claim = { workerId: worker, room: { slots: 9 }, kinds: [], labels: {} };
    try {
      // A has claimed and not yet committed, so B can't see it.
      await sqlA('BEGIN');
      expect(idsOf(await claimRuns(sqlA, { ...claim, queues: ['default'] }))).toEqual([first]);
      const second = await makeRun(db, job, { dueAt: at(3_000), queue: 'reports' });
      const refused = claimRuns(sqlB, { ...claim, queues: ['reports'] }).then(
        () => 'claimed',
        (error: { code?: string; constraint?: string }) => [error.code, error.constraint],
      );
      await until(() => isAnyoneWaitingForALock(), { what: 'the second claim to wait' });
      await sqlA('COMMIT');
      expect(await refused).toEqual(['23505', 'run_live_exclusive']);
      expect(await claimRuns(sqlB, { ...claim, queues: ['reports'] })).toEqual([]);
      expect((await readLedger(db, [second]))[0]?.state).toBe('queued');
    } finally {
      clientA.release(true);
      clientB.release(true);
    }
  });
});

async function isAnyoneWaitingForALock(): Promise<boolean> {
  const waiting = await db.sql(
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return waiting.length > 0;
}

it('announces what it started in the same transaction', async () => {
  const job = await makeJob(db);
  const id = await makeRun(db, job);
  const client = await db.pool.connect();
  try {
    const heard: unknown[] = [];
    client.on('notification', ({ payload }) => heard.push(JSON.parse(payload ?? '')));
    await client.query('LISTEN punctual_console');
    await claimFor({ sql: sqlOf(client) }, worker);
    await client.query('SELECT 1');
    expect(heard).toEqual([{ topic: 'run', ids: [id] }]);
  } finally {
    client.release(true);
  }
});
