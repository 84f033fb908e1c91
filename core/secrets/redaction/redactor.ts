import type { Place } from './place.ts';
import type { Reading, State } from './reading.ts';

/** What stands in place of a secret. */
export const MARK = '•••';
const MARK_BYTES = Buffer.from(MARK, 'utf8');

/** So much of a secret at the very end of a text, whose rest was cut off, is cut out as well. */
const LEAST_BEGINNING = 6;

type Span = { from: number; to: number };

/**
 * Cuts secrets out of one stream of bytes, however it is cut into pieces. What may be the beginning of one is held back
 * until it is known, at most `reading.longest` bytes of it; everything else passes as it is. Spans that touch become one
 * mark.
 */
export class Redactor {
  readonly #reading: Reading;
  /** Bytes that were read and not given on. */
  #held: Buffer = Buffer.alloc(0);
  #state: State;
  /** Where nothing was begun the last time, in what is held, and what could be begun there. */
  #idleAt = 0;
  #idle: State;
  /** Once something was found, each beginning with its place, until nothing is begun: the table can't tell where one began. */
  #begun: Map<Place, number> | null = null;
  #found: Span[] = [];
  /** The last byte that was given on belonged to a secret. */
  #isMarked = false;

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#state = reading.start;
    this.#idle = reading.start;
  }

  /** What is known to be no secret, or a mark for one, of all that came so far. */
  push(bytes: Uint8Array): Uint8Array {
    const data = this.#held.length === 0 ? asBuffer(bytes) : Buffer.concat([this.#held, bytes]);
    this.#read(data, this.#held.length);
    if (this.#isPlain(data)) {
      this.#isMarked &&= data.length === 0;
      this.#idleAt = 0;
      return bytes;
    }
    return this.#release(data);
  }

  /** Nothing of it is held, and nothing was found. */
  #isPlain(data: Buffer): boolean {
    return (
      this.#held.length === 0 &&
      this.#found.length === 0 &&
      this.#knownUntil(data.length) === data.length
    );
  }

  #release(data: Buffer): Uint8Array {
    const end = this.#knownUntil(data.length);
    const given = this.#give(data, end);
    this.#shift(end);
    // A copy: a part of it would keep the whole piece in memory.
    this.#held = Buffer.from(data.subarray(end));
    return given;
  }

  /** A redactor that goes on here and looks for what this reading does. */
  goOn(reading: Reading): { redactor: Redactor; given: Uint8Array } {
    const redactor = new Redactor(reading);
    redactor.#read(this.#held, 0);
    redactor.#found = merged([...this.#found, ...redactor.#found]);
    redactor.#isMarked = this.#isMarked;
    return { redactor, given: redactor.#release(this.#held) };
  }

  /** No more comes: what is left. */
  end(): Uint8Array {
    const data = this.#held;
    if (!this.#begun && !this.#state.isIdle) this.#trace(data, data.length);
    for (const [{ isFresh, isEnd }, from] of this.#begun ?? []) {
      if (!isFresh && !isEnd && data.length - from >= LEAST_BEGINNING)
        this.#find(from, data.length);
    }
    const given = this.#give(data, data.length);
    this.#held = Buffer.alloc(0);
    this.#begun = null;
    this.#state = this.#idle = this.#reading.start;
    this.#idleAt = 0;
    this.#isMarked = false;
    return given;
  }

  #read(data: Buffer, from: number): void {
    const { length } = data;
    for (let at = from; at < length;) {
      if (this.#begun) {
        this.#readTraced(data, at);
        at++;
        continue;
      }
      let state = this.#state;
      let idleAt = this.#idleAt;
      let idle = this.#idle;
      while (at < length) {
        const byte = data[at++]!;
        state = state.next[byte] ?? this.#reading.step(state, byte);
        if (state.isIdle) {
          idleAt = at;
          idle = state;
        } else if (state.isEnd) break;
      }
      this.#state = state;
      this.#idleAt = idleAt;
      this.#idle = idle;
      if (state.isEnd) this.#trace(data, at);
    }
  }

  /** Reads again from where nothing was begun, to know where what has been found began. */
  #trace(data: Buffer, until: number): void {
    const earliest = until - this.#reading.longest;
    const from = Math.max(this.#idleAt, earliest);
    const isIdle = from === this.#idleAt;
    this.#begun = new Map(isIdle ? this.#idle.places.map((place) => [place, from]) : []);
    for (let at = from; at < until; at++) this.#stepTraced(data[at]!, at);
  }

  #readTraced(data: Buffer, at: number): void {
    this.#stepTraced(data[at]!, at);
    const places = [...this.#begun!.keys()];
    if (!places.every(({ isFresh }) => isFresh)) return;
    this.#begun = null;
    this.#state = this.#idle = this.#reading.stateAt(places);
    this.#idleAt = at + 1;
  }

  #stepTraced(byte: number, at: number): void {
    const next = new Map<Place, number>();
    const add = (place: Place, from: number) => {
      const known = next.get(place);
      if (known === undefined || from < known) next.set(place, from);
    };
    for (const [place, from] of this.#begun!) {
      for (const { bytes, to } of place.moves) {
        if (bytes.includes(byte)) add(to, place.isFresh ? at : from);
      }
    }
    for (const place of this.#reading.begunBy(byte)) add(place, at);
    this.#begun = next;
    for (const [{ isEnd }, from] of next) if (isEnd) this.#find(from, at + 1);
  }

  /** Spans stay in order and apart. */
  #find(from: number, to: number): void {
    let span: Span = { from, to };
    while (this.#found.length > 0 && this.#found.at(-1)!.to >= span.from) {
      const last = this.#found.pop()!;
      span = { from: Math.min(last.from, span.from), to: Math.max(last.to, span.to) };
    }
    this.#found.push(span);
  }

  #knownUntil(length: number): number {
    if (this.#begun) {
      let earliest = length;
      for (const [{ isFresh }, from] of this.#begun)
        if (!isFresh) earliest = Math.min(earliest, from);
      return earliest;
    }
    return this.#state.isIdle ? length : Math.max(this.#idleAt, length - this.#reading.longest, 0);
  }

  #give(data: Buffer, end: number): Buffer {
    const pieces: Buffer[] = [];
    let at = 0;
    for (const { from, to } of this.#found) {
      if (from >= end) break;
      if (from > at) {
        pieces.push(data.subarray(at, from));
        this.#isMarked = false;
      }
      if (!this.#isMarked) pieces.push(MARK_BYTES);
      this.#isMarked = true;
      at = Math.min(to, end);
    }
    if (at < end) {
      pieces.push(data.subarray(at, end));
      this.#isMarked = false;
    }
    return Buffer.concat(pieces);
  }

  /** So many bytes have been given on. */
  #shift(by: number): void {
    this.#idleAt = Math.max(0, this.#idleAt - by);
    this.#found = this.#found
      .filter(({ to }) => to > by)
      .map(({ from, to }) => ({ from: Math.max(0, from - by), to: to - by }));
    if (this.#begun) for (const [place, from] of this.#begun) this.#begun.set(place, from - by);
  }
}

function merged(spans: readonly Span[]): Span[] {
  const apart: Span[] = [];
  for (const span of spans.toSorted((one, other) => one.from - other.from)) {
    const last = apart.at(-1);
    if (last && last.to >= span.from) last.to = Math.max(last.to, span.to);
    else apart.push({ ...span });
  }
  return apart;
}

/** A text as a whole. */
export function redact(reading: Reading, text: string): string {
  const redactor = new Redactor(reading);
  const first = redactor.push(Buffer.from(text, 'utf8'));
  return Buffer.concat([first, redactor.end()]).toString('utf8');
}

const asBuffer = (bytes: Uint8Array) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
