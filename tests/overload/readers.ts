// People who read the console: each with a page that stays live as a browser keeps it, by the code that the browser runs.
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { dehydrate, hydrate, QueryClient, QueryObserver } from '@tanstack/react-query';
import { createInvalidator } from '#components/shell/live-invalidation.ts';
import { parseMessage } from '#components/shell/live-connection.ts';
import { makeQueryClient } from '#components/shell/query-client.ts';
import type { MainPage } from './pages.ts';

/** One answer of the console. */
export type Answer = {
  /** The page that the reader was on. */
  page: string;
  /** The page itself, or one of the reads that keep it live. */
  what: 'page' | 'read';
  /** Without what stands behind the question mark. */
  address: string;
  atMs: number;
  tookMs: number;
  /** 0: no answer at all. `GAVE_UP`: whoever asked left before it came, and had waited for longer than one should. */
  status: number;
};

type Asked = Pick<Answer, 'page' | 'what' | 'address' | 'atMs'>;
type Reader = {
  url: string;
  cookie: string;
  page: string;
  answers: Answer[];
  /** Not answered yet. */
  waiting: Set<Asked>;
  /** Has the console open: goes from page to page by its links, without loading it anew. */
  isInside: boolean;
};

export const GAVE_UP = 499;

const PATIENCE_MS = 30_000;
// The goal: whoever leaves sooner hasn't waited in vain.
const SHOULD_TAKE_MS = 500;
const reader = new AsyncLocalStorage<Reader>();
const rawFetch = globalThis.fetch;
// The queries of screens ask for addresses without a host, as a browser does.
globalThis.fetch = (address, options) => {
  const own = reader.getStore();
  return own && typeof address === 'string' && address.startsWith('/')
    ? ask(own, 'read', address, options?.signal ?? undefined)
    : rawFetch(address, options);
};

export type Readers = {
  /** All answers so far, and what is still waited for, for as long as it has been. */
  soFar(): Answer[];
  stop(): Promise<void>;
};

/**
 * So many people go round the main pages, each at another one at first, and stay on each for about `stayMs`.
 *
 * @param cookieOf of the n-th of them
 */
export function startReaders(
  url: string,
  {
    count,
    stayMs,
    pages,
    cookieOf,
  }: {
    count: number;
    stayMs: number;
    pages: () => readonly MainPage[];
    cookieOf: (n: number) => string;
  },
): Readers {
  const stopping = new AbortController();
  const answers: Answer[] = [];
  const waiting = new Set<Asked>();
  const going = Array.from({ length: count }, (_, n) => {
    const own: Reader = { url, cookie: cookieOf(n), page: '', answers, waiting, isInside: false };
    return reader.run(own, () => goRound(own, n, stayMs, pages, stopping.signal));
  });
  return {
    soFar: () => [...answers, ...[...waiting].map((asked) => endOf(asked, GAVE_UP))],
    stop: async () => {
      stopping.abort();
      await Promise.all(going);
    },
  };
}

async function goRound(
  own: Reader,
  n: number,
  stayMs: number,
  pages: () => readonly MainPage[],
  signal: AbortSignal,
): Promise<void> {
  // Nobody comes at the same moment as all others.
  await sleep(((n * 0.618) % 1) * stayMs, signal);
  for (let visit = n; !signal.aborted; visit++) {
    const all = pages();
    await stayOn(own, all[visit % all.length]!, stayMs * (0.7 + ((visit * 0.618) % 0.6)), signal);
  }
}

async function stayOn(
  own: Reader,
  page: MainPage,
  stayMs: number,
  signal: AbortSignal,
): Promise<void> {
  own.page = page.name;
  const leaving = new AbortController();
  const left = AbortSignal.any([leaving.signal, signal]);
  await ask(own, 'page', page.address, left).then(
    () => {
      own.isInside = true;
    },
    () => {},
  );
  if (left.aborted) return;
  const client = makeQueryClient();
  const invalidator = createInvalidator(client);
  const unwatch = page.queries.map((query) => watch(client, query));
  const following = follow(own, left, invalidator.note);
  const extra = page.follow?.(left);
  await sleep(stayMs, left);
  leaving.abort();
  for (const stop of unwatch) stop();
  invalidator.stop();
  await client.cancelQueries();
  client.clear();
  await Promise.all([following, extra]);
}

/** What the page brought along counts as just read. */
function watch(client: QueryClient, query: MainPage['queries'][number]): () => void {
  const server = new QueryClient();
  server.setQueryData(query.queryKey, {});
  hydrate(client, dehydrate(server));
  return new QueryObserver(client, query).subscribe(() => {});
}

async function follow(
  own: Reader,
  signal: AbortSignal,
  note: ReturnType<typeof createInvalidator>['note'],
): Promise<void> {
  while (!signal.aborted) {
    try {
      const answer = await rawFetch(`${own.url}/api/events`, {
        headers: { cookie: own.cookie },
        signal,
      });
      if (!answer.ok || !answer.body) throw new Error(String(answer.status));
      let text = '';
      for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
        const messages = (text + part).split('\n\n');
        text = messages.pop()!;
        for (const message of messages) {
          const parsed = message.startsWith('data: ') ? parseMessage(message.slice(6)) : null;
          if (parsed) note(parsed);
        }
      }
    } catch {
      await sleep(1_000, signal);
    }
  }
}

async function ask(
  own: Reader,
  what: Answer['what'],
  address: string,
  signal?: AbortSignal,
): Promise<Response> {
  const atMs = performance.now();
  const path = address.split('?')[0]!.replaceAll(/\/\d+/g, '/…');
  const asked: Asked = { page: own.page, what, address: path, atMs };
  own.waiting.add(asked);
  const note = (status: number) => own.answers.push(endOf(asked, status));
  try {
    const late = AbortSignal.timeout(PATIENCE_MS);
    const { query, headers } = requestFor(what, own);
    const answer = await rawFetch(own.url + address + query, {
      headers: { cookie: own.cookie, ...headers },
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    const body = await answer.text();
    note(answer.status);
    return new Response(body, { status: answer.status });
  } catch (error) {
    // What was waited for counts as long as it was, or only what is quick would be seen.
    if (!signal?.aborted) note(0);
    else if (performance.now() - atMs > SHOULD_TAKE_MS) note(GAVE_UP);
    throw error;
  } finally {
    own.waiting.delete(asked);
  }
}

/** A link asks for the page as React's own data. A browser also says what it has already, and is sent less. */
function requestFor(what: Answer['what'], { isInside }: Reader) {
  if (what === 'read') return { query: '', headers: { accept: 'application/json' } };
  return isInside
    ? { query: '?_rsc=', headers: { accept: '*/*', rsc: '1' } }
    : { query: '', headers: { accept: 'text/html' } };
}

const endOf = (asked: Asked, status: number): Answer => ({
  ...asked,
  tookMs: performance.now() - asked.atMs,
  status,
});

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => {});
}
