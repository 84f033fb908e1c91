import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HttpConfig } from '#core/jobs/kinds/http.ts';
import type { ParameterValues } from '#core/jobs/parameters.ts';
import { testWork } from '#tests/support/work.ts';
import { type Outgoing, prepareRequest, redirected } from './request.ts';
import { retryAfterMs } from '#core/outbound/retry-after.ts';

type Input = Omit<Partial<HttpConfig>, 'kind'> & { url: string };

function prepare(config: Input, parameters: ParameterValues = {}) {
  return prepareRequest(
    testWork(HttpConfig.parse({ kind: 'http', ...config }), { parameters }).work,
  );
}

function prepared(config: Input, parameters: ParameterValues = {}): Outgoing {
  const result = prepare(config, parameters);
  if (!result.ok) throw new Error(result.problem);
  return result.request;
}

const JSON_TYPE = { name: 'Content-Type', value: 'application/json; charset=utf-8' };

describe('values in an address', () => {
  it('can’t leave their place', () => {
    const { url } = prepared(
      { url: 'https://example.com/a/{{param.id}}?at={{tick}}&q={{param.q}}#x' },
      { id: '../b/c?d=1#e', q: "1&admin=true'@evil" },
    );
    expect(url.href).toBe(
      'https://example.com/a/..%2Fb%2Fc%3Fd%3D1%23e?at=2026-11-20T02%3A30%3A00.000Z&q=1%26admin%3Dtrue%27%40evil#x',
    );
  });

  it.each(['.', '..'])('are refused when they would change the path: %s', (id) => {
    expect(prepare({ url: 'https://example.com/a/{{param.id}}/b' }, { id })).toMatchObject({
      ok: false,
    });
    expect(
      prepare({ url: 'https://example.com/a/{{param.id}}{{param.id}}/b' }, { id: '.' }),
    ).toMatchObject({
      ok: false,
    });
  });

  it('never choose the host: such an address isn’t saved, and isn’t sent either', () => {
    for (const url of [
      'https://{{param.host}}/',
      'https://example.com:{{param.port}}/',
      'https://{{param.user}}@example.com/',
    ]) {
      expect(HttpConfig.safeParse({ kind: 'http', url }).success).toBe(false);
    }
    const work = testWork(
      {
        ...HttpConfig.parse({ kind: 'http', url: 'https://example.com' }),
        url: 'https://{{param.h}}/',
      },
      { parameters: { h: 'evil.example' } },
    ).work;
    expect(prepareRequest(work)).toMatchObject({ ok: false });
  });
});

describe('values in a body', () => {
  it('stay within their string of JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const { body } = prepared(
          {
            url: 'https://example.com',
            method: 'POST',
            headers: [JSON_TYPE],
            body: '{"name": "{{param.name}}", "whole": {{json param.name}}, "limit": {{param.limit}}}',
          },
          { name, limit: 3 },
        );
        expect(JSON.parse(body!)).toEqual({ name, whole: name, limit: 3 });
      }),
    );
  });

  it('are escaped in a form, and stay as they are in plain text', () => {
    const body = 'a={{param.a}}';
    const of = (value: string) =>
      prepared(
        {
          url: 'https://example.com',
          method: 'POST',
          body,
          headers: [{ name: 'content-type', value }],
        },
        { a: '1&b=2' },
      ).body;
    expect(of('application/x-www-form-urlencoded')).toBe('a=1%26b%3D2');
    expect(of('text/plain')).toBe('a=1&b=2');
  });
});

describe('headers', () => {
  it('take parameters, but no second header', () => {
    const headers = [{ name: 'X-Note', value: 'for {{param.who}}' }];
    expect(prepared({ url: 'https://example.com', headers }, { who: 'ops' }).headers).toMatchObject(
      {
        'x-note': 'for ops',
        traceparent: expect.stringMatching(/^00-0123456789abcdef0123456789abcdef-[0-9a-f]{16}-01$/),
      },
    );
    expect(
      prepare({ url: 'https://example.com', headers }, { who: 'x\r\nX-Admin: 1' }),
    ).toMatchObject({
      ok: false,
    });
  });

  it('that frame the message are refused when the job is saved', () => {
    for (const name of ['Content-Length', 'transfer-encoding', 'Connection']) {
      const url = 'https://example.com';
      expect(
        HttpConfig.safeParse({ kind: 'http', url, headers: [{ name, value: '1' }] }).success,
      ).toBe(false);
    }
  });

  it('carry the credentials of an address, which the address doesn’t', () => {
    const { url, headers } = prepared({ url: 'https://me:p%40ss@example.com/x' });
    expect(url.href).toBe('https://example.com/x');
    expect(headers['authorization']).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`);
  });
});

describe('a redirect', () => {
  const post: Outgoing = {
    method: 'POST',
    url: new URL('https://example.com/a'),
    headers: {
      authorization: 'Bearer x',
      'x-api-key': 'y',
      'content-type': 'text/plain',
      accept: '*/*',
    },
    body: 'text',
    hasSecretBody: false,
  };

  it.each([
    [301, 'GET', null],
    [302, 'GET', null],
    [303, 'GET', null],
    [307, 'POST', 'text'],
    [308, 'POST', 'text'],
  ])('%i repeats with %s', (status, method, body) => {
    expect(redirected(post, status, '/b')).toMatchObject({
      method,
      body,
      url: new URL('https://example.com/b'),
    });
  });

  it('to another origin carries no key', () => {
    for (const target of [
      'https://other.example/',
      'http://example.com/',
      'https://example.com:8443/',
    ]) {
      expect(redirected(post, 307, target)!.headers).toEqual({
        'content-type': 'text/plain',
        accept: '*/*',
      });
    }
    // CONTROL
    expect(redirected(post, 307, '/b')!.headers).toHaveProperty('x-api-key');
  });

  it('leads to web addresses only', () => {
    for (const target of ['file:///etc/passwd', 'gopher://x/', 'javascript:1', 'http://']) {
      expect(redirected(post, 302, target)).toBeNull();
    }
  });
});

describe('Retry-After', () => {
  const now = new Date('2026-11-20T02:30:00Z');
  it.each([
    ['120', 120_000],
    ['0', 0],
    [' 5 ', 5_000],
    ['Fri, 20 Nov 2026 02:31:00 GMT', 60_000],
    ['Friday, 20-Nov-26 02:31:00 GMT', 60_000],
    ['Fri Nov 20 02:31:00 2026', 60_000],
    ['Thu, 19 Nov 2026 02:31:00 GMT', 0],
    ['-1', undefined],
    ['1.5', undefined],
    ['2026', 2_026_000],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s', (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });
});
