import { once } from 'node:events';
import http, { type RequestListener } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A server of one test on 127.0.0.1; it and its connections end with the test. */
export type TestServer = {
  /** `http://127.0.0.1:<port>` */
  origin: string;
  port: string;
  /** Those that are open now. */
  connections: ReadonlySet<net.Socket>;
  close(): Promise<void>;
};

/** A web server. */
export const serve = (listener: RequestListener): Promise<TestServer> =>
  listen(http.createServer(listener));

/** A server that speaks whatever it likes. */
export const serveRaw = (listener: (socket: net.Socket) => void): Promise<TestServer> =>
  // A socket that nobody reads never hears of its end.
  listen(net.createServer((socket) => listener(socket.resume())));

async function listen(server: net.Server): Promise<TestServer> {
  const connections = new Set<net.Socket>();
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.on('error', () => {}).on('close', () => connections.delete(socket));
  });
  const close = async () => {
    for (const socket of connections) socket.destroy();
    if (server.listening) await new Promise((closed) => server.close(closed));
  };
  onTestFinished(close);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = String((server.address() as AddressInfo).port);
  return { origin: `http://127.0.0.1:${port}`, port, connections, close };
}
