import { subscribe } from 'node:diagnostics_channel';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Lets this process end as soon as its last answer is sent. A server that is told to close waits for connections that
 * become idle later until their keep-alive is over, 5 s; a browser's event stream is always one of them. It waits longer
 * still, 60 s, for one that a browser opened ahead of its need and that never asked anything.
 */
export function closeIdleConnectionsWhenTold(): void {
  const servers = new Set<Server>();
  const unused = new Set<Socket>();
  subscribe('net.server.socket', (message) => {
    const { socket } = message as { socket: Socket };
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  subscribe('http.server.request.start', (message) => {
    const { server, socket } = message as { server: Server; socket: Socket };
    servers.add(server);
    unused.delete(socket);
  });
  const closeIdle = () => {
    for (const server of servers) server.closeIdleConnections();
    for (const socket of unused) socket.destroy();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => setInterval(closeIdle, 100).unref());
  }
}
