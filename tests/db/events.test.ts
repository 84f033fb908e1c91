import { afterEach, expect, test } from 'vitest';
import type { Grant } from '#core/auth/grants.ts';
import { usualGrant } from '#core/auth/usual-grant.ts';
import { createClient, sqlOf } from '#core/db.ts';
import { announce } from '#core/events/events.ts';
import { Hub } from '#core/events/hub.ts';
import type { StreamMessage } from '#core/events/merge.ts';
import { labelsIn } from '#core/events/scoped-changes.ts';
import { eventStream } from '#core/events/stream.ts';
import { makeJob } from '../support/jobs.ts';
import { insertRun } from '../support/ledger.ts';
import { webDatabase } from '../support/web.ts';
import { until } from '../support/wait.ts';

const { db } = webDatabase();
const hubs: Hub[] = [];
const everybodys: Grant[] = [usualGrant('viewer')];
const ofBilling: Grant[] = [usualGrant('viewer', { name: 'team', value: 'billing' })];
const session = { sessionId: 'session', actor: { grants: everybodys } };

afterEach(async () => {
  await Promise.all(hubs.splice(0).map((hub) => hub.closeAll()));
});

function makeHub(options: Partial<ConstructorParameters<typeof Hub>[0]> = {}): Hub {
  const hub = new Hub({
    connect: () => createClient(db().url, 'punctual-test-events'),
    stillSignedIn: async (ids) => new Map(ids.map((id) => [id, everybodys])),
    labelsOf: labelsIn(() => db().sql),
    ...options,
  });
  hubs.push(hub);
  return hub;
}

function listen(hub: Hub, sessionId = 'session', grants = everybodys) {
  const heard: StreamMessage[] = [];
  const state = { isEnded: false };
  const onEnd = () => {
    state.isEnded = true;
  };
  const end = hub.subscribe({
    sessionId,
    grants,
    onMessage: (message) => heard.push(message),
    onEnd,
  });
  return { heard, state, end };
}

const everything: StreamMessage = { topic: '*', ids: [] };
const listeners = () =>
  db().sql<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE application_name = 'punctual-test-events' AND datname = current_database()`,
  );

test('many streams hear every change through one connection', async () => {
  const hub = makeHub();
  const streams = Array.from({ length: 20 }, () => listen(hub));
  await until(() => streams.every(({ heard }) => heard.length === 1));
  await announce(db().sql, 'run', [1, 2]);
  await until(() => streams.every(({ heard }) => heard.length === 2));
  expect(streams[7]!.heard).toEqual([everything, { topic: 'run', ids: [1, 2] }]);
  expect(await listeners()).toHaveLength(1);
  const late = listen(hub);
  expect(late.heard).toEqual([everything]);
});

test('a change is heard within 100 ms', async () => {
  const { heard } = listen(makeHub());
  await until(() => heard.length === 1);
  const since = performance.now();
  await announce(db().sql, 'log', [1]);
  await until(() => heard.length === 2, { everyMs: 1 });
  expect(performance.now() - since).toBeLessThan(100);
});

test('after the connection was cut, every stream is told to look at everything', async () => {
  const hub = makeHub();
  const { heard } = listen(hub);
  await until(() => heard.length === 1);
  for (let cut = 2; cut <= 4; cut++) {
    await db().sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'punctual-test-events' AND datname = current_database()`,
    );
    await until(() => heard.length === cut);
  }
  expect(heard).toEqual([everything, everything, everything, everything]);
  await announce(db().sql, 'job', [5]);
  await until(() => heard.length === 5);
});

test('a stream ends within its check when the session is over, and at once when users changed', async () => {
  const good = new Set(['kept', 'ended by and by', 'ended at once']);
  const hub = makeHub({
    stillSignedIn: async () => new Map([...good].map((id) => [id, everybodys])),
    checkSessionsMs: 50,
  });
  const kept = listen(hub, 'kept');
  const slow = listen(hub, 'ended by and by');
  good.delete('ended by and by');
  await until(() => slow.state.isEnded);

  const quick = makeHub({
    stillSignedIn: async () => new Map([...good].map((id) => [id, everybodys])),
    checkSessionsMs: 60_000,
  });
  const atOnce = listen(quick, 'ended at once');
  await until(() => atOnce.heard.length === 1);
  good.delete('ended at once');
  await announce(db().sql, 'user');
  await until(() => atOnce.state.isEnded, { timeoutMs: 1_000 });
  expect(kept.state.isEnded).toBe(false);
});

test('whoever may know of some jobs only hears no id of the others', async () => {
  const [own, other] = [
    await makeJob(db(), { labels: { team: 'billing' } }),
    await makeJob(db(), { labels: { team: 'payroll' } }),
  ];
  const [ownRun, otherRun] = [
    await insertRun(db().sql, { jobId: own.id }),
    await insertRun(db().sql, { jobId: other.id }),
  ];
  const hub = makeHub();
  const all = listen(hub);
  const some = listen(hub, 'some', ofBilling);
  const none = listen(hub, 'none', []);
  await until(() => none.heard.length === 1);
  await announce(db().sql, 'run', [ownRun, otherRun]);
  await until(() => some.heard.length === 3 && none.heard.length === 2);
  // That something ran is for everybody: the numbers of a queue are.
  expect(some.heard.slice(1)).toEqual([
    { topic: 'run', ids: [ownRun] },
    { topic: 'queue', ids: [] },
  ]);
  expect(none.heard.slice(1)).toEqual([{ topic: 'queue', ids: [] }]);
  await announce(db().sql, 'log', [otherRun]);
  await announce(db().sql, 'job', [own.id, other.id]);
  await announce(db().sql, 'audit', [77]);
  await until(() => some.heard.length === 5);
  expect(some.heard.slice(3)).toEqual([
    { topic: 'job', ids: [] },
    { topic: 'audit', ids: [] },
  ]);
  expect(all.heard.slice(1)).toEqual([
    { topic: 'run', ids: [ownRun, otherRun] },
    { topic: 'log', ids: [otherRun] },
    { topic: 'job', ids: [own.id, other.id] },
    { topic: 'audit', ids: [77] },
  ]);
  // Labels are those of now.
  await db().sql(`UPDATE job SET labels = '{"team": "payroll"}' WHERE id = $1`, [own.id]);
  await announce(db().sql, 'run', [ownRun]);
  await until(() => some.heard.length === 6);
  expect(some.heard[5]).toEqual({ topic: 'queue', ids: [] });
});

test('a change of somebody’s grants takes hold in their open streams at once', async () => {
  const job = await makeJob(db(), { labels: { team: 'payroll' } });
  const runId = await insertRun(db().sql, { jobId: job.id });
  let grants = everybodys;
  const hub = makeHub({ stillSignedIn: async (ids) => new Map(ids.map((id) => [id, grants])) });
  const { heard } = listen(hub);
  await until(() => heard.length === 1);
  grants = ofBilling;
  await announce(db().sql, 'user');
  await until(() => heard.length === 3, { timeoutMs: 1_000 });
  expect(heard.slice(1)).toContainEqual(everything);
  await announce(db().sql, 'run', [runId]);
  await until(() => heard.length === 4);
  expect(heard[3]).toEqual({ topic: 'queue', ids: [] });
});

test('labels are asked for at most so often, however much changes, and no change is lost', async () => {
  const { id: jobId } = await makeJob(db(), { labels: { team: 'billing' }, overlap: 'allow' });
  const ids: number[] = [];
  for (let n = 0; n < 40; n++) {
    ids.push(await insertRun(db().sql, { jobId, trigger: 'manual', overlap: 'allow' }));
  }
  let asked = 0;
  const hub = makeHub({
    labelsOf: (topic, given) => {
      asked += 1;
      return labelsIn(() => db().sql)(topic, given);
    },
  });
  const streams = Array.from({ length: 10 }, (_, n) => listen(hub, `some ${n}`, ofBilling));
  await until(() => streams.every(({ heard }) => heard.length === 1));
  const since = performance.now();
  for (const id of ids) await announce(db().sql, 'run', [id]);
  const told = () => new Set(streams[9]!.heard.flatMap((message) => message.ids));
  await until(() => told().size === ids.length);
  expect(asked).toBeLessThanOrEqual(Math.ceil((performance.now() - since) / 50) + 1);
});

test('where nobody can say whose ids they are, none is told', async () => {
  const hub = makeHub({ labelsOf: () => Promise.reject(new Error('away')) });
  const { heard } = listen(hub, 'some', ofBilling);
  await until(() => heard.length === 1);
  await announce(db().sql, 'run', [1]);
  await until(() => heard.length === 2);
  expect(heard[1]).toEqual({ topic: 'run', ids: [] });
});

test('while the database can’t be asked, streams stay', async () => {
  let asked = 0;
  const hub = makeHub({
    stillSignedIn: () => {
      asked += 1;
      return Promise.reject(new Error('away'));
    },
    checkSessionsMs: 20,
  });
  const { state } = listen(hub);
  await until(() => asked > 2);
  expect(state.isEnded).toBe(false);
});

test('closing the hub ends every stream and the connection', async () => {
  const hub = makeHub();
  const stream = listen(hub);
  await until(() => stream.heard.length === 1);
  await hub.closeAll();
  expect(stream.state.isEnded).toBe(true);
  await until(async () => (await listeners()).length === 0);
  expect(listen(hub).state.isEnded).toBe(true);
});

test('a stream sends at most ten messages a second and loses no change', async () => {
  const hub = makeHub();
  const abort = new AbortController();
  const reader = eventStream(hub, session, abort.signal).getReader();
  const told = new Set<number>();
  const at: number[] = [];
  const reading = (async () => {
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const data = /^data: (.*)$/m.exec(decoder.decode(value))?.[1];
      if (!data) continue;
      at.push(performance.now());
      for (const id of (JSON.parse(data) as StreamMessage).ids) told.add(id);
    }
  })();
  await until(() => at.length === 1);
  const client = createClient(db().url, 'punctual-test-burst');
  await client.connect();
  for (let id = 0; id < 150; id++) await announce(sqlOf(client), 'run', [id]);
  await client.end();
  await until(() => told.size === 150);
  abort.abort();
  await reading;
  const gaps = at.slice(1).map((time, index) => time - at[index]!);
  expect(Math.min(...gaps)).toBeGreaterThan(90);
  expect(hub.subscriberCount).toBe(0);
});

test('a stream that the reader cancels leaves the hub', async () => {
  const hub = makeHub();
  const stream = eventStream(hub, session, new AbortController().signal);
  expect(hub.subscriberCount).toBe(1);
  await stream.cancel();
  expect(hub.subscriberCount).toBe(0);
});
