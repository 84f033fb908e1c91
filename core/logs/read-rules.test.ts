import { describe, expect, it } from 'vitest';
import { encodePieces, type LogPiece, LONGEST_PIECE } from './codec.ts';
import { complains } from './complaint.ts';
import { findFirstComplaint, findText } from './find.ts';
import { joinPieces, type LogLine } from './lines.ts';
import type { ChunkRow } from './logs.sql.ts';
import { plainText } from './plain-text.ts';

const piece = (line: number, text: string, more: Partial<LogPiece> = {}): LogPiece => ({
  line,
  text,
  continues: false,
  stream: 'stdout',
  atMs: 1_000,
  ...more,
});

async function* chunksOf(...chunks: LogPiece[][]): AsyncGenerator<ChunkRow> {
  let seq = 0;
  let first = 1;
  for (const pieces of chunks) {
    const lines = pieces.filter((one) => !one.continues).length;
    yield {
      seq: seq++,
      attempt: 1,
      first_line: first,
      line_count: lines,
      byte_count: 1,
      body: encodePieces(pieces),
    };
    first += lines;
  }
}

describe('search', () => {
  it('finds a text whatever its case, once a line, in any stream', async () => {
    const chunks = chunksOf(
      [piece(1, 'Disk FULL, disk full'), piece(2, 'ok')],
      [piece(3, 'disk full', { stream: 'stderr' })],
    );
    expect(await findText(chunks, 'Disk full')).toEqual({ lines: [1, 3], count: 2 });
  });

  it('finds a text across pieces, across another stream’s lines, and through colours', async () => {
    const chunks = chunksOf(
      [piece(1, 'connection re'), piece(2, 'other', { stream: 'stderr' })],
      [piece(1, 'fus', { continues: true })],
      [piece(1, 'ed', { continues: true }), piece(3, 'refu\u001b[31msed\u001b[0m')],
    );
    expect(await findText(chunks, 'refused')).toEqual({ lines: [1, 3], count: 2 });
  });

  it('does not join lines that follow each other', async () => {
    const chunks = chunksOf([piece(1, 'refu'), piece(2, 'sed')]);
    expect(await findText(chunks, 'refused')).toEqual({ lines: [], count: 0 });
  });

  it('counts beyond the thousand that it names', async () => {
    const many = Array.from({ length: 1_500 }, (_, index) => piece(index + 1, 'x'));
    const { lines, count } = await findText(chunksOf(many), 'x');
    expect([lines.length, count]).toEqual([1_000, 1_500]);
  });
});

describe('the first error', () => {
  it('is the first line that complains', async () => {
    const chunks = chunksOf([
      piece(1, 'an error of Punctual', { stream: 'note' }),
      piece(2, 'warming up', { stream: 'stderr' }),
      piece(3, '0 errors so far'),
      piece(4, 'ERROR: no space left'),
    ]);
    expect(await findFirstComplaint(chunks)).toBe(4);
  });

  it('is else the first line of standard error', async () => {
    const chunks = chunksOf([piece(1, 'fine'), piece(2, 'hm', { stream: 'stderr' })]);
    expect(await findFirstComplaint(chunks)).toBe(2);
    expect(await findFirstComplaint(chunksOf([piece(1, 'fine')]))).toBeNull();
  });

  it('is no frame of a stack trace', () => {
    expect(complains('    at throwError (/app/error.js:3:9)')).toBe(false);
    expect(complains('TypeError: x is not a function')).toBe(true);
    expect(complains('no errors found')).toBe(false);
  });
});

describe('a download', () => {
  async function all(parts: AsyncGenerator<string>): Promise<string> {
    let text = '';
    for await (const part of parts) text += part;
    return text;
  }

  it('joins pieces, and begins a new row where another line came between', async () => {
    const chunks = () =>
      chunksOf(
        [piece(1, 'a'), piece(1, 'b', { continues: true })],
        [piece(1, 'c', { continues: true }), piece(2, 'x', { stream: 'stderr' })],
        [piece(1, 'd', { continues: true }), piece(3, '\u001b[1mbold\u001b[0m')],
      );
    expect(await all(plainText(chunks(), { times: false }))).toBe('abc\nx\nd\nbold\n');
    expect(await all(plainText(chunks(), { times: true }))).toContain(
      '1970-01-01T00:00:01.000Z err x\n',
    );
  });

  it('of nothing is empty', async () => {
    expect(await all(plainText(chunksOf(), { times: false }))).toBe('');
  });
});

describe('rows on a screen', () => {
  const line = (number: number, text: string, more: Partial<LogLine> = {}): LogLine => ({
    ...piece(number, text, more),
    attempt: 1,
  });

  it('grow by what continues them and stay the same objects otherwise', () => {
    const rows = joinPieces([], [line(1, 'a'), line(2, 'x', { stream: 'stderr' })]);
    const grown = joinPieces(rows, [line(1, 'b', { continues: true })]);
    expect(grown.map((row) => row.text)).toEqual(['ab', 'x']);
    expect(grown[1]).toBe(rows[1]);
  });

  it('end where a line gets too long to show as one', () => {
    const long = 'a'.repeat(LONGEST_PIECE);
    const rows = joinPieces([], [line(1, long), line(1, 'b', { continues: true })]);
    expect(rows.map((row) => [row.line, row.continues])).toEqual([
      [1, false],
      [1, true],
    ]);
  });

  it('show the rest of a line whose beginning is on an earlier page', () => {
    expect(joinPieces([], [line(7, 'rest', { continues: true })])).toHaveLength(1);
  });
});
