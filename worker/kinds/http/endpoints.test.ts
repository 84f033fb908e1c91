import type net from 'node:net';
import { request as send } from 'undici';
import { describe, expect, it } from 'vitest';
import { HttpConfig } from '#core/jobs/kinds/http.ts';
import { serve, serveRaw } from '#tests/support/servers.ts';
import { answerOf, testWork } from '#tests/support/work.ts';
import { until } from '#tests/support/wait.ts';
import { http as kind } from '../http.ts';
import { parseAllowList } from '#core/outbound/address-guard.ts';
import { createGuardedAgent, InternalAddress } from '#core/outbound/guarded-agent.ts';

type Input = Omit<Partial<HttpConfig>, 'kind'>;
const config = (url: string, more: Input = {}) => HttpConfig.parse({ kind: 'http', url, ...more });
/** The guard lets these tests' own servers through, and nothing else. */
const LOCAL = { httpAllow: ['127.0.0.1'] };

describe('endpoints that misbehave', () => {
  it.each([
    ['never answers', () => {}],
    [
      'never ends its headers',
      (socket: net.Socket) => drip(socket, 'HTTP/1.1 200 OK\r\n', 'X-A: b\r\n'),
    ],
    ['drips its body', (socket: net.Socket) => drip(socket, 'HTTP/1.1 200 OK\r\n\r\n', 'x')],
  ])('one that %s ends with the attempt’s time', async (_what, listener) => {
    const { origin, connections } = await serveRaw(listener);
    const test = testWork(config(origin), LOCAL);
    const ended = kind.execute(test.work);
    await until(() => connections.size > 0);
    const stoppedAt = performance.now();
    setTimeout(() => test.stop('timed_out'), 100);
    expect(await ended).toEqual({ ok: false, wasStopped: true });
    expect(performance.now() - stoppedAt).toBeLessThan(1_500);
    await until(() => connections.size === 0, { what: 'the connection to be closed' });
  });

  it('one that sends 10 MB of headers is cut off at 64 kB', async () => {
    let written = 0;
    const { origin } = await serveRaw((socket) => {
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
    const { origin: fine } = await serve((_request, response) =>
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
    const { answer } = await answerOf(kind, config((await serveRaw(listener)).origin), LOCAL);
    expect(answer).toMatchObject({ ok: false, failure: 'connection_error' });
    expect(answer.cause).toContain(cause);
  });

  it('one that isn’t there', async () => {
    const { origin, close } = await serve(() => {});
    await close();
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
    const test = testWork(
      config((await serve((_request, response) => response.end())).origin),
      LOCAL,
    );
    test.stop();
    expect(await kind.execute(test.work)).toEqual({
      ok: false,
      wasStopped: true,
      cause: 'stopped before it was sent',
    });
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
    const { port } = await serveRaw(() => connections++);
    const { answer } = await answerOf(kind, config(address.replace('PORT', port)));
    expect(answer).toMatchObject({ ok: false, failure: 'refused' });
    expect(answer.cause).toContain('internal address');
    expect(connections).toBe(0);
  });

  it('CONTROL: the same server answers once it is allowed', async () => {
    const { origin, port } = await serve((_request, response) => response.end('here'));
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
    const { origin } = await serve((_request, response) =>
      response.writeHead(302, { location: target }).end(),
    );
    const { answer } = await answerOf(kind, config(origin, { maxRedirects: 5 }), LOCAL);
    expect(answer).toMatchObject({ ok: false, failure: 'refused' });
  });

  it('refuses a name when one of its addresses is internal, and uses the very address that it looked at', async () => {
    const { port } = await serve((_request, response) => response.end('here'));
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
    const { origin } = await hops();
    const { answer } = await answerOf(kind, config(`${origin}/1`), LOCAL);
    expect(answer).toMatchObject({ ok: false, httpStatus: 302, cause: 'answered 302 Found' });
  });

  it('are followed so far and no further', async () => {
    const { origin } = await hops();
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
