import { code } from './text-form.ts';
import type { Move, Place, Places, Step } from './place.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** A line of base64 that goes on in the next one has shown at least so much of the value. */
const LEAST_BEFORE_BREAK = 4;
const LEAST_AFTER_BREAK = 6;

/**
 * A value's bytes in base64 (RFC 4648, also the alphabet for addresses) with so many bytes before it, 0 to 2: one of
 * these three is how it stands within whatever was encoded as a whole. The characters that it shares with what is before
 * and after it belong to it as well. Lines may be broken anywhere, as `base64` does after 76 characters.
 *
 * @returns where it begins, and where it goes on whose first characters stand in the line before
 */
export function base64Form(
  places: Places,
  value: string,
  bytesBefore: 0 | 1 | 2,
): { start: Place; afterBreak: Place } {
  const bytes = Buffer.from(value, 'utf8');
  const text = Buffer.concat([Buffer.alloc(bytesBefore), bytes, Buffer.alloc(2)]).toString(
    'base64',
  );
  const first = Math.ceil((8 * bytesBefore) / 6);
  const endBit = 8 * (bytesBefore + bytes.length);
  const end = Math.floor(endBit / 6);
  const made: Place[] = [];

  const characterAt = (at: number): Move[] =>
    waysOf(text[at]!).map((steps) => places.way(steps, () => placeAt(at + 1)));
  const broken = (at: number): Move[] => {
    const next = places.make(() => characterAt(at));
    return [
      { bytes: code('\n'), to: next },
      { bytes: code('\r'), to: places.make(() => [{ bytes: code('\n'), to: next }]) },
      { bytes: code('\\'), to: places.make(() => [{ bytes: code('n'), to: next }]) },
    ];
  };
  const placeAt = (at: number): Place =>
    (made[at] ??= places.make(
      () =>
        at === end
          ? trailing(places, text[end]!, endBit - 6 * end)
          : [...characterAt(at), ...(at - first >= LEAST_BEFORE_BREAK ? broken(at) : [])],
      { isEnd: at === end },
    ));

  const start = places.make(
    () => [
      ...characterAt(first),
      ...(bytesBefore === 0
        ? []
        : [
            { bytes: lowBitsAs(text[first - 1]!, 6 * first - 8 * bytesBefore), to: placeAt(first) },
          ]),
    ],
    { isFresh: true },
  );
  const afterBreak = places.make(
    () =>
      [1, 2, 3]
        .filter((skipped) => end - first - skipped >= LEAST_AFTER_BREAK)
        .flatMap((skipped) => characterAt(first + skipped)),
    { isFresh: true },
  );
  return { start, afterBreak };
}

/** After the last character that is the value's alone: the one that it shares, or ends with, and the padding. */
function trailing(places: Places, last: string, bits: number): Move[] {
  if (bits === 0) return [];
  const padding = (left: number): Move[] =>
    left === 0
      ? []
      : [{ bytes: code('='), to: places.make(() => padding(left - 1), { isEnd: true }) }];
  const shared = ALPHABET.split('').filter(
    (letter) => valueOf(letter) >> (6 - bits) === valueOf(last) >> (6 - bits),
  );
  const to = places.make(() => padding(2), { isEnd: true });
  return [{ bytes: shared.flatMap(bothAlphabets), to }];
}

function lowBitsAs(letter: string, bits: number): Step {
  const mask = (1 << bits) - 1;
  return ALPHABET.split('')
    .filter((other) => (valueOf(other) & mask) === (valueOf(letter) & mask))
    .flatMap(bothAlphabets);
}

/** In an address or in JSON two of the characters may be written otherwise. */
function waysOf(letter: string): Step[][] {
  const percent = (digit: string): Step[] => [
    code('%'),
    code('2'),
    [digit.charCodeAt(0), digit.toLowerCase().charCodeAt(0)],
  ];
  if (letter === '+') return [[bothAlphabets(letter)], percent('B')];
  if (letter === '/') return [[bothAlphabets(letter)], percent('F'), [code('\\'), code('/')]];
  return [[code(letter)]];
}

const bothAlphabets = (letter: string): number[] =>
  letter === '+'
    ? ['+', '-'].flatMap(code)
    : letter === '/'
      ? ['/', '_'].flatMap(code)
      : [...code(letter)];

const valueOf = (letter: string) => ALPHABET.indexOf(letter);
