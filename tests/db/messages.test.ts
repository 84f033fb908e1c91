import { beforeEach, describe, expect, test } from 'vitest';
import type { Incident } from '#core/incidents/incident.ts';
import { AutoPauseRule } from '#core/auto-pause/auto-pause-rule.ts';
import { transaction } from '#core/db.ts';
import { englishHealthWords } from '#core/health/english.ts';
import { forgetWaitingMessages } from '#core/messages/messages.sql.ts';
import { tellIncidents } from '#core/messages/tell.ts';
import { claimDelivery, deliver } from '#core/messages/deliver.ts';
import { parseAllowList } from '#core/outbound/address-guard.ts';
import type { AttemptOutcome } from '#core/runs/states.ts';
import { resumeJobs } from '#core/jobs/pause-jobs.ts';
import {
  makeChannel,
  receiver,
  tellByDefault,
  testKeys,
  testMessenger,
} from '#tests/support/channels.ts';
import { type ClaimingWorker, claimingWorker } from '#tests/support/claiming.ts';
import { makeJob, type TestJob, type TestJobOverrides } from '#tests/support/jobs.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { planAll, silent, testPlanner } from '#tests/support/planning.ts';
import { endedAttempt } from '#tests/support/attempts.ts';
import { claimFor, emptyLedger, makeRun } from '#tests/support/runs.ts';
import { finishAttemptsIfStillOwned } from '#core/runs/finish.sql.ts';
import { serveRaw } from '#tests/support/servers.ts';
import { admin, webDatabase } from '#tests/support/web.ts';
import { createAutoPauser } from '#worker/auto-pauser.ts';

const web = webDatabase();
let worker: ClaimingWorker;
beforeEach(async () => {
  await emptyLedger(web.db());
  await web.db().sql('UPDATE job SET deleted_at = now() WHERE deleted_at IS NULL');
  await web.db().sql('TRUNCATE message, incident, channel');
  await tellByDefault(web.db(), []);
  worker = await claimingWorker(web.db());
});

const job = (given: TestJobOverrides = {}) => makeJob(web.db(), { overlap: 'allow', ...given });

async function run(of: TestJob, ...outcomes: AttemptOutcome[]): Promise<number[]> {
  const ids = [];
  for (const outcome of outcomes) {
    ids.push(await makeRun(web.db(), of));
    const [started] = await worker.look();
    await worker.finish(started!, outcome);
  }
  return ids;
}

/** A run of each, all recorded in one statement. */
async function together(jobs: readonly TestJob[], outcome: AttemptOutcome): Promise<void> {
  await web.db().sql('UPDATE queue SET max_running = 1000');
  for (const one of jobs) await makeRun(web.db(), one);
  const claimed = await claimFor(web.db(), worker.workerId, jobs.length);
  expect(claimed).toHaveLength(jobs.length);
  await finishAttemptsIfStillOwned(
    web.db().sql,
    claimed.map((one) =>
      endedAttempt(one, { outcome, cause: outcome === 'failed' ? 'no route' : null }),
    ),
  );
}

const incidents = () =>
  web.db().sql<Incident & { toldAt: Date | null }>(
    `SELECT job_id AS "jobId", kind, runs, missed, cause, ended_at AS "endedAt", ended_by_run AS "endedByRun",
            first_run_id AS "firstRunId", last_run_id AS "lastRunId", paused_at AS "pausedAt" FROM incident ORDER BY id`,
  );
const messages = () =>
  web
    .db()
    .sql<{ id: number; event: string; state: string; attempts: number; channel: string }>(
      'SELECT id, channel, event, state, attempts FROM message ORDER BY id',
    );
const said = (received: { body: string }[]) =>
  received.map(({ body }) => JSON.parse(body) as { event: string; title: string; text: string });
const eventsOf = (received: { body: string }[]) => said(received).map(({ event }) => event);
const dueNow = () =>
  web.db().sql(`UPDATE message SET due_at = now() - interval '1 second' WHERE state = 'waiting'`);

/** A channel `ops` that everything is told to by default. */
async function told(answer?: Parameters<typeof receiver>[0]) {
  const to = await receiver(answer);
  await makeChannel(web.db(), 'ops', to.origin);
  await tellByDefault(web.db(), ['ops']);
  return to;
}

describe('one problem', () => {
  test('of 500 failures is one message, and one when it is over', async () => {
    const to = await told();
    const messenger = testMessenger(web.db());
    const failing = await job({ key: 'nightly-backup' });
    for (let n = 0; n < 10; n++) {
      await together(
        Array.from({ length: 50 }, () => failing),
        'failed',
      );
      await messenger.settle();
    }
    expect(await incidents()).toMatchObject([{ kind: 'failed', runs: 500, endedAt: null }]);
    expect(eventsOf(to.received)).toEqual(['opened']);
    const [good] = await run(failing, 'succeeded');
    await messenger.settle();
    expect(await incidents()).toMatchObject([{ runs: 500, endedByRun: good }]);
    expect(said(to.received)).toMatchObject([
      { event: 'opened', title: 'nightly-backup failed' },
      {
        event: 'recovered',
        title: 'nightly-backup works again',
        run: good,
        url: `https://punctual.example.org/runs/${good}`,
        incident: { runs: 500 },
      },
    ]);
    await run(failing, 'succeeded', 'succeeded');
    await messenger.settle();
    expect(to.received).toHaveLength(2);
  });

  test('is one message though six workers look at the same time', async () => {
    const to = await told();
    for (let n = 0; n < 4; n++) await run(await job(), 'failed');
    const messengers = Array.from({ length: 6 }, () => testMessenger(web.db()));
    await web.db().sql(`UPDATE incident SET tell_at = now() - interval '1 second'`);
    for (let pass = 0; pass < 3; pass++) {
      await Promise.all(messengers.map((one) => one.runOnce()));
      await Promise.all(messengers.map((one) => one.idle()));
    }
    await messengers[0]!.settle();
    expect(eventsOf(to.received)).toEqual(['opened', 'opened', 'opened', 'opened']);
    expect(new Set(said(to.received).map(({ title }) => title)).size).toBe(4);
  });

  test('begins when no attempt is left, not before', async () => {
    await told();
    const retried = await job();
    await makeRun(web.db(), retried);
    const [started] = await worker.look();
    await worker.finish(started!, 'failed', new Date(Date.now() - 1_000));
    expect(await incidents()).toEqual([]);
    const [again] = await worker.look();
    await worker.finish(again!, 'timed_out');
    expect(await incidents()).toMatchObject([{ kind: 'timed_out', runs: 1 }]);
  });

  test('isn’t a test’s, nor ended by one', async () => {
    await told();
    const failing = await job();
    await makeRun(web.db(), failing, { trigger: 'test' });
    await worker.finish((await worker.look())[0]!, 'failed');
    expect(await incidents()).toEqual([]);
    await run(failing, 'failed');
    await makeRun(web.db(), failing, { trigger: 'test' });
    await worker.finish((await worker.look())[0]!, 'succeeded');
    expect(await incidents()).toMatchObject([{ endedAt: null }]);
  });

  test('isn’t over because of a run that began before it', async () => {
    await told();
    const both = await job();
    await makeRun(web.db(), both);
    await makeRun(web.db(), both);
    const [long, short] = await worker.look();
    await worker.finish(short!, 'failed');
    await worker.finish(long!, 'succeeded');
    expect(await incidents()).toMatchObject([{ endedAt: null }]);
    await run(both, 'succeeded');
    expect(await incidents()).toMatchObject([{ endedAt: expect.any(Date) as Date }]);
  });

  test('after it is over is another one', async () => {
    const to = await told();
    const messenger = testMessenger(web.db());
    const restless = await job();
    for (const outcome of ['failed', 'succeeded', 'failed'] as const) {
      await run(restless, outcome);
      await messenger.settle();
    }
    expect(eventsOf(to.received)).toEqual(['opened', 'recovered', 'opened']);
  });

  test('of a job that comes and goes is told three times an hour, and then once it lasts', async () => {
    const to = await told();
    const messenger = testMessenger(web.db());
    const restless = await job();
    for (let n = 0; n < 6; n++) {
      await run(restless, 'failed');
      await messenger.settle();
      await run(restless, 'succeeded');
      await messenger.settle();
      // As if the minute had passed in which a channel says so much.
      await web.db().sql(`UPDATE message SET ended_at = ended_at - interval '1 minute'`);
    }
    expect(to.received).toHaveLength(6);
    await run(restless, 'failed');
    await messenger.settle();
    expect(to.received).toHaveLength(6);
    await web.db().sql(`UPDATE incident SET opened_at = now() - interval '10 minutes',
      last_at = now() - interval '10 minutes', tell_at = now() - interval '1 second' WHERE ended_at IS NULL`);
    await messenger.settle();
    expect(to.received).toHaveLength(7);
  });
});

describe('what begins a problem besides', () => {
  const hourly = {
    type: 'interval',
    everyMs: 3_600_000,
    anchor: '2026-01-01T00:00:00Z',
    timeZone: 'UTC',
  } as const;

  test('ticks that nothing makes up for', async () => {
    const to = await told();
    const missing = await job({
      key: 'hourly-report',
      schedule: hourly,
      catchUp: 'none',
      createdAt: new Date(Date.now() - 5 * 3_600_000),
    });
    await planAll(testPlanner(web.db().pool));
    expect(await incidents()).toMatchObject([{ kind: 'missed', jobId: missing.id, missed: 5 }]);
    await testMessenger(web.db()).settle();
    expect(said(to.received)).toMatchObject([{ title: 'hourly-report missed 5 ticks' }]);
  });

  test('not those that the latest makes up for', async () => {
    await told();
    await job({ schedule: hourly, createdAt: new Date(Date.now() - 5 * 3_600_000) });
    await planAll(testPlanner(web.db().pool));
    expect(await incidents()).toEqual([]);
  });

  test('a tick that couldn’t start within its deadline', async () => {
    await told();
    const late = await job();
    await makeRun(web.db(), late, {
      trigger: 'tick',
      dueAt: new Date(Date.now() - 60_000),
      startBy: new Date(Date.now() - 1_000),
    });
    expect(await worker.look()).toEqual([]);
    expect(await incidents()).toMatchObject([{ kind: 'missed', missed: 1 }]);
    expect((await incidents())[0]!.cause).toContain('could not start before');
  });

  test('a run that is lost', async () => {
    const to = await told();
    await run(await job({ key: 'nightly' }), 'lost');
    await testMessenger(web.db()).settle();
    expect(said(to.received)).toMatchObject([{ title: 'nightly was lost' }]);
  });

  test('a pause that Punctual makes, which a success ends only once it is resumed', async () => {
    const to = await told();
    const messenger = testMessenger(web.db());
    const paused = await job({ key: 'nightly', autoPause: AutoPauseRule.parse({ inRow: 2 }) });
    await run(paused, 'failed');
    await messenger.settle();
    await run(paused, 'failed');
    const pauser = createAutoPauser({ pool: web.db().pool, logger: silent, intervalMs: 1_000 });
    await pauser.runOnce();
    await messenger.settle();
    expect(said(to.received)).toMatchObject([
      { event: 'opened', title: 'nightly failed' },
      { event: 'paused', title: 'Punctual paused nightly' },
    ]);
    await run(paused, 'succeeded');
    expect(await incidents()).toMatchObject([
      { endedAt: null, pausedAt: expect.any(Date) as Date },
    ]);
    valueOf(await resumeJobs(admin, { jobIds: [paused.id], answer: { rule: 'skip' } }));
    await run(paused, 'succeeded');
    await messenger.settle();
    expect(eventsOf(to.received)).toEqual(['opened', 'paused', 'recovered']);
  });
});

describe('who is told', () => {
  test('the channels that the job names, or nobody, or the installation’s', async () => {
    const ops = await told();
    const team = await receiver();
    await makeChannel(web.db(), 'team', team.origin);
    await run(await job({ key: 'usual' }), 'failed');
    await run(
      await job({ key: 'own', messages: { use: 'channels', channels: ['team'] } }),
      'failed',
    );
    await run(await job({ key: 'quiet', messages: { use: 'none' } }), 'failed');
    await run(
      await job({
        key: 'lost-only',
        messages: { use: 'channels', channels: ['team'], on: ['lost'] },
      }),
      'failed',
    );
    // Its channel is gone: rather the installation’s than nobody.
    await run(
      await job({ key: 'mute', messages: { use: 'channels', channels: ['gone'] } }),
      'failed',
    );
    await testMessenger(web.db()).settle();
    const titles = said(ops.received).map(({ title }) => title);
    expect(titles.toSorted()).toEqual(['mute failed', 'usual failed']);
    expect(said(team.received).map(({ title }) => title)).toEqual(['own failed']);
  });

  test('of the end only who was told of the beginning', async () => {
    const failing = await job();
    const messenger = testMessenger(web.db());
    await run(failing, 'failed');
    await messenger.settle();
    const ops = await told();
    await run(failing, 'succeeded');
    await messenger.settle();
    expect(ops.received).toEqual([]);
  });

  test('again at each reminder, until it is over', async () => {
    const ops = await told();
    await tellByDefault(web.db(), ['ops'], { remindHours: 2 });
    const messenger = testMessenger(web.db());
    const failing = await job();
    await run(failing, 'failed');
    await messenger.settle();
    for (let n = 0; n < 2; n++) {
      await web.db().sql(`UPDATE incident SET told_at = told_at - interval '2 hours',
        tell_at = tell_at - interval '2 hours' - interval '1 second'`);
      await messenger.settle();
    }
    expect(eventsOf(ops.received)).toEqual(['opened', 'reminder', 'reminder']);
    await run(failing, 'succeeded');
    await messenger.settle();
    await web.db().sql(`UPDATE incident SET told_at = told_at - interval '2 hours'`);
    await messenger.settle();
    expect(eventsOf(ops.received).at(-1)).toBe('recovered');
    expect(ops.received).toHaveLength(4);
  });

  test('nobody of a job that was deleted meanwhile', async () => {
    const ops = await told();
    const messenger = testMessenger(web.db());
    const gone = await job();
    await run(gone, 'failed');
    await web.db().sql('UPDATE job SET deleted_at = now() WHERE id = $1', [gone.id]);
    await messenger.settle();
    expect(ops.received).toEqual([]);
    expect(await incidents()).toMatchObject([
      { endedAt: expect.any(Date) as Date, endedByRun: null },
    ]);
  });
});

test('what was to be said when a backup was taken is old news when it is put back', async () => {
  const ops = await told(() => ({ status: 503 }));
  const messenger = testMessenger(web.db());
  const failing = await job();
  await run(failing, 'failed');
  await messenger.settle();
  await run(await job(), 'failed');
  await forgetWaitingMessages(web.db().sql);
  await dueNow();
  await messenger.settle();
  expect(ops.received).toHaveLength(1);
  expect(await messages()).toMatchObject([{ state: 'dropped' }]);
  // What happens from then on is told.
  await run(await job(), 'failed');
  await messenger.settle();
  expect(ops.received).toHaveLength(2);
});

describe('many problems at once', () => {
  test('200 jobs in a minute are a few messages: one names ten and counts the others', async () => {
    const to = await told();
    const messenger = testMessenger(web.db());
    const failing: TestJob[] = [];
    for (let n = 0; n < 200; n++) failing.push(await job());
    await together(failing, 'failed');
    await messenger.settle();
    expect(said(to.received)).toMatchObject([
      { event: 'summary', title: '200 jobs in trouble', url: 'https://punctual.example.org/jobs' },
    ]);
    expect(said(to.received)[0]!.text).toContain('and 190 others');
    await together(failing.slice(0, 50), 'succeeded');
    await messenger.settle();
    // The minute isn’t over.
    expect(to.received).toHaveLength(1);
    await web.db().sql(`UPDATE message SET ended_at = ended_at - interval '1 minute'`);
    await dueNow();
    await messenger.settle();
    expect(said(to.received).at(-1)).toMatchObject({ title: '50 jobs work again' });
    const states = Map.groupBy(await messages(), ({ state }) => state);
    expect(states.get('grouped')).toHaveLength(250);
    expect(states.get('sent')).toHaveLength(2);
  });

  test('are told one by one where a channel asks for that', async () => {
    const to = await receiver();
    await makeChannel(web.db(), 'ops', to.origin, { isGrouped: false });
    await tellByDefault(web.db(), ['ops']);
    for (let n = 0; n < 12; n++) await run(await job(), 'failed');
    await testMessenger(web.db()).settle();
    expect(eventsOf(to.received)).toEqual(Array.from({ length: 12 }, () => 'opened'));
  });
});

describe('a message that isn’t taken', () => {
  test('is tried again, with the same idempotency key, in order, and says what came back', async () => {
    const to = await told((n) => (n < 2 ? { status: 503, body: 'down' } : {}));
    const messenger = testMessenger(web.db());
    const failing = await job();
    await run(failing, 'failed');
    await messenger.settle();
    expect(await messages()).toMatchObject([{ state: 'waiting', attempts: 1 }]);
    const [row] = await web
      .db()
      .sql("SELECT answer, due_at > now() + interval '5 s' AS later FROM message");
    expect(row).toMatchObject({
      later: true,
      answer: { ok: false, status: 503, cause: 'answered 503 Service Unavailable', body: 'down' },
    });
    // What comes later waits its turn.
    await run(failing, 'succeeded');
    await messenger.settle();
    expect(to.received).toHaveLength(1);
    for (let n = 0; n < 2; n++) {
      await dueNow();
      await messenger.settle();
    }
    expect(eventsOf(to.received)).toEqual(['opened', 'opened', 'opened', 'recovered']);
    const keys = to.received.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys.slice(0, 3)).size).toBe(1);
    expect(new Set(keys).size).toBe(2);
  });

  test('is given up after ten tries', async () => {
    await told(() => ({ status: 500 }));
    const messenger = testMessenger(web.db());
    await run(await job(), 'failed');
    for (let n = 0; n < 12; n++) {
      await messenger.settle();
      await dueNow();
    }
    expect(await messages()).toMatchObject([{ state: 'failed', attempts: 10 }]);
  });

  test('by a robot that says no under status 200 isn’t sent', async () => {
    const to = await receiver(() => ({ body: '{"errcode":310000,"errmsg":"sign not match"}' }));
    await makeChannel(web.db(), 'ding', `${to.origin}/robot/send?access_token=aaaabbbbccccdddd`, {
      kind: 'dingtalk',
      isSigned: false,
    });
    await tellByDefault(web.db(), ['ding']);
    await run(await job(), 'failed');
    await testMessenger(web.db()).settle();
    const [row] = await web
      .db()
      .sql<{ answer: { cause: string } }>('SELECT state, answer FROM message');
    expect(row).toMatchObject({ state: 'waiting', answer: { ok: false, status: 200 } });
    expect(row!.answer.cause).toBe('the robot refused it with 310000: sign not match');
  });

  test('since nothing answers ends in time, and holds up no other channel', async () => {
    const silentServer = await serveRaw(() => {});
    const other = await receiver();
    await makeChannel(web.db(), 'silent', silentServer.origin);
    await makeChannel(web.db(), 'ops', other.origin);
    await tellByDefault(web.db(), ['silent', 'ops']);
    const messenger = testMessenger(web.db(), { answerWithinMs: 1_500 });
    await run(await job(), 'failed');
    await web.db().sql(`UPDATE incident SET tell_at = now() - interval '1 second'`);
    await messenger.runOnce();
    const sentBy = async () =>
      (await messages()).filter(({ state }) => state === 'sent').map(({ channel }) => channel);
    await expect.poll(sentBy, { timeout: 1_200 }).toEqual(['ops']);
    await messenger.idle();
    const [row] = await web
      .db()
      .sql<{ answer: { cause: string } }>(`SELECT answer FROM message WHERE channel = 'silent'`);
    expect(row!.answer.cause).toMatch(/didn’t answer within 1.5 s/);
  });

  test.each([
    'http://127.0.0.1:1/x',
    'http://[::ffff:127.0.0.1]/x',
    'http://169.254.169.254/latest/meta-data',
    'http://0x7f000001/x',
    'http://localhost:5432/',
    'http://100.64.0.1/',
  ])('to %s is refused by the guard', async (address) => {
    await makeChannel(web.db(), 'inside', address);
    await tellByDefault(web.db(), ['inside']);
    await run(await job(), 'failed');
    await testMessenger(web.db(), { allow: [] }).settle();
    const [row] = await web.db().sql<{ answer: { cause: string } }>('SELECT answer FROM message');
    expect(row!.answer.cause).toContain('internal address');
  });

  test('follows no redirect, wherever it leads', async () => {
    const inside = await receiver();
    const to = await serveRaw((socket) =>
      socket.end(
        `HTTP/1.1 307 Temporary Redirect\r\nLocation: ${inside.origin}/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
      ),
    );
    await makeChannel(web.db(), 'ops', to.origin);
    await tellByDefault(web.db(), ['ops']);
    await run(await job(), 'failed');
    await testMessenger(web.db()).settle();
    expect(inside.received).toEqual([]);
    expect(await messages()).toMatchObject([{ state: 'waiting' }]);
  });

  test('of an address that was sealed with another key says so', async () => {
    await told();
    await web.db().sql(`UPDATE channel SET key_id = 'another'`);
    await run(await job(), 'failed');
    await testMessenger(web.db()).settle();
    const [row] = await web.db().sql<{ answer: { cause: string } }>('SELECT answer FROM message');
    expect(row!.answer.cause).toContain('PUNCTUAL_SECRET_KEY');
  });

  test('shows nothing of what gives access, though the other side repeats it', async () => {
    const token = 'xoxb-very-secret-token';
    const to = await receiver(() => ({
      status: 403,
      body: `no access with ${token} or ${Buffer.from(token).toString('base64')} at /services/T0/${token}`,
    }));
    await makeChannel(
      web.db(),
      'ops',
      `${to.origin}/services/T0/${token}`,
      { headerNames: ['Authorization'] },
      { headers: { Authorization: `Bearer ${token}` } },
    );
    await tellByDefault(web.db(), ['ops']);
    await run(await job(), 'failed');
    await testMessenger(web.db()).settle();
    expect(to.received[0]!.headers['authorization']).toBe(`Bearer ${token}`);
    const rows = await web
      .db()
      .sql<{ row: string }>(
        `SELECT m::text AS row FROM message m UNION ALL SELECT c::text FROM channel c`,
      );
    for (const { row } of rows) {
      expect(row).not.toContain(token);
      expect(row).not.toContain(Buffer.from(token).toString('hex'));
      expect(row).not.toContain(Buffer.from(token).toString('base64').slice(0, 20));
    }
  });
});

describe('a worker that dies', () => {
  const config = () => ({
    pool: web.db().pool,
    keys: testKeys,
    consoleUrl: null,
    allow: parseAllowList(['127.0.0.1']),
    mailServer: null,
    words: englishHealthWords(),
  });

  test('before it sends leaves the message to the next', async () => {
    const to = await told();
    await run(await job(), 'failed');
    await web.db().sql(`UPDATE incident SET tell_at = now() - interval '1 second'`);
    await claimThenDie();
    await testMessenger(web.db()).settle();
    expect(to.received).toEqual([]);
    await leaseIsOver();
    await testMessenger(web.db()).settle();
    expect(eventsOf(to.received)).toEqual(['opened']);
    expect(await messages()).toMatchObject([{ state: 'sent', attempts: 2 }]);
  });

  test('after it sent has it sent once more, under the same key, and records nothing late', async () => {
    const to = await told();
    await run(await job(), 'failed');
    await web.db().sql(`UPDATE incident SET tell_at = now() - interval '1 second'`);
    const delivery = await claimThenDie();
    await leaseIsOver();
    await testMessenger(web.db()).settle();
    // The first comes to life again: it sends, and its word isn’t taken any more.
    expect(await deliver(config(), delivery)).toBe('taken over');
    expect(to.received.map(({ headers }) => headers['idempotency-key'])).toEqual([
      to.received[0]!.headers['idempotency-key'],
      to.received[0]!.headers['idempotency-key'],
    ]);
    expect(await messages()).toMatchObject([{ state: 'sent', attempts: 2 }]);
  });

  async function claimThenDie() {
    await transaction(web.db().pool, (sql) => tellIncidents(sql, 10));
    const { delivery } = await claimDelivery(web.db().pool);
    return delivery!;
  }

  const leaseIsOver = () =>
    web
      .db()
      .sql(
        `UPDATE message SET claimed_until = now() - interval '1 second' WHERE state = 'sending'`,
      );
});
