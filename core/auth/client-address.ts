import diagnostics from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { isPrivateHost } from './origin.ts';

/** Header that carries the address of who asks, written by this process over whatever the client sent. */
export const ADDRESS_HEADER = 'x-punctual-address';

/**
 * Settles, before Next sees a request, what a client could make up: the address that it comes from (ADDRESS_HEADER), and
 * the host and scheme that it was sent to. Next believes X-Forwarded-For and X-Forwarded-Host whoever sent them, and
 * refuses server actions behind a proxy that doesn't send the latter: here PUNCTUAL_URL says it, and nobody else.
 * Call once a web process.
 *
 * @returns takes it back
 */
export function stampRequests(punctualUrl: string | undefined): () => void {
  const console = punctualUrl === undefined ? null : new URL(punctualUrl);
  const stamp = (message: unknown) => {
    const { headers, socket } = (message as { request: IncomingMessage }).request;
    const address = clientAddress(
      socket.remoteAddress,
      headers['x-forwarded-for'],
      console !== null,
    );
    put(headers, ADDRESS_HEADER, address);
    put(headers, 'x-forwarded-for', address);
    put(headers, 'x-forwarded-host', console?.host ?? null);
    put(headers, 'x-forwarded-proto', console?.protocol.replace(':', '') ?? null);
    put(headers, 'forwarded', null);
  };
  diagnostics.subscribe('http.server.request.start', stamp);
  return () => diagnostics.unsubscribe('http.server.request.start', stamp);
}

function put(headers: IncomingMessage['headers'], name: string, value: string | null): void {
  if (value === null) delete headers[name];
  else headers[name] = value;
}

/**
 * The connection's own address. Behind a proxy (PUNCTUAL_URL is set and the connection comes from a private address)
 * it is what that proxy added to X-Forwarded-For: the last entry; those before it are the client's to invent.
 */
export function clientAddress(
  socketAddress: string | undefined,
  forwardedFor: string | string[] | undefined,
  mayBeProxied: boolean,
): string | null {
  if (socketAddress === undefined) return null;
  const own = socketAddress.replace(/^::ffff:(?=\d+\.)/, '');
  if (!mayBeProxied || !isPrivateHost(own)) return own;
  const last = [forwardedFor].flat().join(',').split(',').at(-1)?.trim();
  return last !== undefined && /^[\da-f.:]{2,45}$/i.test(last) ? last : own;
}
