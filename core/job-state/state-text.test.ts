import { describe, expect, it } from 'vitest';
import { MOST_STATE_BYTES } from './limits.ts';
import { stateText } from './state-text.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('what becomes a job’s state', () => {
  it.each(['', 'a', '{"cursor": 41}\n', '\u{feff}é漢🙂', 'é'.repeat(MOST_STATE_BYTES / 2)])(
    'is the text that was written, to the byte',
    (text) => {
      expect(stateText(bytes(text))).toEqual({ ok: true, text });
    },
  );

  it.each([
    [bytes('é'.repeat(MOST_STATE_BYTES / 2) + 'x'), 'it has more than 64 kB (65536 bytes)'],
    [Uint8Array.of(0x61, 0xff), 'it is not text in UTF-8'],
    // Half a character at the end, as a cut leaves it.
    [bytes('é').subarray(0, 1), 'it is not text in UTF-8'],
    [bytes('a\0b'), 'it holds a NUL character'],
  ])('is refused with the reason', (given, problem) => {
    expect(stateText(given)).toEqual({ ok: false, problem });
  });
});
