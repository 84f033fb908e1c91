import { once } from 'node:events';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { Clock } from '#core/clock.ts';
import { startDuty } from './duty.ts';
import { createHeartbeat } from './heartbeat.ts';
import { OwnConnection } from './own-connection.ts';

it('is not tried again at once, however often a broken connection wakes it', async () => {
  let connections = 0;
  const server = net.createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const logger = pino({ level: 'silent' });
  const connection = new OwnConnection({
    url: `postgresql://punctual@127.0.0.1:${port}/punctual`,
    applicationName: 'test',
    deadlineMs: 5_000,
    onBroken: () => loop.wake(),
  });
  const heartbeat = createHeartbeat({
    connection,
    identity: { workerId: 7, name: 'w', installation: '', isDraining: false },
    clock: new Clock(),
    logger,
    leaseMs: 60_000,
    heartbeatMs: 10_000,
    selfKillMs: 40_000,
    slotsInUse: () => 0,
    report: () => '{}',
    onAlive: () => {},
    onDrain: () => {},
    onLost: () => {},
    onClockWentBack: () => {},
  });
  heartbeat.begin(performance.now());
  const loop = startDuty(heartbeat, logger);
  const waking = setInterval(() => loop.wake(), 20);
  await expect.poll(() => connections, { timeout: 5_000 }).toBe(2);
  clearInterval(waking);
  heartbeat.end();
  await loop.stop();
  connection.close();
  server.close();
  // The second a second after the first, and none between.
  expect(connections).toBe(2);
});
