import { beforeAll, beforeEach, expect, test } from 'vitest';
import { Clock } from '#core/clock.ts';
import { createPool, sqlOf } from '#core/db.ts';
import { pauseEverything, resumeEverything } from '#core/installation/pause-everything.ts';
import { createBlackout, editBlackout } from '#core/blackouts/blackouts.ts';
import { createCalendar } from '#core/calendars/calendars.ts';
import { knowCalendars } from '#core/calendars/know-calendars.ts';
import { deleteJob } from '#core/jobs/delete-job.ts';
import { pauseJobs, resumeJobs } from '#core/jobs/pause-jobs.ts';
import { disableUser } from '#core/users/users.ts';
import { readWhy, readWhyWith } from '#core/why/read-why.ts';
import { triggerJob } from '#core/runs/trigger.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { holdClock, type TestClock } from '#tests/support/clock.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { refusalOf, valueOf } from '#tests/support/outcomes.ts';
import { planAll, silent, testPlanner } from '#tests/support/planning.ts';
import { claimFor, emptyLedger, makeWorker } from '#tests/support/runs.ts';
import { tell, whyOf } from '#tests/support/why.ts';
import { fresh } from '#tests/support/seeds.ts';
import { admin, makeUser, webDatabase } from '#tests/support/web.ts';
import { createFollower } from '#worker/follower.ts';
import { createLimiter } from '#worker/limiter.ts';

const HOUR_MS = 3_600_000;
const web = webDatabase();
let clock: TestClock;
beforeAll(async () => {
  clock = await holdClock(web.db(), new Date('2027-05-03T08:00:00.000Z'));
});
beforeEach(async () => {
  await emptyLedger(web.db());
  await clock.set(new Date((Math.floor(clock.now().getTime() / HOUR_MS) + 1) * HOUR_MS));
  await web.db().sql('UPDATE job SET deleted_at = now() WHERE deleted_at IS NULL');
});

const every = (seconds: number): Schedule => ({
  type: 'interval',
  everyMs: seconds * 1_000,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
});
const plan = () => planAll(testPlanner(web.db().pool));
const limit = () =>
  createLimiter({
    pool: web.db().pool,
    clock: Object.assign(new Clock(), { databaseNow: clock.now }),
  }).runOnce();
const triggered = async (jobId: number) => valueOf(await triggerJob(admin, { jobId })).runId;
// The workers of these tests have no process behind them: their lease lasts as long as the test wants.
const worker = () => makeWorker(web.db(), { name: 'w-a1', leaseMs: 86_400_000 });

test('nothing is wrong: its time hasn’t come', async () => {
  await worker();
  const job = await makeJob(web.db(), { schedule: every(3_600) });
  const told = await whyOf(job.key);
  expect(told.keys).toEqual(['next_tick_later']);
  expect(told.sentence).toBe('Nothing is wrong: it is due 10:00, in 1 h.');
  expect(told.fine).toEqual([
    'Database: takes writes',
    'Paused: no',
    'Schedule: fires 10:00',
    'Workers for it: 1 of 1',
    'Planning: 0 ms behind',
    'Queue default: 0 of 10 running',
    'Free slots: 100 of 100',
    'Worker clocks: within 0 ms',
  ]);
  expect(told.why.startsAt).toBe('2027-05-03T10:00:00.000Z');
});

test('a blackout: which, who made it, until when, and what runs then', async () => {
  await worker();
  const job = await makeJob(web.db(), { schedule: every(600) });
  const from = clock.now().toISOString();
  const to = new Date(clock.now().getTime() + 2 * HOUR_MS - 300_000).toISOString();
  const times = { type: 'once' as const, from, to };
  const scope = { type: 'jobs' as const, jobIds: [job.id] };
  const hold = { name: 'Maintenance', effect: 'hold' as const, times, scope };
  const { id } = valueOf(await createBlackout(admin, hold));
  await plan();
  const ahead = await whyOf(job.key);
  expect(ahead.keys[0]).toBe('blackout_ahead');
  expect(ahead.sentence).toMatch(
    /^The tick of \d\d:10 falls in the blackout “Maintenance”, made by Test, which holds ticks until \d\d:55 and then runs the latest of them\.$/,
  );
  expect(ahead.why.startsAt).toBe(to);
  expect(ahead.actionsOf('blackout_ahead')).toEqual(['Look at the blackouts', 'Trigger it now']);

  await clock.set(new Date(Date.parse(to) - 240_000));
  await plan();
  const held = await whyOf(job.key);
  expect(held.keys[0]).toBe('blackout_holds');
  expect(held.sentence).toMatch(
    /^The blackout “Maintenance”, made by Test, holds the tick of \d\d:50 until \d\d:55\. It starts then, in 4 min\.$/,
  );
  expect((await whyOf(held.why.run!.id)).keys[0]).toBe('blackout_holds');

  valueOf(await editBlackout(admin, { ...hold, id, basedOnVersion: 1, effect: 'skip' }));
  await web.db().sql(`DELETE FROM run WHERE job_id = $1`, [job.id]);
  await clock.set(new Date(Date.parse(to) - HOUR_MS));
  const skipped = await whyOf(job.key);
  expect(skipped.sentence).toMatch(
    /which leaves ticks out until \d\d:55\. The next one runs \d\d:00\.$/,
  );
});

test('a day off: which day the calendar leaves out, and what is due instead', async () => {
  await worker();
  valueOf(
    await createCalendar(admin, {
      key: 'may',
      name: 'May',
      definition: { weekend: [], dates: [{ date: '2027-05-10', name: 'Stocktaking' }] },
    }),
  );
  const schedule: Schedule = {
    type: 'cron',
    lines: ['0 6 10 * *'],
    timeZone: 'UTC',
    calendar: { key: 'may', revision: 1, rule: 'skip' },
  };
  await knowCalendars(web.db().sql, [schedule]);
  const job = await makeJob(web.db(), { schedule });
  const told = await whyOf(job.key);
  expect(told.keys).toEqual(['day_off']);
  expect(told.sentence).toMatch(
    /^Nothing is wrong: its calendar leaves the tick of .*10 May.* out, Stocktaking is a day off\. It is due .*10 Jun.*\.$/,
  );
  const moved = { ...schedule, calendar: { ...schedule.calendar!, rule: 'next' as const } };
  const rolling = await makeJob(web.db(), { schedule: moved });
  expect((await whyOf(rolling.key)).sentence).toMatch(
    /^Nothing is wrong: its calendar moves the tick of .*10 May.* to the next business day, Stocktaking is a day off\. It is due .*11 May.*\.$/,
  );
});

test('paused: who, since when, why, and how many ticks that was', async () => {
  await worker();
  const job = await makeJob(web.db(), { schedule: every(60) });
  valueOf(await pauseJobs(admin, { jobIds: [job.id], reason: 'deploy freeze' }));
  await clock.advance(30 * 60_000 + 1_000);
  const told = await whyOf(job.key);
  expect(told.keys[0]).toBe('paused');
  expect(told.sentence).toMatch(
    /^Paused by Test since \d\d:00: “deploy freeze”\. No tick starts until somebody resumes it\.$/,
  );
  expect(told.evidenceOf('paused')).toEqual([
    expect.stringMatching(/^Paused: since \d\d:00, for 30 min$/),
    'In the pause: 30 ticks so far',
  ]);
  expect(told.actionsOf('paused')).toEqual(['Resume', 'Trigger it now']);
  expect(told.why.startsAt).toBeNull();
  valueOf(await resumeJobs(admin, { jobIds: [job.id] }));
  expect((await whyOf(job.key)).keys).toEqual(['next_tick_later']);
});

test('a pause that ends by itself says when, and when the job starts then', async () => {
  await worker();
  const job = await makeJob(web.db(), { schedule: every(3_600) });
  const until = new Date(clock.now().getTime() + 90 * 60_000).toISOString();
  valueOf(await pauseJobs(admin, { jobIds: [job.id], end: { until } }));
  const told = await whyOf(job.key);
  expect(told.keys).toEqual(['paused']);
  expect(told.sentence).toMatch(
    /^Paused by Test since \d\d:00\. No tick starts until \d\d:30, when it resumes by itself\.$/,
  );
  expect(Date.parse(told.why.startsAt!) - clock.now().getTime()).toBe(2 * HOUR_MS);
});

test('a tick that was due is held while its job is paused; a request by hand is not', async () => {
  await worker();
  const job = await makeJob(web.db(), { schedule: every(60) });
  await plan();
  await clock.advance(70_000);
  valueOf(await pauseJobs(admin, { jobIds: [job.id], reason: '' }));
  const { run } = (await whyOf(job.key)).why;
  const held = await whyOf(run!.id);
  expect(held.sentence).toMatch(/^Paused by Test since \d\d:01\. No tick starts until/);
  expect(held.actionsOf('paused')).toEqual(['Resume']);
  const request = await triggered(job.id);
  expect((await whyOf(request)).keys).not.toContain('paused');
});

test('everything paused stands before the pause of the job', async () => {
  await worker();
  const job = await makeJob(web.db(), { schedule: every(60) });
  valueOf(await pauseJobs(admin, { jobIds: [job.id], reason: '' }));
  valueOf(await pauseEverything(admin, { reason: 'the storage moves' }));
  const told = await whyOf(job.key);
  valueOf(await resumeEverything(admin));
  expect(told.keys.slice(0, 2)).toEqual(['everything_paused', 'paused']);
  expect(told.sentence).toMatch(
    /^Everything is paused by Test since \d\d:00: “the storage moves”\. Nothing starts until somebody resumes it\.$/,
  );
  expect(told.actionsOf('everything_paused')).toEqual(['Resume everything']);
});

test('no schedule: it runs when somebody triggers it', async () => {
  await worker();
  const job = await makeJob(web.db());
  const told = await whyOf(job.key);
  expect(told.keys).toEqual(['manual_only']);
  expect(told.sentence).toBe(`${job.key} has no schedule: it runs when somebody triggers it.`);
  expect(told.actionsOf('manual_only')).toEqual(['Trigger it now', 'Edit the job']);
});

test('a schedule that has come to its end', async () => {
  await worker();
  const job = await makeJob(web.db(), {
    schedule: {
      type: 'dates',
      at: [new Date(clock.now().getTime() + 30_000).toISOString()],
      timeZone: 'UTC',
    },
  });
  await plan();
  await clock.advance(60_000);
  const [run] = await claimFor(web.db(), await worker());
  await finished(run!.id);
  const told = await whyOf(job.key);
  expect(told.keys).toEqual(['never_fires']);
  expect(told.sentence).toMatch(
    /^Its schedule has come to its end: the last tick was \d\d:00\. Edit it to give it ticks again\.$/,
  );
  expect(told.evidenceOf('never_fires')[0]).toMatch(/^Last tick: \d\d:00, succeeded$/);
});

test('a schedule that this version can’t read', async () => {
  await worker();
  const job = await makeJob(web.db(), { schedule: every(60) });
  await web
    .db()
    .sql(
      `UPDATE revision SET definition = jsonb_set(definition, '{schedule,type}', '"moon"') WHERE job_id = $1`,
      [job.id],
    );
  expect((await whyOf(job.key)).sentence).toBe(
    'This version of Punctual can’t read the schedule of revision 1, so its ticks aren’t planned. Edit the job to write it anew.',
  );
});

test('planning that is behind', async () => {
  await worker();
  const job = await makeJob(web.db(), { schedule: every(60) });
  await plan();
  await emptyLedger(web.db());
  await worker();
  await clock.advance(10 * 60_000);
  const told = await whyOf(job.key);
  expect(told.keys[0]).toBe('planner_behind');
  expect(told.sentence).toMatch(
    /^Planning is \d+ min( \d+ s)? behind: its tick of \d\d:\d\d has no run yet\./,
  );
  await plan();
  expect((await whyOf(job.key)).keys).not.toContain('planner_behind');
});

test('a start deadline that passed: the last tick was skipped', async () => {
  const job = await makeJob(web.db(), { schedule: every(600), startDeadlineMs: 60_000 });
  await clock.advance(560_000);
  await plan();
  await clock.advance(160_000);
  await plan();
  await limit();
  await worker();
  const told = await whyOf(job.key);
  expect(told.keys).toEqual(['skipped_late', 'next_tick_later']);
  expect(told.sentence).toMatch(
    /^The tick of \d\d:10 was skipped: it could not start within its start deadline of 1 min\.$/,
  );
  expect(told.actionsOf('skipped_late')).toEqual(['Trigger it now', 'Edit the job']);
  const { link } = told.why.causes[0].evidence[0]!;
  expect((await whyOf(link?.to === 'run' ? link.id : 0)).keys).toEqual(['skipped_late']);
});

test('ticks that nobody planned while no worker was there', async () => {
  const job = await makeJob(web.db(), { schedule: every(600), catchUp: 'none' });
  await clock.advance(1_830_000);
  await plan();
  await worker();
  const told = await whyOf(job.key);
  expect(told.keys[0]).toBe('missed');
  expect(told.sentence).toMatch(
    /^3 ticks were missed from \d\d:10 to \d\d:30: no worker was there to plan them\.$/,
  );
});

test('a queue with no place to wait', async () => {
  const workerId = await worker();
  await web.db().sql(`UPDATE queue SET max_running = 1, max_waiting = 0 WHERE name = 'archive'`);
  const first = await makeJob(web.db(), { queue: 'archive' });
  await triggered(first.id);
  await claimFor(web.db(), workerId);
  const job = await makeJob(web.db(), { queue: 'archive', schedule: every(60) });
  await plan();
  await clock.advance(70_000);
  await plan();
  await limit();
  const told = await whyOf(job.key);
  expect(told.keys[0]).toBe('skipped_queue_full');
  expect(told.sentence).toMatch(
    /^The tick of \d\d:01 was skipped: queue archive had more waiting than the 0 that may\.$/,
  );
});

test('ticks that met an earlier run, while it goes and after', async () => {
  const workerId = await worker();
  const job = await makeJob(web.db(), { schedule: every(60) });
  await clock.advance(60_000);
  await plan();
  const [run] = await claimFor(web.db(), workerId);
  await plan();
  await clock.advance(60_000);
  await plan();
  await limit();
  await clock.advance(20_000);
  const told = await whyOf(job.key);
  expect(told.keys[0]).toBe('overlap_skips');
  expect(told.sentence).toBe(
    `Run ${run!.id.toLocaleString('en')} has been running for 1 min 20 s, and 1 tick was skipped meanwhile: only one run may go at a time.`,
  );
  expect(told.evidenceOf('overlap_skips')).toContain(
    'Overlap rule: skip: one at a time, other ticks are dropped',
  );
  await finished(run!.id);
  const after = await whyOf(job.key);
  expect(after.keys[0]).toBe('skipped_overlap');
  expect(after.sentence).toMatch(/was skipped: the run before it was still waiting or running/);
});

test('a newer tick took the place of one that waited', async () => {
  await worker();
  const job = await makeJob(web.db(), { schedule: every(60), overlap: 'queue_one' });
  await clock.advance(60_000);
  await plan();
  await claimFor(web.db(), await worker());
  await clock.advance(60_000);
  await plan();
  await clock.advance(60_000);
  await plan();
  await limit();
  const [skipped] = await web
    .db()
    .sql<{ id: number }>(`SELECT id FROM run WHERE job_id = $1 AND skip_reason = 'superseded'`, [
      job.id,
    ]);
  expect((await whyOf(skipped!.id)).sentence).toMatch(
    /was skipped: a newer one came while it waited, and only the newest is kept\.$/,
  );
});

test('it runs; and a run that is over isn’t waiting', async () => {
  const job = await makeJob(web.db());
  const runId = await triggered(job.id);
  await claimFor(web.db(), await worker());
  await clock.advance(90_000);
  const told = await whyOf(job.key);
  expect(told.keys).toEqual(['running']);
  expect(told.sentence).toBe(`It is running: run ${runId.toLocaleString('en')}, for 1 min 30 s.`);
  await finished(runId);
  expect((await whyOf(runId)).sentence).toMatch(/ isn’t waiting: it succeeded, \d\d:01\.$/);
});

test('a deleted job', async () => {
  const job = await makeJob(web.db(), { schedule: every(60) });
  valueOf(await deleteJob(admin, { jobId: job.id, confirmKey: job.key, cancelRunning: false }));
  const told = await whyOf(job.key);
  expect(told.keys).toEqual(['deleted']);
  expect(told.sentence).toMatch(/was deleted, \d\d:00\. Nothing of it runs any more/);
});

test('a database that takes no writes', async () => {
  const job = await makeJob(web.db(), { schedule: every(60) });
  const standby = createPool({
    url: web.db().url,
    max: 1,
    applicationName: 'punctual-test',
    settings: { default_transaction_read_only: 'on' },
  });
  const told = tell(valueOf(await readWhyWith(sqlOf(standby), { key: job.key }, null)));
  await standby.end();
  expect(told.sentence).toMatch(/^The database takes no writes, so nothing is planned/);
});

test('says so where there is no such job or run', async () => {
  expect(refusalOf(await readWhy(admin, { key: 'nobody' })).message).toMatch(/no job nobody/);
  expect(refusalOf(await readWhy(admin, { key: 'No Key\0' })).code).toBe('not_found');
  expect(refusalOf(await readWhy(admin, { runId: 1 })).code).toBe('not_found');
  expect(refusalOf(await readWhy(admin, { runId: -1 })).code).toBe('not_found');
});

async function finished(runId: number): Promise<void> {
  await web
    .db()
    .sql(
      `UPDATE run SET is_live = false, state = 'succeeded', finished_at = clock_timestamp() WHERE id = $1 AND is_live`,
      [runId],
    );
}

test('an edit that waits for a second person: whose, and what runs until then', async () => {
  await worker();
  const job = await makeJob(web.db(), { schedule: every(60) });
  await web.db().sql(
    `INSERT INTO proposal (job_id, action, based_on_revision, definition, proposed_by, proposer_id)
     VALUES ($1, 'job.edit', 1, '{}', 'Ann', 'ann')`,
    [job.id],
  );
  const told = await whyOf(job.key);
  expect(told.keys[0]).toBe('edit_waits');
  expect(told.sentence).toMatch(
    /^Ann saved an edit, .*\. It waits for a second person who allows it; until then revision 1 runs\.$/,
  );
  expect(told.actionsOf('edit_waits')).toEqual(['Look at the edit']);
});

test('an owner whose account is switched off', async () => {
  await worker();
  const owner = `${fresh('owner')}@example.org`;
  const job = await makeJob(web.db(), { schedule: every(60), owner });
  const user = await makeUser(owner, 'operator');
  expect((await whyOf(job.key)).keys).not.toContain('owner_off');
  valueOf(await disableUser(admin, user.id));
  const told = await whyOf(job.key);
  expect(told.keys).toContain('owner_off');
  expect(told.sentenceOf('owner_off')).toMatch(
    new RegExp(`^The account of its owner, ${user.name}, was switched off, .*name another owner`),
  );
  expect(told.actionsOf('owner_off')).toEqual(['Edit the job']);
});

test('a tick that counts from the end of a run: which run, how long after it, and then when', async () => {
  const workerId = await worker();
  const job = await makeJob(web.db(), {
    schedule: { type: 'interval', from: 'end', everyMs: 600_000, timeZone: 'UTC' },
  });
  const { pool } = web.db();
  const follow = () =>
    createFollower({ pool, logger: silent, planAheadMs: 60_000, pollMs: 2_000 }).runOnce();
  // Nobody has looked yet: the first comes at once.
  expect((await whyOf(job.key)).keys).toEqual(['next_tick_later']);
  await follow();
  await clock.advance(1);
  const [claimed] = await claimFor(web.db(), workerId);
  await clock.advance(180_000);
  await follow();
  const told = await whyOf(job.key);
  expect(told.keys).toEqual(['waits_for_end', 'running']);
  expect(told.sentence).toBe(
    `It waits for the end of run ${claimed!.id}, which has been running for 3 min: the next tick comes 10 min after that, however it ends.`,
  );
  expect(told.actionsOf('waits_for_end')).toEqual([`Open run ${claimed!.id}`]);
  await web
    .db()
    .sql(
      `UPDATE run SET is_live = false, state = 'failed', finished_at = now() WHERE is_live AND job_id = $1`,
      [job.id],
    );
  await follow();
  const next = await whyOf(job.key);
  expect(next.keys).toEqual(['next_tick_later']);
  expect(next.sentence).toMatch(/^Nothing is wrong: it is due \d\d:13, in 10 min\.$/);
  const nowMs = clock.now().getTime();
  valueOf(
    await createBlackout(admin, {
      name: 'Works',
      effect: 'skip',
      times: {
        type: 'once',
        from: new Date(nowMs).toISOString(),
        to: new Date(nowMs + HOUR_MS).toISOString(),
      },
      scope: { type: 'jobs', jobIds: [job.id] },
    }),
  );
  await follow();
  const putOff = await whyOf(job.key);
  expect(putOff.keys[0]).toBe('blackout_ahead');
  expect(putOff.sentence).toContain('“Works”, made by Test, which puts it off until');
  await web.db().sql('UPDATE blackout SET deleted_at = now() WHERE deleted_at IS NULL');
});
