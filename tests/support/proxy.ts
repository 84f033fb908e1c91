import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * `open`: bytes pass. `swallow`: bytes are taken and go nowhere, and nobody is told, as on a line that was cut between
 * two routers. `swallow answers`: only what the server says is lost.
 */
export type Line = 'open' | 'swallow' | 'swallow answers';

export type TestProxy = {
  /** The database's address, through this proxy. */
  url: string;
  set(line: Line): void;
  /** The next COMMIT still reaches the database; from then on the line swallows answers. Resolves at that moment. */
  swallowAnswerToCommit(): Promise<void>;
  /** Resets every connection; new ones are made as the line says. */
  reset(): void;
};

/** A TCP line to the database that a test can break. It ends with the test. */
export async function startProxy(database: { url: string }): Promise<TestProxy> {
  const target = new URL(database.url);
  const pairs = new Set<[Socket, Socket]>();
  let line: Line = 'open';
  let onCommit: (() => void) | null = null;

  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    near.on('data', (bytes) => {
      if (onCommit && bytes.includes('COMMIT')) onCommit();
      if (line !== 'swallow') far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (line === 'open') near.write(bytes);
    });
    for (const [one, other] of [pair, pair.toReversed() as [Socket, Socket]]) {
      one.on('error', () => {});
      // The end of one side is news as well: it doesn't pass a line that swallows.
      one.on('close', () => {
        if (line === 'open') other.destroy();
        if (other.destroyed) pairs.delete(pair);
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const reset = () => {
    for (const [near, far] of pairs) {
      near.destroy();
      far.destroy();
    }
    pairs.clear();
  };
  onTestFinished(() => {
    reset();
    server.close();
  });

  const url = new URL(database.url);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    set(next) {
      line = next;
    },
    swallowAnswerToCommit: () =>
      new Promise((resolve) => {
        onCommit = () => {
          onCommit = null;
          line = 'swallow answers';
          resolve();
        };
      }),
    reset,
  };
}
