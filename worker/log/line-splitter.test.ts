import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_PIECE } from '#core/logs/codec.ts';
import { LineSplitter } from './line-splitter.ts';

type Piece = { text: string; continues: boolean };

/** What a splitter gives for these chunks; with `giveOpen` after each of them, as flushes do. */
function split(chunks: readonly Uint8Array[], giveOpen = false): Piece[] {
  const pieces: Piece[] = [];
  const splitter = new LineSplitter((text, continues) => pieces.push({ text, continues }));
  for (const chunk of chunks) {
    splitter.push(chunk);
    if (giveOpen) splitter.giveOpen();
  }
  splitter.end();
  return pieces;
}

/** Lines, with the pieces of each joined. */
function lines(pieces: readonly Piece[]): string[] {
  const joined: string[] = [];
  for (const { text, continues } of pieces) {
    if (continues) joined[joined.length - 1] += text;
    else joined.push(text);
  }
  return joined;
}

const bytes = (text: string) => Buffer.from(text, 'utf8');

/** Text and bytes of all kinds, cut anywhere. */
const cutBytes = fc
  .tuple(
    fc.array(
      fc.oneof(
        fc.constantFrom(
          '\n',
          '\r\n',
          '\r',
          '\u001b[31m',
          '\u001b[0m',
          '\u001b',
          'é',
          '😀',
          '\0',
          'word ',
        ),
        fc.string({ unit: 'grapheme' }),
      ),
    ),
    fc.uint8Array({ maxLength: 20 }),
    fc.array(fc.nat(10), { maxLength: 60 }),
  )
  .map(([texts, noise, cuts]) => {
    const all = Buffer.concat([bytes(texts.join('')), noise]);
    const chunks: Buffer[] = [];
    let at = 0;
    for (const size of cuts) {
      chunks.push(all.subarray(at, at + size));
      at += size;
    }
    return { all, chunks: [...chunks, all.subarray(at)] };
  });

describe('lines of any bytes', () => {
  it('are the same wherever the bytes are cut', () => {
    fc.assert(
      fc.property(cutBytes, ({ all, chunks }) => {
        expect(split(chunks)).toEqual(split([all]));
      }),
      { numRuns: 500 },
    );
  });

  it('are the same lines when their open part is given on at any time', () => {
    fc.assert(
      fc.property(cutBytes, ({ all, chunks }) => {
        expect(lines(split(chunks, true))).toEqual(lines(split([all])));
      }),
      { numRuns: 500 },
    );
  });

  it('hold no line break, no NUL and no half of a character', () => {
    fc.assert(
      fc.property(cutBytes, ({ chunks }) => {
        for (const { text } of split(chunks, true)) {
          expect(text).not.toMatch(/[\r\n\0]/);
          expect(text.isWellFormed()).toBe(true);
        }
      }),
    );
  });
});

it('LF, CR LF and a lone CR end a line, also when cut between the two', () => {
  expect(lines(split([bytes('a\r'), bytes('\nb\rc\n\nd')]))).toEqual(['a', 'b', 'c', '', 'd']);
});

it('broken UTF-8 becomes U+FFFD, a character cut in two stays whole', () => {
  const euro = bytes('€');
  expect(lines(split([euro.subarray(0, 1), euro.subarray(1), Buffer.from([0xff, 0x0a])]))).toEqual([
    '€\ufffd',
  ]);
  expect(lines(split([euro.subarray(0, 2)]))).toEqual(['\ufffd']);
});

it('a colour code is never cut in two', () => {
  const pieces = split([bytes('red \u001b[3'), bytes('1mhot')], true);
  expect(pieces).toEqual([
    { text: 'red ', continues: false },
    { text: '\u001b[31mhot', continues: true },
  ]);
});

it('a line of a megabyte comes in pieces, none longer than allowed', () => {
  const pieces = split([bytes('x'.repeat(1_000_000)), bytes('\nend\n')]);
  expect(Math.max(...pieces.map((piece) => piece.text.length))).toBe(LONGEST_PIECE);
  expect(lines(pieces).map((line) => line.length)).toEqual([1_000_000, 3]);
});

it('a flood of one line end isn’t searched for the other each time', () => {
  const startedAt = performance.now();
  let count = 0;
  const splitter = new LineSplitter(() => count++);
  for (let block = 0; block < 40; block++) splitter.push(Buffer.alloc(65_536, '\r'));
  expect(count).toBe(40 * 65_536);
  // Quadratic, this took minutes.
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});
