import type { Query, QueryClient } from '@tanstack/react-query';
import type { Topic } from '#core/events/events.ts';
import type { LiveMessage } from './live-connection.ts';

declare module '@tanstack/react-query' {
  interface Register {
    queryMeta: {
      /** Topics beside the key's own that make these data old: a list of jobs shows their runs as well. */
      topics?: readonly Topic[];
      /** At least so long between two answers, for reads that cost the server more than a glance is worth. */
      restMs?: number;
      /** The server keeps its answer for a moment (core/briefly.ts): it is asked once more after the rest. */
      isKept?: boolean;
    };
  }
}

// At most four times a second for each key, however fast things change.
export const WINDOW_MS = 250;
// A read rests three times as long as its last answer took: however slow a server with many readers has become, each keeps
// it busy for a quarter of the time at most.
export const REST_OF_SLOW = 3;
// Data made on the server can be older than an event that came while they were on their way here.
const ON_THEIR_WAY_MS = 3_000;

/**
 * Turns messages of the stream into queries that are fetched again. A query belongs to a message when the
 * first part of its key is the topic (or `meta.topics` names it); where the second part is a number, it is an
 * id and has to be among the message's.
 */
export function createInvalidator(client: QueryClient) {
  const waiting = new Map<string, Query>();
  const toAskTwice = new Set<string>();
  const noted: { message: LiveMessage; atMs: number }[] = [];
  const askedAtMs = new Map<string, number>();
  const tookMs = new Map<string, number>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastFlushMs = -Infinity;

  const flush = () => {
    timer = undefined;
    lastFlushMs = Date.now();
    for (const [hash, query] of waiting) {
      // Its answer may have been read before the change: it is asked again once it is back, not cut off,
      // or a query slower than the events would never get an answer.
      if (query.state.fetchStatus === 'fetching' || rests(query)) continue;
      if (!toAskTwice.delete(hash)) waiting.delete(hash);
      void client.invalidateQueries({ queryKey: query.queryKey, exact: true });
    }
    if (waiting.size > 0) schedule();
  };

  const schedule = () => {
    const since = Date.now() - lastFlushMs;
    timer ??= setTimeout(flush, Math.max(0, WINDOW_MS - since));
  };

  const wait = (query: Query) => {
    waiting.set(query.queryHash, query);
    if (query.meta?.isKept) toAskTwice.add(query.queryHash);
    schedule();
  };

  const rests = ({ queryHash, state, meta }: Query) =>
    Date.now() - state.dataUpdatedAt <
    Math.max(meta?.restMs ?? 0, REST_OF_SLOW * (tookMs.get(queryHash) ?? 0));

  const noteTime = (hash: string, action: string) => {
    if (action === 'fetch') askedAtMs.set(hash, Date.now());
    if (action !== 'success' && action !== 'failed') return;
    const sinceMs = askedAtMs.get(hash);
    askedAtMs.delete(hash);
    // How long a server was away, and what was waited between tries, isn't how long it takes to answer.
    if (action === 'failed') tookMs.delete(hash);
    else if (sinceMs !== undefined) tookMs.set(hash, Date.now() - sinceMs);
  };

  const unsubscribe = client.getQueryCache().subscribe((event) => {
    if (event.type === 'updated') noteTime(event.query.queryHash, event.action.type);
    if (event.type === 'removed') {
      askedAtMs.delete(event.query.queryHash);
      tookMs.delete(event.query.queryHash);
    }
    if (event.type !== 'added' || event.query.state.data === undefined) return;
    const { query } = event;
    const isOvertaken = noted.some(
      ({ message, atMs }) => Date.now() - atMs < ON_THEIR_WAY_MS && belongsTo(query, message),
    );
    if (isOvertaken) wait(query);
  });

  return {
    note: (message: LiveMessage) => {
      const now = Date.now();
      while (noted[0] && now - noted[0].atMs >= ON_THEIR_WAY_MS) noted.shift();
      noted.push({ message, atMs: now });
      for (const query of client.getQueryCache().getAll()) {
        if (belongsTo(query, message)) wait(query);
      }
    },
    stop: () => {
      unsubscribe();
      clearTimeout(timer);
      waiting.clear();
      toAskTwice.clear();
    },
  };
}

function belongsTo(query: Query, { topic, ids }: LiveMessage): boolean {
  if (topic === '*') return true;
  if (query.meta?.topics?.includes(topic)) return true;
  const [first, second] = query.queryKey;
  if (first !== topic) return false;
  return typeof second !== 'number' || ids.length === 0 || ids.includes(second);
}
