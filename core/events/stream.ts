import type { Grant } from '../auth/grants.ts';
import type { Hub } from './hub.ts';
import { PendingChanges, type StreamMessage } from './merge.ts';

const HEARTBEAT_MS = 15_000;
/** At most ten messages a second: what changes in between is merged. */
const PACE_MS = 100;
/** A reader that is so far behind is cut off; it comes back and catches up. */
const MOST_UNREAD = 256;

/**
 * Server-sent events of one browser: the hub's changes, paced and merged, with a comment every 15 s that keeps
 * proxies from closing it. Ends with the session, the request or the process.
 */
export function eventStream(
  hub: Hub,
  session: { sessionId: string; actor: { grants: readonly Grant[] } },
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const pending = new PendingChanges();
  let close = () => {};

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let pace: NodeJS.Timeout | undefined;
        let isOpen = true;

        const send = (text: string) => {
          if (!isOpen) return;
          controller.enqueue(encoder.encode(text));
          if ((controller.desiredSize ?? 0) <= 0) close();
        };
        const flush = () => {
          const message = pending.take();
          pace = message ? setTimeout(flush, PACE_MS).unref() : undefined;
          if (message) send(dataOf(message));
        };
        const heartbeat = setInterval(() => send(': here\n\n'), HEARTBEAT_MS).unref();

        let unsubscribe = () => {};
        close = () => {
          if (!isOpen) return;
          isOpen = false;
          clearInterval(heartbeat);
          clearTimeout(pace);
          unsubscribe();
          try {
            controller.close();
          } catch {
            // Cancelled by the reader already.
          }
        };
        // The browser waits so long before it comes back by itself.
        send('retry: 1000\n\n');
        signal.addEventListener('abort', () => close(), { once: true });
        const end = hub.subscribe({
          sessionId: session.sessionId,
          grants: session.actor.grants,
          onMessage: (message) => {
            pending.add(message);
            if (!pace) flush();
          },
          onEnd: () => close(),
        });
        unsubscribe = end;
        if (!isOpen || signal.aborted) {
          end();
          close();
        }
      },
      cancel() {
        close();
      },
    },
    { highWaterMark: MOST_UNREAD },
  );
}

const dataOf = (message: StreamMessage) => `data: ${JSON.stringify(message)}\n\n`;
