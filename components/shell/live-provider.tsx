'use client';

import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  use,
  useEffect,
  useEffectEvent,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import type { LiveMessage, LiveState } from './live-connection.ts';

export type { LiveMessage, LiveState } from './live-connection.ts';

const LOAD_AGAIN_MS = 3_000;

type Listener = (message: LiveMessage) => void;

/** What the stream says, to those who listen. */
type Live = {
  listeners: Set<Listener>;
  state: () => LiveState;
  setState: (state: LiveState) => void;
  subscribe: (onChange: () => void) => () => void;
};

// The same value for as long as the tab lives: a context that changes while a page is still arriving makes React throw
// what the server has rendered of it away, and render it anew.
const LiveContext = createContext<Live | null>(null);

/** The one event stream of the tab: keeps all queries fresh, and tells whoever listens with `useLive`. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [live] = useState(createLive);
  useEffect(() => {
    const gone = new AbortController();
    void openStream(client, live, gone.signal);
    return () => gone.abort();
  }, [client, live]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

/** Whether what is shown is live, or the stream is cut. */
export function useLiveState(): LiveState {
  const live = use(LiveContext);
  return useSyncExternalStore(live?.subscribe ?? never, live?.state ?? connecting, connecting);
}

const connecting = (): LiveState => 'connecting';
const never = () => () => {};

/**
 * Calls back for each message of these topics, at once and without the limit that queries have. After the
 * stream was cut it also calls with the topic `*`: catch up then. Queries need none of this, their key does it.
 */
export function useLive(topics: readonly LiveMessage['topic'][], handler: Listener): void {
  const listeners = use(LiveContext)?.listeners;
  const onMessage = useEffectEvent((message: LiveMessage) => {
    if (message.topic === '*' || topics.includes(message.topic)) handler(message);
  });
  useEffect(() => {
    const listener: Listener = (message) => onMessage(message);
    listeners?.add(listener);
    return () => {
      listeners?.delete(listener);
    };
  }, [listeners]);
}

function createLive(): Live {
  const readers = new Set<() => void>();
  let state = connecting();
  return {
    listeners: new Set(),
    state: () => state,
    setState: (next) => {
      if (next === state) return;
      state = next;
      for (const onChange of readers) onChange();
    },
    subscribe: (onChange) => {
      readers.add(onChange);
      return () => readers.delete(onChange);
    },
  };
}

/** The program of the stream comes once the page lives, and is asked for again where the network loses it. */
async function openStream(client: QueryClient, live: Live, gone: AbortSignal): Promise<void> {
  while (!gone.aborted) {
    try {
      const { startLiveStream } = await import('./live-stream.ts');
      startLiveStream(client, live, gone);
      return;
    } catch {
      live.setState('reconnecting');
      await new Promise((resolve) => setTimeout(resolve, LOAD_AGAIN_MS));
    }
  }
}
