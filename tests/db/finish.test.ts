import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { once, type Sql, sqlOf } from '#core/db.ts';
import type { ClaimedRun } from '#core/runs/claimed.sql.ts';
import { type EndedAttempt, finishAttemptsIfStillOwned } from '#core/runs/finish.sql.ts';
import { endedAttempt } from '#tests/support/attempts.ts';
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
  await db.sql('UPDATE queue SET max_running = 1000');
  worker = await makeWorker(db);
});

async function claimedRuns(count: number): Promise<ClaimedRun[]> {
  const job = await makeJob(db, { overlap: 'allow' });
  for (let runs = 0; runs < count; runs++) await makeRun(db, job);
  return claimFor(db, worker, count);
}

const attempts = () =>
  db.sql<{ runId: number; number: number; outcome: string; cause: string | null }>(
    `SELECT run_id AS "runId", number, outcome, cause FROM attempt ORDER BY run_id, number`,
  );

describe('finishing attempts', () => {
  it('records many in one statement and moves their runs', async () => {
    const [good, bad, again] = await claimedRuns(3);
    const retryAt = new Date(Date.now() + 30_000);
    const finished = await finishAttemptsIfStillOwned(db.sql, [
      endedAttempt(good!, { result: '{"rows": 3}' }),
      endedAttempt(bad!, {
        outcome: 'failed',
        exitCode: 2,
        cause: 'exit 2: disk full',
        causeLine: 3,
      }),
      endedAttempt(again!, {
        outcome: 'timed_out',
        cause: 'timed out after 30 s',
        retryAt,
        retryRule: 'backoff',
      }),
    ]);
    expect(finished.map(({ state }) => state).toSorted()).toEqual([
      'failed',
      'queued',
      'succeeded',
    ]);
    expect(await readLedger(db)).toMatchObject([
      { id: good!.id, state: 'succeeded', workerId: worker },
      { id: bad!.id, state: 'failed', cause: 'exit 2: disk full' },
      { id: again!.id, state: 'queued', workerId: null, attempt: 1, dueAt: retryAt },
    ]);
    expect(await attempts()).toMatchObject([
      { runId: good!.id, outcome: 'succeeded' },
      { runId: bad!.id, outcome: 'failed', cause: 'exit 2: disk full' },
      { runId: again!.id, outcome: 'timed_out' },
    ]);
  });

  it('ends no attempt before its start or after now, whatever the worker reckoned', async () => {
    const [run] = await claimedRuns(1);
    await finishAttemptsIfStillOwned(db.sql, [endedAttempt(run!, { elapsedMs: 3_600_000 })]);
    const [row] = await db.sql<{ sane: boolean }>(
      'SELECT finished_at BETWEEN started_at AND clock_timestamp() AS sane FROM attempt',
    );
    expect(row?.sane).toBe(true);
  });

  it('makes a run cancelled that was to be tried again and that somebody cancelled', async () => {
    const [run] = await claimedRuns(1);
    await db.sql('UPDATE run SET cancel_requested_at = now() WHERE is_live AND id = $1', [run!.id]);
    await finishAttemptsIfStillOwned(db.sql, [
      endedAttempt(run!, { outcome: 'failed', retryAt: new Date(), retryRule: 'backoff' }),
    ]);
    expect(await readLedger(db)).toMatchObject([{ state: 'cancelled' }]);
    expect(await attempts()).toMatchObject([{ outcome: 'failed' }]);
  });

  it('wakes workers when something waits in the queue, and only then', async () => {
    const [first, second] = await claimedRuns(2);
    const client = await db.pool.connect();
    try {
      const heard: string[] = [];
      client.on('notification', ({ channel }) => heard.push(channel));
      await client.query('LISTEN punctual_console; LISTEN punctual_work');
      const sql = sqlOf(client);
      await finishAttemptsIfStillOwned(sql, [endedAttempt(first!)]);
      await client.query('SELECT 1');
      expect(heard).toEqual(['punctual_console']);
      await makeRun(db, await makeJob(db));
      await finishAttemptsIfStillOwned(sql, [endedAttempt(second!)]);
      await client.query('SELECT 1');
      expect(heard.slice(1).toSorted()).toEqual(['punctual_console', 'punctual_work']);
    } finally {
      client.release(true);
    }
  });

  it('doesn’t give up when rows move to another partition under it (40001)', async () => {
    const runs = await claimedRuns(300);
    const half = runs.slice(0, 200);
    const other = runs.slice(100);
    const [a, b] = await Promise.all(
      [half, other].map((batch) =>
        once(() =>
          finishAttemptsIfStillOwned(
            db.sql,
            batch.map((run) => endedAttempt(run)),
          ),
        ),
      ),
    );
    expect(a!.length + b!.length).toBe(300);
    expect((await attempts()).length).toBe(300);
  });
});

describe('rule 3: the fence', () => {
  /** The run is claimed, lost, put back and claimed by another worker; then the first one comes to life again. */
  async function staleFinish(finish: (sql: Sql, stale: EndedAttempt) => Promise<unknown>) {
    const [stale] = await claimedRuns(1);
    await finishAttemptsIfStillOwned(db.sql, [
      endedAttempt(stale!, { outcome: 'lost', retryAt: new Date(Date.now() - 1), losses: 1 }),
    ]);
    const rescuer = await makeWorker(db);
    const [current] = await claimFor(db, rescuer);
    expect(current).toMatchObject({ id: stale!.id, attempt: 2 });
    await finish(db.sql, endedAttempt(stale!, { cause: 'from the grave' }));
    return readLedger(db, [stale!.id]);
  }

  it('a worker that lost its lease records nothing', async () => {
    const [run] = await staleFinish((sql, stale) => finishAttemptsIfStillOwned(sql, [stale]));
    expect(run).toMatchObject({ state: 'running', attempt: 2 });
    expect(await attempts()).toMatchObject([{ number: 1, outcome: 'lost' }]);
  });

  it('CONTROL: without the fence in the statement it overwrites the other worker’s run', async () => {
    const [run] = await staleFinish((sql, stale) => {
      const unfenced: Sql = (text, values) => {
        const without = text
          .replaceAll('AND r.worker_id = g.worker_id AND r.attempt = g.attempt', '')
          // Its attempt row stands there already; only what becomes of the run matters here.
          .replace(/(THEN retry_rule END\s+FROM owned)/, '$1 WHERE false');
        expect(without).not.toBe(text);
        return sql(without, values);
      };
      return finishAttemptsIfStillOwned(unfenced, [stale]);
    });
    expect(run).toMatchObject({ state: 'succeeded', cause: 'from the grave' });
  });

  it('the same attempt is finished once', async () => {
    const [run] = await claimedRuns(1);
    const results = await Promise.all(
      [1, 2, 3].map(() => once(() => finishAttemptsIfStillOwned(db.sql, [endedAttempt(run!)]))),
    );
    expect(results.flat()).toHaveLength(1);
    expect(await attempts()).toHaveLength(1);
  });

  it('the attempt number is part of it: a worker can’t end its own later attempt with an earlier one', async () => {
    const [first] = await claimedRuns(1);
    await finishAttemptsIfStillOwned(db.sql, [
      endedAttempt(first!, { outcome: 'failed', retryAt: new Date(Date.now() - 1) }),
    ]);
    const [second] = await claimFor(db, worker);
    expect(second).toMatchObject({ attempt: 2, workerId: worker });
    expect(second!.earlier).toMatchObject([{ outcome: 'failed', startedAt: first!.startedAt }]);
    expect(await finishAttemptsIfStillOwned(db.sql, [endedAttempt(first!)])).toEqual([]);
  });
});
