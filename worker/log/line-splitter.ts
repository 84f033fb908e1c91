import { LONGEST_PIECE } from '#core/logs/codec.ts';
import { hasControls, openColourAt, withVisibleControls } from '#core/logs/safe-text.ts';

/** Takes a finished line, or the part of one that is known so far. `continues`: the line's beginning was given before. */
export type TakePiece = (text: string, continues: boolean) => void;

/**
 * Makes lines of one stream's bytes, whatever their borders: UTF-8 characters, line ends (LF, CR LF, and a CR alone, as
 * progress bars write it) and colour codes may be cut in two anywhere. Broken UTF-8 becomes U+FFFD.
 */
export class LineSplitter {
  readonly #take: TakePiece;
  /** Made at the first byte: most attempts write to one stream at most. */
  #decoder: TextDecoder | null = null;
  /** Text of the current line that hasn't been given on. */
  #open = '';
  /** A part of the current line has been given on. */
  #hasBegun = false;
  #endedWithCr = false;

  constructor(take: TakePiece) {
    this.#take = take;
  }

  /** Whether `giveOpen` would give anything. */
  get hasOpen(): boolean {
    return this.#open !== '' && openColourAt(this.#open) > 0;
  }

  push(bytes: Uint8Array): void {
    // A byte order mark is a character of the job's like any other.
    this.#decoder ??= new TextDecoder('utf-8', { ignoreBOM: true });
    this.#pushText(this.#decoder.decode(bytes, { stream: true }));
  }

  /** Gives the current line's text on although its end isn't known yet. */
  giveOpen(): void {
    // The beginning of a colour code waits for the rest of it.
    const end = openColourAt(this.#open);
    if (end === 0) return;
    this.#give(this.#open.slice(0, end));
    this.#open = this.#open.slice(end);
  }

  /** The stream is over: gives on what is left. */
  end(): void {
    if (this.#decoder) this.#pushText(this.#decoder.decode());
    if (this.#open !== '') this.#give(this.#open);
    this.#open = '';
    this.#hasBegun = false;
  }

  #pushText(text: string): void {
    let start = 0;
    if (this.#endedWithCr && text !== '') {
      this.#endedWithCr = false;
      if (text.startsWith('\n')) start = 1;
    }
    // Each of the two is looked for only once it was passed: a flood of the one isn't searched for the other each time.
    let lf = text.indexOf('\n', start);
    let cr = text.indexOf('\r', start);
    while (lf >= 0 || cr >= 0) {
      const isCr = lf < 0 || (cr >= 0 && cr < lf);
      const end = isCr ? cr : lf;
      this.#endLine(text.slice(start, end));
      start = end + 1;
      if (isCr && start === text.length) this.#endedWithCr = true;
      if (isCr && text[start] === '\n') start++;
      if (lf >= 0 && lf < start) lf = text.indexOf('\n', start);
      if (cr >= 0 && cr < start) cr = text.indexOf('\r', start);
    }
    this.#open += text.slice(start);
    this.#giveLong();
  }

  #endLine(rest: string): void {
    this.#open += rest;
    this.#giveLong();
    if (this.#open !== '' || !this.#hasBegun) this.#give(this.#open);
    this.#open = '';
    this.#hasBegun = false;
  }

  #giveLong(): void {
    while (this.#open.length > LONGEST_PIECE) {
      const end = cutAt(this.#open, LONGEST_PIECE);
      this.#give(this.#open.slice(0, end));
      this.#open = this.#open.slice(end);
    }
  }

  #give(text: string): void {
    this.#take(hasControls(text) ? withVisibleControls(text) : text, this.#hasBegun);
    this.#hasBegun = true;
  }
}

/** At most `longest`, but between two characters and not inside a colour code. */
function cutAt(text: string, longest: number): number {
  let end = openColourAt(text.slice(0, longest));
  const last = text.charCodeAt(end - 1);
  if (last >= 0xd800 && last <= 0xdbff) end--;
  return end;
}
