'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { useLive } from '#components/shell/live-provider.tsx';
import { REST_OF_SLOW } from '#components/shell/live-invalidation.ts';
import type { LogPage } from '#core/logs/logs.ts';
import { fetchLog, type LogPlace } from './log-queries.ts';
import {
  firstSeqOf,
  lastSeqOf,
  type LogWindow,
  windowOf,
  withEarlier,
  withLater,
  withNews,
} from './log-window.ts';

export type Log = {
  window: LogWindow;
  /** What couldn't be fetched; `again` asks for it once more. */
  problem: Error | null;
  loadEarlier: () => Promise<void>;
  loadLater: () => Promise<void>;
  /** Replaces the window by the lines around this one, or by the end. */
  goTo: (place: LogPlace) => Promise<boolean>;
};

// A page is half a megabyte at most.
const LONGEST_REQUEST_MS = 30_000;
const STALE_AFTER_MS = 1_000;

/**
 * A run's log, as far as it is in the browser. While the window reaches the end, new lines are fetched as the stream
 * announces them, after a cut all since the last chunk. Of more than a page at once its end is fetched, and what
 * lies before when the reader scrolls there.
 */
export function useLog(runId: number, initial: LogPage, isFollowing: boolean): Log {
  const [window, setWindow] = useState(() => windowOf(initial));
  const [problem, setProblem] = useState<Error | null>(null);
  const latest = useRef(window);
  // One fetch at a time: the answer to "after chunk 7" may only be added to a window that ends with chunk 7.
  const busy = useRef<Promise<unknown>>(Promise.resolve());
  const failed = useRef(false);

  const keep = useCallback((next: LogWindow) => {
    latest.current = next;
    setWindow(next);
  }, []);

  const request = useRef<{ controller: AbortController; sinceMs: number } | null>(null);
  const inTurn = useCallback(
    <Value>(work: (signal: AbortSignal) => Promise<Value>): Promise<Value | undefined> => {
      const begin = () => {
        const controller = new AbortController();
        request.current = { controller, sinceMs: performance.now() };
        return work(AbortSignal.any([controller.signal, AbortSignal.timeout(LONGEST_REQUEST_MS)]));
      };
      const turn = busy.current.then(begin).then(
        (value) => {
          failed.current = false;
          setProblem(null);
          return value;
        },
        (error: unknown) => {
          failed.current = true;
          setProblem(error instanceof Error ? error : new Error(String(error)));
          return undefined;
        },
      );
      busy.current = turn;
      return turn;
    },
    [],
  );

  // A page is asked for once, however many times one scrolls meanwhile.
  const later = useRef<Promise<void> | null>(null);
  const loadLater = useCallback(
    () =>
      (later.current ??= inTurn(async (signal) => {
        const seq = lastSeqOf(latest.current) ?? -1;
        const page = await fetchLog(runId, { from: 'after', seq }, signal);
        keep(withLater(latest.current, page));
      }).finally(() => {
        later.current = null;
      })),
    [inTurn, keep, runId],
  );

  const earlier = useRef<Promise<void> | null>(null);
  const loadEarlier = useCallback(
    () =>
      (earlier.current ??= inTurn(async (signal) => {
        const seq = firstSeqOf(latest.current);
        if (seq === null || !latest.current.hasEarlier) return;
        const page = await fetchLog(runId, { from: 'before', seq }, signal);
        keep(withEarlier(latest.current, page));
      }).finally(() => {
        earlier.current = null;
      })),
    [inTurn, keep, runId],
  );

  const follows = useRef(isFollowing);
  useEffect(() => {
    follows.current = isFollowing;
  }, [isFollowing]);
  const loadNew = useCallback(async () => {
    await inTurn(async (signal) => {
      const seq = lastSeqOf(latest.current) ?? -1;
      const page = await fetchLog(runId, { from: 'newest', seq }, signal);
      keep(withNews(latest.current, page, { isFollowing: follows.current }));
    });
    return !failed.current;
  }, [inTurn, keep, runId]);

  const goTo = useCallback(
    async (place: LogPlace) => {
      const page = await inTurn((signal) => fetchLog(runId, place, signal));
      if (page) keep(windowOf(page));
      // Lines that were stored since: the stream spoke of them while the window was elsewhere.
      if (page?.isLive && place.from === 'tail') void loadNew();
      return page !== undefined;
    },
    [inTurn, keep, loadNew, runId],
  );

  // What was asked of a server that went away may never be answered, and everything else would wait for it.
  const dropStale = useCallback(() => {
    const { current } = request;
    if (current && performance.now() - current.sinceMs > STALE_AFTER_MS) current.controller.abort();
  }, []);
  useFollowing(runId, latest, { loadNew, dropStale });
  return { window, problem, loadEarlier, loadLater, goTo };
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 8_000;
const LONGEST_REST_MS = 5_000;

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.min(LONGEST_REST_MS, ms)));
}

/**
 * Fetches what is new, one fetch after the other, however often the stream speaks meanwhile, with a rest after each as all
 * reads have it. What couldn't be fetched is asked for again, also when the stream stays silent.
 * `loadNew` answers whether it could be fetched; `dropStale` ends a request from before the stream was cut.
 */
function useFollowing(
  runId: number,
  latest: { readonly current: LogWindow },
  { loadNew, dropStale }: { loadNew: () => Promise<boolean>; dropStale: () => void },
): void {
  const wanted = useRef(false);
  const running = useRef(false);
  const [failures, setFailures] = useState(0);
  const follow = useCallback(async () => {
    // A window that doesn't reach the end grows when the reader scrolls there, not by itself.
    if (latest.current.hasLater) return;
    wanted.current = true;
    if (running.current) return;
    running.current = true;
    try {
      while (wanted.current) {
        wanted.current = false;
        const sinceMs = performance.now();
        const isFetched = await loadNew();
        setFailures((before) => (isFetched ? 0 : before + 1));
        if (!isFetched || latest.current.hasLater) return;
        await rest(REST_OF_SLOW * (performance.now() - sinceMs));
      }
    } finally {
      running.current = false;
    }
  }, [latest, loadNew]);
  useEffect(() => {
    if (failures === 0) return;
    const waitMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
    const timer = setTimeout(() => void follow(), waitMs);
    return () => clearTimeout(timer);
  }, [failures, follow]);
  useLive(['log', 'run'], (message) => {
    const isOurs = message.topic === '*' || message.ids.length === 0 || message.ids.includes(runId);
    if (message.topic === '*') dropStale();
    if (isOurs && latest.current.isLive) void follow();
  });
  // Lines that were stored between the server's read and the opening of the stream.
  useEffect(() => {
    if (latest.current.isLive) void follow();
  }, [latest, follow]);
}
