/** A piece of a flood's tail before it has a number. */
export type TailPiece = {
  stream: 'stdout' | 'stderr';
  text: string;
  continues: boolean;
  atMs: number;
};

/** What a line costs of the limit besides its text, so that empty lines are no way around it. */
export const LINE_COST = 8;

/** The last pieces that fit into a budget, and how much fell away. Holds twice the budget at most. */
export class TailPieces {
  readonly #budget: number;
  #pieces: TailPiece[] = [];
  #cost = 0;
  droppedLines = 0;
  droppedBytes = 0;

  constructor(budget: number) {
    this.#budget = budget;
  }

  add(piece: TailPiece): void {
    this.#pieces.push(piece);
    this.#cost += costOf(piece);
    if (this.#cost > 2 * this.#budget) this.#dropTo(this.#budget);
  }

  /** `isBroken`: bytes before the first piece were lost, so that it is the rest of a line whose beginning is gone. */
  end(isBroken: boolean): TailPiece[] {
    if (isBroken && this.droppedBytes === 0 && this.#pieces.length > 1) this.#drop(1);
    this.#dropTo(this.#budget);
    if (isBroken || this.droppedBytes > 0) {
      this.#beginAnew('stdout');
      this.#beginAnew('stderr');
    }
    return this.#pieces;
  }

  #dropTo(budget: number): void {
    let count = 0;
    let cost = this.#cost;
    while (cost > budget && count < this.#pieces.length - 1) cost -= costOf(this.#pieces[count++]!);
    this.#drop(count);
  }

  #drop(count: number): void {
    for (const piece of this.#pieces.slice(0, count)) {
      this.#cost -= costOf(piece);
      this.droppedBytes += Buffer.byteLength(piece.text) + 1;
      if (!piece.continues) this.droppedLines++;
    }
    this.#pieces = this.#pieces.slice(count);
  }

  /** What is left of a line whose beginning fell away is a line. */
  #beginAnew(stream: TailPiece['stream']): void {
    const at = this.#pieces.findIndex((piece) => piece.stream === stream);
    const piece = this.#pieces[at];
    if (piece) this.#pieces[at] = { ...piece, continues: false };
  }
}

function costOf({ text }: TailPiece): number {
  return Buffer.byteLength(text) + LINE_COST;
}
