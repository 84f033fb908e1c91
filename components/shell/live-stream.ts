import type { QueryClient } from '@tanstack/react-query';
import { createLiveConnection, type LiveMessage, type LiveState } from './live-connection.ts';
import { createInvalidator } from './live-invalidation.ts';

const EVENTS_ADDRESS = '/api/events';
// A slow machine takes seconds to bring a page to life.
const IDLE_MS = 10_000;

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
  void untilAlive().then(() => {
    if (!gone.aborted) connection.start();
  });
  gone.addEventListener('abort', () => {
    connection.stop();
    invalidator.stop();
  });
}

/**
 * Until all of the page has arrived, and React has taken it over as far as it got to: the stream's first word has all that
 * is shown asked for again, and what differs by then from what the server rendered makes React throw that away.
 */
async function untilAlive(): Promise<void> {
  if (document.readyState !== 'complete') {
    await new Promise((resolve) => window.addEventListener('load', resolve, { once: true }));
  }
  await new Promise<unknown>((resolve) => {
    // Not every browser tells when it has nothing to do.
    if ('requestIdleCallback' in window) requestIdleCallback(resolve, { timeout: IDLE_MS });
    else setTimeout(resolve, IDLE_MS / 50);
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
