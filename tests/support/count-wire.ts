import { connect, createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { StatementReader } from './wire.ts';

export type Wire = AsyncDisposable & {
  /** The database's address, by way of this line. */
  url: string;
  /** So far: statements that were sent for execution, and bytes both ways. */
  counted(): { statements: number; bytes: number };
};

/** A line to the database that counts what passes. */
export async function countWire(
  databaseUrl: string,
  onStatement: (statement: string) => void = () => {},
): Promise<Wire> {
  const target = new URL(databaseUrl);
  let statements = 0;
  let bytes = 0;
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    const reader = new StatementReader();
    near.on('data', (data) => {
      bytes += data.length;
      const sent = reader.read(data);
      statements += sent.length;
      for (const { statement } of sent) onStatement(statement);
      far.write(data);
    });
    far.on('data', (data) => {
      bytes += data.length;
      near.write(data);
    });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.on('close', () => other.destroy());
      socket.on('error', () => other.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    counted: () => ({ statements, bytes }),
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}
