import { encodePieces, firstSeqOf, type LogPiece } from '#core/logs/codec.ts';
import { LINE_COST } from './tail.ts';

/** A row of `log_chunk` to be. Sent again unchanged until it is stored. */
export type Chunk = {
  seq: number;
  firstLine: number;
  lineCount: number;
  byteCount: number;
  body: string;
};

type Waiting = LogPiece & { bytes: number };

const LARGEST_CHUNK = 512 * 1024;
/** What a piece takes besides its text: a flood of empty lines is bounded too. */
const PIECE_MEMORY = 96;

/** Pieces of one attempt that wait for being stored, and the chunk of them that is on its way. */
export class Chunker {
  #waiting: Waiting[] = [];
  #waitingMemory = 0;
  #inFlight: Chunk | null = null;
  #nextSeq: number;
  #linesTaken: number;

  constructor(attempt: number, linesBefore: number) {
    this.#nextSeq = firstSeqOf(attempt);
    this.#linesTaken = linesBefore;
  }

  get isEmpty(): boolean {
    return this.#inFlight === null && this.#waiting.length === 0;
  }

  /** About how much memory what isn't stored takes, in bytes. */
  get memory(): number {
    return this.#waitingMemory + (this.#inFlight?.body.length ?? 0);
  }

  /** Returns the bytes that the piece counts for: its text, and its line end if it begins a line. */
  add(piece: LogPiece): number {
    const bytes = Buffer.byteLength(piece.text) + (piece.continues ? 0 : 1);
    this.#waiting.push({ ...piece, bytes });
    this.#waitingMemory += bytes + PIECE_MEMORY;
    return bytes;
  }

  /** The next chunk, or the same one as long as it isn't acknowledged; null if nothing waits. */
  take(): Chunk | null {
    if (this.#inFlight || this.#waiting.length === 0) return this.#inFlight;
    const pieces = this.#cut();
    const lineCount = sum(pieces, (piece) => (piece.continues ? 0 : 1));
    this.#inFlight = {
      seq: this.#nextSeq++,
      firstLine: this.#linesTaken + 1,
      lineCount,
      byteCount: sum(pieces, (piece) => piece.bytes),
      body: encodePieces(pieces),
    };
    this.#linesTaken += lineCount;
    this.#waitingMemory -= sum(pieces, (piece) => piece.bytes + PIECE_MEMORY);
    return this.#inFlight;
  }

  /** The chunk that `take` gave is stored. */
  acknowledge(): void {
    this.#inFlight = null;
  }

  /** Nothing of it will be stored any more. */
  drop(): void {
    this.#waiting = [];
    this.#waitingMemory = 0;
    this.#inFlight = null;
  }

  #cut(): Waiting[] {
    let size = 0;
    let count = 0;
    while (count < this.#waiting.length && size < LARGEST_CHUNK) {
      size += this.#waiting[count++]!.bytes + LINE_COST;
    }
    const pieces = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    return pieces;
  }
}

function sum<T>(items: readonly T[], numberOf: (item: T) => number): number {
  return items.reduce((total, item) => total + numberOf(item), 0);
}
