import diagnostics from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { isPrivateHost } from './origin.ts';

/** Header that carries the address of who asks, written by this process over whatever the client sent. */
export const ADDRESS_HEADER = 'x-punctual-address';

/**
 * Writes ADDRESS_HEADER into every request before Next sees it: Next itself believes an X-Forwarded-For that a client
 * made up, and hides the connection's own address. Call once a web process.
 */
export function stampAddresses(punctualUrl: string | undefined): void {
  diagnostics.subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    const address = clientAddress(
      request.socket.remoteAddress,
      request.headers['x-forwarded-for'],
      punctualUrl !== undefined,
    );
    if (address === null) delete request.headers[ADDRESS_HEADER];
    else request.headers[ADDRESS_HEADER] = address;
  });
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
