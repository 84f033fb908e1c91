import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePieces, encodePieces, firstSeqOf, LOG_STREAMS, type LogPiece } from './codec.ts';

/** Pieces as a collector makes them: times that don't go back, beginning lines numbered one after the other. */
const pieces = (firstLine: number) =>
  fc
    .array(
      fc.record({
        stream: fc.constantFrom(...LOG_STREAMS),
        continues: fc.boolean(),
        waitMs: fc.nat(100_000),
        text: fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\r\n\0]/g, '')),
        back: fc.nat(firstLine),
      }),
    )
    .map((drafts): LogPiece[] => {
      let line = firstLine;
      let atMs = 1_795_000_000_000;
      return drafts.map(({ stream, continues, waitMs, text, back }) => {
        atMs += waitMs;
        return {
          stream,
          continues,
          atMs,
          text,
          line: continues ? Math.max(1, line - back) : line++,
        };
      });
    });

describe('the body of a chunk', () => {
  it('gives back exactly what went in', () => {
    fc.assert(
      fc.property(pieces(4_711), (given) => {
        expect(decodePieces(encodePieces(given), 4_711)).toEqual(given);
      }),
    );
  });

  it('reads after another as their pieces one after the other', () => {
    const one: LogPiece = { line: 1, continues: false, stream: 'stdout', atMs: 5, text: 'a: b c' };
    const more: LogPiece = { line: 1, continues: true, stream: 'stdout', atMs: 9, text: '  d' };
    const body = encodePieces([one, more]);
    expect(body).toBe('o5 a: b c\nO4:1   d\n');
    expect(decodePieces(body, 1)).toEqual([one, more]);
  });

  it.each([
    'o5',
    'o5 text without an end',
    'x5 text\n',
    'O5 text\n',
    'o5:3 text\n',
    '\n',
    'o! a\n',
  ])('is refused when it is not one: %j', (body) => {
    expect(() => decodePieces(body, 1)).toThrow(RangeError);
  });
});

it('the chunks of 107 attempts have room in an integer', () => {
  expect(firstSeqOf(1)).toBe(0);
  expect(firstSeqOf(108)).toBeLessThan(2_147_483_647);
});
