import { type LogPiece, LONGEST_PIECE } from './codec.ts';

/** A row of a log as a screen shows it. */
export type LogLine = LogPiece & { attempt: number };

/**
 * Adds pieces to rows: what continues a line goes to the end of its row, while that is short enough to show; beyond that a
 * row of its own follows, with the same number and `continues`. Rows that don't change stay the same objects.
 */
export function joinPieces(rows: readonly LogLine[], pieces: readonly LogLine[]): LogLine[] {
  const joined = [...rows];
  for (const piece of pieces) {
    const at = piece.continues ? lastRowOf(joined, piece) : -1;
    const row = joined[at];
    if (row && row.text.length + piece.text.length <= LONGEST_PIECE) {
      joined[at] = { ...row, text: row.text + piece.text };
    } else {
      joined.push(piece);
    }
  }
  return joined;
}

// A line that is still being written stands near the end: at most the other streams' lines came after it.
const LOOK_BACK = 1_000;

function lastRowOf(rows: readonly LogLine[], { line, stream }: LogLine): number {
  for (let at = rows.length - 1; at >= 0 && at >= rows.length - LOOK_BACK; at--) {
    const row = rows[at]!;
    if (row.line === line && row.stream === stream) return at;
  }
  return -1;
}
