const NOTHING = Buffer.alloc(0);

/** Watches one stream for plain words, also where its chunks cut them in two, and in what the log's limit drops. */
export class WordScanner {
  #wanted: { word: string; bytes: Buffer }[];
  #carry: Buffer = NOTHING;
  readonly #seen: Set<string>;

  /** Words are added to `seen`, which may be shared by several streams. */
  constructor(words: readonly string[], seen: Set<string>) {
    this.#wanted = words.map((word) => ({ word, bytes: Buffer.from(word, 'utf8') }));
    this.#seen = seen;
  }

  push(chunk: Uint8Array): void {
    if (this.#wanted.length === 0) return;
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const overlap = Math.max(...this.#wanted.map((wanted) => wanted.bytes.length)) - 1;
    const border = Buffer.concat([this.#carry, bytes.subarray(0, overlap)]);
    this.#wanted = this.#wanted.filter(({ word, bytes: sought }) => {
      const isThere = border.includes(sought) || bytes.includes(sought);
      if (isThere) this.#seen.add(word);
      return !isThere;
    });
    const joined = bytes.length >= overlap ? bytes : Buffer.concat([this.#carry, bytes]);
    // A copy: a slice would keep the whole chunk in memory.
    this.#carry = Buffer.from(joined.subarray(Math.max(0, joined.length - overlap)));
  }
}
