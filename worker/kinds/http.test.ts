import { once } from 'node:events';
import http, { type RequestListener } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { request as send } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpConfig } from '#core/jobs/kinds/http.ts';
import { answerOf, testWork } from '#tests/support/work.ts';
import { until } from '#tests/support/wait.ts';
import { parseAllowList } from './http/address-guard.ts';
import { createGuardedAgent, InternalAddress } from './http/guarded-agent.ts';
import { http as kind } from './http.ts';

const servers: net.Server[] = [];
const sockets = new Set<net.Socket>();
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done))));
});

/** A web server on 127.0.0.1; returns its origin. */
const serve = (listener: RequestListener) => listen(http.createServer(listener));
/** A server that speaks whatever it likes. */
const serveRaw = (listener: (socket: net.Socket) => void) =>
  listen(net.createServer((socket) => listener(socket.resume())));

async function listen(server: net.Server): Promise<string> {
  servers.push(server);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type Input = Omit<Partial<HttpConfig>, 'kind'>;
const config = (url: string, more: Input = {}) => HttpConfig.parse({ kind: 'http', url, ...more });
/** The guard lets these tests' own servers through, and nothing else. */
const LOCAL = { httpAllow: ['127.0.0.1'] };

describe('a request', () => {
  it('goes out as the job says, and its answer is kept', async () => {
    const seen: { head: string; headers: http.IncomingHttpHeaders; body: string }[] = [];
    const origin = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      const { method, url, headers } = request;
      request.on('end', () => seen.push({ head: `${method} ${url}`, headers, body }));
      response
        .setHeader('set-cookie', 'session=secret')
        .writeHead(201, { 'content-type': 'application/json' });
      response.end('{"id": 7}\n');
    });
    const { answer, stdout, notes } = await answerOf(
      kind,
      config(`${origin}/jobs?x=1`, {
        method: 'POST',
        headers: [
          { name: 'Content-Type', value: 'application/json' },
          { name: 'Authorization', value: 'Bearer key-of-the-job' },
        ],
        body: '{"tick": "{{tick}}", "n": "{{param.n}}"}',
      }),
      { ...LOCAL, parameters: { n: '"q"' } },
    );
    expect(answer).toEqual({ ok: true, httpStatus: 201, result: '{"id": 7}\n' });
    expect(seen[0]).toMatchObject({
      head: 'POST /jobs?x=1',
      body: '{"tick": "2026-11-20T02:30:00.000Z", "n": "\\"q\\""}',
      headers: { authorization: 'Bearer key-of-the-job', 'user-agent': 'Punctual' },
    });
    expect(stdout()).toBe('{"id": 7}\n');
    expect(notes[0]).toBe(`POST ${origin}/jobs?x=1`);
    expect(notes[1]).toMatch(/^201 Created after \d+ ms \(content-type: application\/json\)$/);
    expect(notes.join()).not.toMatch(/key-of-the-job|secret/);
  });

  it('sends the credentials of its address and keeps them out of the log', async () => {
    let authorization: string | undefined;
    const origin = await serve((request, response) => {
      authorization = request.headers.authorization;
      response.end();
    });
    const { notes } = await answerOf(kind, config(origin.replace('//', '//me:hidden@')), LOCAL);
    expect(authorization).toBe(`Basic ${Buffer.from('me:hidden').toString('base64')}`);
    expect(notes.join()).not.toContain('hidden');
  });

  it.each([
    [200, '200-299', true],
    [404, '200-299, 404', true],
    [500, '200-299', false],
    [302, '200-299', false],
  ])('answered %i where %s is expected: ok is %s', async (status, expectedStatuses, ok) => {
    const origin = await serve((_request, response) => {
      response.writeHead(status, { location: '/elsewhere', 'retry-after': '7' }).end('text');
    });
    const { answer } = await answerOf(kind, config(origin, { expectedStatuses }), LOCAL);
    expect(answer).toMatchObject({ ok, httpStatus: status });
    if (!ok) expect(answer).toMatchObject({ failure: 'http_status', retryAfterMs: 7_000 });
  });
});

describe('bodies', () => {
  it('of 1 MB and more are read to 1 MB, and the connection is closed', async () => {
    let wasClosed = false;
    const origin = await serve((_request, response) => {
      const timer = setInterval(() => response.write('x'.repeat(65_536)), 1);
      response.on('close', () => {
        clearInterval(timer);
        wasClosed = true;
      });
    });
    const { answer, bytes, notes } = await answerOf(kind, config(origin), LOCAL);
    expect(answer).toMatchObject({ ok: true, httpStatus: 200 });
    expect(bytes()).toBe(1_000_000);
    expect(answer.result).toHaveLength(65_536);
    expect(notes).toContain('Only the first 1 MB of the body was read.');
    await until(() => wasClosed);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('packed as %s are unpacked', async (encoding, pack) => {
    const origin = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(pack('unpacked text'));
    });
    expect((await answerOf(kind, config(origin), LOCAL)).stdout()).toBe('unpacked text');
  });

  it('that are a bomb unpack to 1 MB and no further', async () => {
    // 400 MB of zeros in 400 kB.
    const bomb = gzipSync(Buffer.alloc(400_000_000), { level: 1 });
    const origin = await serve((_request, response) => {
      response
        .writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'text/plain' })
        .end(bomb);
    });
    const before = process.memoryUsage().rss;
    const { answer, bytes, notes } = await answerOf(kind, config(origin), LOCAL);
    expect(answer.ok).toBe(true);
    expect(bytes()).toBe(1_000_000);
    expect(notes).toContain('Only the first 1 MB of the body was read.');
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  });

  it('that say they are packed and aren’t fail', async () => {
    const origin = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('plain');
    });
    expect((await answerOf(kind, config(origin), LOCAL)).answer).toMatchObject({
      ok: false,
      failure: 'connection_error',
    });
  });

  it('that are no text stay out of the log', async () => {
    const origin = await serve((_request, response) => {
      response
        .writeHead(200, { 'content-type': 'image/png' })
        .end(Buffer.from([0x89, 0x50, 0, 1, 2]));
    });
    const { answer, stdout, notes } = await answerOf(kind, config(origin), LOCAL);
    expect(answer).toEqual({ ok: true, httpStatus: 200 });
    expect(stdout()).toBe('');
    expect(notes).toContain('The body is not text (5 bytes).');
  });

  it('are read in the character set that they name', async () => {
    const origin = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain; charset=iso-8859-1' });
      response.end(Buffer.from([0x63, 0x61, 0x66, 0xe9]));
    });
    const { answer, stdout } = await answerOf(kind, config(origin), LOCAL);
    expect([stdout(), answer.result]).toEqual(['café', 'café']);
  });

  it('show while they are still arriving', async () => {
    const origin = await serve((_request, response) => {
      response.write('first part');
    });
    const test = testWork(config(origin), LOCAL);
    const ended = kind.execute(test.work);
    await until(() => test.stdout() === 'first part');
    test.stop();
    expect(await ended).toEqual({ ok: false, wasStopped: true });
  });
});

describe('endpoints that misbehave', () => {
  it.each([
    ['never answers', () => {}],
    [
      'never ends its headers',
      (socket: net.Socket) => drip(socket, 'HTTP/1.1 200 OK\r\n', 'X-A: b\r\n'),
    ],
    ['drips its body', (socket: net.Socket) => drip(socket, 'HTTP/1.1 200 OK\r\n\r\n', 'x')],
  ])('one that %s ends with the attempt’s time', async (_what, listener) => {
    const origin = await serveRaw(listener);
    const test = testWork(config(origin), LOCAL);
    const ended = kind.execute(test.work);
    await until(() => sockets.size > 0);
    const stoppedAt = performance.now();
    setTimeout(() => test.stop('timed_out'), 100);
    expect(await ended).toEqual({ ok: false, wasStopped: true });
    expect(performance.now() - stoppedAt).toBeLessThan(1_500);
    await until(() => sockets.size === 0, { what: 'the connection to be closed' });
  });

  it('one that sends 10 MB of headers is cut off at 64 kB', async () => {
    let written = 0;
    const origin = await serveRaw((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\n');
        const more = () => {
          while (written < 10_000_000 && !socket.destroyed) {
            written += 10_000;
            if (!socket.write(`X-Long-${written}: ${'x'.repeat(9_980)}\r\n`))
              return socket.once('drain', more);
          }
          return socket;
        };
        more();
      });
    });
    const { answer } = await answerOf(kind, config(origin), LOCAL);
    expect(answer).toMatchObject({ ok: false, failure: 'connection_error' });
    expect(answer.cause).toContain('more than 64 kB of headers');
    // CONTROL: 10 kB of headers are fine.
    const fine = await serve((_request, response) =>
      response.setHeader('x-long', 'x'.repeat(10_000)).end(),
    );
    expect((await answerOf(kind, config(fine), LOCAL)).answer.ok).toBe(true);
  });

  it.each([
    ['closes at once', (socket: net.Socket) => socket.destroy(), 'before its answer was complete'],
    [
      'speaks no HTTP',
      (socket: net.Socket) => socket.end('SSH-2.0-OpenSSH\r\n'),
      "didn't answer in HTTP",
    ],
    [
      'closes in the middle of its body',
      (socket: net.Socket) =>
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf')),
      'before its answer was complete',
    ],
  ])('one that %s', async (_what, listener, cause) => {
    const { answer } = await answerOf(kind, config(await serveRaw(listener)), LOCAL);
    expect(answer).toMatchObject({ ok: false, failure: 'connection_error' });
    expect(answer.cause).toContain(cause);
  });

  it('one that isn’t there', async () => {
    const origin = await serve(() => {});
    await new Promise((done) => servers.pop()!.close(done));
    const { answer } = await answerOf(kind, config(origin), LOCAL);
    expect(answer).toMatchObject({ ok: false, failure: 'connection_error' });
    expect(answer.cause).toContain('refused the connection');
  });

  it('a host that doesn’t exist', async () => {
    const { answer } = await answerOf(kind, config('http://no-such-host.invalid/'));
    expect(answer).toMatchObject({ ok: false, failure: 'connection_error' });
    expect(answer.cause).toMatch(/no host no-such-host\.invalid|could not be looked up/);
  });

  it('one that ends after it was stopped before it began', async () => {
    const test = testWork(config(await serve((_request, response) => response.end())), LOCAL);
    test.stop();
    expect(await kind.execute(test.work)).toEqual({ ok: false, wasStopped: true });
  });
});

describe('the guard against internal addresses', () => {
  it.each([
    'http://127.0.0.1:PORT/',
    'http://localhost:PORT/',
    'http://2130706433:PORT/',
    'http://0x7f.1:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://127.1:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::1]:PORT/',
    'http://0.0.0.0:PORT/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00::1]/',
  ])('refuses %s and opens no connection', async (address) => {
    let connections = 0;
    const origin = await serveRaw(() => connections++);
    const { answer } = await answerOf(kind, config(address.replace('PORT', new URL(origin).port)));
    expect(answer).toMatchObject({ ok: false, failure: 'refused' });
    expect(answer.cause).toContain('internal address');
    expect(connections).toBe(0);
  });

  it('CONTROL: the same server answers once it is allowed', async () => {
    const origin = await serve((_request, response) => response.end('here'));
    const { port } = new URL(origin);
    for (const httpAllow of [['127.0.0.0/8'], ['127.0.0.1'], [`127.0.0.1:${port}`]]) {
      expect((await answerOf(kind, config(origin), { httpAllow })).answer.ok).toBe(true);
    }
    const { answer } = await answerOf(kind, config(`http://localhost:${port}/`), {
      httpAllow: ['localhost'],
    });
    expect(answer.ok).toBe(true);
  });

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://127.0.0.2:1/',
    'http://[::1]:1/',
    '//127.0.0.2:1/',
  ])('refuses a redirect to %s', async (target) => {
    const origin = await serve((_request, response) =>
      response.writeHead(302, { location: target }).end(),
    );
    const { answer } = await answerOf(kind, config(origin, { maxRedirects: 5 }), LOCAL);
    expect(answer).toMatchObject({ ok: false, failure: 'refused' });
  });

  it('refuses a name when one of its addresses is internal, and uses the very address that it looked at', async () => {
    const origin = await serve((_request, response) => response.end('here'));
    const { port } = new URL(origin);
    const ask = async (addresses: string[], allow: string[]) => {
      let lookups = 0;
      const guarded = createGuardedAgent(parseAllowList(allow), (_name, _options, callback) => {
        lookups++;
        callback(
          null,
          addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        );
      });
      try {
        const response = await send(`http://rebind.example:${port}/`, {
          dispatcher: guarded.agent,
        });
        return { text: await response.body.text(), lookups };
      } finally {
        guarded.destroy();
      }
    };
    await expect(ask(['127.0.0.1'], [])).rejects.toThrow(InternalAddress);
    await expect(ask(['93.184.216.34', '127.0.0.1'], [])).rejects.toThrow(InternalAddress);
    await expect(ask(['93.184.216.34', '::ffff:10.0.0.1'], [])).rejects.toThrow(InternalAddress);
    // One lookup a connection: there is no second answer for a name that changes its mind.
    expect(await ask(['127.0.0.1'], ['127.0.0.1'])).toEqual({ text: 'here', lookups: 1 });
    expect(await ask(['127.0.0.1'], ['rebind.example'])).toEqual({ text: 'here', lookups: 1 });
  });
});

describe('redirects', () => {
  const hops = () =>
    serve((request, response) => {
      const left = Number(request.url!.slice(1));
      if (left === 0) response.end('arrived');
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    });

  it('are answers unless they are followed', async () => {
    const origin = await hops();
    const { answer } = await answerOf(kind, config(`${origin}/1`), LOCAL);
    expect(answer).toMatchObject({ ok: false, httpStatus: 302, cause: 'answered 302 Found' });
  });

  it('are followed so far and no further', async () => {
    const origin = await hops();
    const { answer, stdout, notes } = await answerOf(
      kind,
      config(`${origin}/3`, { maxRedirects: 3 }),
      LOCAL,
    );
    expect([answer.ok, stdout()]).toEqual([true, 'arrived']);
    expect(notes.filter((note) => note.startsWith('GET'))).toHaveLength(4);
    const over = await answerOf(kind, config(`${origin}/3`, { maxRedirects: 2 }), LOCAL);
    expect(over.answer).toMatchObject({
      ok: false,
      httpStatus: 302,
      cause: 'redirected more than 2 times',
    });
  });
});

function drip(socket: net.Socket, head: string, part: string): void {
  socket.once('data', () => {
    socket.write(head);
    const timer = setInterval(() => socket.write(part), 20);
    socket.on('close', () => clearInterval(timer));
  });
}
