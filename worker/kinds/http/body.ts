import { Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { LogSink } from '../kind.ts';
import { textWithin } from '../text-within.ts';

export const MOST_BODY_BYTES = 1_000_000;
const MOST_RESULT_BYTES = 64 * 1024;

type Incoming = {
  body: Readable;
  contentType: string;
  contentEncoding: string;
};

/**
 * Writes an answer's body into the log as it arrives, as far as it is text, and returns its first 64 kB. Reads 1 MB at
 * most, and unpacks 1 MB at most, however small it was packed. `isCut`: there was more.
 *
 * @throws what the connection says when it breaks
 */
export async function readBody(
  { body, contentType, contentEncoding }: Incoming,
  log: LogSink,
  signal: AbortSignal,
): Promise<{ result?: string; isCut: boolean }> {
  // Ending a body early is an error to undici; nobody waits for it any more then.
  body.on('error', () => {});
  const decompressor = decompressorFor(contentEncoding);
  if (decompressor === 'unknown') {
    log.note(`The body is packed as ${contentEncoding}, which Punctual doesn't unpack.`);
    body.destroy();
    return { isCut: false };
  }
  const raw = new Capped(body);
  const source = decompressor ? unpacked(raw, decompressor) : raw;
  const unpackedBytes = new Capped(source);
  const text = new TextOut(contentType, log, signal);
  try {
    for await (const chunk of unpackedBytes) await text.push(chunk);
  } catch (error) {
    // A packed body that was cut can't be unpacked to its end.
    if (!raw.isCut) throw error;
  } finally {
    body.destroy();
  }
  const result = await text.end();
  return { ...(result === undefined ? {} : { result }), isCut: raw.isCut || unpackedBytes.isCut };
}

/** The first 1 MB of a source of bytes. */
class Capped implements AsyncIterable<Buffer> {
  readonly #source: AsyncIterable<Buffer>;
  isCut = false;

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    let left = MOST_BODY_BYTES;
    for await (const chunk of this.#source) {
      if (chunk.length > left) {
        this.isCut = true;
        if (left > 0) yield chunk.subarray(0, left);
        return;
      }
      left -= chunk.length;
      yield chunk;
    }
  }
}

function decompressorFor(contentEncoding: string): Transform | 'unknown' | null {
  switch (contentEncoding.trim().toLowerCase()) {
    case '':
    case 'identity':
      return null;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      return 'unknown';
  }
}

function unpacked(packed: AsyncIterable<Buffer>, decompressor: Transform): Transform {
  const source = Readable.from(packed, { objectMode: false });
  // pipe carries no errors over, and leaves the source alone when its reader goes.
  source.on('error', (error) => decompressor.destroy(error));
  decompressor.on('close', () => source.destroy());
  return source.pipe(decompressor);
}

/** Decides at the first bytes whether a body is text, and carries it into the log as UTF-8. */
class TextOut {
  readonly #decoder: TextDecoder | null;
  readonly #saysText: boolean;
  readonly #log: LogSink;
  readonly #signal: AbortSignal;
  readonly #kept: Buffer[] = [];
  #keptBytes = 0;
  #bytes = 0;
  #isText: boolean | null = null;

  constructor(contentType: string, log: LogSink, signal: AbortSignal) {
    this.#saysText = isTextual(contentType);
    this.#decoder = decoderFor(contentType);
    this.#log = log;
    this.#signal = signal;
  }

  async push(chunk: Buffer): Promise<void> {
    this.#bytes += chunk.length;
    this.#isText ??= this.#saysText || looksLikeText(chunk);
    if (this.#isText) await this.#write(this.#asUtf8(chunk, true));
  }

  async end(): Promise<string | undefined> {
    if (this.#bytes === 0) return undefined;
    if (!this.#isText) {
      this.#log.note(`The body is not text (${this.#bytes.toLocaleString('en')} bytes).`);
      return undefined;
    }
    if (this.#decoder) await this.#write(this.#asUtf8(Buffer.alloc(0), false));
    return textWithin(Buffer.concat(this.#kept), MOST_RESULT_BYTES).text;
  }

  #asUtf8(chunk: Buffer, stream: boolean): Buffer {
    return this.#decoder ? Buffer.from(this.#decoder.decode(chunk, { stream }), 'utf8') : chunk;
  }

  async #write(bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return;
    // A few bytes more than fit, so that the last character is cut rather than broken.
    if (this.#keptBytes < MOST_RESULT_BYTES + 4) {
      const part = bytes.subarray(0, MOST_RESULT_BYTES + 4 - this.#keptBytes);
      this.#kept.push(part);
      this.#keptBytes += part.length;
    }
    const room = this.#log.write('stdout', bytes);
    // A log that takes nothing just now must not hold up an attempt that is told to stop.
    if (room) await Promise.race([room, aborted(this.#signal)]);
  }
}

function isTextual(contentType: string): boolean {
  const type = contentType.split(';')[0]!.trim().toLowerCase();
  return (
    type.startsWith('text/') ||
    /[/+](json|xml|yaml|x-yaml|javascript|ecmascript|x-www-form-urlencoded|x-ndjson|problem\+json|graphql)$/.test(
      type,
    )
  );
}

function looksLikeText(chunk: Buffer): boolean {
  return (
    !chunk.subarray(0, 4_096).includes(0) &&
    !new TextDecoder().decode(chunk.subarray(0, 4_096), { stream: true }).includes('\ufffd')
  );
}

/** Null for UTF-8, which the log reads itself; an unknown character set is read as UTF-8 too. */
function decoderFor(contentType: string): TextDecoder | null {
  const charset = /;\s*charset="?([\w.:-]+)/i.exec(contentType)?.[1];
  if (!charset) return null;
  try {
    const decoder = new TextDecoder(charset);
    return decoder.encoding === 'utf-8' ? null : decoder;
  } catch {
    return null;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
