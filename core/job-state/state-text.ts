import { MOST_STATE_BYTES } from './limits.ts';

/**
 * Bytes that are to become a job's state. It is text and nothing is made to fit: what is kept has to be what was
 * written, or the next run would go on from somewhere else.
 *
 * @returns the text, or in half a sentence why it can't be kept
 */
export function stateText(
  bytes: Uint8Array,
): { ok: true; text: string } | { ok: false; problem: string } {
  if (bytes.length > MOST_STATE_BYTES) {
    return {
      ok: false,
      problem: `it has more than ${MOST_STATE_BYTES / 1024} kB (${MOST_STATE_BYTES} bytes)`,
    };
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { ok: false, problem: 'it is not text in UTF-8' };
  }
  return text.includes('\0')
    ? { ok: false, problem: 'it holds a NUL character' }
    : { ok: true, text };
}
