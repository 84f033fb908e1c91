import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lookOut, type LookedOutFor, type LookoutOptions } from '#core/lookout.sql.ts';
import { insertTrial } from '#core/trials/trials.sql.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { claimFor, makeRun, makeWorker } from '#tests/support/runs.ts';
import { createLookout } from '#worker/lookout.ts';

const OPTIONS: LookoutOptions = { queues: [], reachMs: 30_000, keyIds: ['own'] };

let db: TestDatabase;
let job: TestJob;

beforeEach(async () => {
  db = await createTestDatabase();
  job = await makeJob(db, {
    key: 'yearly',
    schedule: { type: 'cron', lines: ['0 0 1 1 *'], timeZone: 'UTC' },
  });
  await db.sql(`UPDATE job SET next_tick_at = now() + interval '200 days' WHERE id = $1::int`, [
    job.id,
  ]);
});
afterEach(() => db.drop());

/** Those that have something to do within a minute. */
async function dueDuties(options = OPTIONS): Promise<string[]> {
  const dueInMs = await lookOut(db.sql, options);
  return Object.entries(dueInMs).flatMap(([duty, ms]) =>
    ms !== null && ms < 60_000 ? [duty] : [],
  );
}

type Case = [duty: LookedOutFor, what: string, make: () => Promise<unknown>];

const cases: Case[] = [
  [
    'audit-sealer',
    'an entry isn’t sealed',
    () => db.sql('INSERT INTO audit_pending (entry_id) VALUES (1)'),
  ],
  [
    'auto-pauser',
    'a job is to be looked at',
    () => db.sql('INSERT INTO auto_pause_check (job_id) VALUES ($1::int)', [job.id]),
  ],
  [
    'backfiller',
    'a backfill goes on',
    () =>
      db.sql(
        `INSERT INTO backfill (job_id, from_at, to_at, rule, per_minute, at_once, expected, created_by)
         VALUES ($1::int, now() - interval '1 day', now(), 'all', 60, 1, 24, 'Test')`,
        [job.id],
      ),
  ],
  ['claimer', 'a run is due', () => makeRun(db, job)],
  [
    'claimer',
    'a run will be due',
    () => makeRun(db, job, { dueAt: new Date(Date.now() + 20_000) }),
  ],
  [
    'follower',
    'a schedule counts from the end of its last run',
    () => db.sql('UPDATE job SET counts_from_end = true, next_tick_at = NULL'),
  ],
  [
    'gap-counter',
    'a gap has ended',
    () =>
      db.sql(
        `INSERT INTO gap (job_id, revision, span, reason)
         VALUES ($1::int, 1, tstzrange(now() - interval '1 hour', now()), 'paused')`,
        [job.id],
      ),
  ],
  [
    'messenger',
    'a message waits',
    () => db.sql(`INSERT INTO message (channel, event) VALUES ('pager', 'test')`),
  ],
  [
    'planner',
    'a tick lies within reach',
    () => db.sql(`UPDATE job SET next_tick_at = now() + interval '10 seconds'`),
  ],
  ['rescuer', 'a lease is over', () => makeWorker(db, { leaseMs: -1_000 })],
  ['rescuer', 'a lease is over soon', () => makeWorker(db, { leaseMs: 5_000 })],
  [
    'rescuer',
    'a run’s worker has ended',
    async () => {
      const workerId = await makeWorker(db);
      await makeRun(db, job);
      await claimFor(db, workerId);
      await db.sql(`UPDATE worker SET state = 'stopped', ended_at = now()`);
    },
  ],
  [
    'rescuer',
    'the clock went back behind a heartbeat',
    async () => {
      await makeWorker(db);
      await db.sql(`UPDATE worker SET heartbeat_at = now() + interval '1 hour',
                      lease_until = now() + interval '2 hours'`);
    },
  ],
  [
    'resumer',
    'a pause is over soon',
    () =>
      db.sql(
        `UPDATE job SET paused_at = now(), paused_by = 'Test', pause_until = now() + interval '5 seconds',
           resume_answer = '{"rule": "skip"}'`,
      ),
  ],
  [
    'resumer',
    'the pause of everything is over soon',
    () =>
      db.sql(
        `UPDATE installation SET paused_at = now(), paused_by = 'Test', pause_until = now() + interval '5 seconds',
           resume_answer = '{"rule": "skip"}'`,
      ),
  ],
  [
    'secret-keeper',
    'a secret is sealed with another key',
    () =>
      db.sql(
        `INSERT INTO secret (name, key_id, sealed, created_by, changed_by)
         VALUES ('TOKEN', 'other', '\\x00', 'Test', 'Test')`,
      ),
  ],
  [
    'statistician',
    'many more runs are planned than statements were planned for',
    () =>
      db.sql(
        `INSERT INTO run (scheduled_for, due_at, job_id, revision, trigger, queue, kind, overlap)
         SELECT at, at, $1::int, 1, 'tick', 'default', 'script', 'allow'
           FROM (SELECT now() + interval '1 hour' + n * interval '1 second' AS at FROM generate_series(1, 5000) AS n) AS ahead`,
        [job.id],
      ),
  ],
  [
    'trial-judge',
    'a trial goes on',
    () =>
      insertTrial(db.sql, {
        jobId: job.id,
        baseRevision: 1,
        revision: 2,
        share: 10,
        runsOn: {},
        untilRuns: 20,
        untilHours: 24,
        startedBy: 'Test',
      }),
  ],
];

describe('the lookout', () => {
  test('finds nothing to do where there is nothing', async () => {
    expect(await dueDuties()).toEqual([]);
  });

  test.for(cases)('wakes the %s: %s', async ([duty, , make]) => {
    await make();
    expect(await dueDuties()).toEqual([duty]);
  });

  test('has the definitions read of what is due soon', async () => {
    await makeRun(db, job, { dueAt: new Date(Date.now() + 5_000) });
    expect(await dueDuties()).toEqual(['claimer', 'reader-ahead']);
  });

  test('looks for runs only in the queues that the worker serves', async () => {
    await db.sql(
      `INSERT INTO queue (name, description, max_running, max_waiting, default_timeout_ms)
       VALUES ('other', '', 1, 1, 60000)`,
    );
    await makeRun(db, job, { queue: 'other' });
    expect(await dueDuties({ ...OPTIONS, queues: ['default'] })).toEqual([]);
    expect(await dueDuties({ ...OPTIONS, queues: ['other'] })).toEqual(['claimer']);
  });

  test('wakes each in time, and leaves what comes later to its next look', async () => {
    await makeRun(db, job, { dueAt: new Date(Date.now() + 20_000) });
    const woken: [string, number][] = [];
    const look = (intervalMs: number) =>
      createLookout({
        ...OPTIONS,
        pool: db.pool,
        intervalMs,
        wakeIn: (duty, ms) => woken.push([duty, ms]),
      }).runOnce();
    await look(1_000);
    expect(woken).toEqual([]);
    await look(60_000);
    expect(woken).toEqual([['claimer', expect.closeTo(20_000, -4)]]);
  });
});
