import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hunksOf, lineDifference } from './line-difference.ts';

const text = fc
  .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 30 })
  .map((l) => l.join('\n'));
const of = (before: string, after: string) =>
  lineDifference(before, after).map(({ kind, text: line }) => `${sign[kind]}${line}`);
const sign = { same: ' ', added: '+', removed: '-' };

describe('the difference of two texts by line', () => {
  test('names what was put in and taken out', () => {
    expect(of('set -e\ncp a b\necho done', 'set -eu\ncp a b\ncp c d\necho done')).toEqual([
      '-set -e',
      '+set -eu',
      ' cp a b',
      '+cp c d',
      ' echo done',
    ]);
    expect(of('', 'a')).toEqual(['+a']);
    expect(of('a', 'a\n')).toEqual([' a', '+']);
    expect(of('a\nb', 'a\nb')).toEqual([' a', ' b']);
  });

  test('gives both texts back, whatever they are', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const changes = lineDifference(before, after);
        const without = (kind: string) =>
          changes.filter((change) => change.kind !== kind).map((change) => change.text);
        expect(without('added').join('\n')).toBe(before);
        expect(without('removed').join('\n')).toBe(after);
      }),
    );
  });

  test('is as short as can be', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const edits = lineDifference(before, after).filter(({ kind }) => kind !== 'same').length;
        const [a, b] = [before, after].map((one) => (one === '' ? [] : one.split('\n')));
        expect(edits).toBe(a!.length + b!.length - 2 * longestCommon(a!, b!));
      }),
    );
  });

  test('gives up on the shortest for texts that have little in common', () => {
    const before = Array.from({ length: 5_000 }, (_, i) => `a${i}`).join('\n');
    const after = Array.from({ length: 5_000 }, (_, i) => `b${i}`).join('\n');
    expect(lineDifference(before, after)).toHaveLength(10_000);
  });
});

test('a hunk has three lines around its changes and says how many were left out', () => {
  const lines = Array.from({ length: 20 }, (_, i) => `${i}`);
  const changed = lines.with(10, 'x');
  const hunks = hunksOf(lineDifference(lines.join('\n'), changed.join('\n')));
  expect(hunks).toHaveLength(1);
  expect(hunks[0]).toMatchObject({ skipped: 7 });
  expect(hunks[0]?.changes).toHaveLength(8);
});

function longestCommon(a: readonly string[], b: readonly string[]): number {
  let row = Array.from({ length: b.length + 1 }, () => 0);
  for (const one of a) {
    const next = [0];
    b.forEach((other, j) =>
      next.push(one === other ? row[j]! + 1 : Math.max(row[j + 1]!, next[j]!)),
    );
    row = next;
  }
  return row[b.length]!;
}
