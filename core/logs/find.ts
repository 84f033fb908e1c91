import { decodePieces, type LogPiece } from './codec.ts';
import { complains } from './complaint.ts';
import type { ChunkRow } from './logs.sql.ts';
import { withoutColours } from './safe-text.ts';

const MOST_MATCHES = 1_000;

/** Lines that hold `text`, whatever its case. A line that came in pieces is searched across their borders. */
export async function findText(
  chunks: AsyncIterable<ChunkRow>,
  text: string,
): Promise<{ lines: number[]; count: number }> {
  const sought = text.toLowerCase();
  const found: number[] = [];
  let count = 0;
  // Of each stream the end of the line that may go on, and the line that was counted last.
  const ends = new Map<string, { line: number; text: string }>();
  const counted = new Map<string, number>();
  for await (const { stream, line, continues, text: piece } of piecesOf(chunks)) {
    const plain = withoutColours(piece).toLowerCase();
    const before = continues && ends.get(stream)?.line === line ? ends.get(stream)!.text : '';
    const joined = before + plain;
    ends.set(stream, { line, text: joined.slice(Math.max(0, joined.length - sought.length + 1)) });
    if (counted.get(stream) === line || !joined.includes(sought)) continue;
    counted.set(stream, line);
    count++;
    if (found.length < MOST_MATCHES) found.push(line);
  }
  return { lines: found, count };
}

/** The first line that complains, else the first of standard error. */
export async function findFirstComplaint(chunks: AsyncIterable<ChunkRow>): Promise<number | null> {
  let firstOfStderr: number | null = null;
  for await (const { stream, line, text } of piecesOf(chunks)) {
    if (stream === 'note') continue;
    if (complains(text)) return line;
    if (stream === 'stderr' && text.trim() !== '') firstOfStderr ??= line;
  }
  return firstOfStderr;
}

async function* piecesOf(chunks: AsyncIterable<ChunkRow>): AsyncGenerator<LogPiece> {
  for await (const { body, first_line } of chunks) yield* decodePieces(body, first_line);
}
