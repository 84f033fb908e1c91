import type { QueryClient } from '@tanstack/react-query';
import { createLiveConnection, type LiveMessage, type LiveState } from './live-connection.ts';
import { createInvalidator } from './live-invalidation.ts';

const EVENTS_ADDRESS = '/api/events';

type Told = {
  listeners: ReadonlySet<(message: LiveMessage) => void>;
  setState: (state: LiveState) => void;
};

/** Opens the event stream of the tab, until `gone`: what it says makes queries stale, and reaches the listeners. */
export function startLiveStream(
  client: QueryClient,
  { listeners, setState }: Told,
  gone: AbortSignal,
): void {
  if (gone.aborted) return;
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
  gone.addEventListener('abort', () => {
    connection.stop();
    invalidator.stop();
  });
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
