import { describe, expect, test } from 'vitest';
import { checkWrite, consoleOrigin, isPrivateHost, safeNext } from './origin.ts';

const headers = (values: Record<string, string>) => new Headers(values);

describe('the console’s own origin', () => {
  test('is PUNCTUAL_URL where that is set, whatever the request says', () => {
    const request = headers({ host: 'evil.example', 'x-forwarded-host': 'evil.example' });
    expect(consoleOrigin(request, 'https://punctual.example.org/')).toEqual({
      ok: true,
      origin: 'https://punctual.example.org',
    });
  });

  test.each([
    'localhost:3000',
    '127.0.0.1:3000',
    '[::1]:3000',
    '10.1.2.3',
    '192.168.0.9:80',
    'punctual',
    'ops.lan',
    '100.64.0.7',
    '[fd00::1]:3000',
  ])('is the request’s host on a private address: %s', (host) => {
    expect(consoleOrigin(headers({ host }), undefined)).toEqual({
      ok: true,
      origin: new URL(`http://${host}`).origin,
    });
  });

  test.each([
    'evil.example',
    '8.8.8.8',
    '',
    'a b',
    'localhost@evil.example',
    'evil.example/localhost',
    '[2001:4860::1]',
    '0.0.0.0',
  ])('is unknown under a public or broken host: %j', (host) => {
    expect(consoleOrigin(headers(host === '' ? {} : { host }), undefined).ok).toBe(false);
  });

  test('a private name is not fooled by what stands before or after it', () => {
    expect(isPrivateHost('localhost.evil.example')).toBe(false);
    expect(isPrivateHost('127.0.0.1.nip.io')).toBe(false);
    expect(isPrivateHost('::ffff:8.8.8.8')).toBe(false);
    expect(isPrivateHost('::ffff:10.0.0.1')).toBe(true);
  });
});

describe('a write', () => {
  const own = { host: 'localhost:3000', origin: 'http://localhost:3000' };
  test('is let through from the console itself', () => {
    expect(checkWrite(headers(own), undefined).ok).toBe(true);
    expect(checkWrite(headers({ ...own, 'sec-fetch-site': 'same-origin' }), undefined).ok).toBe(
      true,
    );
  });

  test.each([
    { origin: 'null' },
    { origin: 'https://localhost:3000' },
    { origin: 'http://localhost:3001' },
    { origin: 'http://localhost:3000.evil.example' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
  ])('is refused with %o', (change) => {
    expect(checkWrite(headers({ ...own, ...change }), undefined).ok).toBe(false);
  });

  test('is refused without an Origin', () => {
    expect(checkWrite(headers({ host: 'localhost:3000' }), undefined).ok).toBe(false);
  });

  test('behind a proxy, is held against PUNCTUAL_URL alone', () => {
    const url = 'https://punctual.example.org';
    expect(checkWrite(headers({ host: '10.0.0.4:3000', origin: url }), url).ok).toBe(true);
    expect(checkWrite(headers(own), url).ok).toBe(false);
  });
});

describe('where one goes after signing in', () => {
  test.each(['/jobs', '/runs?state=failed&to=%2Fx', '/jobs/a#log'])('%s', (next) => {
    expect(safeNext(next)).toBe(next);
  });

  test.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/\t/evil.example',
    '/.//evil.example',
    '/jobs/..//evil.example',
    '/%2e//evil.example/%2e',
    '/a/%2E%2e//evil.example?next=1',
    '',
    null,
    '/sign-in?next=/sign-in',
    '/api/auth/sign-out',
    '/welcome',
  ])('%j leads to the overview', (next) => {
    expect(safeNext(next)).toBe('/');
  });
});
