import type { LogStream } from '#core/logs/codec.ts';
import { complains, isTrailer } from '#core/logs/complaint.ts';
import { withoutColours } from '#core/logs/safe-text.ts';

type Line = { number: number; text: string };

/** A complaint on standard error counts for so many lines of it; a later plain line says more than an old complaint. */
const RECENT_LINES = 20;
const LONGEST = 300;

/** Finds the line of a log that most likely says why the work failed. */
export class CauseFinder {
  #stderrLines = 0;
  #lastPlain: Line | null = null;
  #lastComplaint: (Line & { at: number }) | null = null;
  #lastStdoutComplaint: Line | null = null;

  see(number: number, stream: LogStream, text: string): void {
    if (stream === 'note') return;
    if (stream === 'stderr') {
      if (text.trim() === '' || isTrailer(text)) return;
      this.#stderrLines++;
      this.#lastPlain = { number, text };
      if (complains(text)) this.#lastComplaint = { number, text, at: this.#stderrLines };
    } else if (complains(text)) {
      this.#lastStdoutComplaint = { number, text };
    }
  }

  /** Standard error's last complaint, else its last line, else standard output's last complaint. */
  get best(): Line | null {
    const complaint = this.#lastComplaint;
    const isRecent = complaint !== null && this.#stderrLines - complaint.at < RECENT_LINES;
    const line = isRecent ? complaint : (this.#lastPlain ?? this.#lastStdoutComplaint);
    return line && { number: line.number, text: shortened(line.text) };
  }
}

function shortened(text: string): string {
  const plain = withoutColours(text).trim();
  return plain.length <= LONGEST ? plain : `${plain.slice(0, LONGEST - 1).toWellFormed()}…`;
}
