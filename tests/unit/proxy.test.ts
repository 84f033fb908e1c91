import { NextRequest } from 'next/server';
import { afterEach, expect, test, vi } from 'vitest';
import { proxy } from '../../proxy.ts';

afterEach(() => vi.unstubAllEnvs());

async function headersAt(punctualUrl: string | undefined, init: { headers?: HeadersInit } = {}) {
  vi.stubEnv('PUNCTUAL_URL', punctualUrl);
  return (await proxy(new NextRequest('http://10.0.0.4:3000/jobs', init))).headers;
}

test('browsers are told to come by https alone exactly where the address is https', async () => {
  const secure = await headersAt('https://punctual.example.org');
  expect(secure.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
  expect((await headersAt('http://punctual.lan')).has('strict-transport-security')).toBe(false);
  // What a request says of itself changes nothing.
  const claimed = await headersAt(undefined, { headers: { 'x-forwarded-proto': 'https' } });
  expect(claimed.has('strict-transport-security')).toBe(false);
});

test('each answer has a policy with a nonce of its own, and nothing inline', async () => {
  const policies = await Promise.all([headersAt(undefined), headersAt(undefined)]).then((all) =>
    all.map((headers) => headers.get('content-security-policy') ?? ''),
  );
  expect(new Set(policies).size).toBe(2);
  for (const policy of policies) {
    const scripts = policy.split('; ').find((part) => part.startsWith('script-src'));
    expect(scripts).toMatch(/^script-src 'self' 'nonce-[A-Za-z0-9+/]{24}' 'strict-dynamic'$/);
    expect(policy).toContain("object-src 'none'");
    expect(policy).toContain("base-uri 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/https?:|\*/);
  }
});

test('what is larger than anything that is read is refused before it is read', async () => {
  const request = new NextRequest('http://127.0.0.1:3000/api/console/forecast', {
    method: 'POST',
    headers: { 'content-length': String(5 * 1024 * 1024) },
  });
  expect((await proxy(request)).status).toBe(413);
});
