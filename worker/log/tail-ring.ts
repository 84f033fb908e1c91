/** One arrival in the ring, or several of one stream that came within a moment. */
type Entry = {
  stream: 'stdout' | 'stderr';
  atMs: number;
  start: number;
  length: number;
  lines: number;
};

/** Arrivals of one stream within so long share an entry, so that a flood of tiny writes costs no memory of its own. */
const MERGE_MS = 50;
const LF = 10;

/** The last bytes of a flood, of both streams in order, in memory that doesn't grow; what falls out is counted. */
export class TailRing {
  readonly #bytes: Buffer;
  readonly #largest: number;
  #entries: Entry[] = [];
  #first = 0;
  #head = 0;
  #used = 0;
  droppedBytes = 0;
  droppedLines = 0;

  constructor(size: number) {
    this.#bytes = Buffer.allocUnsafe(size);
    this.#largest = Math.max(64, Math.floor(size / 16));
  }

  push(stream: 'stdout' | 'stderr', atMs: number, bytes: Uint8Array): void {
    const keep = this.#bytes.length;
    if (bytes.length > keep) {
      // What can't stay needn't be copied first.
      const skipped = bytes.subarray(0, bytes.length - keep);
      this.#dropAll();
      this.droppedBytes += skipped.length;
      this.droppedLines += countLines(skipped);
      bytes = bytes.subarray(bytes.length - keep);
    }
    for (let start = 0; start < bytes.length; start += this.#largest) {
      this.#add(stream, atMs, bytes.subarray(start, start + this.#largest));
    }
  }

  /** What is kept, oldest first. */
  *arrivals(): Generator<{ stream: 'stdout' | 'stderr'; atMs: number; bytes: Buffer }> {
    for (const { stream, atMs, start, length } of this.#entries.slice(this.#first)) {
      const end = start + length;
      const size = this.#bytes.length;
      const bytes =
        end <= size
          ? this.#bytes.subarray(start, end)
          : Buffer.concat([this.#bytes.subarray(start), this.#bytes.subarray(0, end - size)]);
      yield { stream, atMs, bytes };
    }
  }

  #add(stream: 'stdout' | 'stderr', atMs: number, bytes: Uint8Array): void {
    const size = this.#bytes.length;
    while (this.#used + bytes.length > size) this.#dropFirst();
    const start = this.#head;
    const fits = Math.min(bytes.length, size - start);
    this.#bytes.set(bytes.subarray(0, fits), start);
    this.#bytes.set(bytes.subarray(fits), 0);
    this.#head = (start + bytes.length) % size;
    this.#used += bytes.length;
    const last = this.#entries.at(-1);
    const lines = countLines(bytes);
    if (
      last !== undefined &&
      this.#entries.length > this.#first &&
      last.stream === stream &&
      atMs - last.atMs < MERGE_MS &&
      last.length + bytes.length <= this.#largest
    ) {
      last.length += bytes.length;
      last.lines += lines;
    } else {
      this.#entries.push({ stream, atMs, start, length: bytes.length, lines });
      // Two streams that take turns byte by byte can't be merged: bound the entries themselves.
      if (this.#entries.length - this.#first > this.#bytes.length / 32) this.#dropFirst();
    }
  }

  #dropFirst(): void {
    const entry = this.#entries[this.#first];
    if (!entry) return;
    this.#first++;
    this.#used -= entry.length;
    this.droppedBytes += entry.length;
    this.droppedLines += entry.lines;
    if (this.#first > 1_024 && this.#first * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
  }

  #dropAll(): void {
    while (this.#first < this.#entries.length) this.#dropFirst();
    this.#head = 0;
  }
}

// A plain loop over a fixed length: 1 ns a byte, where indexOf costs a call for each line of a flood of short ones.
function countLines(bytes: Uint8Array): number {
  const { length } = bytes;
  let lines = 0;
  for (let at = 0; at < length; at++) lines += bytes[at] === LF ? 1 : 0;
  return lines;
}
