import { LONGEST_PIECE, type LogPiece } from '#core/logs/codec.ts';
import { complains } from '#core/logs/complaint.ts';
import { withVisibleControls } from '#core/logs/safe-text.ts';
import type { AttemptLogOptions } from './attempt-log.ts';
import { CauseFinder } from './cause-finder.ts';
import { type Chunk, Chunker } from './chunker.ts';
import { LineSplitter } from './line-splitter.ts';
import { TailRing } from './tail-ring.ts';
import { LINE_COST, TailPieces } from './tail.ts';
import { WordScanner } from './word-scanner.ts';

type Source = 'stdout' | 'stderr';

/** However much earlier attempts of the run wrote, each attempt shows at least so much. */
const LEAST_ROOM = 16_384;
const TAIL_SHARE = 0.2;
const LARGEST_TAIL = 4 * 1024 * 1024;
/** Text whose line isn't ended shows after so long. */
const OPEN_FOR_MS = 80;

/**
 * One attempt's output on its way into chunks: lines are cut, stamped and numbered as they arrive, the head of a flood
 * is kept up to the limit and its tail in a ring. No input and no clock of its own: `nowMs` comes with each call.
 */
export class AttemptCollector {
  readonly wordsSeen = new Set<string>();
  readonly #cause = new CauseFinder();
  readonly #onErrorLine: ((atMs: number) => void) | undefined;
  readonly #scanners: Record<Source, WordScanner>;
  #splitters: Record<Source, LineSplitter>;
  /** Takes the splitters' pieces in place of the log while the tail is put together. */
  #tail: TailPieces | null = null;
  /** Notes that came after the flood began: they stand behind its tail. */
  readonly #notesAfterTail: { atMs: number; text: string }[] = [];
  readonly #openLines: Record<Source, number> = { stdout: 0, stderr: 0 };
  readonly #headBudget: number;
  readonly #tailBudget: number;
  #ring: TailRing | null = null;
  #cost = 0;
  #nowMs = 0;
  #openSinceMs: number | null = null;
  readonly #chunker: Chunker;
  #lines: number;
  #bytes: number;
  #hasEnded = false;

  constructor(options: AttemptLogOptions) {
    const { attempt, linesBefore, bytesBefore, limitBytes, words } = options;
    this.#onErrorLine = options.onErrorLine;
    const room = Math.max(limitBytes - bytesBefore, Math.min(limitBytes, LEAST_ROOM));
    this.#tailBudget = Math.min(Math.floor(room * TAIL_SHARE), LARGEST_TAIL);
    this.#headBudget = room - this.#tailBudget;
    this.#scanners = {
      stdout: new WordScanner(words, this.wordsSeen),
      stderr: new WordScanner(words, this.wordsSeen),
    };
    this.#splitters = { stdout: this.#splitter('stdout'), stderr: this.#splitter('stderr') };
    this.#chunker = new Chunker(attempt, linesBefore);
    this.#lines = linesBefore;
    this.#bytes = bytesBefore;
  }

  /** Lines and bytes of the whole run so far. */
  get lines(): number {
    return this.#lines;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get causeLine(): { number: number; text: string } | null {
    return this.#cause.best;
  }

  /** Memory that what waits for being stored takes, about, in bytes. */
  get waitingMemory(): number {
    return this.#chunker.memory;
  }

  get isEmpty(): boolean {
    return this.#chunker.isEmpty;
  }

  /** When there is something to take: at once, in so many ms, or null. */
  takeInMs(nowMs: number): number | null {
    if (!this.isEmpty) return 0;
    if (this.#openSinceMs === null) return null;
    return Math.max(0, this.#openSinceMs + OPEN_FOR_MS - nowMs);
  }

  push(stream: Source, bytes: Uint8Array, nowMs: number): void {
    if (this.#hasEnded) return;
    this.#tick(nowMs);
    this.#scanners[stream].push(bytes);
    let rest = bytes;
    while (rest.length > 0 && !this.#ring) {
      const slice = rest.subarray(0, this.#sliceBytes());
      this.#splitters[stream].push(slice);
      rest = rest.subarray(slice.length);
      if (this.#cost >= this.#headBudget) this.#beginTail();
    }
    if (rest.length > 0) this.#ring?.push(stream, this.#nowMs, rest);
    this.#noteOpen();
  }

  note(text: string, nowMs: number): void {
    if (this.#hasEnded) return;
    this.#tick(nowMs);
    if (this.#ring) this.#notesAfterTail.push({ atMs: this.#nowMs, text });
    else this.#addNote(text);
  }

  /** No more comes: ends the open lines and brings the tail of a flood. */
  end(nowMs: number): void {
    if (this.#hasEnded) return;
    this.#tick(nowMs);
    if (this.#ring) this.#addTail(this.#ring);
    else this.#endSplitters();
    this.#ring = null;
    this.#openSinceMs = null;
    this.#hasEnded = true;
  }

  /** The next chunk, or the same one as long as it isn't acknowledged; null if nothing is ready. */
  take(nowMs: number): Chunk | null {
    if (this.#openSinceMs !== null && nowMs - this.#openSinceMs >= OPEN_FOR_MS) {
      this.#tick(nowMs);
      this.#giveOpen();
    }
    return this.#chunker.take();
  }

  /** The chunk that `take` gave is stored. */
  acknowledge(): void {
    this.#chunker.acknowledge();
  }

  /** Nothing of it will be stored any more. */
  drop(): void {
    this.#hasEnded = true;
    this.#chunker.drop();
    this.#ring = null;
    this.#openSinceMs = null;
  }

  // Near the limit in small steps, since a byte can cost up to 9 of it (a line end, a control character).
  #sliceBytes(): number {
    return Math.min(16_384, Math.max(64, Math.floor((this.#headBudget - this.#cost) / 16)));
  }

  #beginTail(): void {
    // The clock of a run that goes on for days must show in the log where its middle went.
    this.#giveOpen();
    this.#ring = new TailRing(Math.max(1_024, this.#tailBudget));
    this.#addNote(
      `The log has reached ${inBytes(this.#headBudget)}. Of what follows, the last ${inBytes(this.#tailBudget)} are kept and shown when the attempt ends.`,
    );
  }

  #addTail(ring: TailRing): void {
    const endMs = this.#nowMs;
    const isBroken = ring.droppedBytes > 0;
    if (isBroken) {
      // The tail continues no line that was open, nor the half of a character.
      this.#splitters = { stdout: this.#splitter('stdout'), stderr: this.#splitter('stderr') };
    }
    const tail = new TailPieces(this.#tailBudget);
    this.#tail = tail;
    for (const { stream, atMs, bytes } of ring.arrivals()) {
      this.#nowMs = atMs;
      this.#splitters[stream].push(bytes);
    }
    this.#endSplitters();
    this.#tail = null;
    const pieces = tail.end(isBroken);
    const droppedBytes = ring.droppedBytes + tail.droppedBytes;
    if (droppedBytes > 0) {
      this.#nowMs = pieces[0]?.atMs ?? endMs;
      const droppedLines = ring.droppedLines + tail.droppedLines;
      this.#addNote(`${inLines(droppedLines)} (${inBytes(droppedBytes)}) were dropped here.`);
    }
    for (const { stream, text, continues, atMs } of pieces) {
      this.#nowMs = atMs;
      this.#add(stream, text, continues);
    }
    for (const { atMs, text } of this.#notesAfterTail) {
      this.#nowMs = atMs;
      this.#addNote(text);
    }
    this.#nowMs = endMs;
  }

  #splitter(stream: Source): LineSplitter {
    return new LineSplitter((text, continues) => {
      if (this.#tail) this.#tail.add({ stream, text, continues, atMs: this.#nowMs });
      else this.#add(stream, text, continues);
    });
  }

  #endSplitters(): void {
    this.#splitters.stdout.end();
    this.#splitters.stderr.end();
  }

  #add(stream: Source, text: string, continues: boolean): void {
    const isMore = continues && this.#openLines[stream] > 0;
    const line = isMore ? this.#openLines[stream] : ++this.#lines;
    this.#openLines[stream] = line;
    if (!isMore) this.#cause.see(line, stream, text);
    if (!isMore && this.#onErrorLine && complains(text)) this.#onErrorLine(this.#nowMs);
    this.#append({ line, continues: isMore, stream, atMs: this.#nowMs, text });
  }

  /** A note is one line whatever it quotes. */
  #addNote(text: string): void {
    const line = withVisibleControls(text.replaceAll(/[\r\n]+/g, ' ').toWellFormed());
    this.#append({
      line: ++this.#lines,
      continues: false,
      stream: 'note',
      atMs: this.#nowMs,
      text: line.slice(0, LONGEST_PIECE),
    });
  }

  #append(piece: LogPiece): void {
    const bytes = this.#chunker.add(piece);
    this.#bytes += bytes;
    this.#cost += bytes + LINE_COST;
  }

  #giveOpen(): void {
    this.#splitters.stdout.giveOpen();
    this.#splitters.stderr.giveOpen();
    this.#openSinceMs = null;
  }

  #noteOpen(): void {
    const isOpen = this.#splitters.stdout.hasOpen || this.#splitters.stderr.hasOpen;
    if (!isOpen) this.#openSinceMs = null;
    else this.#openSinceMs ??= this.#nowMs;
  }

  // The clock is set now and then: within a log, time doesn't go back.
  #tick(nowMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, Math.round(nowMs));
  }
}

function inBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1_000, 'kB'] : [bytes / 1_000_000, 'MB'];
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

function inLines(lines: number): string {
  return lines === 1 ? '1 line' : `${lines.toLocaleString('en')} lines`;
}
