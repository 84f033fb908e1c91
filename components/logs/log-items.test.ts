import { expect, test } from 'vitest';
import type { LogLine } from '#core/logs/lines.ts';
import { indexOfLine, isComplaint, itemsOf } from './log-items.ts';

const line = (number: number, text: string, attempt = 1): LogLine => ({
  line: number,
  text,
  attempt,
  stream: 'stderr',
  atMs: 0,
  continues: false,
});
const frame = (number: number) => line(number, `    at f (node_modules/pg/client.js:${number}:1)`);
const trace = [
  line(1, 'error connect ECONNREFUSED'),
  line(2, '    at main (src/index.ts:1:1)'),
  frame(3),
  frame(4),
  frame(5),
  line(6, '    at end (src/end.ts:2:2)'),
  line(7, 'going on'),
];
const closed = { opened: new Set<number>(), shownLine: null, folds: true };
const kinds = (options: Parameters<typeof itemsOf>[1]) =>
  itemsOf(trace, options).map((item) => item.kind);

test('folds the frames of libraries and leaves the own code in sight', () => {
  expect(kinds(closed)).toEqual(['line', 'line', 'fold', 'line', 'line']);
  expect(itemsOf(trace, closed)[2]).toMatchObject({ fromLine: 3, toLine: 5, frames: 3 });
});

test('opens a fold that was clicked, and one that hides a line to be seen', () => {
  expect(kinds({ ...closed, opened: new Set([3]) })).toHaveLength(7);
  expect(kinds({ ...closed, shownLine: 4 })).toHaveLength(7);
  expect(kinds({ ...closed, folds: false })).toHaveLength(7);
  expect(indexOfLine(itemsOf(trace, { ...closed, shownLine: 4 }), 4)).toBe(3);
});

test('leaves two frames as they are', () => {
  expect(itemsOf([frame(1), frame(2)], closed).map((item) => item.kind)).toEqual(['line', 'line']);
});

test('takes the frames under an error for part of it, but not what follows', () => {
  const items = itemsOf(trace, closed);
  expect(items.map((_, index) => isComplaint(items, index))).toEqual([
    true,
    true,
    true,
    true,
    false,
  ]);
});

test('marks where another attempt begins', () => {
  const items = itemsOf([line(1, 'a'), line(2, 'b', 2)], closed);
  expect(items.map((item) => item.kind)).toEqual(['line', 'attempt', 'line']);
});

test('gives the same item for the same row, so that it isn’t rendered again', () => {
  expect(itemsOf(trace, closed)[0]).toBe(itemsOf(trace, closed)[0]);
});

test('gives each row of a long line a key of its own', () => {
  const items = itemsOf([line(1, 'a'), { ...line(1, 'b'), continues: true }], closed);
  expect(new Set(items.map((item) => item.key)).size).toBe(2);
});
