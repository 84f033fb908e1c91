import { expect, test } from 'vitest';
import { markHits } from './hits.ts';

test('a hit is cut out of its span, in any case', () => {
  expect(markHits([{ text: 'an Error here' }], 'error')).toEqual([
    { text: 'an ' },
    { text: 'Error', isHit: true },
    { text: ' here' },
  ]);
});

test('a hit across two spans is marked in both, each with its own look', () => {
  expect(markHits([{ text: 'ab', isBold: true }, { text: 'cd' }], 'bc')).toEqual([
    { text: 'a', isBold: true },
    { text: 'b', isBold: true, isHit: true },
    { text: 'c', isHit: true },
    { text: 'd' },
  ]);
});

test('several hits in one span are all marked, and nothing is lost', () => {
  const marked = markHits([{ text: 'aXaXa' }], 'x');
  expect(marked.map((span) => span.text).join('')).toBe('aXaXa');
  expect(marked.filter((span) => span.isHit)).toHaveLength(2);
});
