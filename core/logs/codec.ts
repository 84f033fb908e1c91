/**
 * The body of a log chunk: one record a line.
 *
 *   o<time> <text>\n          a line of standard output begins (e: standard error, n: a note of Punctual's own)
 *   O<time>:<line> <text>\n   more of that line, which began earlier in this chunk or in one before
 *
 * <time> is base 36: of the first record milliseconds since 1970, of the others milliseconds since the record before.
 * <line> is the line's number in base 36. Lines that begin are numbered one after the other from the chunk's
 * `first_line`. Text holds no line break and no NUL (safe-text.ts), so that a body is text that Postgres stores.
 */

export const LOG_STREAMS = ['stdout', 'stderr', 'note'] as const;
export type LogStream = (typeof LOG_STREAMS)[number];

/** A line, or a part of one: what was written before its end was, or before it got too long for one piece. */
export type LogPiece = {
  /** Counted from 1 over the whole run. */
  line: number;
  /** More of a line that an earlier piece began. */
  continues: boolean;
  stream: LogStream;
  /** When it arrived, by the database's clock: milliseconds since 1970. */
  atMs: number;
  /** May hold colour codes (SGR) and tabs, no other control characters. */
  text: string;
};

/** A line that is longer comes in several pieces. In UTF-16 units. */
export const LONGEST_PIECE = 16_384;

/**
 * The `seq` of an attempt's first chunk; its others count up from there, so that the chunks of a run stand in order and
 * a chunk that is sent again, because the answer to the first was lost, is the same row. A writer sends 20 chunks a
 * second at most: 16 million are more than a week's.
 */
export function firstSeqOf(attempt: number): number {
  return (attempt - 1) * 16_000_000;
}

const LETTERS: Readonly<Record<LogStream, string>> = { stdout: 'o', stderr: 'e', note: 'n' };
const STREAMS: Readonly<Record<string, LogStream>> = { o: 'stdout', e: 'stderr', n: 'note' };

/** Pieces in order; times never go back, and lines that begin have consecutive numbers. */
export function encodePieces(pieces: readonly LogPiece[]): string {
  let body = '';
  let before = 0;
  for (const { line, continues, stream, atMs, text } of pieces) {
    const letter = LETTERS[stream];
    const time = (atMs - before).toString(36);
    body += continues
      ? `${letter.toUpperCase()}${time}:${line.toString(36)} ${text}\n`
      : `${letter}${time} ${text}\n`;
    before = atMs;
  }
  return body;
}

/** @throws RangeError for a body that `encodePieces` didn't make. */
export function decodePieces(body: string, firstLine: number): LogPiece[] {
  const pieces: LogPiece[] = [];
  let line = firstLine;
  let atMs = 0;
  for (let start = 0; start < body.length;) {
    const end = body.indexOf('\n', start);
    const space = body.indexOf(' ', start);
    if (end < 0 || space < 0 || space > end) throw new RangeError('not the body of a log chunk');
    const letter = body[start]!;
    const lower = letter.toLowerCase();
    const stream = STREAMS[lower];
    const continues = letter !== lower;
    const head = body.slice(start + 1, space);
    const colon = head.indexOf(':');
    atMs += parseInt(colon < 0 ? head : head.slice(0, colon), 36);
    if (!stream || !Number.isFinite(atMs) || continues !== colon >= 0) {
      throw new RangeError('not the body of a log chunk');
    }
    const text = body.slice(space + 1, end);
    const number = continues ? parseInt(head.slice(colon + 1), 36) : line++;
    pieces.push({ line: number, continues, stream, atMs, text });
    start = end + 1;
  }
  return pieces;
}
