import type { LogStream } from '#core/logs/codec.ts';
import type { LogLine } from '#core/logs/lines.ts';
import { withoutColours } from '#core/logs/safe-text.ts';

type Out = Pick<NodeJS.WriteStream, 'isTTY' | 'write' | 'once' | 'on'>;

export type LogPrinterOptions = {
  runId: number;
  times?: boolean | undefined;
  json?: boolean | undefined;
  stdout?: Out;
  stderr?: Out;
};

const RESET = '\u001b[0m';
const MARKS: Readonly<Record<LogStream, string>> = {
  stdout: '',
  stderr: `\u001b[31merr${RESET} `,
  note: `\u001b[2m---${RESET} `,
};

/**
 * Writes the pieces of a log: what the run wrote to its standard output goes to ours; what it wrote to its standard
 * error, and Punctual's own notes, go to our standard error. A terminal gets colours as they were written, and a mark
 * before the latter; others get plain text. With `json` every piece is an object a line on standard output.
 */
export class LogPrinter {
  readonly #options: LogPrinterOptions;
  readonly #stdout: Out;
  readonly #stderr: Out;
  /** The line that may go on. */
  #open: { line: number; out: Out; isColoured: boolean } | null = null;
  #isEmpty = true;
  /** What is to be written, in order. */
  #parts: { out: Out; text: string }[] = [];

  constructor(options: LogPrinterOptions) {
    this.#options = options;
    this.#stdout = options.stdout ?? process.stdout;
    this.#stderr = options.stderr ?? process.stderr;
    // Whoever read it has seen enough: `punctual logs 12 | head`.
    this.#stdout.on('error', endWhenClosed);
  }

  /** Nothing has been printed yet. */
  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  async print(pieces: readonly LogLine[]): Promise<void> {
    if (pieces.length > 0) this.#isEmpty = false;
    for (const piece of pieces) {
      if (this.#options.json) this.#add(this.#stdout, `${this.#json(piece)}\n`);
      else this.#addPiece(piece);
    }
    await this.#flush();
  }

  /** Ends the line that is open. */
  async end(): Promise<void> {
    this.#endLine();
    await this.#flush();
  }

  #addPiece(piece: LogLine): void {
    const { line, stream, text } = piece;
    const out = stream === 'stdout' ? this.#stdout : this.#stderr;
    if (this.#open?.line !== line) {
      this.#endLine();
      this.#add(out, this.#head(piece, out));
      this.#open = { line, out, isColoured: false };
    }
    this.#open.isColoured ||= out.isTTY && text.includes('\u001b');
    this.#add(out, out.isTTY ? text : withoutColours(text));
  }

  #head({ stream, atMs }: LogLine, out: Out): string {
    const time = this.#options.times ? `${new Date(atMs).toISOString()} ` : '';
    return time + (out.isTTY ? MARKS[stream] : '');
  }

  #endLine(): void {
    if (this.#open) this.#add(this.#open.out, this.#open.isColoured ? `${RESET}\n` : '\n');
    this.#open = null;
  }

  #json({ attempt, line, continues, stream, atMs, text }: LogLine): string {
    const at = new Date(atMs).toISOString();
    const { runId: run } = this.#options;
    return JSON.stringify({
      run,
      attempt,
      line,
      continues,
      stream,
      at,
      text: withoutColours(text),
    });
  }

  #add(out: Out, text: string): void {
    const last = this.#parts.at(-1);
    if (last?.out === out) last.text += text;
    else this.#parts.push({ out, text });
  }

  // In turns, so that two streams on one terminal stay in order.
  async #flush(): Promise<void> {
    const parts = this.#parts;
    this.#parts = [];
    for (const { out, text } of parts) await write(out, text);
  }
}

function endWhenClosed(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
}

async function write(out: Out, text: string): Promise<void> {
  if (text === '' || out.write(text)) return;
  await new Promise<void>((drained) => {
    out.once('drain', drained);
  });
}
