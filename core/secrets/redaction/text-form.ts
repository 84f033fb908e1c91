import type { Place, Places, Step } from './place.ts';

/**
 * A value as text, whatever each of its characters is written as: itself, in an address (%41), in JSON (\u0041, \n), in
 * JSON within JSON, in the bytes of a program's notation (\x41), in HTML (&quot;).
 */
export function textForm(places: Places, value: string): Place {
  // A file that went through another system has other line ends.
  const units = value.match(/\r\n|[^]/gu) ?? [];
  const made: Place[] = [];
  const placeAt = (at: number): Place =>
    (made[at] ??= places.make(
      () =>
        at === units.length
          ? []
          : waysOf(units[at]!).map((steps) => places.way(steps, () => placeAt(at + 1))),
      { isEnd: at === units.length, isFresh: at === 0 },
    ));
  return placeAt(0);
}

/** No way to write a character has more bytes. */
export const LONGEST_WAY = 12;

function waysOf(unit: string): Step[][] {
  const bytes = [...Buffer.from(unit, 'utf8')];
  const words: Step[][] = [
    bytes.map((byte) => [byte]),
    bytes.flatMap((byte) => [code('%'), ...hexSteps(byte, 2)]),
    bytes.flatMap((byte) => [code('\\'), code('x'), ...hexSteps(byte, 2)]),
    Array.from(unit.split(''), (letter) => [
      code('\\'),
      code('u'),
      ...hexSteps(letter.charCodeAt(0), 4),
    ]).flat(),
  ];
  for (const other of OTHER_WAYS[unit] ?? []) words.push(literal(other));
  return words;
}

const OTHER_WAYS: Readonly<Record<string, readonly string[]>> = {
  ' ': ['+'],
  '"': ['\\"', '\\\\\\"', '&quot;', '&#34;'],
  "'": ["\\'", '&#39;', '&#x27;'],
  '&': ['&amp;'],
  '<': ['&lt;'],
  '>': ['&gt;'],
  '/': ['\\/'],
  '\\': ['\\\\', '\\\\\\\\'],
  '\n': ['\\n', '\\\\n', '\r\n'],
  '\r\n': ['\\r\\n', '\\\\r\\\\n', '\n', '\\n'],
  '\r': ['\\r', '\\\\r'],
  '\t': ['\\t', '\\\\t'],
  '\b': ['\\b'],
  '\f': ['\\f'],
};

/** The digits of a number, in either case. */
export function hexSteps(value: number, digits: number): Step[] {
  return Array.from(value.toString(16).padStart(digits, '0'), eitherCase);
}

const eitherCase = (digit: string): Step =>
  digit <= '9' ? code(digit) : [digit.charCodeAt(0), digit.toUpperCase().charCodeAt(0)];

const literal = (text: string): Step[] => [...Buffer.from(text, 'utf8')].map((byte) => [byte]);

export const code = (letter: string): Step => [letter.charCodeAt(0)];
