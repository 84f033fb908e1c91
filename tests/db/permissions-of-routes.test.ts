import { describe, expect, test, vi } from 'vitest';
import type { Permission } from '#core/auth/permission-table.ts';
import { routesOnDisk } from '#tests/support/callers.ts';
import { tidyUp } from '#tests/support/every-action.ts';
import {
  type About,
  isPermission,
  type SignedInCaller,
  tableSays,
  withoutMore,
} from '#tests/support/every-caller.ts';
import { everyCallerOn, isOfJob, onEveryObject } from '#tests/support/every-object.ts';
import { EVERY_ROUTE, type EveryRoute } from '#tests/support/every-route.ts';

vi.mock('next/headers', () => import('#tests/support/request-context.ts'));

const of = `${EVERY_ROUTE.length} routes`;
const { sql, callers, counted, seedFor } = everyCallerOn(EVERY_ROUTE, of);

test('the table names every route that there is', () => {
  expect(EVERY_ROUTE.map(({ name }) => name).toSorted()).toEqual(routesOnDisk());
});

describe('a route tells what the table allows', () => {
  test.each(onEveryObject(EVERY_ROUTE))('%s', async (_name, route, labels) => {
    const seed = seedFor(labels);
    const asked = await route.sample(seed);
    const keys = await keysOf(labels);
    const typed = JSON.stringify(asked);
    const mayAskIt = (caller: SignedInCaller) => mayAsk(caller, route, labels);
    for (const caller of withoutMore(callers(), mayAskIt)) {
      const answer = await caller.caller.ask(route.name, asked);
      const isAllowed = mayAskIt(caller);
      counted.add(isAllowed);
      expect({ who: caller.who, status: answer.status }).toEqual({
        who: caller.who,
        status: expect.toBeOneOf(statusesFor(caller, route, labels, isAllowed)),
      });
      if (isAllowed || isEndless(route)) {
        await answer.body?.cancel();
        continue;
      }
      const text = await answer.text();
      const told = keys.filter((key) => text.includes(key) && !typed.includes(key));
      expect({ who: caller.who, told }).toEqual({ who: caller.who, told: [] });
    }
    await tidyUp(seed);
  });
});

const isEndless = ({ name }: EveryRoute) => name.includes('/events/');

function aboutOf(route: EveryRoute, labels: Record<string, string>): About {
  return isOfJob(route) ? labels : 'any';
}

function mayAsk(
  caller: SignedInCaller,
  route: EveryRoute,
  labels: Record<string, string>,
): boolean {
  if (route.permission === 'open') return true;
  if (caller.grants === null) return false;
  if (!isPermission(route.permission)) return true;
  const about = aboutOf(route, labels);
  return [route.permission, ...(route.also ?? [])].every((permission) =>
    tableSays(caller, permission, about),
  );
}

/** To whoever may not know of its job a thing is not there, or nothing is told of it. */
function statusesFor(
  caller: SignedInCaller,
  route: EveryRoute,
  labels: Record<string, string>,
  isAllowed: boolean,
): readonly number[] {
  if (isAllowed) return [route.status ?? 200];
  if (caller.grants === null) return [401];
  const permission = route.permission as Permission;
  if (!tableSays(caller, permission, 'any')) return [403];
  return isOfJob(route) && !tableSays(caller, 'job:read', labels) ? [404, 200] : [403];
}

async function keysOf(labels: Record<string, string>): Promise<string[]> {
  const rows = await sql()<{ key: string }>(
    'SELECT key FROM job WHERE labels @> $1::jsonb ORDER BY id DESC LIMIT 5',
    [JSON.stringify(labels)],
  );
  return rows.map(({ key }) => key);
}
