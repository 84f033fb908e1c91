import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

const ANSWERS_400 = '/api/unreadable-address';

/**
 * Gives requests whose path isn't percent-encoded text (`/jobs/%`) to a route that says so with 400. Next matches routes
 * before the console's proxy is asked, and answers such a path with 500.
 */
export function answerUnreadableAddresses(): void {
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    if (!isReadable(request.url ?? '/')) request.url = ANSWERS_400;
  });
}

function isReadable(url: string): boolean {
  try {
    decodeURIComponent(url.split('?', 1)[0]!);
    return true;
  } catch {
    return false;
  }
}
