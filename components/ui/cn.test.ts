import { globSync, readFileSync } from 'node:fs';
import { extendTailwindMerge } from 'tailwind-merge';
import { describe, expect, test } from 'vitest';
import { cn } from './cn.ts';

// The complete table of tailwind-merge, told the names of our theme.
const reference = extendTailwindMerge({
  extend: {
    theme: {
      text: ['title', 'dialog', 'head', 'body', 'table', 'meta', 'log', 'axis'],
      spacing: ['control', 'control-small', 'gutter', 'row', 'row-dense', 'rail'],
      radius: ['mark', 'box'],
      shadow: ['float'],
      animate: ['turn', 'spin', 'breathe', 'appear', 'rise', 'slide-left', 'slide-right'],
    },
  },
});

describe('joining class names', () => {
  test.each([
    ['h-control h-7', 'h-7'],
    ['text-table text-ink', 'text-table text-ink'],
    ['text-table text-meta', 'text-meta'],
    ['text-ink-2 text-fail-ink', 'text-fail-ink'],
    ['px-3 p-0', 'p-0'],
    ['p-0 px-3', 'p-0 px-3'],
    ['phone:h-9 h-7', 'phone:h-9 h-7'],
    ['border border-line border-l-2', 'border border-line border-l-2'],
    ['rounded-box rounded-r-none', 'rounded-box rounded-r-none'],
    ['w-60 shrink-0 w-full', 'shrink-0 w-full'],
  ])('%s gives %s', (classes, joined) => {
    expect(cn(classes)).toBe(joined);
  });

  test('agrees with the complete table for every pair of classes that the source uses', () => {
    const used = classesInSource().filter((name) => reference(`${name} ${name}`) === name);
    expect(used.length).toBeGreaterThan(200);
    const different: string[] = [];
    for (const first of used) {
      for (const second of used) {
        const pair = `${first} ${second}`;
        if (first !== second && cn(pair) !== reference(pair)) different.push(pair);
      }
    }
    expect(different, 'class-groups.ts lacks the group of these classes').toEqual([]);
  });
});

/** Words of string literals in components and pages that look like utilities, without their variants. */
function classesInSource(): string[] {
  const files = globSync(['components/**/*.tsx', 'app/**/*.tsx', 'components/ui/*-look.ts']);
  const words = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/'([^'\n]+)'|"([^"\n]+)"/g)].flatMap((match) =>
      (match[1] ?? match[2] ?? '').split(' '),
    ),
  );
  const utilities = words
    .map((word) => word.replace(/^(?:[a-z-]+(?:\[[^\]]*\])?:)*/, ''))
    .filter((word) => /^-?[a-z][a-z0-9-]*(?:[-/][a-z0-9.[(]\S*)?$/.test(word));
  return [...new Set(utilities)];
}
