'use client';

import { useQueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useEffectEvent, useState, type ReactNode } from 'react';
import { createLiveConnection, type LiveMessage, type LiveState } from './live-connection.ts';
import { createInvalidator } from './live-invalidation.ts';

export type { LiveMessage, LiveState } from './live-connection.ts';

const EVENTS_ADDRESS = '/api/events';

type Listener = (message: LiveMessage) => void;
const ListenersContext = createContext<Set<Listener> | null>(null);
const StateContext = createContext<LiveState>('connecting');

/** The one event stream of the tab: keeps all queries fresh, and tells whoever listens with `useLive`. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [listeners] = useState(() => new Set<Listener>());
  const [state, setState] = useState<LiveState>('connecting');
  useEffect(() => {
    const invalidator = createInvalidator(client);
    const connection = createLiveConnection({
      address: EVENTS_ADDRESS,
      onState: setState,
      onMessage: (message) => {
        invalidator.note(message);
        for (const listener of listeners) listener(message);
      },
      isSignedOut,
    });
    connection.start();
    return () => {
      connection.stop();
      invalidator.stop();
    };
  }, [client, listeners]);
  return (
    <ListenersContext value={listeners}>
      <StateContext value={state}>{children}</StateContext>
    </ListenersContext>
  );
}

/** Whether what is shown is live, or the stream is cut. */
export function useLiveState(): LiveState {
  return use(StateContext);
}

/**
 * Calls back for each message of these topics, at once and without the limit that queries have. After the
 * stream was cut it also calls with the topic `*`: catch up then. Queries need none of this, their key does it.
 */
export function useLive(topics: readonly LiveMessage['topic'][], handler: Listener): void {
  const listeners = use(ListenersContext);
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

/** EventSource hides the status of a refused stream; one fetch of the same address shows it. */
async function isSignedOut(): Promise<boolean> {
  const cut = new AbortController();
  try {
    const response = await fetch(EVENTS_ADDRESS, {
      headers: { accept: 'text/event-stream' },
      cache: 'no-store',
      signal: cut.signal,
    });
    return response.status === 401;
  } finally {
    cut.abort();
  }
}
