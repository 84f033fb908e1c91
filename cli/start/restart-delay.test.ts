import { expect, test } from 'vitest';
import { restartDelay } from './restart-delay.ts';

test('a process that keeps ending is started less and less often, up to every 30 s', () => {
  const delays: number[] = [];
  let inARow = 0;
  for (let times = 0; times < 9; times++) {
    const next = restartDelay(inARow, 1_000);
    delays.push(next.delayMs);
    inARow = next.inARow;
  }
  expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test('after a minute that went well it is started at once again', () => {
  expect(restartDelay(7, 60_000)).toEqual({ delayMs: 500, inARow: 1 });
});
