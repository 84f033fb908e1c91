import { describe, expect, test, vi } from 'vitest';
import { usualGrant } from '#core/auth/usual-grant.ts';
import { type Asked, type Caller, callerOf } from '#tests/support/callers.ts';
import { EVERY_ROUTE, type EveryRoute } from '#tests/support/every-route.ts';
import { insertRun } from '#tests/support/ledger.ts';
import { fresh, jobOf, runOf, type Seed } from '#tests/support/seeds.ts';
import { makeUser, webDatabase } from '#tests/support/web.ts';

vi.mock('next/headers', () => import('#tests/support/request-context.ts'));

const web = webDatabase();

const BILLING = { name: 'team', value: 'billing' };
/** What only the other team's rows hold. */
const THEIRS = 'of-payroll-alone';

const seedOf = (team: string): Seed => ({
  db: web.db(),
  labels: { team },
  caller: { userId: 'somebody', sessionId: 'some session' },
});

async function signIn(labels: readonly { name: string; value: string }[]): Promise<Caller> {
  const grants = labels.map((label) => usualGrant('viewer', label));
  const { email } = await makeUser(`${fresh('scoped')}@example.org`, grants);
  return callerOf(email);
}

let signedIn: Promise<Caller> | undefined;
const ofBilling = () => (signedIn ??= signIn([BILLING]));

/** Routes that tell of jobs, or of something that names jobs. */
const ABOUT_JOBS = EVERY_ROUTE.filter(
  ({ name, permission }) =>
    permission !== 'open' && permission !== 'signed in' && name.includes(' app/api/'),
);

/** Of one job, run, gap or backfill, which the sample makes. */
const OF_ONE = ABOUT_JOBS.filter(({ object }) => object === 'job' || object === 'run');

const NO_ID = '1999999999';
const NO_KEY = 'never-was';

/** The same question about what never was. */
function aboutNothing(asked: Asked): Asked {
  const put = (fields: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => {
        if (/^(id|jobId|jobIds|gapId|runId)$/.test(name)) {
          return [name, typeof value === 'number' ? Number(NO_ID) : NO_ID];
        }
        return [name, name === 'key' ? NO_KEY : value];
      }),
    );
  return {
    ...asked,
    ...(asked.params && { params: put(asked.params) as Record<string, string> }),
    ...(asked.query && { query: put(asked.query) as Record<string, string> }),
    ...(asked.body !== undefined && { body: put(asked.body as Record<string, unknown>) }),
  };
}

const namesIn = (asked: Asked): string[] =>
  Object.entries({ ...asked.params, ...asked.query, ...(asked.body as object) })
    .filter(([name]) => /^(id|jobId|jobIds|gapId|runId|key)$/.test(name))
    .map(([, value]) => String(value));

const MOMENT = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;
const LENGTH = /("ms":)\d+/g;

/** An answer without what depends on the moment. */
async function answerOf(caller: Caller, route: EveryRoute, asked: Asked) {
  const response = await caller.ask(route.name, asked);
  const text = await response.text();
  return {
    status: response.status,
    body: text.replaceAll(MOMENT, '<at>').replaceAll(LENGTH, '$1 0'),
  };
}

/** And without the names that were asked about. */
async function namelessAnswer(caller: Caller, route: EveryRoute, asked: Asked) {
  const { status, body } = await answerOf(caller, route, asked);
  const isName = new RegExp(`\\b(${namesIn(asked).join('|')})\\b`, 'g');
  return { status, body: body.replaceAll(isName, '<asked>') };
}

describe('whoever may know of a label’s jobs alone', () => {
  test.each(OF_ONE.map((route) => [route.name, route] as const))(
    'is answered about another’s as about what never was: %s',
    async (_name, route) => {
      const caller = await ofBilling();
      const theirs = await route.sample(seedOf('payroll'));
      const answer = await namelessAnswer(caller, route, theirs);
      expect(answer).toEqual(await namelessAnswer(caller, route, aboutNothing(theirs)));
      const own = await caller.ask(route.name, await route.sample(seedOf('billing')));
      expect(own.status).toBe(200);
      await own.body?.cancel();
    },
  );

  test.each(
    ABOUT_JOBS.filter(({ permission }) =>
      ['forecast:read', 'worker:read', 'user:read', 'job:write'].includes(permission),
    ).map((route) => [route.name, route] as const),
  )('may not ask at all: %s', async (_name, route) => {
    const caller = await ofBilling();
    const answer = await caller.ask(route.name, await route.sample(seedOf('billing')));
    expect(answer.status).toBe(403);
    expect(JSON.stringify(await answer.json())).toMatch(/ admin/);
  });

  // Once more where an hour passed meanwhile, whose ticks are counted.
  test('is told the same as where the others’ jobs never existed', { retry: 1 }, async () => {
    const asked = new Map<EveryRoute, Asked>();
    for (const route of ABOUT_JOBS) asked.set(route, await route.sample(seedOf('billing')));
    await workOf('billing', 'ours');
    const before = await answers(await ofBilling(), asked);

    for (const route of ABOUT_JOBS) await route.sample(seedOf('payroll'));
    await workOf('payroll', THEIRS);
    const theirs = await web
      .db()
      .sql<{ id: number; key: string }>(
        `UPDATE job SET key = '${THEIRS}-' || id, owner = '${THEIRS}' WHERE labels ->> 'team' = 'payroll' RETURNING id, key`,
      );
    expect(theirs.length).toBeGreaterThan(30);
    // Another label that no job carries: what is kept for a while is kept by scope.
    const never = { name: 'team', value: fresh('nobody') };
    const after = await answers(await signIn([BILLING, never]), asked);

    for (const [name, answer] of after) {
      expect({ name, isTold: answer.text.includes(THEIRS) }).toEqual({ name, isTold: false });
      expect({ name, told: answer.told }).toEqual({ name, told: before.get(name)!.told });
    }
    // The others are there for those who may know of them.
    const everybody = await answers(await signIn([{ name: 'team', value: 'payroll' }]), asked);
    for (const name of ['jobs', 'runs', 'overview', 'blackout-choices']) {
      expect(everybody.get(`GET app/api/console/${name}/route.ts`)!.text).toContain(THEIRS);
    }
  });
});

/** Runs that went wrong, run and wait, and a queue that is full of them. */
async function workOf(team: string, words: string): Promise<void> {
  const { db } = seedOf(team);
  const { job } = await runOf(seedOf(team), { cause: words });
  const other = await jobOf(seedOf(team), { key: `${words}-${fresh('key')}`, owner: words });
  for (const { id: jobId } of [job, other]) {
    await insertRun(db.sql, { jobId, state: 'succeeded', at: Date.now() - 3_600_000 });
    await insertRun(db.sql, { jobId, state: 'failed', trigger: 'manual', cause: words });
    await insertRun(db.sql, { jobId, state: 'running', trigger: 'manual' });
    await insertRun(db.sql, { jobId, state: 'queued', trigger: 'manual', at: Date.now() - 60_000 });
  }
  // Of a job that nobody plans.
  const { id: byHand } = await jobOf(seedOf(team), { schedule: { type: 'manual' } });
  await db.sql(
    `INSERT INTO gap (job_id, revision, span, reason, ticks, note, created_by)
     SELECT $1, 1, tstzrange(now() - interval '3 hours', now() - interval '1 hour'), 'missed', 2, $2, $2`,
    [byHand, words],
  );
  await db.sql(
    `INSERT INTO blackout (name, note, effect, times, scope, created_by)
     SELECT 'One of all', '', 'skip', times, jsonb_build_object('type', 'jobs', 'jobIds', jsonb_build_array($1::int)), 'Test'
       FROM blackout ORDER BY id LIMIT 1`,
    [job.id],
  );
}

async function answers(caller: Caller, asked: ReadonlyMap<EveryRoute, Asked>) {
  const found = new Map<string, { text: string; told: unknown }>();
  for (const [route, question] of asked) {
    const { status, body } = await answerOf(caller, route, question);
    found.set(route.name, { text: body, told: { status, told: withoutShared(route.name, body) } });
  }
  return found;
}

type Fields = Record<string, unknown>;

/** What is told of shared things is for everybody: how much runs in a queue, how many use a calendar. */
function withoutShared(name: string, body: string): unknown {
  if (!body.startsWith('{') && !body.startsWith('[')) return body;
  const told = JSON.parse(body) as Fields | Fields[];
  const of = (fields: Fields, ...names: string[]) =>
    Object.fromEntries(Object.entries(fields).filter(([field]) => !names.includes(field)));
  const ofQueue = (queue: Fields) =>
    of(queue, 'running', 'waiting', 'held', 'jobs', 'oldestWaitSince');
  switch (/console\/([\w-]+)\//.exec(name)?.[1]) {
    case 'queues':
      return (told as Fields[]).map(ofQueue);
    case 'overview':
      return { ...(told as Fields), room: ((told as Fields)['room'] as Fields[]).map(ofQueue) };
    case 'save-warnings':
      return (told as Fields[]).map((warning) => of(warning, 'jobs', 'jobsThen', 'minute'));
    case 'schedule-preview':
      // Reckoned from now on, column by column.
      return of(told as Fields, 'difference');
    case 'shell':
      return of(told as Fields, 'health');
    case 'why':
      return of(told as Fields, 'fine');
    case 'calendars':
      return null;
    case 'calendar':
      return of(told as Fields, 'jobCount', 'hiddenJobs');
    case 'blackouts':
      return null;
    default:
      return told;
  }
}
