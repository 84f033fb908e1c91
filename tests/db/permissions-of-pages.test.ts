import { globSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { tidyUp } from '#tests/support/every-action.ts';
import {
  isPermission,
  type SignedInCaller,
  tableSays,
  withoutMore,
} from '#tests/support/every-caller.ts';
import { everyCallerOn, isOfJob, onEveryObject } from '#tests/support/every-object.ts';
import { EVERY_PAGE, type EveryPage } from '#tests/support/every-page.ts';
import { type PageAnswer, renderPage } from '#tests/support/render-page.ts';

vi.mock('next/headers', () => import('#tests/support/request-context.ts'));
// Words aren’t asked for here.
vi.mock('next-intl/server', () => ({
  getTranslations: () =>
    Promise.resolve(Object.assign((key: string) => key, { rich: (key: string) => key })),
  getTimeZone: () => Promise.resolve('UTC'),
  getLocale: () => Promise.resolve('en'),
}));

const { callers, counted, seedFor } = everyCallerOn(EVERY_PAGE, `${EVERY_PAGE.length} pages`);

test('the table names every page that there is', () => {
  const root = path.resolve(import.meta.dirname, '../..');
  expect(EVERY_PAGE.map(({ name }) => name).toSorted()).toEqual(
    globSync('app/**/page.tsx', { cwd: root }).toSorted(),
  );
});

test.each(onEveryObject(EVERY_PAGE))('%s', async (_title, page, labels) => {
  const seed = seedFor(labels);
  const asked = await page.sample(seed);
  const isShown = (caller: SignedInCaller) => answersFor(caller, page, labels).includes('shown');
  for (const caller of withoutMore(callers(), isShown)) {
    const answer = await renderPage(page.name, caller.caller.headers, asked);
    const expected = answersFor(caller, page, labels);
    counted.add(isShown(caller));
    expect({ who: caller.who, answer }).toEqual({
      who: caller.who,
      answer: expect.toBeOneOf(expected),
    });
  }
  await tidyUp(seed);
});

function answersFor(
  caller: SignedInCaller,
  page: EveryPage,
  labels: Record<string, string>,
): readonly PageAnswer[] {
  if (page.permission === 'open') return ['shown', 'elsewhere', 'to_sign_in'];
  if (caller.grants === null) return ['to_sign_in'];
  if (!isPermission(page.permission)) return ['shown'];
  const about = isOfJob(page) ? labels : 'any';
  const isAllowed = [page.permission, ...(page.mayAlso ?? [])].some((permission) =>
    tableSays(caller, permission, about),
  );
  if (isAllowed) return ['shown'];
  // Whoever may not know of a job finds nothing there.
  if (!isOfJob(page) || tableSays(caller, 'job:read', labels)) return ['refused'];
  return tableSays(caller, 'job:read', 'any') ? ['not_found'] : ['refused', 'not_found'];
}
