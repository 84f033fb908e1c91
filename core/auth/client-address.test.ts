import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { clientAddress, stampRequests } from './client-address.ts';

describe('the address of who asks', () => {
  test('is the connection’s own without a proxy, whatever X-Forwarded-For says', () => {
    expect(clientAddress('::ffff:192.0.2.1', '198.51.100.9', false)).toBe('192.0.2.1');
    expect(clientAddress('203.0.113.5', '198.51.100.9', true)).toBe('203.0.113.5');
  });

  test('is the last that a proxy on a private address added, not what the client put before it', () => {
    expect(clientAddress('127.0.0.1', '1.2.3.4, 198.51.100.9', true)).toBe('198.51.100.9');
    expect(clientAddress('10.0.0.2', ['1.2.3.4', '198.51.100.9'], true)).toBe('198.51.100.9');
    expect(clientAddress('10.0.0.2', undefined, true)).toBe('10.0.0.2');
    expect(clientAddress('10.0.0.2', '<script>', true)).toBe('10.0.0.2');
  });
});

describe('a request, before anybody sees it,', () => {
  const forged = {
    'x-punctual-address': '6.6.6.6',
    'x-forwarded-for': '7.7.7.7',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    forwarded: 'for=7.7.7.7;host=evil.example',
  };

  async function seenWith(punctualUrl: string | undefined): Promise<IncomingHttpHeaders> {
    const takeBack = stampRequests(punctualUrl);
    let seen: IncomingHttpHeaders = {};
    const server = createServer((request, response) => {
      seen = request.headers;
      response.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await fetch(`http://127.0.0.1:${port}/`, { headers: forged });
    server.close();
    takeBack();
    return seen;
  }

  test('says only where it really came from', async () => {
    const seen = await seenWith(undefined);
    expect(seen['x-punctual-address']).toBe('127.0.0.1');
    expect(seen['x-forwarded-for']).toBe('127.0.0.1');
    for (const name of ['x-forwarded-host', 'x-forwarded-proto', 'forwarded']) {
      expect(seen[name]).toBeUndefined();
    }
  });

  test('behind a proxy says what the configuration says', async () => {
    const seen = await seenWith('https://punctual.example.org');
    expect(seen['x-punctual-address']).toBe('7.7.7.7');
    expect(seen['x-forwarded-host']).toBe('punctual.example.org');
    expect(seen['x-forwarded-proto']).toBe('https');
  });
});
