import { subscribe } from 'node:diagnostics_channel';
import type { Server } from 'node:http';

/**
 * Lets this process end as soon as its last answer is sent. A server that is told to close waits for connections that
 * become idle later until their keep-alive is over, 5 s; a browser's event stream is always one of them.
 */
export function closeIdleConnectionsWhenTold(): void {
  const servers = new Set<Server>();
  subscribe('http.server.request.start', (message) => {
    servers.add((message as { server: Server }).server);
  });
  const closeIdle = () => {
    for (const server of servers) server.closeIdleConnections();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => setInterval(closeIdle, 100).unref());
  }
}
