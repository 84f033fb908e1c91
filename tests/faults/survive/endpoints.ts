import type { RequestListener } from 'node:http';
import { constants, createGzip } from 'node:zlib';
import { createReadStream } from 'node:fs';
import type { Socket } from 'node:net';
import { serve, serveRaw, type TestServer } from '#tests/support/servers.ts';

/** Somebody else's server that a job asks, and what must become of the run. */
export type Endpoint = {
  what: string;
  address: string;
  state: 'succeeded' | 'failed' | 'timed_out';
  /** Of a run that doesn't succeed. */
  cause: RegExp;
  maxRedirects?: number;
  /** The body was longer than what is read of it. */
  isCut?: true;
};

export type Endpoints = {
  all: readonly Endpoint[];
  servers: readonly TestServer[];
  /** How often somebody came to the server that the guard doesn't let through. */
  innerVisits(): number;
  /** What of the list nobody came to, though it lets itself be asked. */
  unasked(): string[];
};

/** Names that the worker is told addresses of. */
export const NAMES = {
  'inside.example.test': ['169.254.169.254'],
  'half-inside.example.test': ['192.0.2.7', '169.254.169.254'],
  'mapped.example.test': ['::ffff:169.254.169.254'],
};

const TIMED_OUT = /time|longer than/i;
const INTERNAL = /internal address/;

/** Everything that an endpoint has been seen to do to a client. */
export async function openEndpoints(): Promise<Endpoints> {
  const asked = new Set<string>();
  const servers: TestServer[] = [];
  let innerVisits = 0;
  const inner = await serve((_request, response) => {
    innerVisits += 1;
    response.end('inside');
  });

  const endpoint = async (
    open: () => Promise<TestServer>,
    rest: Omit<Endpoint, 'address'>,
  ): Promise<Endpoint> => {
    const server = await open();
    servers.push(server);
    return { address: server.origin, ...rest };
  };
  const http = (listener: RequestListener, rest: Omit<Endpoint, 'address'>) =>
    endpoint(
      () =>
        serve((request, response) => {
          asked.add(rest.what);
          listener(request, response);
        }),
      rest,
    );
  const raw = (listener: (socket: Socket) => void, rest: Omit<Endpoint, 'address'>) =>
    endpoint(
      () =>
        serveRaw((socket) => {
          asked.add(rest.what);
          listener(socket);
        }),
      rest,
    );
  const redirect = (what: string, location: string) =>
    http((_request, response) => void response.writeHead(302, { location }).end(), {
      what,
      state: 'failed',
      cause: INTERNAL,
      maxRedirects: 3,
    });
  const named = (host: keyof typeof NAMES): Endpoint => ({
    what: `${host}, which is ${NAMES[host].join(' and ')}`,
    address: `http://${host}/latest/meta-data/`,
    state: 'failed',
    cause: INTERNAL,
  });

  const all = [
    await raw(() => {}, { what: 'hangs', state: 'timed_out', cause: TIMED_OUT }),
    await raw((socket) => drip(socket, 'HTTP/1.1 200 OK\r\nx: '), {
      what: 'drips its headers, a byte a second',
      state: 'timed_out',
      cause: TIMED_OUT,
    }),
    await raw((socket) => drip(socket, 'HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n'), {
      what: 'drips its body, a byte a second',
      state: 'timed_out',
      cause: TIMED_OUT,
    }),
    await http((_request, response) => createReadStream('/dev/zero').pipe(response), {
      what: 'never ends',
      state: 'succeeded',
      cause: /^$/,
      isCut: true,
    }),
    await redirect('redirects to 169.254.169.254', 'http://169.254.169.254/latest/meta-data/'),
    await redirect('redirects to it in hexadecimal', 'http://0xa9fea9fe/latest/meta-data/'),
    await redirect('redirects to it as IPv6', 'http://[::ffff:a9fe:a9fe]/'),
    await redirect('redirects to another port of this machine', inner.origin),
    await redirect('redirects to it by name', inner.origin.replace('127.0.0.1', 'localhost')),
    named('inside.example.test'),
    named('half-inside.example.test'),
    named('mapped.example.test'),
    await http((_request, response) => void response.writeHead(302, { location: '/' }).end(), {
      what: 'redirects to itself',
      state: 'failed',
      cause: /redirected more than 3 times/,
      maxRedirects: 3,
    }),
    await http(bomb, { what: 'sends a gzip bomb', state: 'succeeded', cause: /^$/, isCut: true }),
    await raw(manyHeaders, {
      what: 'sends 10 MB of headers',
      state: 'failed',
      cause: /more than 64 kB of headers/,
    }),
    await raw(oneHeader, {
      what: 'sends a header of 10 MB',
      state: 'failed',
      cause: /more than 64 kB of headers/,
    }),
    await raw((socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nhalf'), {
      what: 'goes away in the middle',
      state: 'failed',
      cause: /closed the connection before its answer was complete/,
    }),
    await raw((socket) => void socket.end('220 ready for mail\r\n'), {
      what: 'speaks another tongue',
      state: 'failed',
      cause: /didn't answer in HTTP/,
    }),
  ];
  return {
    all,
    servers,
    innerVisits: () => innerVisits,
    unasked: () =>
      all
        .filter(({ what, address }) => !isNamed(address) && !asked.has(what))
        .map(({ what }) => what),
  };
}

const isNamed = (address: string) => Object.hasOwn(NAMES, new URL(address).hostname);

function drip(socket: Socket, head: string): void {
  socket.write(head);
  const timer = setInterval(() => socket.write('x'), 1_000);
  socket.on('close', () => clearInterval(timer));
}

/** A gigabyte of zeros in a megabyte, and so on for as long as somebody listens. */
const bomb: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' });
  const zeros = createReadStream('/dev/zero', { end: 1_000_000_000 });
  zeros.pipe(createGzip({ level: 1, strategy: constants.Z_RLE })).pipe(response);
  response.on('close', () => zeros.destroy());
};

function manyHeaders(socket: Socket): void {
  socket.write('HTTP/1.1 200 OK\r\n');
  socket.end(`${'x-header: of no use\r\n'.repeat(500_000)}\r\n`);
}

function oneHeader(socket: Socket): void {
  socket.end(`HTTP/1.1 200 OK\r\nx-header: ${'x'.repeat(10_000_000)}\r\n\r\n`);
}
