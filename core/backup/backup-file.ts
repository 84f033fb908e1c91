import { z } from 'zod';

/**
 * What a backup file begins with. The file is gzip; in it this line of JSON, then frames, each a line of JSON that says
 * to which table so many bytes after it belong (rows as `COPY … TO STDOUT` writes them), then a last line that counts
 * them. A file without its last line isn't whole.
 */
export const BackupHeader = z.object({
  format: z.literal('punctual-backup/1'),
  /** When the database was as the file says, ISO 8601. */
  takenAt: z.iso.datetime(),
  /** The migrations that the database had, oldest first. */
  migrations: z.array(z.string()).min(1),
  /** Months of history that it had partitions for, `2026-11-01`. */
  months: z.array(z.iso.date()),
  /** In the order in which they can be filled: what others refer to comes first. */
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()) })).min(1),
  /** Where its sequences go on; null: it never gave a number. */
  sequences: z.array(z.object({ name: z.string(), last: z.int().nullable() })),
});
export type BackupHeader = z.infer<typeof BackupHeader>;

const Frame = z.object({ table: z.string(), bytes: z.int().min(1) });
const End = z.object({ rows: z.record(z.string(), z.int()) });

export type BackupPart =
  { kind: 'rows'; table: string; bytes: Buffer } | { kind: 'end'; rows: Record<string, number> };

/** A backup can't be taken, read or put back; the message says why and what to do. */
export class BackupProblem extends Error {
  override name = 'BackupProblem';
}

// Many small pieces would cost a line each; a larger one would have to be held whole.
const FRAME_BYTES = 256 * 1024;

/** Joins the pieces of one table's rows into frames. */
export async function* framesOf(
  table: string,
  pieces: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const piece of pieces) {
    held.push(piece);
    size += piece.length;
    if (size < FRAME_BYTES) continue;
    yield* frame();
  }
  if (size > 0) yield* frame();

  function* frame() {
    yield line({ table, bytes: size });
    yield* held;
    held = [];
    size = 0;
  }
}

export function line(content: object): Buffer {
  return Buffer.from(`${JSON.stringify(content)}\n`);
}

/**
 * Reads an unpacked backup.
 * @throws BackupProblem where it isn't one, or isn't whole
 */
export async function readBackup(pieces: AsyncIterable<Buffer>): Promise<{
  header: BackupHeader;
  parts: AsyncGenerator<BackupPart>;
}> {
  const bytes = new ByteReader(pieces);
  const header = BackupHeader.safeParse(await bytes.json());
  if (!header.success) {
    throw new BackupProblem('This file is no backup of Punctual, or one of another format.');
  }
  return { header: header.data, parts: partsOf(bytes) };
}

async function* partsOf(bytes: ByteReader): AsyncGenerator<BackupPart> {
  for (;;) {
    const said = await bytes.json();
    const end = End.safeParse(said);
    if (end.success) return yield { kind: 'end', ...end.data };
    const frame = Frame.safeParse(said);
    if (!frame.success) throw notWhole();
    yield { kind: 'rows', table: frame.data.table, bytes: await bytes.take(frame.data.bytes) };
  }
}

const notWhole = () =>
  new BackupProblem('The backup isn’t whole: it ends too early, or was changed. Take another one.');

// A header names some tables and months; a longer line is none of ours.
const LONGEST_LINE = 4_000_000;

class ByteReader {
  readonly #pieces: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(pieces: AsyncIterable<Buffer>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  async json(): Promise<unknown> {
    let end: number;
    while ((end = this.#held.indexOf(10)) === -1) {
      if (this.#held.length > LONGEST_LINE) throw notWhole();
      await this.#more();
    }
    const text = this.#held.subarray(0, end).toString();
    this.#held = this.#held.subarray(end + 1);
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  }

  async take(length: number): Promise<Buffer> {
    const pieces = [this.#held];
    let size = this.#held.length;
    while (size < length) {
      const piece = await this.#next();
      pieces.push(piece);
      size += piece.length;
    }
    const joined = Buffer.concat(pieces);
    this.#held = joined.subarray(length);
    return joined.subarray(0, length);
  }

  async #more(): Promise<void> {
    this.#held = Buffer.concat([this.#held, await this.#next()]);
  }

  async #next(): Promise<Buffer> {
    const next = await this.#pieces.next();
    if (next.done) throw notWhole();
    return next.value;
  }
}
