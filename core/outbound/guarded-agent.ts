import dns from 'node:dns';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { type AllowList, isAllowedAddress, isAllowedHost } from './address-guard.ts';

export const CONNECT_WITHIN_MS = 10_000;
export const MOST_HEADER_BYTES = 64 * 1024;

/** The guard's no: told apart from a connection that fails. */
export class InternalAddress extends Error {
  override name = 'InternalAddress';
}

export type Resolve = (
  hostname: string,
  options: dns.LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: dns.LookupAddress[]) => void,
) => void;

export type GuardedAgent = { agent: Agent; destroy(): void };

/**
 * An agent for one attempt at a request of a job or a channel. The guard stands where sockets are opened, so that nothing gets around it: not a redirect,
 * not a name that resolves to something else the second time. The address that was looked at is the one that is used.
 *
 * HTTP/1.1 only, no connection is kept, no cookie either; `HTTP_PROXY` and its like are not obeyed.
 */
export function createGuardedAgent(allow: AllowList, resolve: Resolve = dns.lookup): GuardedAgent {
  const sockets = new Set<Socket>();
  const connect: buildConnector.connector = (options, callback) => {
    const { hostname, protocol } = options;
    const port = Number(options.port) || (protocol === 'https:' ? 443 : 80);
    // A literal address is never looked up, so it is judged here.
    if (isIP(hostname) && !isAllowedAddress(hostname, port, allow)) {
      callback(new InternalAddress(refusal(hostname, hostname)), null);
      return;
    }
    const open = buildConnector({
      timeout: CONNECT_WITHIN_MS,
      allowH2: false,
      lookup: guardedLookup(port, allow, resolve),
    });
    // The type says void; it returns the socket, which must end with the attempt even before it is connected.
    const socket = open(options, callback) as unknown as Socket | undefined;
    if (!socket) return;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };
  const agent = new Agent({
    connect,
    pipelining: 0,
    maxHeaderSize: MOST_HEADER_BYTES,
    // The attempt's own timeout bounds the whole.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    agent,
    destroy() {
      void agent.destroy().catch(() => {});
      for (const socket of sockets) socket.destroy();
    },
  };
}

function guardedLookup(port: number, allow: AllowList, resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '');
      const first = addresses[0];
      if (!first) return callback(new Error(`${hostname} has no address`), '');
      // Every address of the name must pass: which of them a socket takes is up to timing.
      const bad = isAllowedHost(hostname, port, allow)
        ? undefined
        : addresses.find(({ address }) => !isAllowedAddress(address, port, allow));
      if (bad) return callback(new InternalAddress(refusal(hostname, bad.address)), '');
      if (options.all) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}

function refusal(host: string, address: string): string {
  const what = host === address ? `${host} is` : `${host} resolves to ${address},`;
  return `${what} an internal address: Punctual reaches it once an admin allows it in PUNCTUAL_HTTP_ALLOW`;
}
