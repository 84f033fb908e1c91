import { createServer } from 'node:net';

/** `preferred` if nobody listens on it, else a port that the system says is free. */
export async function freePort(preferred?: number, host = '127.0.0.1'): Promise<number> {
  if (preferred !== undefined && (await isFree(preferred, host))) return preferred;
  const port = await listenOnce(0, host);
  if (typeof port === 'string') throw new Error(`no free port on ${host}`);
  return port;
}

/** Whether nobody listens on `port` of `host` now; also true of an address that this host doesn't have. */
export async function isFree(port: number, host: string): Promise<boolean> {
  return (await listenOnce(port, host)) !== 'taken';
}

function listenOnce(port: number, host: string): Promise<number | 'taken' | 'no such address'> {
  const { promise, resolve } = Promise.withResolvers<number | 'taken' | 'no such address'>();
  const server = createServer();
  server.once('error', (error: NodeJS.ErrnoException) => {
    const isMissing = error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT';
    resolve(isMissing ? 'no such address' : 'taken');
  });
  server.listen({ port, host, exclusive: true }, () => {
    const address = server.address();
    const got = typeof address === 'object' && address !== null ? address.port : 'taken';
    server.close(() => resolve(got));
  });
  return promise;
}
