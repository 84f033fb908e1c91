import { describe, expect, test, vi } from 'vitest';
import {
  actionsOnDisk,
  CALLER_ADDRESS,
  type Caller,
  callerOf,
  routesOnDisk,
} from '#tests/support/callers.ts';
import { EVERY_ACTION, tidyUp } from '#tests/support/every-action.ts';
import { EVERY_ROUTE } from '#tests/support/every-route.ts';
import { differing, everything } from '#tests/support/everything.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { fresh, REASON, type Seed } from '#tests/support/seeds.ts';
import { makeUser, webDatabase } from '#tests/support/web.ts';
import { signedIn } from '#core/auth/sessions.ts';

vi.mock('next/headers', () => import('#tests/support/request-context.ts'));

const web = webDatabase();
let latest = 0;

type Entry = {
  id: number;
  actor: string;
  actor_id: string | null;
  action: string;
  subject: string;
  before: unknown;
  after: unknown;
  reason: string;
  address: string | null;
};

async function signIn(): Promise<{ caller: Caller; name: string; seed: Seed }> {
  const user = await makeUser(`${fresh('caller')}@example.org`);
  const caller = await callerOf(user.email);
  const session = (await signedIn(caller.headers, { isActivity: false }))!;
  const seed = {
    db: web.db(),
    labels: { team: 'billing' },
    caller: { userId: user.id, sessionId: session.sessionId },
  };
  return { caller, name: user.name, seed };
}

async function entriesSince(): Promise<Entry[]> {
  const entries = await web
    .db()
    .sql<Entry>('SELECT * FROM audit_entry WHERE id > $1 ORDER BY id', [latest]);
  latest = entries.at(-1)?.id ?? latest;
  return entries;
}

describe('the table of all actions', () => {
  test('names each of them once', () => {
    expect(EVERY_ACTION.map(({ name }) => name).toSorted()).toEqual(actionsOnDisk());
  });

  test('and of all routes', () => {
    expect(EVERY_ROUTE.map(({ name }) => name).toSorted()).toEqual(routesOnDisk());
  });
});

describe('rule 11: what a person changes stands in the trail', () => {
  test.each(EVERY_ACTION.map((action) => [action.name, action] as const))(
    '%s',
    async (name, action) => {
      const { caller, name: who, seed } = await signIn();
      const input = await action.sample(seed);
      await entriesSince();
      const before = await everything(web.db().sql);
      valueOf(await caller.act(name, input));
      const entries = await entriesSince();
      const changed = differing(before, await everything(web.db().sql));
      if (action.entry === null) {
        expect(changed).toEqual([]);
        expect(entries).toEqual([]);
      } else {
        const entry = entries.find((one) => one.action === action.entry);
        expect(
          entry,
          `${action.entry} in ${entries.map((one) => one.action).join()}`,
        ).toBeDefined();
        if (action.permission !== 'open')
          expect([entry!.actor, entry!.actor_id]).toEqual([who, seed.caller.userId]);
        expect(entry!.address).toBe(CALLER_ADDRESS);
        if (!action.isAllSaid) expect([entry!.before, entry!.after]).not.toEqual([null, null]);
        if (JSON.stringify(input)?.includes(REASON)) expect(entry!.reason).toBe(REASON);
      }
      await tidyUp(seed);
    },
  );
});

describe('a read', () => {
  test.each(EVERY_ROUTE.map((route) => [route.name, route] as const))('%s', async (name, route) => {
    const { caller, seed } = await signIn();
    const asked = await route.sample(seed);
    const before = await everything(web.db().sql);
    const answer = await caller.ask(name, asked);
    expect(answer.status).toBe(route.status ?? 200);
    await answer.body?.cancel();
    if (!name.startsWith('POST app/api/auth/')) {
      expect(differing(before, await everything(web.db().sql))).toEqual([]);
    }
    await tidyUp(seed);
  });
});
