import { decodePieces, type LogStream } from './codec.ts';
import type { ChunkRow } from './logs.sql.ts';
import { withoutColours } from './safe-text.ts';

const SHORT: Readonly<Record<LogStream, string>> = { stdout: 'out', stderr: 'err', note: '---' };

/**
 * A log as plain text, a part a chunk. Pieces of one line are joined as long as no other line came in between; after
 * that the line goes on in a row of its own, so that nothing has to be held back.
 */
export async function* plainText(
  chunks: AsyncIterable<ChunkRow>,
  { times }: { times: boolean },
): AsyncGenerator<string> {
  let openLine = 0;
  for await (const { body, first_line } of chunks) {
    let part = '';
    for (const { line, stream, atMs, text } of decodePieces(body, first_line)) {
      if (line !== openLine) {
        if (openLine !== 0) part += '\n';
        if (times) part += `${new Date(atMs).toISOString()} ${SHORT[stream]} `;
      }
      part += withoutColours(text);
      openLine = line;
    }
    yield part;
  }
  if (openLine !== 0) yield '\n';
}
