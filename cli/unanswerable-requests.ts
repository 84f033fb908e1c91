import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

const ANSWERS_400 = '/api/unreadable-address';
const ANSWERS_405 = '/api/unknown-method';

/**
 * Gives requests whose path isn't percent-encoded text (`/jobs/%`) and those of a method that no page knows (TRACE) to
 * routes that say so. Next would answer both with 500, before the console's proxy is asked.
 */
export function answerUnanswerableRequests(): void {
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    if (!METHODS.has(request.method ?? '')) {
      request.method = 'GET';
      request.url = ANSWERS_405;
    } else if (!isReadable(request.url ?? '/')) {
      request.url = ANSWERS_400;
    }
  });
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

function isReadable(url: string): boolean {
  try {
    decodeURIComponent(url.split('?', 1)[0]!);
    return true;
  } catch {
    return false;
  }
}
