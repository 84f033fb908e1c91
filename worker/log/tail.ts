/** A piece of a flood's tail before it has a number. */
export type TailPiece = {
  stream: 'stdout' | 'stderr';
  text: string;
  continues: boolean;
  atMs: number;
};

/** What a line costs of the limit besides its text, so that empty lines are no way around it. */
export const LINE_COST = 8;

/**
 * The last pieces that fit into `budget`, counting what falls away. `isBroken`: bytes before them were dropped, so that
 * the first piece is the rest of a line whose beginning is gone.
 */
export function keepLast(
  pieces: readonly TailPiece[],
  budget: number,
  isBroken: boolean,
): { kept: TailPiece[]; droppedLines: number; droppedBytes: number } {
  let first = pieces.length;
  let cost = 0;
  while (first > 0) {
    cost += Buffer.byteLength(pieces[first - 1]!.text) + LINE_COST;
    if (cost > budget && first < pieces.length) break;
    first--;
  }
  if (isBroken && first === 0 && pieces.length > 1) first = 1;
  const dropped = pieces.slice(0, first);
  const kept = pieces.slice(first);
  if (dropped.length > 0 || isBroken) {
    for (const stream of ['stdout', 'stderr'] as const) {
      const at = kept.findIndex((piece) => piece.stream === stream);
      const piece = kept[at];
      if (piece) kept[at] = { ...piece, continues: false };
    }
  }
  return {
    kept,
    droppedLines: dropped.filter((piece) => !piece.continues).length,
    droppedBytes: dropped.reduce((bytes, piece) => bytes + Buffer.byteLength(piece.text) + 1, 0),
  };
}
