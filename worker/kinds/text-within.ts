/**
 * Bytes as text that Postgres can store: broken UTF-8 becomes U+FFFD and NUL the picture ␀. Cut at a character so that
 * it has at most `mostBytes` bytes of UTF-8.
 */
export function textWithin(
  bytes: Uint8Array,
  mostBytes: number,
): { text: string; wasCut: boolean } {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).replaceAll('\0', '␀');
  const encoded = Buffer.from(text, 'utf8');
  if (encoded.length <= mostBytes) return { text, wasCut: false };
  let end = mostBytes;
  // Step back over the bytes 10xxxxxx of a character that would be cut in two.
  while (end > 0 && (encoded[end]! & 0xc0) === 0x80) end--;
  return { text: encoded.toString('utf8', 0, end), wasCut: true };
}
