import { describe, expect, test, vi } from 'vitest';
import type { Permission } from '#core/auth/permission-table.ts';
import type { Outcome } from '#core/outcome.ts';
import { actionsOnDisk } from '#tests/support/callers.ts';
import { EVERY_ACTION, tidyUp } from '#tests/support/every-action.ts';
import type { EveryAction } from '#tests/support/every-action/action.ts';
import {
  type About,
  OUT,
  isPermission,
  type SignedInCaller,
  signInOne,
  tableSays,
  withoutMore,
} from '#tests/support/every-caller.ts';
import { EVERY_EDIT, type EditSample } from '#tests/support/every-edit.ts';
import { everyCallerOn, isOfJob, onEveryObject } from '#tests/support/every-object.ts';
import { differing, everything } from '#tests/support/everything.ts';

vi.mock('next/headers', () => import('#tests/support/request-context.ts'));

const of = `${EVERY_ACTION.length} actions and ${EVERY_EDIT.length} edits`;
const { sql, callers, counted, seedFor } = everyCallerOn(EVERY_ACTION, of);

describe('the table', () => {
  test('names every action that there is', () => {
    expect(EVERY_ACTION.map(({ name }) => name).toSorted()).toEqual(actionsOnDisk());
  });
});

function needed(action: EveryAction): readonly Permission[] {
  return isPermission(action.permission) ? [action.permission, ...(action.also ?? [])] : [];
}

function mayAct(caller: SignedInCaller, action: EveryAction, about: About): boolean {
  if (action.permission === 'open') return true;
  if (caller.grants === null) return false;
  const mayAlso = action.mayAlso?.some((permission) => tableSays(caller, permission, about));
  return mayAlso || needed(action).every((permission) => tableSays(caller, permission, about));
}

describe('an action does what the table allows, and else changes nothing', () => {
  test.each(onEveryObject(EVERY_ACTION))('%s', async (_name, action, labels) => {
    const about = isOfJob(action) ? labels : null;
    await expectRefusals(action, labels, about);
    for (const caller of allowedOf(action, about)) {
      counted.add(true);
      // What is about oneself may end one's own session.
      const self = isPermission(action.permission) ? caller : await again(caller);
      const seed = seedFor(labels, self);
      const input = await action.sample(seed);
      const before = await newestEntry();
      const outcome = await self.caller.act(action.name, input);
      expect({ who: caller.who, outcome }).toMatchObject({ outcome: { ok: true } });
      if (action.entry !== null) {
        expect({ who: caller.who, actions: await actionsSince(before) }).toEqual({
          who: caller.who,
          actions: expect.arrayContaining([action.entry]),
        });
      }
      await tidyUp(seed);
    }
  });
});

/** Whoever may; of what is open, or is about oneself alone, a few stand for all. */
function allowedOf(action: EveryAction, about: About): readonly SignedInCaller[] {
  const isAllowed = (caller: SignedInCaller) => mayAct(caller, action, about);
  if (!isPermission(action.permission)) return callers().filter(isAllowed).slice(0, 2);
  return withoutMore(callers(), isAllowed).filter(isAllowed);
}

/** All who may not try it on one and the same object, which is as it was afterwards. */
async function expectRefusals(
  action: EveryAction,
  labels: Record<string, string>,
  about: About,
): Promise<void> {
  const refused = callers().filter((caller) => !mayAct(caller, action, about));
  if (refused.length === 0) return;
  const own = refused.find(({ userId }) => userId !== '')!;
  const seed = seedFor(labels, own);
  const input = await action.sample(seed);
  const [was, entry] = [await everything(sql()), await newestEntry()];
  for (const caller of refused) {
    counted.add(false);
    const outcome = await caller.caller.act(action.name, input);
    expect({ who: caller.who, code: codeOf(outcome) }).toEqual({
      who: caller.who,
      code: expect.toBeOneOf(codesFor(caller, action, about)),
    });
  }
  expect({ changed: differing(was, await everything(sql())) }).toEqual({ changed: [] });
  expect(await actionsSince(entry)).toEqual([]);
  await tidyUp(seed);
}

/** Signed out; not allowed; or, to whoever may not even know of the job, what an unknown one answers. */
function codesFor(caller: SignedInCaller, action: EveryAction, about: About): readonly string[] {
  if (caller.grants === null) return ['signed_out'];
  const [first, ...more] = needed(action);
  if (about === null || tableSays(caller, 'job:read', about)) {
    // A spread tells of each job that it couldn’t do.
    return more.length > 0 ? ['not_allowed', 'nothing done'] : ['not_allowed'];
  }
  if (action.isNew) return ['not_allowed'];
  const asUnknown = ['not_found', 'conflict', 'nothing done'];
  return tableSays(caller, first!, 'any') ? asUnknown : [...asUnknown, 'not_allowed'];
}

const codeOf = (outcome: Outcome<unknown>) => (outcome.ok ? 'nothing done' : outcome.refusal.code);

async function newestEntry(): Promise<number> {
  const [row] = await sql()<{ id: number }>('SELECT coalesce(max(id), 0) AS id FROM audit_entry');
  return row!.id;
}

async function actionsSince(id: number): Promise<string[]> {
  const rows = await sql()<{ action: string }>(
    'SELECT action FROM audit_entry WHERE id > $1 ORDER BY id',
    [id],
  );
  return rows.map(({ action }) => action);
}

const again = (caller: SignedInCaller): Promise<SignedInCaller> =>
  caller.grants === null ? Promise.resolve(caller) : signInOne(caller);

describe('to whoever may not know of a job it is one that never was', () => {
  const ofJobs = EVERY_ACTION.filter((action) => isOfJob(action) && !action.isNew);
  test.each(ofJobs.map((action) => [action.name, action] as const))('%s', async (_name, action) => {
    const stranger = callers().find(({ who }) => who === STRANGER)!;
    const seed = seedFor(OUT, stranger);
    const input = await action.sample(seed);
    const told = await stranger.caller.act(action.name, input);
    const ofUnknown = await stranger.caller.act(action.name, withUnknownIds(input));
    expect(withUnknownIds(told)).toEqual(withUnknownIds(ofUnknown));
    await tidyUp(seed);
  });
});

const STRANGER = 'editor of team=billing, with all that can be given';
const UNKNOWN = 987_654_321;

/** The same with ids that nothing has. */
function withUnknownIds(given: unknown): unknown {
  if (Array.isArray(given)) return given.map(withUnknownIds);
  if (typeof given !== 'object' || given === null) return given;
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      /^(id|jobId|runId)$/.test(name) && typeof value === 'number'
        ? UNKNOWN
        : /^(jobIds|runIds)$/.test(name)
          ? (value as unknown[]).map(() => UNKNOWN)
          : withUnknownIds(value),
    ]),
  );
}

describe('what an edit changes decides what it takes', () => {
  test.each(onEveryObject(EVERY_EDIT.map((edit) => ({ ...edit, object: 'job' }))))(
    '%s',
    async (_name, edit, labels) => {
      const isAllowed = (caller: SignedInCaller) =>
        caller.grants !== null &&
        edit.takes(labels, (permission, of) => tableSays(caller, permission, of));
      const attempt = async (caller: SignedInCaller, { action, input }: EditSample) => {
        counted.add(isAllowed(caller));
        const outcome = await caller.caller.act(action, input);
        expect({ who: caller.who, ok: outcome.ok, said: messageOf(outcome) }).toMatchObject({
          who: caller.who,
          ok: isAllowed(caller),
        });
      };
      const { true: allowed = [], false: refused = [] } = Object.groupBy(callers(), (caller) =>
        isAllowed(caller) ? 'true' : 'false',
      );
      const sample = await edit.sample(seedFor(labels, callers()[0]));
      const entry = await newestEntry();
      for (const caller of refused) await attempt(caller, sample);
      expect(await actionsSince(entry)).toEqual([]);
      for (const caller of withoutMore(allowed, isAllowed)) {
        const own = await edit.sample(seedFor(labels, caller));
        const before = await newestEntry();
        await attempt(caller, own);
        expect(await actionsSince(before)).toHaveLength(1);
      }
    },
  );
});

const messageOf = (outcome: Outcome<unknown>) => (outcome.ok ? '' : outcome.refusal.message);
