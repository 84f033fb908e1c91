/** What one byte may be on the way, and where it leads. */
export type Move = { bytes: readonly number[]; to: Place };

/** One step of a way: the bytes that it takes. */
export type Step = readonly number[];

/**
 * How far the reading of one form of a value has come. Moves are made when they are first asked for: most texts never
 * get past the first letters of a secret, however long it is.
 */
export class Place {
  readonly id: number;
  /** All of it has been read. */
  readonly isEnd: boolean;
  /** Nothing of it has been read. */
  readonly isFresh: boolean;
  #make: (() => Move[]) | null;
  #moves: readonly Move[] = [];

  constructor(
    id: number,
    make: () => Move[],
    { isEnd = false, isFresh = false }: { isEnd?: boolean; isFresh?: boolean } = {},
  ) {
    this.id = id;
    this.isEnd = isEnd;
    this.isFresh = isFresh;
    this.#make = make;
  }

  get moves(): readonly Move[] {
    if (this.#make) {
      this.#moves = this.#make();
      this.#make = null;
    }
    return this.#moves;
  }
}

/** Makes places whose ids are its own. */
export class Places {
  #next = 0;

  make(moves: () => Move[], kind?: { isEnd?: boolean; isFresh?: boolean }): Place {
    return new Place(this.#next++, moves, kind);
  }

  /** The move that begins a way of several steps to a place. */
  way(steps: readonly Step[], to: () => Place): Move {
    const [first, ...rest] = steps;
    if (rest.length === 0) return { bytes: first!, to: to() };
    return { bytes: first!, to: this.make(() => [this.way(rest, to)]) };
  }
}
