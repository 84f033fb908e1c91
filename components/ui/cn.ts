import { clsx, type ClassValue } from 'clsx';
import { extendTailwindMerge } from 'tailwind-merge';

// Without the names of our type sizes, `text-table` would count as a colour and drop out beside `text-ink`.
const merge = extendTailwindMerge({
  extend: {
    theme: {
      text: ['title', 'dialog', 'head', 'body', 'table', 'meta', 'log', 'axis'],
      spacing: ['control', 'control-small', 'gutter', 'row', 'row-dense', 'rail'],
      radius: ['mark', 'box'],
      shadow: ['float'],
    },
  },
});

/** Joins class names; of two that set the same property the later one wins. */
export function cn(...classes: ClassValue[]): string {
  return merge(clsx(classes));
}
