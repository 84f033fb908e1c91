import { base64Form } from './base64-form.ts';
import { hexForm } from './hex-form.ts';
import { type Place, Places } from './place.ts';
import { code, LONGEST_WAY, textForm } from './text-form.ts';

/** Where a text stands with regard to all that is looked for. */
export type State = {
  /** In the order of their ids. */
  places: readonly Place[];
  /** Something has been read to its end. */
  isEnd: boolean;
  /** Nothing has been begun. */
  isIdle: boolean;
  /** By the next byte; made when it comes. */
  next: (State | undefined)[];
};

// A flood of other texts must not fill the memory: what was learnt of them is dropped, and learnt again. 2 kB each.
const MOST_STATES = 4_000;

/**
 * All forms of all values as one automaton that reads a byte at a time, made as far as the texts need it: one look into
 * a table for each byte, whatever is looked for. Shared by all texts of one attempt.
 */
export class Reading {
  /** Nothing that is found is longer, in bytes. */
  readonly longest: number;
  /** Where the forms begin, by their first byte. */
  readonly #begin: Place[][] = Array.from({ length: 256 }, () => []);
  readonly #states = new Map<string, State>();
  readonly start: State;

  /** @param values texts of at least 6 characters; white space around them isn't looked for */
  constructor(values: readonly string[]) {
    const places = new Places();
    const wanted = [...new Set(values.map((value) => value.toWellFormed().trim()))];
    for (const value of wanted) {
      const lines = linesOf(value);
      for (const text of new Set([value, ...lines])) this.#beginAt(textForm(places, text));
      this.#beginAt(hexForm(places, value));
      for (const before of [0, 1, 2] as const) {
        const { start, afterBreak } = base64Form(places, value, before);
        this.#beginAt(start);
        this.#begin[LF]!.push(afterBreak);
        // A line end in JSON.
        const escaped = places.make(() => [{ bytes: code('n'), to: afterBreak }], {
          isFresh: true,
        });
        this.#begin[code('\\')[0]!]!.push(escaped);
      }
    }
    this.longest = Math.max(0, ...wanted.map((value) => value.length * LONGEST_WAY)) + 64;
    this.start = this.#stateOf([]);
  }

  #beginAt(place: Place): void {
    for (const { bytes, to } of place.moves) {
      for (const byte of bytes) this.#begin[byte]!.push(to);
    }
  }

  /** Where it stands after one more byte. */
  step(state: State, byte: number): State {
    const places = new Set(this.#begin[byte]);
    for (const { moves } of state.places) {
      for (const { bytes, to } of moves) if (bytes.includes(byte)) places.add(to);
    }
    const next = this.#stateOf([...places]);
    state.next[byte] = next;
    return next;
  }

  /** Those that begin with this byte. */
  begunBy(byte: number): readonly Place[] {
    return this.#begin[byte]!;
  }

  #stateOf(unsorted: Place[]): State {
    const places = unsorted.toSorted((one, other) => one.id - other.id);
    const name = places.map(({ id }) => id).join();
    const known = this.#states.get(name);
    if (known) return known;
    if (this.#states.size >= MOST_STATES) {
      for (const state of this.#states.values()) state.next = [];
      this.#states.clear();
      if (this.start) this.#states.set('', this.start);
    }
    const state: State = {
      places,
      isEnd: places.some(({ isEnd }) => isEnd),
      isIdle: places.every(({ isFresh }) => isFresh),
      next: [],
    };
    this.#states.set(name, state);
    return state;
  }

  stateAt(places: readonly Place[]): State {
    return this.#stateOf([...places]);
  }
}

const LF = 10;
const LEAST_LINE = 8;

/** Of a value of several lines each is looked for by itself; what stands around a key in PEM is no secret. */
function linesOf(value: string): string[] {
  if (!value.includes('\n')) return [];
  return value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.length >= LEAST_LINE && !/^-{4,}.*-{4,}$/.test(line));
}
