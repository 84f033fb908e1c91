import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { FlushRest } from './flush-rest.ts';

it('lasts as long as the flush took, and not longer than one notices', async () => {
  const rest = new FlushRest();
  expect(rest.leftMs()).toBe(0);
  rest.begin(10);
  expect(rest.leftMs()).toBeGreaterThan(5);
  expect(rest.leftMs()).toBeLessThanOrEqual(10);
  rest.begin(10_000);
  expect(rest.leftMs()).toBeLessThanOrEqual(25);
  await pause(30);
  expect(rest.leftMs()).toBe(0);
});
