import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * What server actions ask Next for, without Next: `vi.mock('next/headers', () => import('#tests/support/request-context.ts'))`
 * at the top of a test file puts it in its place. Everything behind it is real.
 */
type RequestContext = { headers: Headers; cookies: Map<string, string> };

const current = new AsyncLocalStorage<RequestContext>();

/** A cookie that the next requests carry besides their own: a step before they are signed in. */
export const sentAlong = { cookie: '' };

/** Runs `work` as if a browser had sent these headers. */
export function inRequest<T>(given: Headers, work: () => Promise<T>): Promise<T> {
  const sent = new Headers(given);
  const cookie = [given.get('cookie'), sentAlong.cookie].filter(Boolean).join('; ');
  if (cookie !== '') sent.set('cookie', cookie);
  return current.run({ headers: sent, cookies: new Map() }, work);
}

export async function headers(): Promise<Headers> {
  return context().headers;
}

export async function cookies() {
  const { cookies: jar } = context();
  return {
    set: (name: string, value: string) => void jar.set(name, value),
    get: (name: string) => {
      const value = jar.get(name);
      return value === undefined ? undefined : { name, value };
    },
  };
}

function context(): RequestContext {
  const found = current.getStore();
  if (!found)
    throw new Error('Outside a request: call the action through tests/support/callers.ts.');
  return found;
}
