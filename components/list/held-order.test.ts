import { expect, test } from 'vitest';
import { inHeldOrder, isSameOrder } from './held-order.ts';

const row = (id: number, state = 'healthy') => ({ id, state });

test('rows keep their places and show their newest state', () => {
  const held = [row(1), row(2), row(3)];
  const newest = [row(3, 'failing'), row(1), row(4)];
  expect(inHeldOrder(held, newest)).toEqual([row(1), row(2), row(3, 'failing')]);
});

test('an order is the same as long as the same rows stand in it', () => {
  expect(isSameOrder([row(1), row(2)], [row(1, 'paused'), row(2)])).toBe(true);
  expect(isSameOrder([row(1), row(2)], [row(2), row(1)])).toBe(false);
  expect(isSameOrder([row(1)], [row(1), row(2)])).toBe(false);
});
