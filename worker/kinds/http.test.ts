import type { IncomingHttpHeaders } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { HttpConfig } from '#core/jobs/kinds/http.ts';
import { serve } from '#tests/support/servers.ts';
import { answerOf, testWork } from '#tests/support/work.ts';
import { until } from '#tests/support/wait.ts';
import { http as kind } from './http.ts';

type Input = Omit<Partial<HttpConfig>, 'kind'>;
const config = (url: string, more: Input = {}) => HttpConfig.parse({ kind: 'http', url, ...more });
/** The guard lets these tests' own servers through, and nothing else. */
const LOCAL = { httpAllow: ['127.0.0.1'] };

describe('a request', () => {
  it('goes out as the job says, and its answer is kept', async () => {
    const seen: { head: string; headers: IncomingHttpHeaders; body: string }[] = [];
    const { origin } = await serve((request, response) => {
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

  it('is told the stretch, and may leave a state for the next', async () => {
    const seen: IncomingHttpHeaders[] = [];
    const paths: string[] = [];
    const { origin } = await serve((request, response) => {
      seen.push(request.headers);
      paths.push(request.url!);
      response.setHeader('punctual-state', Buffer.from('at é 42').toString('latin1'));
      // Written with a text, Node would encode the header like the text.
      response.end(Buffer.from('ok'));
    });
    const url = `${origin}/rows?since={{from}}&until={{to}}&state={{state}}`;
    const first = { ...LOCAL, stretch: { from: null, to: new Date('2026-11-20T02:30:00Z') } };
    expect((await answerOf(kind, config(url), first)).answer).toMatchObject({
      ok: true,
      newState: 'at é 42',
    });
    const next = await answerOf(kind, config(url), {
      ...LOCAL,
      trigger: 'test',
      state: 'at é 42',
    });
    // What it was given comes back unchanged: no new version.
    expect(next.answer).toEqual({ ok: true, httpStatus: 200, result: 'ok' });
    expect(paths).toEqual([
      '/rows?since=&until=2026-11-20T02%3A30%3A00.000Z&state=',
      '/rows?since=2026-11-20T01%3A30%3A00.000Z&until=2026-11-20T02%3A30%3A00.000Z&state=at%20%C3%A9%2042',
    ]);
    expect(seen[0]).toMatchObject({ 'punctual-to': '2026-11-20T02:30:00.000Z' });
    expect(seen[0]).not.toHaveProperty('punctual-from');
    expect(seen[0]).not.toHaveProperty('punctual-test');
    expect(seen[1]).toMatchObject({
      'punctual-from': '2026-11-20T01:30:00.000Z',
      'punctual-test': '1',
    });
  });

  it('fails when the state that it leaves is no text, and keeps none when it fails', async () => {
    const { origin } = await serve((request, response) => {
      response.setHeader('punctual-state', '\u00ff').writeHead(request.url === '/bad' ? 500 : 200);
      response.end();
    });
    expect((await answerOf(kind, config(origin), LOCAL)).answer).toMatchObject({
      ok: false,
      cause: 'the state in the header Punctual-State can’t be kept: it is not text in UTF-8',
    });
    const failed = (await answerOf(kind, config(`${origin}/bad`), LOCAL)).answer;
    expect(failed).toMatchObject({ ok: false, httpStatus: 500 });
    expect(failed).not.toHaveProperty('newState');
  });

  it('sends the credentials of its address and keeps them out of the log', async () => {
    let authorization: string | undefined;
    const { origin } = await serve((request, response) => {
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
    const { origin } = await serve((_request, response) => {
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
    const { origin } = await serve((_request, response) => {
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
    const { origin } = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(pack('unpacked text'));
    });
    expect((await answerOf(kind, config(origin), LOCAL)).stdout()).toBe('unpacked text');
  });

  it('that are a bomb unpack to 1 MB and no further', async () => {
    // 400 MB of zeros in 400 kB.
    const bomb = gzipSync(Buffer.alloc(400_000_000), { level: 1 });
    const { origin } = await serve((_request, response) => {
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
    const { origin } = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('plain');
    });
    expect((await answerOf(kind, config(origin), LOCAL)).answer).toMatchObject({
      ok: false,
      failure: 'connection_error',
    });
  });

  it('that are no text stay out of the log', async () => {
    const { origin } = await serve((_request, response) => {
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
    const { origin } = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain; charset=iso-8859-1' });
      response.end(Buffer.from([0x63, 0x61, 0x66, 0xe9]));
    });
    const { answer, stdout } = await answerOf(kind, config(origin), LOCAL);
    expect([stdout(), answer.result]).toEqual(['café', 'café']);
  });

  it('show while they are still arriving', async () => {
    const { origin } = await serve((_request, response) => {
      response.write('first part');
    });
    const test = testWork(config(origin), LOCAL);
    const ended = kind.execute(test.work);
    await until(() => test.stdout() === 'first part');
    test.stop();
    expect(await ended).toEqual({ ok: false, wasStopped: true });
  });
});
