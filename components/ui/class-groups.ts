import type { ClassValidator } from 'tailwind-merge';

const any: ClassValidator = () => true;
const isArbitrary: ClassValidator = (value) => value.startsWith('[') || value.startsWith('(');
const isGradient: ClassValidator = (value) => value.includes('gradient(');
const isNumber: ClassValidator = (value) => value !== '' && !Number.isNaN(Number(value));

// The type sizes of globals.css. Without them `text-table` would count as a colour and drop out beside `text-ink`.
const typeSizes = ['title', 'dialog', 'head', 'body', 'table', 'meta', 'log', 'axis'];
const sides = ['t', 'r', 'b', 'l'] as const;

/**
 * Which utilities set the same property, for `cn`. It covers what this console writes and no more: the table
 * that comes with tailwind-merge weighs 6 kB of every page. `cn.test.ts` holds it against that table for every
 * class in the source.
 */
export const classGroups = {
  ...groupsNamed(
    'inset inset-x inset-y top right bottom left z order basis grid-cols grid-rows col ' +
      'col-start col-end row row-start row-end gap gap-x gap-y justify-self justify-items ' +
      'items self place-content place-items place-self p px py m mx my size w min-w max-w h ' +
      'min-h max-h overflow-x overflow-y leading tracking underline-offset whitespace align ' +
      'outline-offset opacity translate translate-x translate-y rotate scale duration animate ' +
      'cursor pointer-events select line-clamp grid-flow auto-cols auto-rows aspect space-x ' +
      'space-y touch will-change scroll-m scroll-mt ease delay origin hyphens fill pt pr pb pl ' +
      'mt mr mb ml',
    [any],
  ),
  ...groupsNamed('grow shrink rounded-t rounded-r rounded-b rounded-l transition', ['', any]),
  display: [
    'block',
    'inline-block',
    'inline',
    'flex',
    'inline-flex',
    'grid',
    'inline-grid',
    'contents',
    'hidden',
    'table',
    'list-item',
  ],
  position: ['static', 'fixed', 'absolute', 'relative', 'sticky'],
  visibility: ['visible', 'invisible', 'collapse'],
  sr: ['sr-only', 'not-sr-only'],
  'flex-direction': [{ flex: ['row', 'row-reverse', 'col', 'col-reverse'] }],
  'flex-wrap': [{ flex: ['wrap', 'nowrap', 'wrap-reverse'] }],
  flex: [{ flex: ['auto', 'initial', 'none', isNumber, isArbitrary] }],
  'justify-content': [
    { justify: ['start', 'end', 'center', 'between', 'around', 'evenly', 'stretch', 'normal'] },
  ],
  'align-content': [
    { content: ['start', 'end', 'center', 'between', 'around', 'evenly', 'stretch', 'normal'] },
  ],
  overflow: [{ overflow: ['auto', 'hidden', 'clip', 'visible', 'scroll'] }],
  'font-size': [{ text: [...typeSizes, isArbitrary] }],
  'text-alignment': [{ text: ['left', 'center', 'right', 'justify', 'start', 'end'] }],
  'text-wrap': [{ text: ['wrap', 'nowrap', 'balance', 'pretty'] }],
  'text-overflow': ['truncate', 'text-ellipsis', 'text-clip'],
  'text-color': [{ text: [any] }],
  'font-family': [{ font: ['sans', 'mono'] }],
  'font-weight': [{ font: ['normal', 'medium', 'semibold', 'bold', isArbitrary] }],
  'font-style': ['italic', 'not-italic'],
  'text-decoration': ['underline', 'overline', 'line-through', 'no-underline'],
  'text-decoration-style': [{ decoration: ['solid', 'dashed', 'dotted', 'double', 'wavy'] }],
  'text-decoration-thickness': [{ decoration: ['auto', 'from-font', isNumber] }],
  'text-decoration-color': [{ decoration: [any] }],
  break: [{ break: ['normal', 'words', 'all', 'keep'] }],
  'bg-image': [{ bg: [isGradient] }],
  'bg-color': [{ bg: [any] }],
  rounded: [{ rounded: ['', 'mark', 'box', 'full', 'none', isArbitrary] }],
  'border-w': [{ border: ['', isNumber] }],
  ...Object.fromEntries(
    [...sides, 'x', 'y'].flatMap((side) => [
      [`border-w-${side}`, [{ [`border-${side}`]: ['', isNumber] }]],
      [`border-color-${side}`, [{ [`border-${side}`]: [any] }]],
    ]),
  ),
  'border-style': [{ border: ['solid', 'dashed', 'dotted', 'none', 'hidden'] }],
  'border-collapse': [{ border: ['collapse', 'separate'] }],
  'border-color': [{ border: [any] }],
  'outline-style': [{ outline: ['none', 'hidden', 'solid', 'dashed'] }],
  'outline-w': [{ outline: ['', isNumber] }],
  'outline-color': [{ outline: [any] }],
  shadow: [{ shadow: ['float', 'none', isArbitrary] }],
  'ring-inset': ['ring-inset'],
  'ring-w': [{ ring: ['', isNumber] }],
  'ring-color': [{ ring: [any] }],
  resize: [{ resize: ['', 'none', 'x', 'y'] }],
  'table-layout': [{ table: ['auto', 'fixed'] }],
  'text-transform': ['uppercase', 'lowercase', 'capitalize', 'normal-case'],
  'list-style-type': [{ list: ['none', 'disc', 'decimal'] }],
  'stroke-w': [{ stroke: [isNumber] }],
  stroke: [{ stroke: [any] }],
};

/** A utility that sets several properties takes out earlier ones that set one of them. */
export const conflictingClassGroups: Record<string, string[]> = {
  inset: ['inset-x', 'inset-y', 'top', 'right', 'bottom', 'left'],
  'inset-x': ['right', 'left'],
  'inset-y': ['top', 'bottom'],
  flex: ['basis', 'grow', 'shrink'],
  gap: ['gap-x', 'gap-y'],
  ...ofAxes('p'),
  ...ofAxes('m'),
  size: ['w', 'h'],
  'font-size': ['leading'],
  'line-clamp': ['display', 'overflow'],
  'scroll-m': ['scroll-mt'],
  overflow: ['overflow-x', 'overflow-y'],
  rounded: ['rounded-t', 'rounded-r', 'rounded-b', 'rounded-l'],
  'border-w': ['x', 'y', ...sides].map((side) => `border-w-${side}`),
  'border-w-x': ['border-w-r', 'border-w-l'],
  'border-w-y': ['border-w-t', 'border-w-b'],
  'border-color': ['x', 'y', ...sides].map((side) => `border-color-${side}`),
  'border-color-x': ['border-color-r', 'border-color-l'],
  'border-color-y': ['border-color-t', 'border-color-b'],
  translate: ['translate-x', 'translate-y'],
};

/** Groups of one utility each, which take any value. */
function groupsNamed(names: string, values: readonly (string | ClassValidator)[]) {
  return Object.fromEntries(names.split(' ').map((name) => [name, [{ [name]: values }]]));
}

function ofAxes(letter: 'p' | 'm'): Record<string, string[]> {
  return {
    [letter]: ['x', 'y', ...sides].map((side) => `${letter}${side}`),
    [`${letter}x`]: [`${letter}r`, `${letter}l`],
    [`${letter}y`]: [`${letter}t`, `${letter}b`],
  };
}
