import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { consoleAddress, consolePort } from './console-port.ts';
import { freePort } from './ports.ts';
import { StartError } from './start-error.ts';

const servers: Server[] = [];

async function listen(port: number, host: string): Promise<void> {
  const server = createServer().listen(port, host);
  servers.push(server);
  await Promise.race([once(server, 'listening'), once(server, 'error')]);
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

describe('the port of the console', () => {
  test('is the one asked for', async () => {
    const port = await freePort();
    expect(await consolePort(port, '127.0.0.1')).toBe(port);
  });

  test('asked for and taken is an error that names it', async () => {
    const port = await freePort();
    await listen(port, '127.0.0.1');
    await expect(consolePort(port, '127.0.0.1')).rejects.toThrow(StartError);
    await expect(consolePort(port, '127.0.0.1')).rejects.toThrow(String(port));
  });

  test('unasked is the next free one after 3000', async () => {
    // Whether or not somebody has 3000 already: it is taken now.
    await listen(3000, '127.0.0.1');
    const port = await consolePort(undefined, '127.0.0.1');
    expect(port).toBeGreaterThan(3000);
    expect(port).toBeLessThan(3100);
  });
});

describe('the address that is said', () => {
  test.each([
    [3000, '127.0.0.1', undefined, 'http://localhost:3000'],
    [3001, '0.0.0.0', undefined, 'http://localhost:3001'],
    [3000, '10.0.0.7', undefined, 'http://10.0.0.7:3000'],
    [3000, 'fd00::7', undefined, 'http://[fd00::7]:3000'],
    [3000, '0.0.0.0', 'https://jobs.example.com/', 'https://jobs.example.com'],
  ])('port %i on %s, PUNCTUAL_URL %s: %s', (port, host, configured, address) => {
    expect(consoleAddress(port, host, configured)).toBe(address);
  });
});
